"""The pages a day is spent on, by the whole road of a request: one conversation, its reply, the boards, a client, the score."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from bench import pages
from bench.figures import Context, Figure, cpu_ms_each
from bench.firm import NOW
from wellkept.conversations import actions, queries
from wellkept.conversations.incoming import IncomingMail
from wellkept.conversations.models import Conversation
from wellkept.insight import actions as insight

SIZED = True
BAR_PAGE_MS, BAR_REPLY_MS = 20, 15
REPLIES = 40
_numbers = count(1)


def run(context: Context) -> list[Figure]:
    by = context.shared["staff"][-1]
    client = next(client for client, _ in context.shared["clients"] if client.bookkeeper_id == by.pk)
    [row] = queries.listing(by, limit=1).rows
    visitor = pages.signed_in(context, by)
    floor = pages.floor(visitor)
    insight.rebuild()
    figures = [
        context.figure(name, pages.cost(visitor, address), floor=floor, bar=bar, note="whole request")
        for name, address, bar in [
            ("conversation page", f"/conversations/{row.conversation.pk}", BAR_PAGE_MS),
            ("today page", "/", None),
            ("promise board", "/promises", None),
            ("client page", f"/clients/{client.pk}", None),
            ("score card", "/score", None),
        ]
    ]
    return [*figures, _reply(context, floor)]


def _reply(context: Context, floor: float) -> Figure:
    """The form as the page sends it, until the fragment that takes its place is there."""
    by = context.shared["staff"][-1]
    visitor = pages.signed_in(context, by)
    follow_up = f"at:{(NOW + timedelta(days=1)).isoformat(timespec='seconds')}"

    def send(conversation: Conversation) -> None:
        body = {"text": "We look into it.", "follow_up": follow_up, "follow_what": "The answer"}
        answer = visitor.post(f"/conversations/{conversation.pk}/reply", body)
        if answer.status_code != 302:
            raise RuntimeError(f"The reply answered {answer.status_code}.")

    asked = [_asked(context) for _ in range(REPLIES)]
    value = cpu_ms_each(send, asked)
    return context.figure(
        "reply, whole request", value, floor=floor, bar=BAR_REPLY_MS, note="form to redirect; floor: an empty page"
    )


def _asked(context: Context) -> Conversation:
    by, number = context.shared["staff"][-1], next(_numbers)
    c = next(n for n, (client, _) in enumerate(context.shared["clients"]) if client.bookkeeper_id == by.pk)
    mail = IncomingMail(
        message_id=f"<desk{number}.{context.size}@client.example>",
        subject=f"Question {number}",
        from_address=f"contact{c}@client{c}.example",
        from_name=f"Contact {c:03}",
        text="Could you look at the deposit of last week today?",
        to=("books@bench.example",),
        our_addresses=("books@bench.example",),
        sent_at=NOW,
    )
    return actions.receive(mail=mail, at=NOW).conversation
