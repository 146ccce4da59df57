"""Profit and loss for any stretch of days: by section, against another stretch and the budget, whole or by tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from wellkept.ledger.models import Account, Book, Budget, Dimension, Posting, Span, Tag, TagBalance
from wellkept.ledger.queries.totals import tag_totals, totals
from wellkept.ledger.queries.trial import chart_of
from wellkept.ledger.rules.charts import PROFIT_TYPES, natural
from wellkept.ledger.rules.months import month_of, months_later

SALES, COSTS, OTHER, OVERHEAD, TAX = "sales", "cost_of_sales", "other_income", "overhead", "income_tax"
SECTIONS = (SALES, COSTS, OTHER, OVERHEAD, TAX)
EARNED = frozenset({SALES, OTHER})
TAGS_AT_ONCE = 200
NOW_IN = Coalesce("account__merged_into", "account")  # where the figures of a merged account show


@dataclass(frozen=True, slots=True)
class ReportRow:
    """An account's figure on its natural side, beside the stretch it is compared with and the budget, where there are."""

    account: Account
    amount_minor: int
    previous_minor: int | None = None
    budget_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that belong together. `name` is one of SECTIONS or of the balance sheet's."""

    name: str
    rows: tuple[ReportRow, ...]

    @property
    def amount_minor(self) -> int:
        return sum(row.amount_minor for row in self.rows)

    @property
    def previous_minor(self) -> int:
        return sum(row.previous_minor or 0 for row in self.rows)

    @property
    def budget_minor(self) -> int:
        return sum(row.budget_minor or 0 for row in self.rows)


@dataclass(frozen=True, slots=True)
class Profit:
    """One column of results."""

    gross_minor: int
    net_minor: int


@dataclass(frozen=True, slots=True)
class ProfitAndLoss:
    """`since` belongs to the stretch, `until` does not; `before` is the stretch compared with."""

    book: Book
    since: date
    until: date
    before: tuple[date, date] | None
    sections: tuple[Section, ...]
    has_budget: bool

    @property
    def profit(self) -> Profit:
        return _profit({section.name: section.amount_minor for section in self.sections})

    @property
    def previous(self) -> Profit:
        return _profit({section.name: section.previous_minor for section in self.sections})

    @property
    def budget(self) -> Profit:
        return _profit({section.name: section.budget_minor for section in self.sections})


def profit_and_loss(
    book: Book, since: date, until: date, before: tuple[date, date] | None = None, tags: Sequence[Tag] | None = None
) -> ProfitAndLoss:
    """What was earned and spent. Closing entries are left out; the budget counts the whole months that begin here.

    With `tags`, of one dimension: only what carries one of them.
    """
    carried = None if tags is None else [tag.pk for tag in tags]
    chart = chart_of(book)
    now = _earned(book, since, until, carried)
    then = {} if before is None else _earned(book, before[0], before[1], carried)
    planned = {} if tags is not None else _planned(book, since, until)
    rows: dict[str, list[ReportRow]] = {name: [] for name in SECTIONS}
    for pk, account in chart.items():
        if account.type in PROFIT_TYPES and (pk in now or pk in then or pk in planned):
            figures = (now.get(pk, 0), then.get(pk, 0), planned.get(pk, 0))
            if any(figures):
                rows[section_of(account)].append(_row(account, figures, before is not None, bool(planned)))
    sections = tuple(Section(name, tuple(rows[name])) for name in SECTIONS)
    return ProfitAndLoss(book, since, until, before, sections, bool(planned))


def tags_by_turnover(dimension: Dimension, since: date, until: date) -> list[Tag]:
    """The tags that earned or spent anything in the stretch, retired ones too; those with the most first."""
    rows = TagBalance.objects.filter(
        tag__dimension=dimension, span=Span.DAY, starts_on__gte=since, starts_on__lt=until,
        account__type__in=sorted(PROFIT_TYPES),
    )  # fmt: skip
    moved = dict(rows.order_by().values_list("tag").annotate(sum=Sum(F("debit_minor") + F("credit_minor"))))
    found = [tag for tag in Tag.objects.filter(dimension=dimension, pk__in=moved).order_by("name") if moved[tag.pk]]
    return sorted(found, key=lambda tag: -moved[tag.pk])


def stretch_before(since: date, until: date) -> tuple[date, date]:
    """The stretch of the same length just before: whole months before whole months, days before days."""
    if since.day == 1 and until.day == 1:
        months = (until.year - since.year) * 12 + until.month - since.month
        return months_later(since, -months), since
    return since - (until - since), since


def year_before(since: date, until: date) -> tuple[date, date]:
    """The same stretch a year earlier."""
    return _a_year_back(since), _a_year_back(until)


def section_of(account: Account) -> str:
    """Where an income or expense account stands."""
    if account.type == Account.Type.INCOME:
        return SALES if account.purpose == SALES else OTHER
    return account.purpose if account.purpose in {COSTS, TAX} else OVERHEAD


def _earned(book: Book, since: date, until: date, tags: Sequence[int] | None) -> dict[int, int]:
    """Debits less credits by account."""
    if tags is not None:
        return _tagged(book, tags, since, until)
    earned = {pk: total.amount_minor for pk, total in totals(book, since, until, types=sorted(PROFIT_TYPES)).items()}
    for pk, amount in closed(book, since, until).items():
        earned[pk] = earned.get(pk, 0) - amount
    return earned


def _tagged(book: Book, tags: Sequence[int], since: date, until: date) -> dict[int, int]:
    """The same for what carries one of these tags, some tags at a time: a statement has room for so many."""
    found: dict[int, int] = {}
    for start in range(0, len(tags), TAGS_AT_ONCE):
        for pk, total in tag_totals(book, tags[start : start + TAGS_AT_ONCE], since, until).items():
            found[pk] = found.get(pk, 0) + total.amount_minor
    return found


def closed(book: Book, since: date, until: date) -> dict[int, int]:
    """What entries that close a year moved, by account, merged ones where they were merged into."""
    rows = Posting.objects.filter(
        entry__book=book, entry__source="closing", entry__dated_on__gte=since, entry__dated_on__lt=until
    )
    return dict(rows.order_by().values_list(NOW_IN).annotate(sum=Sum("amount_minor")))


def _planned(book: Book, since: date, until: date) -> dict[int, int]:
    """The budget of the months that begin in the stretch, on the natural side."""
    first = since if since.day == 1 else months_later(month_of(since), 1)
    rows = Budget.objects.filter(account__book=book, month__gte=first, month__lt=until).order_by()
    return {pk: int(amount) for pk, amount in rows.values_list(NOW_IN).annotate(sum=Sum("amount_minor"))}


def _row(account: Account, figures: tuple[int, int, int], compared: bool, budgeted: bool) -> ReportRow:
    now, then, planned = figures
    return ReportRow(
        account,
        natural(account.type, now),
        natural(account.type, then) if compared else None,
        planned if budgeted else None,
    )


def _profit(sections: Mapping[str, int]) -> Profit:
    gross = sections[SALES] - sections[COSTS]
    return Profit(gross, gross + sections[OTHER] - sections[OVERHEAD] - sections[TAX])


def _a_year_back(on: date) -> date:
    """29 February becomes 1 March less a day: the last of February."""
    try:
        return on.replace(year=on.year - 1)
    except ValueError:
        return on.replace(year=on.year - 1, month=3, day=1) - timedelta(days=1)
