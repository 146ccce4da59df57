"""Bank files made by others: MT940 with what is expected of it, OFX and QIF read or refused with a reason."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from wellkept.banking.formats import Unreadable, mt940, read_safely
from wellkept.banking.formats.text import decode

ROOT = Path(os.environ.get("WELLKEPT_CORPORA", "/nowhere")) / "bank"
pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not ROOT.is_dir(), reason="WELLKEPT_CORPORA names no folder with bank files"),
]
BALANCES = {
    "final_opening_balance": "60F",
    "intermediate_opening_balance": "60M",
    "final_closing_balance": "62F",
    "intermediate_closing_balance": "62M",
    "available_balance": "64",
    "forward_available_balance": "65",
}
# The bank left the currency out, and the program that wrote the expectation took three digits of the amount for one:
# 105 and 000,00 for 105000,00. The opening balance of the next page says which is right.
TORN = {("raphaelm", "62M"): 10500000, ("raphaelm", "62F"): 9500000}


# Lists of accounts or categories, a sign-on, securities; and one amount with four decimal places.
REFUSED = {
    "account_listing_aggregation", "fidelity-savings", "signon_success",
    "empty", "test_category_inherit", "test_nosymbol", "test_unknown_account_type",
}  # fmt: skip
# Their movements were shortened by whoever made them examples, their balances were not.
EXCERPTS = {"sepa_snippet_broken", "knab", "with_newline_in_tnr", "overly_long_details"}


class Loader(yaml.SafeLoader):
    """Plain data out of a dump of another program's objects."""


def _plain(loader: Any, suffix: str, node: Any) -> Any:
    if suffix.startswith("object/apply:mt940.models.Date"):
        raw = loader.construct_sequence(node)[0]
        return date(raw[0] * 256 + raw[1], raw[2], raw[3]) if isinstance(raw, bytes) else raw
    if isinstance(node, yaml.SequenceNode):
        values = loader.construct_sequence(node, deep=True)
        return values[0] if "Decimal" in suffix else None
    return _mapping(loader, node)


def _mapping(loader: Any, node: Any) -> Iterator[dict[str, Any]]:
    """In two steps, because the movements point back to their statement."""
    found: dict[str, Any] = {}
    yield found
    found.update(loader.construct_mapping(node, deep=True))


Loader.add_multi_constructor("tag:yaml.org,2002:python/", _plain)


def files(folder: str, suffix: str) -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in sorted((ROOT / folder).rglob(f"*.{suffix}"))] or [None]


def minor(decimal: str) -> int:
    whole, _point, part = decimal.partition(".")
    return int(whole + part.ljust(2, "0"))


@pytest.mark.req("B3")
@pytest.mark.parametrize("path", files("mt940", "sta"))
def test_mt940_is_read_as_expected(path: Path) -> None:
    expected = yaml.load(path.with_suffix(".yml").read_bytes(), Loader)
    text, _charset = decode(path.read_bytes())
    messages = list(mt940.cut(text))

    ours = [
        (line.amount, line.inwards, line.valued_on, line.dated_on) for message in messages for line in message.lines
    ]
    assert [signed(*line[:2]) for line in ours] == [amount_of(one["data"]) for one in expected["transactions"]]
    assert [line[2] for line in ours] == [one["data"]["date"] for one in expected["transactions"]]
    assert [line[3] for line in ours] == [
        one["data"].get("guessed_entry_date") or one["data"]["date"] for one in expected["transactions"]
    ]
    for name, tag in BALANCES.items():
        told = [message.balances[tag] for message in messages if tag in message.balances]
        theirs = expected["data"].get(name)
        assert bool(told) == bool(theirs), name
        if theirs:
            amount = TORN.get((path.stem, tag), minor(theirs["amount"]["amount"]))
            assert (told[-1].minor("EUR"), told[-1].on) == (amount, theirs["date"]), name


def amount_of(expected: dict[str, Any]) -> int:
    """A reversed credit is money out; the expectations carry it as money in, against the balances of the same statement."""
    amount = minor(expected["amount"]["amount"])
    return -amount if expected["status"] == "RC" else amount


def signed(amount: str, inwards: bool) -> int:
    minor = mt940._amount(amount, "EUR", 1, "")
    return minor if inwards else -minor


OTHERS = [*files("ofx", "ofx"), *files("qif", "qif")]


@pytest.mark.req("B3")
@pytest.mark.parametrize("path", OTHERS)
def test_ofx_and_qif_are_read_whole_or_refused_with_a_reason(path: Path) -> None:
    try:
        told = read_safely(path, currency="USD")
    except Unreadable as refusal:
        assert refusal.reason and path.stem in REFUSED
        return

    assert path.stem not in REFUSED and not told.needs
    for statement in told.statements:
        days = [line.dated_on for line in statement.lines]
        assert all(date(1999, 1, 1) < day < date(2027, 1, 1) for day in days)
        assert all(abs(line.amount_minor) < 10_000_000 and line.raw for line in statement.lines)
        assert statement.starts_on is None or all(
            statement.starts_on <= day <= (statement.ends_on or day) for day in days
        )


@pytest.mark.req("B3")
@pytest.mark.parametrize("path", files("mt940", "sta"))
def test_mt940_statements_prove_themselves_unless_they_are_excerpts(path: Path) -> None:
    try:
        told = read_safely(path, currency="EUR")
    except Unreadable:
        assert path.stem in {"empty_86", "empty_line", "empty_non_swift"}
        return

    torn = [statement.number for statement in told.statements if statement.difference_minor not in {0, None}]
    assert not torn or path.stem in EXCERPTS
