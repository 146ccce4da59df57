"""Small tools for tests of the ledger: a book of the bakery, and entries in words."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.world import World
from wellkept.ledger import actions, queries
from wellkept.ledger.models import Account, Book, Entry

_keys = itertools.count(1)


def day(text: str) -> date:
    return date.fromisoformat(text)


@dataclass
class Desk:
    """The bakery's book (New Zealand, from April 2024), kept by Ana under Grace."""

    world: World
    book: Book

    def __post_init__(self) -> None:
        self.at = self.world.start
        self.ana, self.lead = self.world.ana, self.world.lead

    def account(self, code: str) -> Account:
        found = queries.account_by_code(self.book, code)
        assert found is not None, code
        return found

    def line(self, code: str, amount: int, **more: Any) -> actions.PostingDraft:
        return actions.PostingDraft(self.account(code), amount, **more)

    def draft(self, on: str, *lines: tuple[str, int], key: str = "", source: str = "manual") -> actions.EntryDraft:
        rows = [self.line(code, amount) for code, amount in lines]
        return actions.EntryDraft(day(on), rows, "Sundry", source, key or f"test-{next(_keys)}")

    def post(self, on: str, *lines: tuple[str, int], key: str = "", source: str = "manual") -> Entry:
        draft = self.draft(on, *lines, key=key, source=source)
        [entry] = actions.post_all(book=self.book, drafts=[draft], by=self.ana, at=self.at)
        return entry

    def reverse(self, entry: Entry, on: str, key: str = "") -> Entry:
        return actions.reverse(
            entry=entry, dated_on=day(on), reason="Wrong", key=key or f"test-{next(_keys)}", by=self.ana, at=self.at
        )


def open_bakery(world: World) -> Desk:
    book = actions.open_book(client=world.bakery, template="nz", by=world.ana, at=world.start)
    return Desk(world, book)
