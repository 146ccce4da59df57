"""The kinds of findings, in the order they are read, each with its rules; those that come first hold a month up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wellkept.banking.rules import review_accounts as of_accounts
from wellkept.banking.rules import review_lines as of_lines
from wellkept.banking.rules.review import Found, Month

Rule = Callable[[Month], Iterator[Found]]

RULES: dict[str, tuple[Rule, ...]] = {
    "uncoded": (of_lines.uncoded,),
    "parked": (of_lines.parked,),
    "negative_cash": (of_accounts.negative_cash,),
    "suspense": (of_accounts.suspense,),
    "one_leg": (of_lines.one_leg,),
    "clearing": (of_accounts.clearing,),
    "duplicate": (of_lines.duplicate, of_accounts.twice_by_hand),
    "parent": (of_accounts.parent,),
    "payee_differs": (of_lines.payee_differs,),
    "no_tax": (of_accounts.no_tax,),
    "far_amount": (of_accounts.far_amount,),
    "no_document": (of_lines.no_document,),
    "no_payee": (of_lines.no_payee,),
    "round_sum": (of_lines.round_sum, of_accounts.round_by_hand),
    "closed_day": (of_lines.closed_day, of_accounts.closed_by_hand),
}
KINDS = tuple(RULES)
# While one of these stands, the month's figures are not what happened.
FIRST = frozenset({"uncoded", "parked", "negative_cash", "suspense", "one_leg", "clearing", "duplicate", "parent"})


def found_in(month: Month) -> list[Found]:
    """Everything the rules find, each thing once, kind by kind."""
    found: dict[tuple[str, str], Found] = {}
    for rules in RULES.values():
        for rule in rules:
            for each in rule(month):
                found.setdefault((each.kind, each.about), each)
    return list(found.values())
