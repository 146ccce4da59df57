"""Charts of accounts: what an account may be for, and the templates a book begins with."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "templates"
TEMPLATES = ("au", "nz", "uk", "us", "neutral")
DEBIT_TYPES = frozenset({"asset", "expense"})
PROFIT_TYPES = frozenset({"income", "expense"})
ACCOUNT_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-/]{0,19}")
# What an account is for, by the types that may be for it. The reports group by it; '' is nothing in particular.
PURPOSES: dict[str, frozenset[str]] = {
    "": frozenset({"asset", "liability", "equity", "income", "expense"}),
    "bank": frozenset({"asset", "liability"}),
    "cash": frozenset({"asset"}),
    "card": frozenset({"liability"}),
    "receivable": frozenset({"asset"}),
    "payable": frozenset({"liability"}),
    "tax": frozenset({"asset", "liability"}),
    "payroll": frozenset({"liability"}),
    "inventory": frozenset({"asset"}),
    "current": frozenset({"asset", "liability"}),
    "clearing": frozenset({"asset"}),
    "fixed": frozenset({"asset"}),
    "loan": frozenset({"liability"}),
    "capital": frozenset({"equity"}),
    "drawings": frozenset({"equity"}),
    "retained_earnings": frozenset({"equity"}),
    "sales": frozenset({"income"}),
    "other_income": frozenset({"income"}),
    "cost_of_sales": frozenset({"expense"}),
    "overhead": frozenset({"expense"}),
    "depreciation": frozenset({"expense"}),
    "interest": frozenset({"expense"}),
    "income_tax": frozenset({"expense"}),
    "exchange": frozenset({"income", "expense"}),
    "rounding": frozenset({"income", "expense"}),
    "suspense": frozenset({"asset", "liability"}),
}
# A book has at most one account in use for each of these.
SINGLE = frozenset({"retained_earnings", "rounding", "suspense", "exchange"})
# Amounts in another currency here are worth more or less as the rate moves.
MONETARY = frozenset({"bank", "cash", "card", "receivable", "payable", "loan", "clearing"})


@dataclass(frozen=True)
class TaxTemplate:
    code: str
    name: str
    rate_basis_points: int
    kind: str
    account: str


@dataclass(frozen=True)
class AccountTemplate:
    code: str
    name: str
    type: str
    purpose: str
    tax: str
    parent: str


@dataclass(frozen=True)
class Template:
    """A chart a book can begin with."""

    name: str
    base_currency: str
    fiscal_month: int
    accounts: tuple[AccountTemplate, ...]
    taxes: tuple[TaxTemplate, ...]


@cache
def template(name: str) -> Template:
    """The chart of that name. KeyError when there is none."""
    if name not in TEMPLATES:
        raise KeyError(name)
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    return Template(
        name=name,
        base_currency=data["base_currency"],
        fiscal_month=data["fiscal_month"],
        accounts=tuple(
            AccountTemplate(
                code=row["code"],
                name=row["name"],
                type=row["type"],
                purpose=row.get("purpose", ""),
                tax=row.get("tax", ""),
                parent=row.get("parent", ""),
            )
            for row in data["accounts"]
        ),
        taxes=tuple(
            TaxTemplate(row["code"], row["name"], row["rate_basis_points"], row["kind"], row.get("account", ""))
            for row in data["taxes"]
        ),
    )


def fits(type_: str, purpose: str) -> bool:
    """Whether an account of this type may be for that."""
    return type_ in PURPOSES.get(purpose, frozenset())


def natural(type_: str, amount_minor: int) -> int:
    """The amount as people read it: an asset or expense is a debit, everything else a credit."""
    return amount_minor if type_ in DEBIT_TYPES else -amount_minor
