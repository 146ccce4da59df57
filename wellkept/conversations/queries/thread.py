"""One conversation as it is read: its messages, who looks at it, what is owed on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from wellkept.conversations.models import Conversation, Draft, Handover, Looking, Message, Rhythm
from wellkept.conversations.rules import snippet
from wellkept.conversations.wording import placement_sentences
from wellkept.promises import queries as promises
from wellkept.promises.context import Said

if TYPE_CHECKING:
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

__all__ = ["draft", "last_said", "lookers", "open_handover", "open_promises", "placement_sentences", "rhythm", "thread"]

MOST_MESSAGES = 100
MOST_SAID = 3
LOOK_LASTS = timedelta(seconds=60)
TYPING_LASTS = timedelta(seconds=8)
QUESTION_MARKS = "?？؟"


def thread(conversation: Conversation, *, before: int | None = None, limit: int = MOST_MESSAGES) -> list[Message]:
    """The newest messages, notes and events in the order they came; `before` a message id for the ones above.

    Attachments, mentions and delivery problems come with them. Older ones exist when `limit` rows are returned.
    """
    found = Message.objects.filter(conversation=conversation)
    if before is not None:
        found = found.filter(pk__lt=before)
    newest = (
        found.select_related("staff", "contact", "promise", "outgoing")
        .prefetch_related("attachments__file", "mentions__staff", "problems")
        .order_by("-id")[: min(limit, MOST_MESSAGES)]
    )
    return list(newest)[::-1]


def newest(conversation: Conversation) -> int:
    """The id of what was said last in it; 0 where nothing was."""
    return Message.objects.filter(conversation=conversation).order_by("-pk").values_list("pk", flat=True).first() or 0


def wrote_since(conversation: Conversation, seen: int) -> Message | None:
    """The newest message a person sent from outside after the one whose id is `seen`."""
    came = Message.objects.filter(conversation=conversation, kind=Message.Kind.INBOUND, automatic="", pk__gt=seen)
    return came.select_related("contact").order_by("-pk").first()


def message(pk: int) -> Message | None:
    """One message with its files, for a room that was told of it."""
    found = Message.objects.filter(pk=pk, withdrawn_at=None).select_related("conversation__client", "contact")
    return found.prefetch_related("attachments__file").first()


def came_to(message: Message) -> list[str]:
    """The addresses of ours with something after a plus that the mail came to, by its lines or its envelope."""
    return [str(address) for address in message.details.get("came_to", ())]


def newly_written(message: Message) -> str:
    """What the sender wrote, without what they quoted and signed; everything where nothing was told apart."""
    return _told_apart(message) or message.text.strip()


def only_brings_files(message: Message) -> bool:
    """Nobody waits for an answer to it: files, not a word beside them, and nothing else was ever said in its thread."""
    wordless = not _told_apart(message) and (not message.text.strip() or bool(message.spans))
    asks = any(mark in message.conversation.subject for mark in QUESTION_MARKS)
    if not wordless or asks or message.conversation.resolved_at is not None:
        return False
    beside = Message.objects.filter(conversation=message.conversation_id).exclude(kind=Message.Kind.EVENT)
    return message.attachments.exists() and not beside.exclude(pk=message.pk).exists()


def _told_apart(message: Message) -> str:
    return "".join(message.text[start:end] for start, end, kind in message.spans if kind == "visible").strip()


def last_said(conversations: Sequence[int]) -> dict[int, list[Said]]:
    """The last few things said in each of several conversations, inside and outside, in order."""
    newest = Window(RowNumber(), partition_by="conversation_id", order_by=F("id").desc())
    spoken = Message.objects.filter(conversation__in=conversations, withdrawn_at=None).exclude(kind=Message.Kind.EVENT)
    rows = spoken.annotate(place=newest).filter(place__lte=MOST_SAID).order_by("id")
    found: dict[int, list[Said]] = {}
    for pk, at, name, address, text in rows.values_list("conversation_id", "at", "author_name", "address", "text"):
        found.setdefault(pk, []).append(Said(at, name or address, snippet(text)))
    return found


def open_promises(conversation: Conversation) -> list[Promise]:
    """What is owed on it, soonest first."""
    return list(promises.open_for_subject("conversation", conversation.pk))


def lookers(conversation: Conversation, at: datetime, *, but: Staff | None = None) -> list[Looking]:
    """Who has it open now; `typed_at` within a few seconds means they are writing."""
    found = Looking.objects.filter(conversation=conversation, seen_at__gt=at - LOOK_LASTS, seen_at__lte=at + LOOK_LASTS)
    if but is not None:
        found = found.exclude(staff=but)
    return list(found.select_related("staff").order_by("id")[:20])


def is_typing(looking: Looking, at: datetime) -> bool:
    return looking.typed_at is not None and at - looking.typed_at < TYPING_LASTS


def draft(by: Staff, conversation: Conversation, *, mode: str = "reply") -> Draft | None:
    """What the person has begun to write here, if anything."""
    return Draft.objects.filter(staff=by, conversation=conversation, mode=mode).first()


def open_handover(conversation: Conversation) -> Handover | None:
    """The offer that waits for an answer, if there is one."""
    waiting = {"accepted_at": None, "declined_at": None, "withdrawn_at": None}
    return Handover.objects.filter(conversation=conversation, **waiting).select_related("giver", "taker").first()


def rhythm(conversation: Conversation) -> Rhythm | None:
    """How often the client is updated, while a long request runs."""
    return Rhythm.objects.filter(conversation=conversation, ended_at=None).first()
