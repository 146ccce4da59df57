"""What a bank file says, after reading: statements and their lines, as the bank told them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .refusals import Remark

COLUMNS, DATE_ORDER, CURRENCY = "columns", "date-order", "currency"  # what a reader may have to ask a person


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One movement. `amount_minor` is signed from the account's side: + is money in. `raw` is the row as it stands in the file.

    `row` is where the movement begins in the file, counted from one; `position` counts lines inside the statement from
    one, in the order of the file. `counterparty` is the other side's account as written, `bank_id` the bank's own id.
    """

    position: int
    row: int
    dated_on: date
    valued_on: date | None
    amount_minor: int
    currency: str
    payee: str
    counterparty: str
    description: str
    reference: str
    bank_id: str
    balance_minor: int | None
    raw: str


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """A stretch of one account. `kind` is bank, card, investment or cash; what the file does not say is empty or None."""

    identifier: str
    bank_id: str
    currency: str
    number: str
    starts_on: date | None
    ends_on: date | None
    opening_minor: int | None
    closing_minor: int | None
    lines: tuple[ReadLine, ...]
    warnings: tuple[Remark, ...] = ()
    kind: str = "bank"

    @property
    def difference_minor(self) -> int | None:
        """Closing less opening less lines: 0 when the statement proves itself, None when it does not tell both balances."""
        if self.opening_minor is None or self.closing_minor is None:
            return None
        return self.closing_minor - self.opening_minor - sum(line.amount_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A whole file. Where `needs` is not empty a person has to say something first, and there are no statements yet.

    `needs` is COLUMNS (say which column is what: see `propose_map`), DATE_ORDER (day or month first cannot be told) or
    CURRENCY (neither the file nor the caller says one). `sample` then shows the first rows as they were cut.
    """

    format: str
    charset: str
    statements: tuple[ReadStatement, ...]
    needs: str = ""
    sample: tuple[tuple[str, ...], ...] = ()
    warnings: tuple[Remark, ...] = ()

    @property
    def lines(self) -> int:
        return sum(len(statement.lines) for statement in self.statements)
