"""Work that is interrupted: long rows of operations, each of which a program may do again when it was not told that it was done.

`do(i)` does operation i, or finds it done. `state(i)` looks at the rows and says DONE, ABSENT, or what is wrong.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import ClassVar

from tests.world import build
from wellkept.banking.actions import accounts, batches, coding, importing, ruling
from wellkept.banking.learning.trust import asked_anyway
from wellkept.banking.models import BankAccount, BankLine, Batch, Coding, StatementFile, Undecided
from wellkept.banking.rules.conditions import Conditions
from wellkept.banking.tests.desk import bakery_desk, ofx
from wellkept.clients.models import Client
from wellkept.core import files
from wellkept.core.refusals import TakenByAnother
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books
from wellkept.ledger.actions import EntryDraft, PostingDraft
from wellkept.ledger.models import Account, Book, Entry, Period
from wellkept.ledger.rules.months import month_of
from wellkept.people.models import Staff

DONE, ABSENT = "done", "absent"
CARD = "4111-1111-1111-9876"
SLICES, SLICE = 90, 5
MONTHS = 80
BEGINS = date(2018, 1, 1)


def prepare() -> None:
    """The bakery's desk, its book from 2018 on, and a card whose lines wait for approval, all of them sure."""
    world = build()
    desk = bakery_desk(world)
    ledger.begin_earlier(book=desk.book, opened_on=BEGINS, by=world.lead, at=world.start)
    account = ledger.add_account(
        book=desk.book, code="C1", name="Card", type="liability", purpose="card", by=world.ana, at=world.start
    )
    accounts.open_bank_account(
        client=world.bakery, account=account, name="Card", kind="card", identifier=CARD, by=world.ana, at=world.start
    )
    fuel = books.accounts_in_use(desk.book).filter(type="expense")[0]
    draft = ruling.RuleDraft("Fuel", "The vans", Conditions(words="fuelco"), fuel.code)
    ruling.make_rule(client=world.bakery, draft=draft, by=world.ana, at=world.start)
    rows = [
        (f"2026-03-{1 + n % 28:02d}", f"FUELCO {n // SLICE}", f"-{n + 1}.15") for n in range(SLICES * SLICE * 9 // 8)
    ]
    file = desk.file(ofx(rows, number=CARD))
    importing.import_file(file=file, by=world.ana, at=world.start)


@dataclass
class Work:
    """Rows are looked up anew in every process; the same `i` is the same operation in each of them."""

    name: ClassVar[str]
    length: ClassVar[int]

    @cached_property
    def client(self) -> Client:
        return Client.objects.get(name="Harbour Lane Bakery")

    @cached_property
    def book(self) -> Book:
        return Book.objects.select_related("client").get(client=self.client)

    @cached_property
    def ana(self) -> Staff:
        return Staff.objects.get(email="ana@lantern.example")

    @cached_property
    def lead(self) -> Staff:
        return Staff.objects.get(email="grace@lantern.example")

    @cached_property
    def at(self) -> object:
        return self.book.opened_at

    @cached_property
    def chart(self) -> list[Account]:
        return list(books.accounts_in_use(self.book).exclude(code__in=["B610", "B611", "C1"]).filter(currency=""))

    def do(self, i: int) -> None:
        raise NotImplementedError

    def state(self, i: int) -> str:
        raise NotImplementedError

    def again(self, i: int) -> bool:
        """Whether operation i may be asked for once more when all is done, and must then change nothing."""
        return True

    def figures(self) -> dict[str, int]:
        """What doing everything again must leave as it is."""
        return {"entries": Entry.objects.count(), "lines": BankLine.objects.count(), "codings": Coding.objects.count()}


class Posting(Work):
    """Entries one by one, two hundred at once, and taken back again."""

    name = "posting"
    length = 400
    BULK = 60

    def do(self, i: int) -> None:
        if i % 5 == 4:
            [before] = self._entries(i - 1)
            ledger.reverse(
                entry=before, dated_on=before.dated_on, reason="Wrong", key=f"kill-{i}", by=self.ana, at=self.at
            )
        else:
            ledger.post_all(book=self.book, drafts=self._drafts(i), by=self.ana, at=self.at)

    def state(self, i: int) -> str:
        keys = [f"kill-{i}"] if i % 5 == 4 else [draft.key for draft in self._drafts(i)]
        there = Entry.objects.filter(book=self.book, key__in=keys).count()
        return DONE if there == len(keys) else f"{there} of {len(keys)} entries" if there else ABSENT

    def _entries(self, i: int) -> list[Entry]:
        keys = [draft.key for draft in self._drafts(i)]
        return list(Entry.objects.filter(book=self.book, key__in=keys).select_related("book__client"))

    def _drafts(self, i: int) -> list[EntryDraft]:
        chance = random.Random(i)
        count = self.BULK if i % 5 == 0 else 1
        return [self._draft(chance, f"kill-{i}-{n}") for n in range(count)]

    def _draft(self, chance: random.Random, key: str) -> EntryDraft:
        amounts = [chance.randrange(1, 100_000) for _line in range(3)]
        lines = [PostingDraft(chance.choice(self.chart), amount) for amount in (*amounts, -sum(amounts))]
        return EntryDraft(date(2026, 2, 1 + chance.randrange(28)), lines, "Sundry", "manual", key)


class Importing(Work):
    """Files of a bank, each of which tells the last third of the one before again."""

    name = "import"
    length = 300
    LINES, STEP = 60, 40

    def do(self, i: int) -> None:
        """Dropped once more, whether it is here or not: what is known adds nothing."""
        stored = files.store(self._content(i), media_type="application/octet-stream", at=self.at)
        file = importing.take_in(
            client=self.client, stored=stored, name=f"{i}.ofx", arrived_by="upload", by=self.ana, at=self.at
        )
        importing.import_file(file=file, by=self.ana, at=self.at)

    def state(self, i: int) -> str:
        new = range(i * self.STEP + (self.LINES - self.STEP if i else 0), i * self.STEP + self.LINES)
        there = BankLine.objects.filter(payee__in=[f"SHOP {n}" for n in new]).count()
        if there not in {0, len(new)}:
            return f"{there} of {len(new)} lines"
        imported = StatementFile.objects.filter(name=f"{i}.ofx", imported_at__isnull=False).exists()
        return DONE if there and imported else ABSENT if not there and not imported else f"{there} lines, {imported}"

    def _content(self, i: int) -> bytes:
        numbers = range(i * self.STEP, i * self.STEP + self.LINES)
        rows = [(str(date(2025, 5, 1) + timedelta(days=n // 60)), f"SHOP {n}", f"-{1 + n % 50}.25") for n in numbers]
        return ofx(rows)


class Approving(Work):
    """Batches approved; every third taken back and approved again."""

    name = "approval"
    length = SLICES * 5 // 3

    def do(self, i: int) -> None:
        part, turn = self._what(i)
        try:
            if turn == 1:
                batches.undo_batch(batch=self._batch(part, 0), by=self.ana, at=self.at)
            else:
                batches.approve(client=self.client, lines=self._lines(part), by=self.ana, at=self.at)
        except (batches.BatchTaken, coding.AlreadyCoded, TakenByAnother):
            if self.state(i) != DONE:
                raise

    def state(self, i: int) -> str:
        """`turn` 0 approves, 1 takes back, 2 approves again; each turn stands once the one before is history."""
        part, turn = self._what(i)
        there = list(Batch.objects.filter(codings__line__in=self._lines(part)).distinct().order_by("pk"))
        done = {0: len(there) > 0, 1: len(there) > 0 and there[0].undone_at is not None, 2: len(there) > 1}[turn]
        if len(there) > 2 or (len(there) == 2 and there[0].undone_at is None):
            return f"{len(there)} batches"
        living = Coding.objects.filter(line__in=self._lines(part), undone_at=None).count()
        waiting = Undecided.objects.filter(pk__in=self._lines(part)).count()
        if {living, waiting} != {0, SLICE}:
            return f"{living} coded and {waiting} waiting of {SLICE}"
        return DONE if done else ABSENT

    def again(self, i: int) -> bool:
        return self._what(i)[1] != 1

    def _what(self, i: int) -> tuple[int, int]:
        """Five operations for every three slices: the third is approved, taken back, approved again."""
        group, place = divmod(i, 5)
        return group * 3 + min(place, 2), max(0, place - 2)

    def _batch(self, part: int, turn: int) -> Batch:
        found = Batch.objects.filter(codings__line__in=self._lines(part)).distinct().order_by("pk")
        return found.select_related("client")[turn]

    def _lines(self, part: int) -> list[int]:
        return self._card[part * SLICE : (part + 1) * SLICE]

    @cached_property
    def _card(self) -> list[int]:
        """Without the sample that no batch takes."""
        card = BankAccount.objects.get(name="Card")
        lines = BankLine.objects.filter(bank_account=card).values_list("pk", "payee", "identity")
        known = [(int(payee.split()[1]), pk) for pk, payee, identity in lines if not asked_anyway(identity)]
        return [pk for _number, pk in sorted(known)]


class Closing(Work):
    """Month after month: posted into, closed softly, opened, closed again, closed for good, refused."""

    name = "closing"
    length = MONTHS * 5

    def do(self, i: int) -> None:
        month, place = self._what(i)
        try:
            self._steps[place](month)
        except (ledger.PeriodNotOpen, ledger.PeriodNotClosed, ledger.PeriodStaysClosed):
            if self.state(i) != DONE:
                raise

    def state(self, i: int) -> str:
        month, place = self._what(i)
        posted = Entry.objects.filter(book=self.book, key=f"month-{month}").count()
        if place == 0:
            return DONE if posted else ABSENT
        period = Period.objects.filter(book=self.book, starts_on=month).first()
        names = [] if period is None else list(period.changes.order_by("pk").values_list("name", flat=True))
        wanted = ["soft_closed", "reopened", "soft_closed", "hard_closed"]
        if names != wanted[: len(names)]:
            return f"changes {names}"
        return DONE if len(names) >= place else ABSENT

    def _what(self, i: int) -> tuple[date, int]:
        month, place = divmod(i, 5)
        return month_of(BEGINS + timedelta(days=31 * month)), place

    @property
    def _steps(self) -> list[Callable[[date], object]]:
        return [self._post, self._soft, self._reopen, self._soft, self._hard]

    def _post(self, month: date) -> None:
        lines = [PostingDraft(self.chart[0], 100), PostingDraft(self.chart[-1], -100)]
        ledger.post(
            book=self.book, dated_on=month, lines=lines, narration="Sundry", source="manual", key=f"month-{month}",
            by=self.ana, at=self.at,
        )  # fmt: skip

    def _soft(self, month: date) -> None:
        ledger.soft_close(period=self._period(month), by=self.lead, at=self.at)

    def _reopen(self, month: date) -> None:
        ledger.reopen(period=self._period(month), reason="A bill came late", by=self.lead, at=self.at)

    def _hard(self, month: date) -> None:
        ledger.hard_close(period=self._period(month), by=self.lead, at=self.at)

    def _period(self, month: date) -> Period:
        return Period.objects.select_related("book__client").get(book=self.book, starts_on=month)


WORKS: dict[str, type[Work]] = {work.name: work for work in (Posting, Importing, Approving, Closing)}
