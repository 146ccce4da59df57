"""Delivery reports. A message that did not arrive says so where it was written, in plain words, and its writer is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from wellkept.conversations import tokens
from wellkept.conversations.actions import thread
from wellkept.conversations.actions.noting import tell_person
from wellkept.conversations.models import HAS_ID, DeliveryProblem, Message
from wellkept.core.facts import record
from wellkept.core.models import StoredFile

MOST_RECIPIENTS = 50


@transaction.atomic
def record_bounce(
    *,
    original_message_id: str = "",
    token: str | None = None,
    recipients: Sequence[tuple[str, bool, str]],
    raw: StoredFile | None = None,
    at: datetime,
) -> Message | None:
    """The message of ours that a delivery report is about, now marked with who did not get it.

    None when the report is about nothing we sent. Anybody can write one, so it changes nothing but the mark; the
    address may be one our recipient forwards to. The same report twice is one mark.
    """
    message = _ours(original_message_id, token)
    if message is None:
        return None
    conversation = (
        thread.fresh(conversation=message.conversation)
        if not message.conversation.merged_into_id
        else message.conversation
    )
    for address, permanent, words in recipients[:MOST_RECIPIENTS]:
        _mark(message, address.lower()[:254], permanent, words, raw, at)
    thread.tell(conversation=conversation)
    return message


def _ours(original_message_id: str, token: str | None) -> Message | None:
    sent = Message.objects.filter(kind=Message.Kind.OUTBOUND).select_related("conversation", "staff")
    if original_message_id:
        found = sent.filter(HAS_ID, message_id=original_message_id).first()
        if found is not None:
            return found
    conversation = tokens.read(token)
    return sent.filter(conversation_id=conversation).order_by("-id").first() if conversation else None


def _mark(message: Message, address: str, permanent: bool, words: str, raw: StoredFile | None, at: datetime) -> None:
    plain = " ".join(words.split())[:500]
    problem, new = DeliveryProblem.objects.get_or_create(
        message=message, address=address, permanent=permanent, defaults={"words": plain, "at": at}
    )
    if not new:
        return
    conversation = message.conversation
    event = thread.add_event(
        conversation=conversation,
        event="bounced" if permanent else "delayed",
        at=at,
        address=address,
        words=plain,
        message=message.pk,
    )
    if raw is not None:
        Message.objects.filter(pk=event.pk).update(raw=raw)
    fact = record(
        "message.bounced" if permanent else "message.delayed",
        at=at,
        client=conversation.client_id,
        conversation=conversation,
        message=message,
        problem=problem,
    )
    told = message.staff or conversation.owner
    if permanent and told is not None and told.is_active:
        with translation.override(told.language):
            sentence = _("Your message “%(subject)s” did not reach %(address)s: %(words)s")
            text = sentence % {"subject": conversation.subject, "address": address, "words": plain}
        tell_person(staff=told, conversation=conversation, kind="bounced", text=text, at=at, fact=fact)
