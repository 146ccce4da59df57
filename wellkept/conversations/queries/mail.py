"""What leaves by mail, and to whom an answer goes."""

from __future__ import annotations

from wellkept.conversations import tokens
from wellkept.conversations.models import Conversation, Message, Participant
from wellkept.conversations.outgoing import OutgoingFile, OutgoingMail
from wellkept.conversations.rules import numbered, replied
from wellkept.people import queries as people

MOST_REFERENCES = 20


def mail_of(message_id: int) -> OutgoingMail:
    """The letter that message `message_id` is. It quotes nothing, so nobody new is shown what was said before."""
    message = Message.objects.select_related("conversation", "staff").get(pk=message_id)
    firm = people.firm()
    if firm is None:
        raise LookupError("A message cannot leave before the firm is set up.")
    conversation = message.conversation
    subject = numbered(conversation.subject, conversation.public_id)
    return OutgoingMail(
        message_id=message.message_id,
        from_address=firm.mail_address,
        from_name=f"{message.staff.name}, {firm.name}" if message.staff else firm.name,
        reply_to=tokens.address(firm.mail_address, conversation.pk),
        to=tuple(message.to),
        cc=tuple(message.cc),
        subject=replied(subject) if message.in_reply_to else subject,
        text=message.text,
        in_reply_to=message.in_reply_to,
        references=tuple(message.references[-MOST_REFERENCES:]),
        automatic=bool(message.automatic),
        attachments=tuple(
            OutgoingFile(part.name, part.media_type, part.file)
            for part in message.attachments.select_related("file").order_by("id")
        ),
        conversation=conversation.pk,
        mailbox=_mailbox(message),
    )


def _mailbox(message: Message) -> str:
    """Where the client last wrote to before this letter."""
    before = Message.objects.filter(conversation=message.conversation_id, kind=Message.Kind.INBOUND, pk__lt=message.pk)
    came = before.filter(automatic="").order_by("-id")
    details = came.values_list("details", flat=True).first() or {}
    return str(details.get("mailbox", ""))


def recipients(conversation: Conversation) -> list[str]:
    """To whom an answer goes unless the writer says otherwise: the last known person who wrote, else the contact.

    Somebody who only turned up with a forwarded token is never answered by default.
    """
    wrote = Message.objects.filter(conversation=conversation, kind=Message.Kind.INBOUND, automatic="", caution="")
    last = wrote.order_by("-id").values_list("address", flat=True).first()
    if last:
        return [last]
    first = (
        Participant.objects.filter(conversation=conversation).order_by("id").values_list("address", flat=True).first()
    )
    return [first] if first else []
