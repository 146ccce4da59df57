"""What a review looks at, as frozen rows, and what it finds: a month of one client, the year before it as habits.

A finding's `about` names exactly what was seen, amounts included: when that changes it is another finding, so that
accepting one never hides the next. `subject` is what "never again for this" compares: a payee, an account, a pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from wellkept.banking.learning.lines import payee_name
from wellkept.core.money import exponent

LONGEST_SUBJECT = 80
LONGEST_NAME = 60
PROFIT = frozenset({"income", "expense"})
TRANSFER, SPLIT = "transfer", "split"


@dataclass(frozen=True, slots=True)
class Limits:
    """From which amounts on a month is looked at so closely, in the currency of the book."""

    payee_over_minor: int = 75_00
    document_over_minor: int = 75_00
    round_from_minor: int = 1_000_00
    twice_from_minor: int = 20_00
    far_from_minor: int = 100_00


@dataclass(frozen=True, slots=True)
class Line:
    """A bank line as it stands today; `coding`, `account` and `entry` are empty while it waits, `account` also when split."""

    id: int
    bank: int
    dated_on: date
    amount_minor: int
    currency: str
    name: str
    has_payee: bool
    codings: int = 0  # how often it was given a meaning so far
    coding: int | None = None
    how: str = ""
    account: int | None = None
    entry: int | None = None
    parked: str | None = None  # what it waits for
    has_document: bool = False
    legs: int = 1  # lines of the same entry

    @property
    def payee(self) -> str:
        """Who, in one spelling."""
        return payee_name(self.name)

    @property
    def is_coded(self) -> bool:
        return self.coding is not None

    @property
    def is_transfer(self) -> bool:
        return self.how == TRANSFER


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting that stands; `line` is the bank line it came from."""

    id: int
    entry: int
    account: int
    dated_on: date
    amount_minor: int
    has_tax: bool
    text: str
    source: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """An account: its type and purpose, whether others stand beneath it, whether tax is usual there."""

    id: int
    type: str
    purpose: str = ""
    is_parent: bool = False
    is_taxed: bool = False


@dataclass(frozen=True, slots=True)
class Cash:
    """An account of money day by day, in its own currency. A card may owe; a bank, a till or a provider may not."""

    bank: int
    account: int
    kind: str
    currency: str
    opening_minor: int
    days: tuple[tuple[date, int], ...] = ()  # what each day moved, in order


@dataclass(frozen=True, slots=True)
class Held:
    """What an account that should be empty holds at the end of the month."""

    account: int
    purpose: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Habits:
    """The twelve months before, counted."""

    accounts: Mapping[str, Mapping[int, int]] = field(default_factory=dict)  # payee: account: times
    repeated: Mapping[tuple[str, int], int] = field(default_factory=dict)  # payee and amount: times
    amounts: Mapping[int, Mapping[int, int]] = field(default_factory=dict)  # account: amount: times
    taxed: Mapping[int, tuple[int, int]] = field(default_factory=dict)  # account: with tax, in all
    closed: Mapping[str, int] = field(default_factory=dict)  # payee: times on a closed day
    all: int = 0
    all_closed: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """Everything a review knows. `lines` begin some days before `since`, for what comes twice across the border."""

    since: date
    until: date
    currency: str
    lines: Sequence[Line] = ()
    posted: Sequence[Posted] = ()
    places: Mapping[int, Place] = field(default_factory=dict)
    cash: Sequence[Cash] = ()
    held: Sequence[Held] = ()
    habits: Habits = field(default_factory=Habits)
    limits: Limits = field(default_factory=Limits)
    closed: frozenset[date] = frozenset()

    @property
    def own(self) -> Iterator[Line]:
        """The lines of the month itself."""
        return (line for line in self.lines if line.dated_on >= self.since)

    @property
    def key(self) -> str:
        return f"{self.since:%Y-%m}"

    def limit(self, minor: int, currency: str) -> int:
        """A limit in the units of another currency; no rate is asked, only where the point stands."""
        places = exponent(currency) - exponent(self.currency)
        return minor * 10**places if places >= 0 else minor // 10**-places


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, with what its sentence is made from."""

    kind: str
    about: str
    subject: str
    dated_on: date
    amount_minor: int
    currency: str
    line: int | None = None
    entry: int | None = None
    account: int | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        """As it is kept."""
        said = {"on": self.dated_on.isoformat(), "minor": self.amount_minor, "currency": self.currency}
        return said | dict(self.more)


def of_line(kind: str, line: Line, about: str, subject: str, **more: Any) -> Found:
    """A finding about a bank line."""
    found = Found(kind, about, subject[:LONGEST_SUBJECT], line.dated_on, line.amount_minor, line.currency, line.id)
    return replace(found, entry=line.entry, account=line.account, more={"name": line.name[:LONGEST_NAME]} | more)


def of_posting(kind: str, posted: Posted, month: Month, subject: str, **more: Any) -> Found:
    """A finding about a posting, and about its line where it came from one."""
    found = Found(
        kind,
        f"posting-{posted.id}",
        subject[:LONGEST_SUBJECT],
        posted.dated_on,
        posted.amount_minor,
        month.currency,
        posted.line,
        posted.entry,
        posted.account,
    )
    return replace(found, more={"name": posted.text[:LONGEST_NAME]} | more)


def subject_of(name: str, otherwise: str) -> str:
    """A payee in one spelling, or what stands in its place when nobody can be told."""
    return f"payee {payee}" if (payee := payee_name(name)) else otherwise
