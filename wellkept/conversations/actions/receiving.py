"""A mail from outside becomes a message of one conversation: once, in its place, with its clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from wellkept.clients import queries as clients
from wellkept.conversations import tokens
from wellkept.conversations.actions import clocks, closing, machine, thread
from wellkept.conversations.incoming import IncomingFile, IncomingMail
from wellkept.conversations.models import Attachment, Conversation, Message, Participant
from wellkept.conversations.rules import Clues, Known, Placement, number_in, place, plain
from wellkept.conversations.rules.placing import NEWCOMER, SAME_MESSAGE_ID, STAFF_ADDRESS
from wellkept.core import files
from wellkept.core.facts import record
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.clients.models import Contact

CHANNEL = "email"
MOST_REFERENCES = 30
MOST_PARTICIPANTS = 50
MOST_FILES = 100
MERGE_STEPS = 20


def receive(*, mail: IncomingMail, at: datetime) -> Message:
    """The message the mail is. `at` is when it reached us, which starts the clock. A second copy returns the first."""
    earlier = _same_mail(mail)
    if earlier is not None:
        return earlier
    try:
        return _take_in(mail=mail, at=at)
    except IntegrityError:
        earlier = _same_mail(mail)
        if earlier is None:
            raise
        return earlier


@transaction.atomic
def _take_in(*, mail: IncomingMail, at: datetime) -> Message:
    if not mail.automatic and _is_ours(mail):
        mail = replace(mail, automatic="ours")
    contact = clients.by_address("email", mail.from_address)
    placement = place(_clues(mail, contact))
    conversation, opened = _conversation(mail, contact, placement, at)
    message = _message(mail, contact, conversation, placement, at)
    _keep_files(mail, message, at)
    _participants(mail, contact, conversation, at)
    if opened:
        record("conversation.opened", at=at, client=conversation.client_id, conversation=conversation, channel=CHANNEL)
    record(
        "message.received",
        at=at,
        client=conversation.client_id,
        on_behalf_of=contact,
        conversation=conversation,
        message=message,
    )
    thread.change(conversation=conversation, last_message_at=at, snippet=thread.summary(mail.visible_text or mail.text))
    if not mail.automatic:
        _wants_an_answer(conversation, message, contact, at)
    thread.make_findable(conversation=conversation, at=at)
    thread.tell(conversation=conversation)
    return message


def _is_ours(mail: IncomingMail) -> bool:
    """What comes from our own address is a copy or a loop, and nobody waits for an answer to it."""
    firm = people.firm()
    return mail.from_address in mail.our_addresses or (firm is not None and mail.from_address == firm.mail_address)


def _same_mail(mail: IncomingMail) -> Message | None:
    """The message this mail became before. The same Message-ID with other words or another sender is another mail."""
    if not mail.message_id:
        return None
    found = Message.objects.filter(message_id=mail.message_id).first()
    return found if found is not None and _is_copy(found, mail) else None


def _is_copy(found: Message, mail: IncomingMail) -> bool:
    if found.kind == Message.Kind.OUTBOUND:
        return mail.from_address in mail.our_addresses or mail.automatic in ("ours", "loop")
    if found.address != mail.from_address:
        return False
    if found.sent_at is not None and found.sent_at == mail.sent_at:
        return True
    return found.text.split() == mail.text.split()


def _clues(mail: IncomingMail, contact: Contact | None) -> Clues:
    signed = tokens.read(mail.token)
    number = number_in(mail.subject)
    return Clues(
        sender=mail.from_address,
        sender_client=contact.client_id if contact else None,
        is_staff_address=people.by_email(mail.from_address) is not None,
        token_given=bool(mail.token),
        by_token=_known(signed),
        by_references=_referred(mail),
        number_given=bool(number),
        by_number=_known(_numbered(number)) if number else None,
    )


def _referred(mail: IncomingMail) -> tuple[Known, ...]:
    """Conversations of the messages it refers to, the nearest message first."""
    nearest = [mail.in_reply_to, *reversed(mail.references[-MOST_REFERENCES:])]
    wanted = [reference for reference in dict.fromkeys(nearest) if reference]
    if not wanted:
        return ()
    rows = Message.objects.filter(message_id__in=wanted).values_list("message_id", "conversation_id")
    places = dict(rows)
    found = dict.fromkeys(places[reference] for reference in wanted if reference in places)
    return tuple(known for pk in found if (known := _known(pk)) is not None)


def _numbered(number: str) -> int | None:
    return Conversation.objects.filter(public_id=number).values_list("pk", flat=True).first()


def _known(pk: int | None) -> Known | None:
    """Where a clue leads, followed to the conversation that one was merged into."""
    for _step in range(MERGE_STEPS):
        if pk is None:
            return None
        row = Conversation.objects.filter(pk=pk).values_list("pk", "client_id", "merged_into_id").first()
        if row is None:
            return None
        if row[2] is None:
            takes_part = Participant.objects.filter(conversation_id=row[0]).values_list("address", flat=True)
            return Known(row[0], row[1], frozenset(takes_part))
        pk = row[2]
    return None


def _conversation(
    mail: IncomingMail, contact: Contact | None, placement: Placement, at: datetime
) -> tuple[Conversation, bool]:
    if placement.conversation is not None:
        known = Conversation.objects.select_for_update(of=("self",)).select_related("client", "contact", "owner")
        return known.get(pk=placement.conversation), False
    owner = people.successor_of(contact.client.bookkeeper) if contact else None
    conversation = Conversation.objects.create(
        public_id=thread.new_number(),
        client=contact.client if contact else None,
        contact=contact,
        subject=plain(mail.subject) or thread.summary(mail.visible_text)[:80] or "—",
        channel=CHANNEL,
        owner=owner,
        team_id=None if contact else mail.mailbox_team,
        opened_at=at,
        last_message_at=at,
    )
    return conversation, True


def _message(
    mail: IncomingMail, contact: Contact | None, conversation: Conversation, placement: Placement, at: datetime
) -> Message:
    taken = bool(mail.message_id) and Message.objects.filter(message_id=mail.message_id).exists()
    return Message.objects.create(
        conversation=conversation,
        kind=Message.Kind.INBOUND,
        channel=CHANNEL,
        at=at,
        sent_at=mail.sent_at,
        contact=contact,
        address=mail.from_address,
        author_name=(contact.name if contact else mail.from_name)[:160],
        to=list(mail.to[:MOST_PARTICIPANTS]),
        cc=list(mail.cc[:MOST_PARTICIPANTS]),
        text=mail.text,
        spans=[list(span) for span in mail.spans],
        html=mail.html,
        remote_hosts=list(mail.remote_hosts),
        automatic=mail.automatic,
        caution=_caution(mail, placement),
        message_id="" if taken else mail.message_id[:255],
        in_reply_to=mail.in_reply_to[:255],
        references=list(mail.references[-MOST_REFERENCES:]),
        placed_by=placement.how,
        placed_reason=f"{placement.reason} {SAME_MESSAGE_ID}" if taken else placement.reason,
        raw=mail.raw,
    )


def _caution(mail: IncomingMail, placement: Placement) -> str:
    """What the reader must not take for granted about the sender; the gravest first."""
    if STAFF_ADDRESS in placement.noticed:
        return "staff_address"
    if mail.from_misleading:
        return "misleading"
    return "newcomer" if NEWCOMER in placement.noticed else ""


def _keep_files(mail: IncomingMail, message: Message, at: datetime) -> None:
    """Store what is not too large; what is, is named on the message, and the raw mail still has it."""
    too_large = []
    for part in mail.attachments[:MOST_FILES]:
        if len(part.data) > settings.ATTACHMENT_MAX_BYTES:
            too_large.append({"name": part.name[:200], "size": len(part.data)})
        else:
            attach(message=message, part=part, at=at)
    if too_large:
        Message.objects.filter(pk=message.pk).update(details={"too_large": too_large})
        message.details = {"too_large": too_large}


def attach(*, message: Message, part: IncomingFile, at: datetime) -> Attachment:
    stored = files.store(part.data, media_type=part.media_type, at=at)
    return Attachment.objects.create(
        message=message,
        file=stored,
        name=part.name[:200] or "file",
        media_type=part.media_type[:100],
        content_id=part.content_id[:200],
        inline=part.inline,
    )


def _participants(mail: IncomingMail, contact: Contact | None, conversation: Conversation, at: datetime) -> None:
    """Sender and copied people take part from now on; our own addresses never do."""
    firm = people.firm()
    ours = {*mail.our_addresses, firm.mail_address if firm else ""}
    there = set(Participant.objects.filter(conversation=conversation).values_list("address", flat=True))
    if mail.from_address not in there:
        pk = contact.pk if contact else None
        thread.join(conversation=conversation, address=mail.from_address, name=mail.from_name, contact=pk, at=at)
    copied = [copy for copy in (*mail.to, *mail.cc) if copy not in ours | there and tokens.in_address(copy) is None]
    for copy in list(dict.fromkeys(copied))[: max(0, MOST_PARTICIPANTS - len(there))]:
        thread.join(conversation=conversation, address=copy, at=at)


def _wants_an_answer(conversation: Conversation, message: Message, contact: Contact | None, at: datetime) -> None:
    """A person wrote: it is our turn, whatever the state was before."""
    if conversation.resolved_at is not None:
        _reopen(conversation, message, at)
    if conversation.snoozed_until is not None:
        thread.change(conversation=conversation, snoozed_until=None)
    clocks.resume(conversation=conversation, by=None, at=at)
    clocks.start(conversation=conversation, start_at=at, at=at)
    clocks.mirror(conversation=conversation)
    machine.acknowledge(conversation=conversation, message=message, at=at)


def _reopen(conversation: Conversation, message: Message, at: datetime) -> None:
    """What they write after the end is a new inquiry: its first answer acknowledges it."""
    name = message.author_name or message.address
    closing.open_again(conversation=conversation, reason="wrote_again", by=None, at=at, message=message.pk)
    thread.change(conversation=conversation, acknowledged_at=None)
    thread.add_event(conversation=conversation, event="reopened_by_reply", at=at, name=name)
