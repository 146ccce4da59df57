"""What the machine may say by itself: that a mail has come in. At most once an hour to one address, never to a machine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wellkept.conversations import queries, tokens
from wellkept.conversations.actions import clocks, thread
from wellkept.conversations.models import Conversation, Message, StrangerAnswered
from wellkept.core import outbox
from wellkept.core.facts import record
from wellkept.core.secrets import new_token
from wellkept.people import queries as people
from wellkept.promises import actions as promises

if TYPE_CHECKING:
    from wellkept.people.models import Firm, Staff
    from wellkept.promises.models import Promise

BETWEEN_ACKNOWLEDGEMENTS = timedelta(hours=1)
MACHINE = "machine"
LOOKED = "looked"
"""The detail of a message whose headers look like a machine's: it is answered by people only."""
MOST_REFERENCES = 20
NEVER_ANSWERED = ("noreply@", "no-reply@", "donotreply@", "do-not-reply@", "mailer-daemon@", "postmaster@")


def acknowledge(
    *, conversation: Conversation, message: Message, clock: Promise | None, firm: Firm | None, at: datetime
) -> Message | None:
    """Tell the sender that their first message is here and by when they hear from us, where the agreement lets a machine.

    To a client it names a time and so keeps the acknowledgement; a stranger is only told that somebody will read it.
    """
    if clock is None or clock.kind != "acknowledge" or clock.target is None or firm is None:
        return None
    if not clock.target.version.machine_may_acknowledge or not _may_be_answered(message, firm):
        return None
    if conversation.client is None:
        return _to_stranger(conversation, message, firm, at)
    return _to_client(conversation, message, clock, firm, at)


def send(
    *,
    conversation: Conversation,
    to: list[str],
    text: str,
    at: datetime,
    by: Staff | None = None,
    promise: Promise | None = None,
) -> Message:
    """One automatic letter in the thread. It says that it is automatic, so no machine answers it. It ends no clock."""
    in_reply_to, references = answered(conversation=conversation)
    message = Message.objects.create(
        conversation=conversation,
        kind=Message.Kind.OUTBOUND,
        channel=conversation.channel,
        at=at,
        staff=by,
        author_name=by.name if by else "",
        to=to,
        text=text,
        automatic=MACHINE,
        message_id=new_message_id(conversation=conversation),
        in_reply_to=in_reply_to,
        references=references,
        promise=promise,
    )
    enqueue(message=message, at=at, wait=timedelta(0))
    record(
        "message.sent", at=at, client=conversation.client_id, conversation=conversation, message=message, automatic=True
    )
    return message


def remind(*, conversation: Conversation, text: str, by: Staff, at: datetime) -> Message:
    """An automatic letter to whoever takes part, in the name of the person who waits for their answer."""
    return send(conversation=conversation, to=queries.recipients(conversation), text=text, by=by, at=at)


def enqueue(*, message: Message, at: datetime, wait: timedelta) -> None:
    """Owe the letter to the world, in order with the others of its conversation."""
    row = outbox.enqueue(
        kind=message.channel,
        key=f"message-{message.pk}",
        subject=f"conversation-{message.conversation_id}",
        payload={"message": message.pk},
        at=at,
        client=message.conversation.client_id,
        wait=wait,
    )
    Message.objects.filter(pk=message.pk).update(outgoing=row)
    message.outgoing = row


def new_message_id(*, conversation: Conversation) -> str:
    """Unique, and leading back to the conversation even where only the references of an answer survive."""
    domain = (people.own_address() or "wellkept.invalid").rpartition("@")[2]
    return f"<{tokens.make(conversation.pk)}.{new_token()[:16]}@{domain}>"


def answered(*, conversation: Conversation) -> tuple[str, list[str]]:
    """In-Reply-To and References of the next letter: the newest message that has an id."""
    sent = Message.objects.filter(conversation=conversation, withdrawn_at=None).exclude(message_id="")
    last = sent.order_by("-id").values_list("message_id", "references").first()
    return (last[0], [*last[1], last[0]][-MOST_REFERENCES:]) if last else ("", [])


def _may_be_answered(message: Message, firm: Firm) -> bool:
    """Never a machine, ourselves, a colleague's address, or an address that says it is not read."""
    plain = not message.automatic and LOOKED not in message.details and message.caution == ""
    return plain and message.address != firm.mail_address and not message.address.startswith(NEVER_ANSWERED)


def _to_stranger(conversation: Conversation, message: Message, firm: Firm, at: datetime) -> Message | None:
    if not _first_this_hour(message.address, at):
        return None
    with translation.override(firm.language):
        text = _("We have your message. Somebody will read it and answer you.\n\n%(firm)s") % {"firm": firm.name}
    return send(conversation=conversation, to=[message.address], text=text, at=at)


def _to_client(
    conversation: Conversation, message: Message, clock: Promise, firm: Firm, at: datetime
) -> Message | None:
    """An acknowledgement counts only with a time, so the answer itself is promised."""
    if not _first_this_hour(message.address, at):
        return None
    answer = clocks.make(conversation=conversation, kind="next_reply", start_at=at, at=at)
    if answer is None or conversation.client is None:
        return None
    client, contact = conversation.client, conversation.contact
    with translation.override((contact.language if contact else "") or client.language or settings.LANGUAGE_CODE):
        due = date_format(answer.due_at.astimezone(ZoneInfo(client.time_zone)), "l j F H:i")
        text = _("We have your message. %(name)s will answer by %(due)s.\n\n%(firm)s") % {
            "name": conversation.owner.name if conversation.owner else firm.name,
            "due": due,
            "firm": firm.name,
        }
    promises.keep(promise=clock, by=None, at=at)
    thread.change(conversation=conversation, acknowledged_at=at)
    clocks.mirror(conversation=conversation)
    return send(conversation=conversation, to=[message.address], text=text, at=at, promise=answer)


def _first_this_hour(address: str, at: datetime) -> bool:
    """Take the right to answer this address; nobody else has it for an hour."""
    long_ago = StrangerAnswered.objects.filter(address=address, at__lte=at - BETWEEN_ACKNOWLEDGEMENTS)
    if long_ago.update(at=at) == 1:
        return True
    try:
        with transaction.atomic():
            StrangerAnswered.objects.create(address=address, at=at)
    except IntegrityError:
        return False
    return True
