"""The balance sheet and the cash flow as documents, each with the proof that makes it believable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from wellkept.ledger import queries as ledger
from wellkept.web.desk.books.ledgers import account_address
from wellkept.web.desk.books.results import share
from wellkept.web.desk.books.times import Stretch
from wellkept.web.exports.document import Cell, Column, Document, Kind, Row, heading, line, proof, total
from wellkept.web.exports.figures import amount
from wellkept.web.shell.words import Reader, day

if TYPE_CHECKING:
    from wellkept.web.desk.books.frame import Kept

SECTIONS = {
    "current_assets": gettext_lazy("Current assets"),
    "fixed_assets": gettext_lazy("Fixed assets"),
    "current_liabilities": gettext_lazy("Current liabilities"),
    "long_term_liabilities": gettext_lazy("Long-term liabilities"),
    "equity": gettext_lazy("Equity"),
}
TOTALS = {
    "current_assets": gettext_lazy("Total current assets"),
    "fixed_assets": gettext_lazy("Total fixed assets"),
    "current_liabilities": gettext_lazy("Total current liabilities"),
    "long_term_liabilities": gettext_lazy("Total long-term liabilities"),
}
FLOWS = {
    "operating": gettext_lazy("From the business itself"),
    "investing": gettext_lazy("From buying and selling fixed assets"),
    "financing": gettext_lazy("From owners and lenders"),
}
FLOW_TOTALS = {
    "operating": gettext_lazy("Cash from the business itself"),
    "investing": gettext_lazy("Cash from fixed assets"),
    "financing": gettext_lazy("Cash from owners and lenders"),
}
LABELS = {
    "profit": gettext_lazy("Profit"),
    "depreciation": gettext_lazy("Depreciation, which took no cash"),
    "exchange": gettext_lazy("Exchange differences, which took no cash"),
    "opening": gettext_lazy("Of this, from before the book began"),
    "closing": gettext_lazy("Cash moved by entries that close a year"),
}


class Beside:
    """The sheet of the day, and the one it stands beside, if any."""

    def __init__(self, kept: Kept, on: date, before: date | None) -> None:
        self.kept, self.on, self.before = kept, on, before
        self.now = ledger.balance_sheet(kept.book, on, before)
        self.then = ledger.balance_sheet(kept.book, before) if before is not None else None

    def figures(self, now: int, then: int | None) -> tuple[int | None, ...]:
        if self.then is None:
            return (now,)
        other = then or 0
        return now, other, now - other, share(now - other, other)

    @property
    def difference(self) -> tuple[int, int]:
        """Assets less what is owed and owned, now and then: nought, or the book is broken."""
        return _apart(self.now), _apart(self.then) if self.then is not None else 0


def _apart(sheet: ledger.BalanceSheet) -> int:
    return sheet.assets_minor - sheet.liabilities_minor - sheet.equity_minor


def balance_sheet(kept: Kept, on: date, before: date | None, reader: Reader) -> Document:
    sheet = Beside(kept, on, before)
    account = Column(_("Account"), name="account", wide=True)
    columns = [account, Column(day(on, reader), Kind.AMOUNT, name="amount")]
    if before is not None:
        columns += [
            Column(day(before, reader), Kind.AMOUNT, name="compared"),
            Column(pgettext("between two amounts", "Change"), Kind.AMOUNT, name="change"),
            Column("%", Kind.PERCENT, name="percent"),
        ]
    return Document(
        name="balance-sheet",
        title=_("Balance sheet"),
        client=kept.client.name,
        period=_("on %(day)s") % {"day": day(on, reader)},
        currency=kept.currency,
        columns=tuple(columns),
        rows=tuple(_sheet_rows(sheet)),
        sentence=_owned(sheet, reader),
        country=kept.client.country,
    )


def _sheet_rows(sheet: Beside) -> Iterator[Row]:
    sections = {section.name: section for section in sheet.now.sections}
    if not any(section.rows for section in sections.values()):
        return
    then = sheet.then
    for name in ("current_assets", "fixed_assets"):
        yield from _section(sheet, sections[name])
    yield total(_("Assets"), *sheet.figures(sheet.now.assets_minor, then.assets_minor if then else None))
    for name in ("current_liabilities", "long_term_liabilities"):
        yield from _section(sheet, sections[name])
    yield total(_("Liabilities"), *sheet.figures(sheet.now.liabilities_minor, then.liabilities_minor if then else None))
    yield heading(str(SECTIONS["equity"]))
    for row in sections["equity"].rows:
        yield _line(sheet, row)
    earnings = sheet.figures(sheet.now.earnings_minor, then.earnings_minor if then else None)
    yield line(_("Profit of the year so far"), *earnings, level=1)
    yield total(_("Equity"), *sheet.figures(sheet.now.equity_minor, then.equity_minor if then else None))
    now_apart, then_apart = sheet.difference
    figures = sheet.figures(now_apart, then_apart)
    blank = (*figures[:2], None, None)[: len(figures)]
    yield proof(_("Assets less liabilities and equity"), *blank, holds=not now_apart and not then_apart)


def _section(sheet: Beside, section: ledger.Section) -> Iterator[Row]:
    if not section.rows:
        return
    yield heading(str(SECTIONS[section.name]))
    for row in section.rows:
        yield _line(sheet, row)
    yield total(str(TOTALS[section.name]), *sheet.figures(section.amount_minor, section.previous_minor))


def _line(sheet: Beside, row: ledger.ReportRow) -> Row:
    address = account_address(sheet.kept, row.account.pk, None, sheet.on)
    figures = sheet.figures(row.amount_minor, row.previous_minor)
    other = account_address(sheet.kept, row.account.pk, None, sheet.before) if sheet.before else ""
    opened = (Cell(figure, link) for figure, link in zip(figures, (address, other, "", ""), strict=False))
    return line(Cell(str(row.account), address), *opened, level=1)


def _owned(sheet: Beside, reader: Reader) -> str:
    def said(minor: int) -> str:
        return amount(minor, sheet.kept.currency, reader.language)

    if not any(section.rows for section in sheet.now.sections):
        return _("Nothing was posted until %(day)s.") % {"day": day(sheet.on, reader)}
    named = {
        "day": day(sheet.on, reader),
        "currency": sheet.kept.currency,
        "assets": said(sheet.now.assets_minor),
        "liabilities": said(sheet.now.liabilities_minor),
        "equity": said(sheet.now.equity_minor),
    }
    return _("%(currency)s %(assets)s owned, %(liabilities)s owed: %(equity)s belong to the owners.") % named


def cash_flow(kept: Kept, stretch: Stretch, reader: Reader) -> Document:
    read = ledger.cash_flow(kept.book, stretch.since, stretch.until)
    moved = read.closing_minor - read.opening_minor
    named = {"currency": kept.currency, "amount": amount(abs(moved), kept.currency, reader.language)}
    said = _("Cash fell by %(currency)s %(amount)s.") if moved < 0 else _("Cash grew by %(currency)s %(amount)s.")
    return Document(
        name="cash-flow",
        title=_("Cash flow"),
        client=kept.client.name,
        period=stretch.words(reader),
        currency=kept.currency,
        columns=(
            Column(_("From profit to cash"), name="account", wide=True),
            Column(stretch.short(reader), Kind.AMOUNT, name="amount"),
        ),
        rows=tuple(_flow_rows(kept, read, stretch)),
        sentence=said % named if moved else _("Cash stands where it stood."),
        country=kept.client.country,
    )


def _flow_rows(kept: Kept, read: ledger.CashFlow, stretch: Stretch) -> Iterator[Row]:
    if not any(section.rows for section in read.sections) and not read.opening_minor:
        return
    for section in read.sections:
        if section.rows:
            yield heading(str(FLOWS[section.name]))
            for row in section.rows:
                yield _flow_line(kept, row, stretch)
            yield total(str(FLOW_TOTALS[section.name]), section.amount_minor)
    if read.exchange_minor:
        yield line(_("What cash in other currencies became worth"), read.exchange_minor)
    moved = sum(section.amount_minor for section in read.sections) + read.exchange_minor
    yield total(_("Change of cash"), moved)
    yield line(_("Cash before"), read.opening_minor)
    yield proof(_("Cash after"), read.closing_minor, holds=read.opening_minor + moved == read.closing_minor)


def _flow_line(kept: Kept, row: ledger.CashRow, stretch: Stretch) -> Row:
    if row.account is not None:
        address = account_address(kept, row.account.pk, stretch.since, stretch.last_on)
        return line(Cell(str(row.account), address), Cell(row.amount_minor, address), level=1)
    label = str(LABELS.get(row.label, row.label))
    asked = f"?since={stretch.since.isoformat()}&until={stretch.last_on.isoformat()}"
    return line(label, Cell(row.amount_minor, kept.address("book_profit") + asked), level=1)
