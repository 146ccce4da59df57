"""Money in other currencies: what each account stands at, and lines of another currency as the book counts them.

Written after IAS 21: every line comes at the rate of its day (21, 22); what a settlement fetches or costs beside what
was carried is gained or lost then (28); what is still open is counted at the rate of the month's last day (23).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal
from wellkept.ledger.models import Account, Book, Entry, Posting
from wellkept.ledger.queries.books import account_for
from wellkept.ledger.queries.pages import together
from wellkept.ledger.queries.rates import RateFound, needed_rate, rate_on
from wellkept.ledger.queries.totals import NOTHING, Total, account_total
from wellkept.ledger.rules.charts import MONETARY
from wellkept.ledger.rules.exchange import converted, moved, rounded
from wellkept.ledger.rules.lines import PostingDraft, pk_of

ONE_DAY = timedelta(days=1)
COUNTED = "revalue:"


class NoExchangeAccount(Refusal):
    """Gains and losses need a place."""


@dataclass(frozen=True, slots=True)
class ForeignBalance:
    """An account of another currency at the end of a day.

    `cost_minor` is what it is carried at, `held_minor` the same with what was counted for that day already;
    `worth_minor` is empty where there is no rate.
    """

    account: Account
    foreign_minor: int
    cost_minor: int
    held_minor: int
    rate: RateFound | None
    worth_minor: int | None

    @property
    def gain_minor(self) -> int | None:
        """What it is worth beside what it is carried at."""
        return None if self.worth_minor is None else self.worth_minor - self.cost_minor

    @property
    def is_counted(self) -> bool:
        return self.worth_minor == self.held_minor


def foreign_balances(book: Book, on: date) -> list[ForeignBalance]:
    """Every account of another currency whose worth moves with the rate and that holds or owes something, by code."""
    accounts = Account.objects.filter(book=book, currency__gt="", purpose__in=MONETARY, merged_into=None)
    every = [_balance(book, account, on) for account in accounts.order_by("code")]
    return [each for each in every if each.foreign_minor or each.cost_minor or each.held_minor]


def not_counted(book: Book, on: date) -> list[ForeignBalance]:
    """Those that stand at another worth than the rate of the day says, or that have no rate."""
    return [each for each in foreign_balances(book, on) if not each.is_counted]


def countings(book: Book) -> QuerySet[Entry]:
    """The entries that counted other currencies anew, newest day first; not those that take them back the day after."""
    found = Entry.objects.filter(book=book, source="exchange", key__startswith=COUNTED).select_related("reversed_by")
    return found.exclude(key__contains=":back:").order_by("-dated_on", "-number")


def carried(account: Account, on: date) -> Total:
    """What an account holds at the end of a day, without what was counted for that day and is taken back the next."""
    held = account_total(together(account), None, on + ONE_DAY)
    return Total(held.amount_minor - _counted(account, on), held.foreign_minor)


def exchange_drafts(
    book: Book, on: date, out_of: Account, out_minor: int, into: Account, into_minor: int
) -> list[PostingDraft]:
    """Money out of one account into another of a different currency, and what that gained or lost.

    Whichever side's balance shrinks, money held or money owed, shrinks at what it was carried at.
    """
    worth = _worth(book, on, out_of, out_minor, into, into_minor)
    lines = [_moved(into, into_minor, worth, on), _moved(out_of, -out_minor, -worth, on)]
    return [*lines, *_gained(book, lines)]


def legs_at_rates(book: Book, on: date, legs: Sequence[tuple[Account, int, date]]) -> list[PostingDraft]:
    """The same for money whose sides were told apart, each at the rate of its own day, in an entry of the day `on`."""
    lines = []
    for account, minor, told_on in legs:
        rate = needed_rate(book.base_currency, account.currency or book.base_currency, told_on)
        worth = converted(minor, rate, account.currency, book.base_currency) if account.currency else minor
        lines.append(_moved(account, minor, worth, on))
    return [*lines, *_gained(book, lines)]


def drafts_in(book: Book, currency: str, on: date, lines: Sequence[PostingDraft]) -> list[PostingDraft]:
    """Lines whose amounts are of `currency` as lines to post: at the day's rate, with the rounding beside them.

    A line that takes from what an account of that currency holds or owes takes it at what it was carried at.
    """
    rate = needed_rate(book.base_currency, currency, on)
    result = rounded([line.amount_minor for line in lines], rate, currency, book.base_currency)
    standing = _standing(book, currency, on, lines)
    drafts: list[PostingDraft] = []
    for line, worth in zip(lines, result.amounts, strict=True):
        amount, pk = worth, pk_of(line.account)
        if pk in standing:
            held = standing[pk]
            amount = moved(held.foreign_minor, held.amount_minor, line.amount_minor, worth)
            standing[pk] = held + Total(amount, line.amount_minor)
        drafts.append(
            PostingDraft(line.account, amount, currency, line.amount_minor, line.text, line.tax_code, line.tags)
        )
    apart = sum(result.amounts) - sum(draft.amount_minor for draft in drafts)
    if result.rounding_minor and book.rounding_account_id is not None:
        drafts.append(PostingDraft(book.rounding_account_id, result.rounding_minor, text=_("Rounding")))
    return [*drafts, *_on_gains(book, apart)]


def gains_account(book: Book) -> Account:
    """Where gains and losses on exchange go."""
    account = account_for(book, "exchange")
    if account is None:
        raise NoExchangeAccount(_("Add an account for exchange gains and losses first."))
    return account


def _balance(book: Book, account: Account, on: date) -> ForeignBalance:
    held = account_total(together(account), None, on + ONE_DAY)
    cost = held.amount_minor - _counted(account, on)
    if not held.foreign_minor:
        return ForeignBalance(account, 0, cost, held.amount_minor, None, 0)
    rate = rate_on(book.base_currency, account.currency, on)
    worth = None if rate is None else converted(held.foreign_minor, rate.value, account.currency, book.base_currency)
    return ForeignBalance(account, held.foreign_minor, cost, held.amount_minor, rate, worth)


def _counted(account: Account, on: date) -> int:
    """What was counted for the day, and is taken back on the next."""
    key = f"{COUNTED}{on.isoformat()}:there:"
    rows = Posting.objects.filter(
        Q(entry__key__startswith=key) | Q(entry__reverses__key__startswith=key),
        account__in=together(account), dated_on=on, foreign_minor=0,
    )  # fmt: skip
    return rows.order_by().aggregate(sum=Sum("amount_minor"))["sum"] or 0


def _standing(book: Book, currency: str, on: date, lines: Sequence[PostingDraft]) -> dict[int, Total]:
    """What the accounts of these lines are carried at, where they are kept in this currency."""
    wanted = {pk_of(line.account) for line in lines}
    kept = Account.objects.filter(book=book, pk__in=wanted, currency=currency, purpose__in=MONETARY)
    return {account.pk: carried(account, on) for account in kept.order_by("pk")}


def _moved(account: Account, minor: int, worth: int, on: date) -> PostingDraft:
    if not account.currency:
        return PostingDraft(account, worth)
    held = carried(account, on) if account.purpose in MONETARY else NOTHING
    return PostingDraft(account, moved(held.foreign_minor, held.amount_minor, minor, worth), account.currency, minor)


def _gained(book: Book, lines: Sequence[PostingDraft]) -> list[PostingDraft]:
    return _on_gains(book, -sum(line.amount_minor for line in lines))


def _on_gains(book: Book, minor: int) -> list[PostingDraft]:
    return [PostingDraft(gains_account(book), minor)] if minor else []


def _worth(book: Book, on: date, out_of: Account, out_minor: int, into: Account, into_minor: int) -> int:
    """In the book's currency: as paid where one side is in it, else what came, at the rate of the day."""
    if not into.currency:
        return into_minor
    if not out_of.currency:
        return out_minor
    base = book.base_currency
    return converted(into_minor, needed_rate(base, into.currency, on), into.currency, base)
