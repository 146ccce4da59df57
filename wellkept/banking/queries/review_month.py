"""A month of one client, gathered for the rules of the review in a number of statements that does not grow with history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import CharField, Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf

from wellkept.banking.learning.lines import payee_name
from wellkept.banking.models import Attached, BankAccount, BankLine, Coding, ReviewTerms, Undecided
from wellkept.banking.queries import documents
from wellkept.banking.queries.lines import counted
from wellkept.banking.rules.review import Cash, Habits, Held, Limits, Line, Month, Place, Posted
from wellkept.calendars import queries as calendars
from wellkept.core.money import exponent
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.ledger.models import Account, Book

ACROSS = timedelta(days=7)  # how far before the month a line may lie that one of the month repeats
MOST_LINES, MOST_HABITS = 10_000, 50_000
EMPTY_AT_THE_END = ("suspense", "clearing")
LIMITS = ("payee_over_minor", "round_from_minor", "twice_from_minor", "far_from_minor")


def gathered(book: Book, month: date) -> Month:
    """Everything the rules look at, of the month that begins on this day."""
    since, until = ledger.month_of(month), ledger.next_month(month)
    year = since.replace(year=since.year - 1)
    client = book.client
    accounts = list(ledger.accounts(book))
    cash = _cash(client, since, until)
    lines = _lines(client, since, until, {each.account for each in cash})
    closed = closed_days(client, year, until)
    return Month(
        since=since,
        until=until,
        currency=book.base_currency,
        lines=lines,
        posted=_posted(book, since, until, lines),
        places=_places(accounts),
        cash=cash,
        held=_held(book, accounts, until),
        habits=_habits(book, year, since, closed),
        limits=limits_of(book),
        closed=frozenset(on for on in closed if on >= since),
    )


def is_cut(book: Book, month: date) -> bool:
    """Whether the month holds more than a review looks at: its first 10,000 lines and 20,000 postings."""
    since, until = ledger.month_of(month), ledger.next_month(month)
    lines = BankLine.objects.filter(client=book.client_id, dated_on__gte=since - ACROSS, dated_on__lt=until)
    return lines.order_by()[MOST_LINES:].exists() or ledger.has_more_postings(book, since, until)


def limits_of(book: Book) -> Limits:
    """The client's own limits, else the firm's habit in the units of the book's currency."""
    own = ReviewTerms.objects.filter(client=book.client_id).values(*LIMITS).first() or {}
    asked = {**own, "document_over_minor": documents.over_minor(book.client_id)}
    usual = Limits()
    cents = {
        name: getattr(usual, name) * 10 ** exponent(book.base_currency) // 100 for name in asked | dict.fromkeys(LIMITS)
    }
    return Limits(**(cents | {name: value for name, value in asked.items() if value is not None}))


def closed_days(client: Client, since: date, until: date) -> list[date]:
    """The days on which the client's own calendar is closed: weekends, holidays, what somebody wrote there."""
    calendar = calendars.compiled(calendars.current_id(client.calendar_id))
    return [day.on for day in calendar.days(since, until) if not day.hours]


def _lines(client: Client, since: date, until: date, own: Collection[int]) -> list[Line]:
    proved = Exists(Attached.objects.filter(line=OuterRef("pk"), ended_at=None))
    rows = list(
        counted()
        .filter(client=client, dated_on__gte=since - ACROSS, dated_on__lt=until)
        .exclude(amount_minor=0)
        .select_related("bank_account")
        .annotate(proved=proved)
        .defer("raw")
        .order_by("dated_on", "pk")[:MOST_LINES]
    )
    first, last = since - ACROSS, until
    stretch = {"line__client": client, "line__dated_on__gte": first, "line__dated_on__lt": last}
    codings: dict[int, list[Coding]] = defaultdict(list)
    for coding in Coding.objects.filter(**stretch).order_by("pk"):
        codings[coding.line_id].append(coding)
    parked = dict(
        Undecided.objects.filter(client=client, parked_at__isnull=False, dated_on__gte=first, dated_on__lt=last)
        .order_by()
        .values_list("line", "parked_because")
    )
    legs = _legs(codings.values(), own)
    return [_line(row, codings[row.pk], parked.get(row.pk), legs, bool(row.proved)) for row in rows]


def _legs(codings: Iterable[Sequence[Coding]], own: Collection[int]) -> Counter[int]:
    """How many lines stand on each entry that moves money between the client's own accounts."""
    entries = [each.entry_id for of_line in codings for each in of_line if each.account_id in own]
    living = Coding.objects.filter(entry__in=entries, undone_at=None).order_by()
    return Counter(dict(living.values_list("entry").annotate(legs=Count("pk"))))


