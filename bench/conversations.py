"""Conversations without their doors: a mail taken in, a reply with its commitment, one page of each view, one thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection, transaction

from bench.figures import Context, Figure, cpu_ms, cpu_ms_each
from bench.firm import CLIENTS, NOW
from wellkept.conversations import actions, queries
from wellkept.conversations.incoming import IncomingMail
from wellkept.conversations.models import Conversation, Message
from wellkept.conversations.rules import DueAt

SIZED = True
TIMES = 60
BAR_MAIL_MS, BAR_REPLY_MS, BAR_PAGE_MS = 12, 15, 20
_numbers = count(1)


def run(context: Context) -> list[Figure]:
    return [_mail(context), _reply(context), *_lists(context), _thread(context)]


def _mail(context: Context) -> Figure:
    """A client's question: placed, stored, promised, findable. Reading the bytes is measured with the mail connector."""
    mails = [_question(n) for n in range(TIMES)]
    value = cpu_ms_each(lambda mail: actions.receive(mail=mail, at=NOW), mails)
    note = "without reading its bytes; floor: its bare rows inserted"
    return context.figure("mail in", value, floor=_rows_alone(context), bar=BAR_MAIL_MS, note=note)


def _reply(context: Context) -> Figure:
    asked = [actions.receive(mail=_question(n), at=NOW).conversation for n in range(TIMES)]
    by = context.shared["staff"]
    value = cpu_ms_each(lambda conversation: _answer(conversation, by), asked)
    note = "acknowledgement kept, commitment made, letter owed; floor: the bare rows inserted"
    return context.figure("reply with commitment", value, floor=_rows_alone(context), bar=BAR_REPLY_MS, note=note)


def _answer(conversation: Conversation, people: list[Any]) -> None:
    writer = next(person for person in people if person.pk == conversation.owner_id)
    follow_up = DueAt(NOW + timedelta(hours=5), "The answer")
    actions.reply(conversation=conversation, text="We look into it.", follow_up=follow_up, by=writer, at=NOW)


def _lists(context: Context) -> list[Figure]:
    by, lead, admin = context.shared["staff"][-1], context.shared["staff"][1], context.shared["staff"][0]
    client = context.shared["clients"][-1][0]
    floor = cpu_ms(lambda: list(Conversation.objects.order_by("-pk")[:50]), times=TIMES)
    views: dict[str, Callable[[], object]] = {
        "mine": lambda: queries.listing(by),
        "done": lambda: queries.listing(by, view="done"),
        "my clients": lambda: queries.listing(by, view="clients"),
        "a lead’s team": lambda: queries.listing(lead, view="team"),
        "everybody’s": lambda: queries.listing(admin, view="team"),
        "everything of one client": lambda: queries.listing(by, view="all", client=client),
        "searched": lambda: queries.listing(admin, view="team", words="payroll"),
        "the tenth page": lambda: queries.listing(admin, view="team", after=_tenth(admin)),
    }
    return [
        context.figure(
            f"list, {name}",
            cpu_ms(work, times=15),
            floor=floor,
            bar=BAR_PAGE_MS,
            note="rows only; floor: fifty rows by key",
        )
        for name, work in views.items()
    ]


def _tenth(by: Any) -> str:
    """Where the tenth page begins: a key, however far."""
    moment = NOW + timedelta(minutes=30)
    return f"d.{moment.isoformat()}.1"


def _thread(context: Context) -> Figure:
    by = context.shared["staff"][-1]
    [row] = queries.listing(by, limit=1).rows

    def read() -> None:
        found = queries.for_staff(by).get(pk=row.conversation.pk)
        queries.thread(found)
        queries.open_promises(found)

    floor = cpu_ms(lambda: list(Message.objects.filter(conversation=row.conversation)), times=TIMES)
    note = "rows only; floor: its messages read"
    return context.figure("conversation", cpu_ms(read, times=TIMES), floor=floor, bar=BAR_PAGE_MS, note=note)


def _question(n: int) -> IncomingMail:
    number, c = next(_numbers), n % CLIENTS
    return IncomingMail(
        message_id=f"<bench{number}@client.example>",
        subject=f"Question {number}",
        from_address=f"contact{c}@client{c}.example",
        from_name=f"Contact {c:03}",
        text="Hello,\n\nCould you look at the deposit of last week today? It looks coded twice.\n\nThanks",
        to=("books@bench.example",),
        our_addresses=("books@bench.example",),
        sent_at=NOW,
    )


def _rows_alone(context: Context) -> float:
    """What one conversation with one message costs when its two rows are inserted and nothing else happens."""
    client, contact = context.shared["clients"][0]

    def insert(number: int) -> None:
        with transaction.atomic():
            conversation = Conversation.objects.create(
                public_id=f"f{connection.vendor[0]}{context.size}.{number}", client=client, contact=contact,
                subject="Floor", channel="email", opened_at=_past(), last_message_at=_past(), resolved_at=_past(),
            )  # fmt: skip
            Message.objects.create(conversation=conversation, kind="in", channel="email", at=_past(), text="Floor")

    return cpu_ms_each(insert, [next(_numbers) for _unused in range(TIMES)])


def _past() -> datetime:
    return NOW - timedelta(days=900)
