"""What a person has begun to write, and who is looking: kept for them, told to others, never a fact."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.conversations.models import Conversation, Draft, Looking
from wellkept.conversations.queries.thread import is_typing
from wellkept.core import live
from wellkept.core.refusals import Refusal

if TYPE_CHECKING:
    from wellkept.people.models import Staff

LONGEST_DRAFT = 100_000
MODES = ("reply", "note")


class DraftTooLong(Refusal):
    """Nothing that long can be sent."""


@transaction.atomic
def save_draft(
    *, conversation: Conversation, text: str, by: Staff, at: datetime, mode: str = "reply", follow_up: str = ""
) -> Draft | None:
    """Keep what the person wrote so far; an empty draft is no draft."""
    if len(text) > LONGEST_DRAFT or mode not in MODES:
        raise DraftTooLong(_("This is too long to keep. Attach it as a file."), field="text")
    if not text.strip() and not follow_up:
        Draft.objects.filter(staff=by, conversation=conversation, mode=mode).delete()
        return None
    values = {"text": text, "follow_up": follow_up[:40], "saved_at": at}
    draft, _made = Draft.objects.update_or_create(staff=by, conversation=conversation, mode=mode, defaults=values)
    return draft


@transaction.atomic
def look(*, conversation: Conversation, typing: bool, by: Staff, at: datetime) -> Looking:
    """The person has it open now, and writes or does not. Others' screens hear of it only when that changes."""
    before = Looking.objects.filter(staff=by, conversation=conversation).first()
    wrote = before.typed_at if before else None
    values = {"seen_at": at, "typed_at": at if typing else wrote}
    looking, made = Looking.objects.update_or_create(staff=by, conversation=conversation, defaults=values)
    came = made or before is None or (at - before.seen_at).total_seconds() > 60
    if came or (before is not None and typing != is_typing(before, at)):
        _tell(conversation)
    return looking


@transaction.atomic
def leave(*, conversation: Conversation, by: Staff) -> None:
    """The person has closed it."""
    if Looking.objects.filter(staff=by, conversation=conversation).delete()[0]:
        _tell(conversation)


def _tell(conversation: Conversation) -> None:
    live.tell([f"conversation-{conversation.pk}"], [f"lookers-{conversation.pk}"])
