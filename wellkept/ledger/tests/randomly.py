"""A book of random valid entries, the same for the same seed: three currencies, reversals, revaluations, merges, tags."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction

from wellkept.ledger import actions, queries
from wellkept.ledger.models import Account
from wellkept.ledger.tests.books import Desk

FIRST = date(2025, 4, 1)
WORDS = [
    "Rent",
    'Flour "00"',
    "date:2020-01-01, late",
    "50%25 off; [2021-02-03]",
    "Café ☕",
    "a\\b",
    "",
    "* (7) odd | name",
]


def fill(desk: Desk, entries: int, seed: int = 7) -> None:
    """Write so many entries and a reversal for every fiftieth; then merge an account away and put one out of use."""
    dice = random.Random(seed)
    places = _chart(desk)
    drafts = [_draft(desk, dice, places, number) for number in range(entries - entries // 50)]
    written = actions.post_all(book=desk.book, drafts=drafts, by=desk.ana, at=desk.at)
    for number, entry in enumerate(dice.sample(written, entries // 50)):
        later = entry.dated_on + timedelta(days=dice.randrange(30))
        actions.reverse(
            entry=entry, dated_on=later, reason="Wrong; again", key=f"back-{number}", by=desk.ana, at=desk.at
        )
    spare, old = places["spare"], places["old"]
    actions.merge_account(account=spare, into=places["home"], by=desk.lead, at=desk.at)
    actions.deactivate_account(account=old, by=desk.ana, at=desk.at)


def _chart(desk: Desk) -> dict[str, Account]:
    def add(code: str, name: str, type: str, **more: object) -> Account:
        return actions.add_account(book=desk.book, code=code, name=name, type=type, by=desk.ana, at=desk.at, **more)  # type: ignore[arg-type]

    home = add("x1", "Shop, Düsseldorf: till; 1", "asset", purpose="cash")
    for number, value in enumerate(("1.5", "160", "0.009")):
        currency = ("USD", "EUR", "JPY")[number]
        actions.set_rate(
            base="NZD", currency=currency, on=FIRST, value=Fraction(value), source="test", by=desk.ana, at=desk.at
        )
    dimension = actions.add_dimension(book=desk.book, name="Cost centre", by=desk.ana, at=desk.at)
    actions.add_tag(dimension=dimension, name="Shop: north, 1", by=desk.ana, at=desk.at)
    return {
        "home": home,
        "spare": add("x2", "Shop 2", "asset", purpose="cash"),
        "old": add("X.1", "Shop, Düsseldorf: till; 1", "asset", purpose="cash"),
        "below": add("x1-1", "日本", "asset", parent=home),
        "usd": add("u1", "Dollars", "asset", purpose="bank", currency="USD"),
        "jpy": add("u2", "Yen", "liability", purpose="loan", currency="JPY"),
        "sales": add("s1", "Sales abroad", "income"),
        "costs": add("c1", "Costs; more", "expense"),
        "gains": add("g1", "Gains", "income"),
    }


def _draft(desk: Desk, dice: random.Random, places: dict[str, Account], number: int) -> actions.EntryDraft:
    day = FIRST + timedelta(days=dice.randrange(365))
    make = dice.choice([_plain, _plain, _plain, _abroad, _abroad, _revalued, _exchanged])
    lines = make(dice, places)
    source = {_revalued: "exchange", _exchanged: "exchange"}.get(make, dice.choice(["manual", "bank", "closing"]))
    if source != "exchange" and make is _plain and dice.random() < 0.1:
        tag = queries.tags(desk.book)[0]
        lines[0] = actions.PostingDraft(lines[0].account, lines[0].amount_minor, text="Tagged", tags=[tag])
    return actions.EntryDraft(day, lines, dice.choice(WORDS), source, f"random-{number}")


def _plain(dice: random.Random, places: dict[str, Account]) -> list[actions.PostingDraft]:
    here = [places[name] for name in ("home", "spare", "old", "below", "sales", "costs")]
    amounts = [
        dice.choice([dice.randrange(1, 10**12), dice.randrange(1, 10**5)]) * dice.choice([1, -1]) for _ in range(3)
    ]
    lines = [actions.PostingDraft(dice.choice(here), amount, text=dice.choice(WORDS)) for amount in amounts if amount]
    return [*lines, actions.PostingDraft(dice.choice(here), -sum(amounts) or 1)] if sum(amounts) else lines


def _abroad(dice: random.Random, places: dict[str, Account]) -> list[actions.PostingDraft]:
    """A sale in dollars or a cost in yen, at some worth that is no round rate."""
    units, worth = dice.randrange(1, 10**7), dice.randrange(0, 10**7)
    account, currency = dice.choice([(places["usd"], "USD"), (places["jpy"], "JPY")])
    other = places["sales"]
    return [
        actions.PostingDraft(account, worth, currency, units),
        actions.PostingDraft(other, -worth, currency, -units, text="Abroad"),
    ]


def _revalued(dice: random.Random, places: dict[str, Account]) -> list[actions.PostingDraft]:
    """Dollars are worth more: no dollar moves."""
    gain = dice.randrange(1, 10**5)
    return [actions.PostingDraft(places["usd"], gain, "USD", 0), actions.PostingDraft(places["gains"], -gain)]


def _exchanged(dice: random.Random, places: dict[str, Account]) -> list[actions.PostingDraft]:
    """Dollars for yen with a gain; now and then what left is worth something on the other side."""
    units, yen, worth, gain = (dice.randrange(1, 10**6) for _ in range(4))
    sign = dice.choice([1, 1, -1])
    return [
        actions.PostingDraft(places["usd"], sign * worth, "USD", units),
        actions.PostingDraft(places["jpy"], -sign * worth - gain, "JPY", -yen),
        actions.PostingDraft(places["gains"], gain, text="Gain"),
    ]
