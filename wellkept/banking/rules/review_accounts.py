"""What a review finds in accounts: money below zero, suspense not empty, tax left out, amounts far from the habit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from wellkept.banking.rules.review import PROFIT, Cash, Found, Month, Posted, of_posting, subject_of
from wellkept.banking.rules.review_lines import DAYS_APART, ENOUGH, OFTEN

OWES_BY_NATURE = frozenset({"card"})
BY_HAND = frozenset({"manual", "import"})
TRADE = BY_HAND | {"bank"}
TAXED_ENOUGH, TAXED_SHARE = 5, 80  # postings before tax is a habit, and percent of them that carried it
KNOWN = 8  # postings before an account has a habit of amounts
# The modified z-score 0.6745 · |x − median| ÷ MAD, far above 3.5; where more than half of the amounts are equal the mean
# absolute deviation stands in, times 1.2533 (B. Iglewicz and D. C. Hoaglin, How to Detect and Handle Outliers, ASQC
# Quality Press 1993, chapter 3). In whole numbers, so that the same postings find the same on every machine.
SCORE, TEN_THOUSANDTHS, MEAN_SCORE = 35_000, 6_745, 43_866  # 3.5, 0.6745, 3.5 · 1.253314


def negative_cash(month: Month) -> Iterator[Found]:
    """Nobody has less than nothing: a day on which the book says so lacks something."""
    for cash in month.cash:
        if cash.kind in OWES_BY_NATURE:
            continue
        lowest, on, days = _lowest(cash, month)
        if lowest < 0:
            about = f"account-{cash.account}-{month.key}-{lowest}"
            subject = f"account {cash.account}"
            more = {"bank": cash.bank, "days": days}
            yield Found("negative_cash", about, subject, on, lowest, cash.currency, account=cash.account, more=more)


def suspense(month: Month) -> Iterator[Found]:
    """An account for what nobody knew yet is empty at the end of a month."""
    yield from _not_empty("suspense", "suspense", month)


def clearing(month: Month) -> Iterator[Found]:
    """What goes into clearing comes out again: a rest is a transfer with one leg."""
    yield from _not_empty("clearing", "clearing", month)


def parent(month: Month) -> Iterator[Found]:
    """Accounts with others beneath them add up; nothing is coded to them."""
    for posted in month.posted:
        place = month.places.get(posted.account)
        if place is not None and place.is_parent:
            yield of_posting("parent", posted, month, f"account {posted.account}")


def no_tax(month: Month) -> Iterator[Found]:
    """An expense without tax on an account where tax is usual: by what it took in a year, else by what it is set to."""
    for posted in month.posted:
        place = month.places.get(posted.account)
        if place is None or place.type != "expense" or posted.has_tax or posted.source not in TRADE:
            continue
        taxed, count = month.habits.taxed.get(posted.account, (0, 0))
        usual = taxed * 100 >= TAXED_SHARE * count if count >= TAXED_ENOUGH else place.is_taxed
        if usual:
            subject = subject_of(posted.text, f"account {posted.account}")
            yield of_posting("no_tax", posted, month, subject, taxed=taxed, count=count)


def far_amount(month: Month) -> Iterator[Found]:
    """An amount far from what the account took in twelve months."""
    for posted in month.posted:
        place = month.places.get(posted.account)
        before = month.habits.amounts.get(posted.account, {})
        if place is None or place.type not in PROFIT or sum(before.values()) < KNOWN:
            continue
        usual = median_of(before)
        if abs(posted.amount_minor - usual) >= month.limits.far_from_minor and is_far(posted.amount_minor, before):
            subject = subject_of(posted.text, f"account {posted.account}")
            yield of_posting("far_amount", posted, month, subject, usual=usual)


def round_by_hand(month: Month) -> Iterator[Found]:
    """A large round sum somebody wrote: an estimate, or a figure that waits for the paper."""
    from_minor = month.limits.round_from_minor
    step = max(from_minor // 10, 1)
    for posted in _by_hand(month):
        usual = month.habits.amounts.get(posted.account, {}).get(posted.amount_minor, 0)
        if usual < ENOUGH and abs(posted.amount_minor) >= from_minor > 0 and posted.amount_minor % step == 0:
            subject = subject_of(posted.text, f"account {posted.account}")
            yield of_posting("round_sum", posted, month, subject)


def closed_by_hand(month: Month) -> Iterator[Found]:
    """Written for a closed day that is not the month's last, the usual day of adjustments."""
    last = month.until - timedelta(days=1)
    for posted in _by_hand(month):
        if posted.dated_on in month.closed and posted.dated_on != last:
            subject = subject_of(posted.text, f"account {posted.account}")
            yield of_posting("closed_day", posted, month, subject)


