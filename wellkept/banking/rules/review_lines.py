"""What a review finds in bank lines: not decided, coded unlike before, nobody named, no document, twice, on closed days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from wellkept.banking.rules.review import PROFIT, SPLIT, Found, Line, Month, of_line, subject_of

ENOUGH = 3  # codings of a payee before they are a habit
SHARE = 80  # percent of them that went one way
DAYS_APART = 3
OFTEN = 6  # a payee paid the same amount so often in a year pays it twice in a week as well
KNOWN_CLIENT = 30  # codings before a client's closed days are a habit
SELDOM = 5  # percent


def uncoded(month: Month) -> Iterator[Found]:
    """Lines nobody has decided: one finding an account, about just these lines."""
    waiting: dict[int, list[Line]] = defaultdict(list)
    for line in month.own:
        if not line.is_coded and line.parked is None:
            waiting[line.bank].append(line)
    for bank, lines in waiting.items():
        first = min(lines, key=lambda line: (line.dated_on, line.id))
        about = f"bank-{bank}-{month.key}-{len(lines)}-{max(line.id for line in lines)}"
        total = sum(line.amount_minor for line in lines)
        yield Found(
            "uncoded",
            about,
            f"bank {bank}",
            first.dated_on,
            total,
            first.currency,
            more={"bank": bank, "count": len(lines)},
        )


def parked(month: Month) -> Iterator[Found]:
    """A line put aside is not done."""
    for line in month.own:
        if not line.is_coded and line.parked is not None:
            subject = subject_of(line.name, f"line {line.id}")
            yield of_line("parked", line, f"line-{line.id}-{line.codings}", subject, because=line.parked)


def payee_differs(month: Month) -> Iterator[Found]:
    """For a year this payee went elsewhere, four times of five or more, and never here."""
    for line in month.own:
        if line.account is None or line.is_transfer or not line.payee:
            continue
        before = month.habits.accounts.get(line.payee, {})
        count = sum(before.values())
        if count < ENOUGH or line.account in before:
            continue
        usual, times = max(before.items(), key=lambda each: (each[1], -each[0]))
        if times * 100 >= SHARE * count:
            subject = f"account {line.account} {subject_of(line.name, '')}"
            yield of_line(
                "payee_differs", line, f"coding-{line.coding}", subject, usual=usual, times=times, count=count
            )


def no_payee(month: Month) -> Iterator[Found]:
    """A larger amount, and nobody named."""
    for line in month.own:
        over = month.limit(month.limits.payee_over_minor, line.currency)
        if not line.has_payee and not line.is_transfer and abs(line.amount_minor) > over:
            yield of_line("no_payee", line, f"line-{line.id}", f"bank {line.bank}", bank=line.bank)


def no_document(month: Month) -> Iterator[Found]:
    """Money went out for an expense or something that lasts, and no receipt or bill proves it."""
    for line in month.own:
        over = month.limit(month.limits.document_over_minor, line.currency)
        place = month.places.get(line.account or 0)
        spent = line.how == SPLIT or (place is not None and (place.type == "expense" or place.purpose == "fixed"))
        if spent and not line.has_document and line.amount_minor < -over:
            yield of_line("no_document", line, f"line-{line.id}", subject_of(line.name, f"bank {line.bank}"))


def duplicate(month: Month) -> Iterator[Found]:
    """The same payee, amount and direction within a few days, where that is not usual. One put aside is being asked about."""
    seen: dict[tuple[str, int, str], list[Line]] = defaultdict(list)
    for line in sorted(month.lines, key=lambda each: (each.dated_on, each.id)):
        if line.is_transfer or not line.payee or line.parked is not None:
            continue
        like = seen[line.payee, line.amount_minor, line.currency]
        near = [each for each in like if line.dated_on - each.dated_on <= timedelta(days=DAYS_APART)]
        if near and line.dated_on >= month.since and _is_odd(line, month):
            first = near[-1]
            yield of_line(
                "duplicate",
                line,
                f"lines-{first.id}-{line.id}",
                f"{line.amount_minor} {subject_of(line.name, '')}",
                other=first.id,
                other_on=first.dated_on.isoformat(),
            )
        like.append(line)


def closed_day(month: Month) -> Iterator[Found]:
    """Dated on a closed day by a client, and of a payee, where that hardly ever happens."""
    habits = month.habits
    if habits.all < KNOWN_CLIENT or habits.all_closed * 100 > SELDOM * habits.all:
        return
    for line in month.own:
        if line.dated_on in month.closed and line.is_coded and not habits.closed.get(line.payee):
            subject = subject_of(line.name, f"bank {line.bank}")
            yield of_line("closed_day", line, f"line-{line.id}", subject)


def round_sum(month: Month) -> Iterator[Found]:
    """A large round sum, income or expense, that this payee does not have every other month."""
    for line in month.own:
        place = month.places.get(line.account or 0)
        if place is None or place.type not in PROFIT:
            continue
        usual = month.habits.repeated.get((line.payee, line.amount_minor), 0) >= ENOUGH
        if not usual and _is_round(line.amount_minor, month.limit(month.limits.round_from_minor, line.currency)):
            yield of_line("round_sum", line, f"coding-{line.coding}", subject_of(line.name, f"bank {line.bank}"))


def one_leg(month: Month) -> Iterator[Found]:
    """Money went to another account of the client's own, and has not arrived there."""
    own = {cash.account: cash.bank for cash in month.cash}
    for line in month.own:
        if line.is_coded and line.account in own and own[line.account] != line.bank and line.legs < 2:
            subject = f"banks {line.bank} {own[line.account]}"
            yield of_line("one_leg", line, f"coding-{line.coding}", subject, bank=line.bank, other=own[line.account])


def _is_odd(line: Line, month: Month) -> bool:
    small = abs(line.amount_minor) < month.limit(month.limits.twice_from_minor, line.currency)
    return not small and month.habits.repeated.get((line.payee, line.amount_minor), 0) < OFTEN


def _is_round(amount_minor: int, from_minor: int) -> bool:
    """A tenth of the limit is the step: from 1,000.00 on, whole hundreds."""
    step = max(from_minor // 10, 1)
    return abs(amount_minor) >= from_minor > 0 and amount_minor % step == 0
