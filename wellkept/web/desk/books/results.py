"""Profit and loss as a document: by section, beside another time or the budget, or cut by the tags of a dimension."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from wellkept.ledger import queries as ledger
from wellkept.web.desk.books import times
from wellkept.web.desk.books.ledgers import account_address
from wellkept.web.desk.books.times import Stretch
from wellkept.web.exports.document import Cell, Column, Document, Kind, Row, heading, line, total
from wellkept.web.exports.figures import amount
from wellkept.web.shell.words import Reader

if TYPE_CHECKING:
    from wellkept.ledger.models import Account, Dimension, Tag
    from wellkept.web.desk.books.frame import Kept

PREVIOUS, YEAR, BUDGET, NOTHING = "previous", "year", "budget", "nothing"
AGAINST = (PREVIOUS, YEAR, BUDGET, NOTHING)
MOST_TAGS = 8
SECTIONS = {
    "sales": gettext_lazy("Income"),
    "cost_of_sales": gettext_lazy("Cost of sales"),
    "other_income": gettext_lazy("Other income"),
    "overhead": gettext_lazy("Expenses"),
    "income_tax": gettext_lazy("Income tax"),
}
TOTALS = {
    "sales": gettext_lazy("Total income"),
    "cost_of_sales": gettext_lazy("Total cost of sales"),
    "other_income": gettext_lazy("Total other income"),
    "overhead": gettext_lazy("Total expenses"),
    "income_tax": gettext_lazy("Total income tax"),
}


@dataclass(frozen=True)
class Asked:
    """Which time, and what it is compared with."""

    stretch: Stretch
    against: str

    @property
    def before(self) -> Stretch | None:
        if self.against == PREVIOUS:
            return times.before(self.stretch)
        return times.year_before(self.stretch) if self.against == YEAR else None


def found(kept: Kept, asked: Asked) -> ledger.ProfitAndLoss:
    before = asked.before
    return ledger.profit_and_loss(
        kept.book, asked.stretch.since, asked.stretch.until, (before.since, before.until) if before else None
    )


def document(kept: Kept, read: ledger.ProfitAndLoss, asked: Asked, reader: Reader) -> Document:
    return Document(
        name="profit-and-loss",
        title=_("Profit and loss"),
        client=kept.client.name,
        period=asked.stretch.words(reader),
        currency=kept.currency,
        columns=_columns(asked, reader),
        rows=tuple(_rows(kept, read, asked)),
        sentence=sentence(kept, read, asked, reader),
        country=kept.client.country,
    )


def _columns(asked: Asked, reader: Reader) -> tuple[Column, ...]:
    account = Column(_("Account"), name="account", wide=True)
    now = Column(asked.stretch.short(reader), Kind.AMOUNT, name="amount")
    if asked.against == NOTHING:
        return account, now
    before = asked.before
    other = Column(before.short(reader) if before else _("Budget"), Kind.AMOUNT, name="compared")
    return (
        account,
        now,
        other,
        Column(pgettext("between two amounts", "Change"), Kind.AMOUNT, name="change"),
        Column("%", Kind.PERCENT, name="percent"),
    )


def _rows(kept: Kept, read: ledger.ProfitAndLoss, asked: Asked) -> Iterator[Row]:
    """Every section that holds something; gross profit where goods are sold, the profit at the end."""
    if not any(said(section, asked) for section in read.sections):
        return
    for section in read.sections:
        rows = said(section, asked)
        if rows:
            yield heading(str(SECTIONS[section.name]))
            for row in rows:
                yield _line(kept, row, asked)
            yield total(str(TOTALS[section.name]), *_figures(section.amount_minor, _other(section, asked), asked))
        if section.name == "cost_of_sales" and rows:
            yield _profit(_("Gross profit"), read, asked, lambda profit: profit.gross_minor)
    yield _profit(_("Profit"), read, asked, lambda profit: profit.net_minor)


def said(section: ledger.Section, asked: Asked) -> list[ledger.ReportRow]:
    """The rows that say something here: an account with only a budget is silent where no budget is shown."""
    return [row for row in section.rows if row.amount_minor or (asked.against != NOTHING and _other(row, asked))]


def _line(kept: Kept, row: ledger.ReportRow, asked: Asked) -> Row:
    address = account_address(kept, row.account.pk, asked.stretch.since, asked.stretch.last_on)
    figures = _figures(row.amount_minor, _other(row, asked), asked)
    before = asked.before
    other = account_address(kept, row.account.pk, before.since, before.last_on) if before else ""
    links = (address, other, "", "")
    opened = (Cell(figure, link) for figure, link in zip(figures, links, strict=False))
    return line(Cell(str(row.account), address), *opened, level=1)


def _profit(label: str, read: ledger.ProfitAndLoss, asked: Asked, of: Callable[[ledger.Profit], int]) -> Row:
    other = {BUDGET: read.budget, NOTHING: None}.get(asked.against, read.previous)
    return total(label, *_figures(of(read.profit), of(other) if other is not None else 0, asked))


def _other(row: ledger.ReportRow | ledger.Section, asked: Asked) -> int:
    found = row.budget_minor if asked.against == BUDGET else row.previous_minor
    return found or 0


def _figures(now: int, other: int, asked: Asked) -> tuple[int | None, ...]:
    return (now,) if asked.against == NOTHING else (now, other, now - other, share(now - other, other))


def share(change: int, of: int) -> int | None:
    """Hundredths of a percent; nothing of nothing."""
    return None if not of else round(change * 10_000 / abs(of)) if abs(of) < 10**15 else None


def sentence(kept: Kept, read: ledger.ProfitAndLoss, asked: Asked, reader: Reader) -> str:
    """What the report says, from the same figures."""
    if not any(said(section, asked) for section in read.sections):
        return _("Nothing was earned or spent in this time.")
    net = read.profit.net_minor
    named = {"currency": kept.currency, "amount": amount(abs(net), kept.currency, reader.language)}
    told = (_("A loss of %(currency)s %(amount)s") if net < 0 else _("A profit of %(currency)s %(amount)s")) % named
    return f"{told}{_compared(kept, read, asked, reader)}."


def _compared(kept: Kept, read: ledger.ProfitAndLoss, asked: Asked, reader: Reader) -> str:
    if asked.against == NOTHING or (asked.against == BUDGET and not read.has_budget):
        return ""
    other = read.budget.net_minor if asked.against == BUDGET else read.previous.net_minor
    change = read.profit.net_minor - other
    before = asked.before
    named = {
        "amount": amount(abs(change), kept.currency, reader.language),
        "time": before.words(reader) if before else _("the budget"),
    }
    if not change:
        return _(", the same as %(time)s") % named
    return (_(", %(amount)s more than %(time)s") if change > 0 else _(", %(amount)s less than %(time)s")) % named


def by_tag(kept: Kept, dimension: Dimension, stretch: Stretch, reader: Reader) -> Document:
    """One column a tag, the other tags together, what carries none, and the whole; across, every row adds up.

    Tags that moved something have a column though they are retired; others in use fill up the columns that are left.
    """
    tags, others = _columns_of(dimension, stretch)
    whole = ledger.profit_and_loss(kept.book, stretch.since, stretch.until)
    groups = [[tag] for tag in tags] + ([others] if others else [])
    cut = [ledger.profit_and_loss(kept.book, stretch.since, stretch.until, tags=group) for group in groups]
    return Document(
        name=f"profit-and-loss-{dimension.name}",
        title=_("Profit and loss by %(dimension)s") % {"dimension": dimension.name.lower()},
        client=kept.client.name,
        period=stretch.words(reader),
        currency=kept.currency,
        columns=(
            Column(_("Account"), name="account", wide=True),
            *(Column(tag.name, Kind.AMOUNT, name=f"tag-{tag.pk}") for tag in tags),
            *([Column(_("Other"), Kind.AMOUNT, name="other")] if others else []),
            Column(_("None"), Kind.AMOUNT, name="none"),
            Column(_("All"), Kind.AMOUNT, name="all"),
        ),
        rows=tuple(_tag_rows(kept, whole, cut, stretch)),
        sentence=_cut_sentence(kept, tags, cut, reader),
        country=kept.client.country,
    )


def _columns_of(dimension: Dimension, stretch: Stretch) -> tuple[list[Tag], list[Tag]]:
    """The tags with a column of their own, by name, and those that share one."""
    moved = ledger.tags_by_turnover(dimension, stretch.since, stretch.until)
    still = [tag for tag in dimension.tags.all() if tag.retired_at is None and tag not in moved]
    own = [*moved, *still][:MOST_TAGS]
    return sorted(own, key=lambda tag: tag.name.casefold()), moved[MOST_TAGS:]


def _tag_rows(
    kept: Kept, whole: ledger.ProfitAndLoss, cut: Sequence[ledger.ProfitAndLoss], stretch: Stretch
) -> Iterator[Row]:
    parts = [{row.account.pk: row.amount_minor for section in each.sections for row in section.rows} for each in cut]
    accounts = _every_row(whole, cut)
    for section in whole.sections:
        rows = accounts[section.name]
        if not rows:
            continue
        yield heading(str(SECTIONS[section.name]))
        held = {row.account.pk: row.amount_minor for row in section.rows}
        for account in rows:
            values = [part.get(account.pk, 0) for part in parts]
            address = account_address(kept, account.pk, stretch.since, stretch.last_on)
            all_of_it = held.get(account.pk, 0)
            figures = [value or None for value in (*values, all_of_it - sum(values))]
            yield line(Cell(str(account), address), *figures, Cell(all_of_it, address), level=1)
        sums = [_section(each, section.name) for each in cut]
        yield total(str(TOTALS[section.name]), *sums, section.amount_minor - sum(sums), section.amount_minor)
    nets = [each.profit.net_minor for each in cut]
    if any(accounts.values()):
        yield total(_("Profit"), *nets, whole.profit.net_minor - sum(nets), whole.profit.net_minor)


def _every_row(whole: ledger.ProfitAndLoss, cut: Sequence[ledger.ProfitAndLoss]) -> dict[str, list[Account]]:
    """The accounts with any figure, by section: one that comes to nothing as a whole may still say something by tag."""
    found: dict[str, dict[str, Account]] = {section.name: {} for section in whole.sections}
    for each in (whole, *cut):
        for section in each.sections:
            found[section.name] |= {row.account.code: row.account for row in section.rows if row.amount_minor}
    return {name: [rows[code] for code in sorted(rows)] for name, rows in found.items()}


def _section(read: ledger.ProfitAndLoss, name: str) -> int:
    return sum(section.amount_minor for section in read.sections if section.name == name)


def _cut_sentence(kept: Kept, tags: Sequence[Tag], cut: Sequence[ledger.ProfitAndLoss], reader: Reader) -> str:
    if not tags:
        return _("This dimension has no tags in use.")
    best = max(range(len(tags)), key=lambda place: cut[place].profit.net_minor)  # the others come last
    named = {
        "tag": tags[best].name,
        "currency": kept.currency,
        "amount": amount(cut[best].profit.net_minor, kept.currency, reader.language),
    }
    return _("%(tag)s leaves the most: %(currency)s %(amount)s.") % named
