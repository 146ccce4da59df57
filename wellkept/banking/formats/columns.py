"""Which column of a table is what: learned once per bank, found again by the fingerprint of the headers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

YMD, DMY, MDY = "ymd", "dmy", "mdy"
DATE_ORDERS = (YMD, DMY, MDY)
DECIMALS = (".", ",")
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Columns count from zero; None means the table has none. Either `amount` is set, or `debit`, `credit` or both.

    `header_row` counts from one, 0 means no headers. With `outwards` a positive amount is money out. `mark` is a column
    that says debit or credit in words. `currency` is used where `currency_column` is None. QIF uses `date_order`,
    `decimal` and `currency` only. An empty `date_order` is read from the file and asked for when it cannot be told.
    """

    headers: tuple[str, ...] = ()
    header_row: int = 0
    charset: str = ""
    delimiter: str = ""
    sheet: str = ""
    date: int = 0
    date_order: str = ""
    valued: int | None = None
    amount: int | None = None
    debit: int | None = None
    credit: int | None = None
    mark: int | None = None
    outwards: bool = False
    decimal: str = "."
    balance: int | None = None
    payee: int | None = None
    description: tuple[int, ...] = ()
    reference: int | None = None
    counterparty: int | None = None
    bank_id: int | None = None
    account: int | None = None
    currency_column: int | None = None
    currency: str = ""

    @property
    def fingerprint(self) -> str:
        """The same for every file of a bank whose table has these headers."""
        return fingerprint(self.headers)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> ColumnMap:
        """Back from `to_json`; unknown names raise TypeError."""
        known = {field.name for field in fields(cls)}
        if strange := set(row) - known:
            raise TypeError(f"unknown: {sorted(strange)}")
        told: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
        return cls(**told)


def fingerprint(headers: tuple[str, ...]) -> str:
    """Case, spaces and empty columns at the end do not matter; order does. Empty for a table without headers."""
    names = [re.sub(r"\s+", " ", header).strip().casefold() for header in headers]
    while names and not names[-1]:
        names.pop()
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest() if names else ""
