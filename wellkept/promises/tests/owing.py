"""What the small firm owes: the world of this room's tests, made through actions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from wellkept.calendars import actions as calendars
from wellkept.clients import actions as clients
from wellkept.clients.actions import HOUR, TargetDraft
from wellkept.clients.tests.books import Books, open_books
from wellkept.core.models import Fact
from wellkept.people.models import Notice, Staff
from wellkept.people.tests.desk import NOW
from wellkept.promises import actions
from wellkept.promises.models import Promise

AUCKLAND = ZoneInfo("Pacific/Auckland")
TARGETS = [
    TargetDraft("acknowledge", 3 * HOUR, share=Decimal(98)),
    TargetDraft("next_reply", 8 * HOUR),
    TargetDraft("resolve", 40 * HOUR, share=Decimal(90), average_seconds=12 * HOUR),
    TargetDraft("colleague", 4 * HOUR),
]


def nz(text: str) -> datetime:
    """`2026-03-06 16:00` on the wall in Auckland, where the firm works from nine to five."""
    return datetime.fromisoformat(text).replace(tzinfo=AUCKLAND)


FRIDAY = nz("2026-03-06 16:00")
DUE = nz("2026-03-09 11:00")


class World:
    """The books of two clients, what was agreed with everybody, and verbs that leave out what a test does not care for."""

    def __init__(self) -> None:
        self.books: Books = open_books()
        self.desk = self.books.desk
        self.ana, self.ben, self.leo, self.zoe = self.desk.ana, self.desk.ben, self.desk.leo, self.desk.zoe
        self.bakery, self.mina = self.books.bakery, self.books.mina
        self.agree(TARGETS)

    def agree(self, targets: list[TargetDraft], *, pauses: bool = True, mine: bool = False, at: datetime = NOW) -> Any:
        return clients.draw_up_agreement(
            client=self.bakery if mine else None, name="House rules" if not mine else "Bakery",
            targets=targets, pauses_while_waiting=pauses, by=self.desk.ada, at=at,
        )  # fmt: skip

    def owe(self, kind: str = "acknowledge", *, at: datetime = FRIDAY, subject: int = 1, **more: Any) -> Promise:
        given: dict[str, Any] = {
            "title": "The oven invoice", "client": self.bakery, "owner": self.ana, "to_contact": self.mina,
            "subject_kind": "conversation", "subject_id": subject, "channel": "email", "by": self.ana, "at": at, **more,
        }  # fmt: skip
        promise = actions.make(kind=kind, **given)
        assert promise is not None
        return promise

    def commit(self, due_at: datetime, *, at: datetime = FRIDAY, **more: Any) -> Promise:
        return self.owe("commitment", due_at=due_at, at=at, **more)

    def close_on(self, *days: str, at: datetime = FRIDAY) -> None:
        """The firm's calendar gets holidays on these dates."""
        chosen = {datetime.fromisoformat(day).date(): "Show day" for day in days}
        calendars.confirm_holidays(calendar=self.desk.firm.calendar, dates=chosen, by=None, at=at)


def names(promise: Promise) -> list[str]:
    return list(promise.events.order_by("id").values_list("name", flat=True))


def facts(promise: Promise) -> list[str]:
    told = Fact.objects.filter(name__startswith="promise.").order_by("seq")
    return [fact.name for fact in told if fact.data.get("promise") == promise.pk]


def told(staff: Staff) -> list[str]:
    return list(Notice.objects.filter(staff=staff).order_by("id").values_list("kind", flat=True))
