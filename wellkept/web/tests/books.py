"""What the tests of the books share: the bakery's book with three months of trade in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.world import World, office
from wellkept.ledger import actions, queries
from wellkept.ledger.models import Account, Book, Entry

NOW = office("tue 10:00")  # 10 March 2026


@dataclass(frozen=True)
class Shelf:
    """An NZ book from 1 April 2025, by code: bank, sales, rent, flour and what is owed."""

    world: World
    book: Book
    bank: Account
    sales: Account
    rent: Account
    capital: Account

    @property
    def root(self) -> str:
        return f"/books/{self.world.bakery.pk}"

    def post(self, on: date, debit: Account, credit: Account, minor: int, why: str = "Trade") -> Entry:
        return self._posted(on, [actions.PostingDraft(debit, minor), actions.PostingDraft(credit, -minor)], why)

    def post_together(self, on: date, debit: Account, credit: Account, count: int, why: str) -> Entry:
        """One entry of so many debits of a cent, and one credit."""
        debits = [actions.PostingDraft(debit, 1)] * count
        return self._posted(on, [*debits, actions.PostingDraft(credit, -count)], why)

    def _posted(self, on: date, lines: list[actions.PostingDraft], why: str) -> Entry:
        key = f"manual-{self.book.pk}-{Entry.objects.filter(book=self.book).count() + 1}"
        return actions.post(
            book=self.book, dated_on=on, lines=lines, narration=why, source="manual", key=key,
            by=self.world.ana, at=NOW,
        )  # fmt: skip


def shelf(world: World) -> Shelf:
    book = actions.open_book(client=world.bakery, template="nz", opened_on=date(2025, 4, 1), by=world.ana, at=NOW)

    def first(**named: str) -> Account:
        found = queries.accounts(book).filter(**named).first()
        assert found is not None, named
        return found

    return Shelf(
        world=world,
        book=book,
        bank=first(purpose="bank"),
        sales=first(purpose="sales"),
        rent=first(type="expense", purpose="overhead"),
        capital=first(purpose="capital"),
    )


def traded(world: World) -> Shelf:
    """Capital in April; sales and rent in January, February and March."""
    made = shelf(world)
    made.post(date(2025, 4, 1), made.bank, made.capital, 1_000_000, "Capital paid in")
    for month, sold, rent in ((1, 500_000, 200_000), (2, 600_000, 200_000), (3, 450_000, 350_000)):
        made.post(date(2026, month, 5), made.bank, made.sales, sold, "Takings")
        made.post(date(2026, month, 6), made.rent, made.bank, rent, "Rent & power")
    return made
