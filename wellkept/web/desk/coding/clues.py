"""Clues to a difference as sentences, each with what can be opened and what can be named as outstanding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wellkept.banking.models import BankLine
from wellkept.banking.rules import differences
from wellkept.banking.rules.differences import Clue, Item
from wellkept.ledger.models import Posting


@dataclass(frozen=True)
class Thing:
    """A movement a clue speaks of. `posting` may be named as not yet told by the bank."""

    text: str
    item: Item
    entry: int | None

    @property
    def outstanding(self) -> bool:
        return self.item.posting is not None and self.item.line is None


@dataclass(frozen=True)
class Shown:
    sentence: str
    things: list[Thing]


def shown(found: Iterable[Clue]) -> list[Shown]:
    clues = list(found)
    lines = BankLine.objects.in_bulk([item.line for clue in clues for item in clue.items if item.line])
    postings = Posting.objects.select_related("entry").in_bulk(
        [item.posting for clue in clues for item in clue.items if item.posting]
    )
    return [Shown(_sentence(clue), [_thing(item, lines, postings) for item in clue.items]) for clue in clues]


def _sentence(clue: Clue) -> str:
    if clue.kind == differences.MISSING:
        alone = clue.items[0]
        return (
            _("The bank told this, and the book lacks it.")
            if alone.posting is None
            else _("The book has this, and the bank has not told it.")
        )
    return {
        differences.TWICE: _("The same amount stands twice on one day. One of them may be too many."),
        differences.SIGN: _("This amount may be on the wrong side: turned round it would fit."),
        differences.TRANSPOSED: _("Two digits of this amount may have changed places."),
        differences.BORDER: _("This stands just outside the statement's days. Its date may be on the wrong side."),
        differences.TWO: _("These two together make the difference."),
    }[clue.kind]  # fmt: skip


def _thing(item: Item, lines: Mapping[int, BankLine], postings: Mapping[int, Posting]) -> Thing:
    line, posting = lines.get(item.line or 0), postings.get(item.posting or 0)
    text = line.payee or line.description if line else posting.entry.narration if posting else ""
    return Thing(text or _("No text"), item, posting.entry_id if posting else None)