def _line(row: BankLine, codings: Sequence[Coding], parked: str | None, legs: Counter[int], proved: bool) -> Line:
    coding = next((each for each in codings if each.undone_at is None), None)
    told = (coding.payee if coding else "") or row.payee
    return Line(
        id=row.pk,
        bank=row.bank_account_id,
        dated_on=row.dated_on,
        amount_minor=row.amount_minor,
        currency=row.bank_account.currency,
        name=told or row.description,
        has_payee=bool(told),
        codings=len(codings),
        coding=coding.pk if coding else None,
        how=coding.how if coding else "",
        account=coding.account_id if coding else None,
        entry=coding.entry_id if coding else None,
        parked=parked,
        has_document=proved,
        legs=2 if coding and coding.other_leg_id else max(legs[coding.entry_id], 1) if coding else 1,
    )


def _posted(book: Book, since: date, until: date, lines: Sequence[Line]) -> list[Posted]:
    of_entry = {line.entry: line.id for line in lines if line.entry is not None}
    return [
        Posted(
            each.id,
            each.entry,
            each.account,
            each.dated_on,
            each.amount_minor,
            each.tax_code is not None,
            each.narration,
            each.source,
            of_entry.get(each.entry),
        )
        for each in ledger.standing_postings(book, since, until)
    ]


def _places(accounts: Sequence[Account]) -> dict[int, Place]:
    above = {each.parent_id for each in accounts if each.is_active}
    return {
        each.pk: Place(
            each.pk,
            each.type,
            each.purpose,
            each.pk in above,
            each.tax_code is not None and each.tax_code.rate_basis_points > 0,
        )
        for each in accounts
    }


def _cash(client: Client, since: date, until: date) -> list[Cash]:
    banks = BankAccount.objects.filter(client=client).select_related("account__book").order_by("pk")
    return [_held_daily(bank, since, until) for bank in banks]


def _held_daily(bank: BankAccount, since: date, until: date) -> Cash:
    own = bank.currency == bank.account.book.base_currency
    opening, days = ledger.days_of(bank.account, since, until)
    moved = sorted((on, total.amount_minor if own else total.foreign_minor) for on, total in days.items())
    held = opening.amount_minor if own else opening.foreign_minor
    return Cash(bank.pk, bank.account_id, bank.kind, bank.currency, held, tuple(moved))


def _held(book: Book, accounts: Sequence[Account], until: date) -> list[Held]:
    asked = [each for each in accounts if each.purpose in EMPTY_AT_THE_END or each.pk == book.suspense_account_id]
    at_the_end = ledger.totals(book, None, until) if asked else {}
    return [
        Held(each.pk, "clearing" if each.purpose == "clearing" else "suspense", at_the_end[each.pk].amount_minor)
        for each in asked
        if each.pk in at_the_end
    ]


def _habits(book: Book, since: date, until: date, closed: Sequence[date]) -> Habits:
    accounts: dict[str, Counter[int]] = defaultdict(Counter)
    repeated: Counter[tuple[str, int]] = Counter()
    on_closed: Counter[str] = Counter()
    count = 0
    for name, account, amount, times, closed_times in _coded(book.client_id, since, until, closed):
        payee = payee_name(name)
        count += times
        on_closed[payee] += closed_times
        repeated[payee, amount] += times
        if account is not None and payee:
            accounts[payee][account] += times
    amounts: dict[int, Counter[int]] = defaultdict(Counter)
    taxed: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for usual in ledger.usual_amounts(book, since, until, ("income", "expense")):
        amounts[usual.account][usual.amount_minor] += usual.count
        before = taxed[usual.account]
        taxed[usual.account] = (before[0] + usual.taxed * usual.count, before[1] + usual.count)
    return Habits(accounts, repeated, amounts, dict(taxed), on_closed, count, on_closed.total())


def _coded(
    client: int, since: date, until: date, closed: Sequence[date]
) -> Iterable[tuple[str, int | None, int, int, int]]:
    """What was coded in twelve months, alike lines together: payee, account, amount, how often, how often on closed days."""
    name = Coalesce(
        NullIf("payee", Value("")), NullIf("line__payee", Value("")), "line__description", output_field=CharField()
    )
    rows = Coding.objects.filter(
        client=client, undone_at=None, line__client=client, line__dated_on__gte=since, line__dated_on__lt=until
    ).exclude(how=Coding.How.TRANSFER)
    groups = rows.order_by().values_list(name, "account", "line__amount_minor")
    return groups.annotate(times=Count("pk"), shut=Count("pk", filter=Q(line__dated_on__in=closed)))[:MOST_HABITS]