def median_of(counted: Mapping[int, int]) -> int:
    """The middle one of amounts given with how often each came; of two in the middle, the lower."""
    left = (sum(counted.values()) + 1) // 2
    for amount in sorted(counted):
        left -= counted[amount]
        if left <= 0:
            return amount
    return 0


def is_far(amount: int, counted: Mapping[int, int]) -> bool:
    """By the modified z-score; nothing is far from amounts of which there are none."""
    usual = median_of(counted)
    apart: dict[int, int] = {}
    for each, times in counted.items():
        apart[abs(each - usual)] = apart.get(abs(each - usual), 0) + times
    distance = abs(amount - usual)
    if spread := median_of(apart):
        return TEN_THOUSANDTHS * distance > SCORE * spread
    total, count = sum(each * times for each, times in apart.items()), sum(apart.values())
    return bool(count) and 10_000 * distance * count > MEAN_SCORE * total


def twice_by_hand(month: Month) -> Iterator[Found]:
    """Written by hand, and the same account has the same amount from elsewhere within days."""
    like: dict[tuple[int, int], list[Posted]] = defaultdict(list)
    for posted in month.posted:
        like[posted.account, posted.amount_minor].append(posted)
    for posted in _by_hand(month):
        usual = month.habits.amounts.get(posted.account, {}).get(posted.amount_minor, 0)
        if usual >= OFTEN or abs(posted.amount_minor) < month.limits.twice_from_minor:
            continue
        others = (each for each in like[posted.account, posted.amount_minor] if _may_be_the_same(each, posted))
        if other := next(others, None):
            subject = f"{posted.amount_minor} {subject_of(posted.text, f'account {posted.account}')}"
            more = {"other_entry": other.entry, "other_on": other.dated_on.isoformat()}
            yield of_posting("duplicate", posted, month, subject, **more)


def _may_be_the_same(other: Posted, posted: Posted) -> bool:
    """Of two written by hand the later one is asked about."""
    near = abs((other.dated_on - posted.dated_on).days) <= DAYS_APART
    return near and other.entry != posted.entry and (other.source not in BY_HAND or other.id < posted.id)


def _lowest(cash: Cash, month: Month) -> tuple[int, date, int]:
    """The lowest balance at the end of a day, that day, and on how many days of movement it was below zero."""
    held, days = cash.opening_minor, 0
    lowest, lowest_on = held, month.since
    for on, moved in cash.days:
        held += moved
        days += held < 0
        if held < lowest:
            lowest, lowest_on = held, on
    return lowest, lowest_on, max(days, 1)


def _not_empty(kind: str, purpose: str, month: Month) -> Iterator[Found]:
    on = month.until - timedelta(days=1)
    for held in month.held:
        if held.purpose == purpose and held.amount_minor:
            about = f"account-{held.account}-{month.key}-{held.amount_minor}"
            subject = f"account {held.account}"
            yield Found(kind, about, subject, on, held.amount_minor, month.currency, account=held.account)


def _by_hand(month: Month) -> Iterator[Posted]:
    """Income and expenses that no bank line stands for."""
    for posted in month.posted:
        place = month.places.get(posted.account)
        if posted.source in BY_HAND and place is not None and place.type in PROFIT:
            yield posted
