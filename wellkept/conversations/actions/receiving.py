"""A mail from outside becomes a message of one conversation: once, in its place, with its clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction

from wellkept.clients import queries as clients
from wellkept.conversations import queries, tokens
from wellkept.conversations.actions import clocks, closing, machine, thread, waiting
from wellkept.conversations.incoming import IncomingFile, IncomingMail
from wellkept.conversations.models import HAS_ID, Attachment, Conversation, Message, Participant
from wellkept.conversations.rules import Clues, Known, Placement, number_in, place, plain, storable
from wellkept.conversations.rules.placing import NEWCOMER, SAME_MESSAGE_ID, STAFF_ADDRESS
from wellkept.core import bulk, files
from wellkept.core.facts import draft, record_all
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.clients.models import Contact
    from wellkept.people.models import Firm

CHANNEL = "email"
MOST_REFERENCES = 30
MOST_PARTICIPANTS = 50
MOST_FILES = 100
MERGE_STEPS = 20
BY_PEOPLE_TOO = ("list", "generated")
"""What a mail looks like by headers that the programs of people put on as well; from a known contact it counts as theirs."""


def receive(*, mail: IncomingMail, at: datetime) -> Message:
    """The message the mail is. `at` is when it reached us, which starts the clock. A second copy returns the first."""
    mail = mail.storable()
    for _attempt in range(2):
        namesake = _namesake(mail)
        if namesake is not None and _is_copy(namesake, mail):
            return namesake
        try:
            return _take_in(mail=mail, named_alike=namesake is not None, at=at)
        except IntegrityError:
            if _attempt or not mail.message_id:
                raise
    raise AssertionError


@transaction.atomic
def _take_in(*, mail: IncomingMail, named_alike: bool, at: datetime) -> Message:
    firm = people.firm()
    if not mail.automatic and _is_ours(mail, firm):
        mail = replace(mail, automatic="ours")
    contact = clients.by_address("email", mail.from_address)
    looked = mail.automatic if contact is not None and mail.automatic in BY_PEOPLE_TOO and not mail.bulk else ""
    if looked:
        mail = replace(mail, automatic="")
    placement = place(_clues(mail, contact))
    joined = _joined(placement)
    conversation = joined or _opened(mail, contact, at)
    message = _message(mail, contact, conversation, placement, named_alike, _details(mail, firm, looked), at)
    _keep_files(mail, message, at)
    _participants(mail, contact, conversation, firm, at, new=joined is None)
    _record(conversation, message, contact, at, opened=joined is None, files=len(mail.attachments))
    if not mail.automatic:
        _wants_an_answer(conversation, message, firm, at, new=joined is None)
    elif joined is not None:
        thread.change(conversation=conversation, last_message_at=at, snippet=_snippet(mail))
    thread.make_findable(conversation=conversation, at=at, first=mail.text if joined is None else None)
    thread.tell(conversation=conversation)
    return message


def _record(
    conversation: Conversation, message: Message, contact: Contact | None, at: datetime, *, opened: bool, files: int
) -> None:
    """The fact says whether we waited for the message and how many files came, for those who listen to such alone."""
    client = conversation.client_id
    more: dict[str, Any] = {"waited": True} if conversation.waiting_since is not None else {}
    more |= {"files": files} if files else {}
    happened = [
        draft(
            "message.received",
            at=at,
            client=client,
            on_behalf_of=contact,
            conversation=conversation,
            message=message,
            **more,
        )
    ]
    if opened:
        happened.insert(
            0, draft("conversation.opened", at=at, client=client, conversation=conversation, channel=CHANNEL)
        )
    record_all(happened)


def _snippet(mail: IncomingMail) -> str:
    return thread.summary(mail.visible_text or mail.text)


def _is_ours(mail: IncomingMail, firm: Firm | None) -> bool:
    """What comes from our own address is a copy or a loop, and nobody waits for an answer to it."""
    return mail.from_address in mail.our_addresses or (firm is not None and mail.from_address == firm.mail_address)


def _namesake(mail: IncomingMail) -> Message | None:
    """The message with this Message-ID. With other words or another sender it is another mail."""
    return Message.objects.filter(HAS_ID, message_id=mail.message_id).first() if mail.message_id else None


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
        is_staff_address=contact is None and people.by_email(mail.from_address) is not None,
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
    rows = Message.objects.filter(HAS_ID, message_id__in=wanted).values_list("message_id", "conversation_id")
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


def _joined(placement: Placement) -> Conversation | None:
    """The conversation it belongs to, held for this transaction."""
    if placement.conversation is None:
        return None
    return Conversation.objects.select_for_update().get(pk=placement.conversation)


def _opened(mail: IncomingMail, contact: Contact | None, at: datetime) -> Conversation:
    """A new one, of the client's bookkeeper, or in triage."""
    conversation = Conversation(
        public_id=thread.new_number(),
        client=contact.client if contact else None,
        contact=contact,
        subject=plain(mail.subject) or thread.summary(mail.visible_text)[:80] or "—",
        channel=CHANNEL,
        owner=people.successor_of(contact.client.bookkeeper) if contact else None,
        team_id=None if contact else mail.mailbox_team,
        opened_at=at,
        last_message_at=at,
        snippet=_snippet(mail),
    )
    bulk.insert_one(conversation)
    return conversation


def _message(
    mail: IncomingMail,
    contact: Contact | None,
    conversation: Conversation,
    placement: Placement,
    named_alike: bool,
    details: dict[str, Any],
    at: datetime,
) -> Message:
    message = Message(
        conversation=conversation,
        kind=Message.Kind.INBOUND,
        channel=CHANNEL,
        at=at,
        waits_since=None if mail.automatic else at,
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
        message_id="" if named_alike else mail.message_id,
        in_reply_to=mail.in_reply_to,
        references=list(mail.references[-MOST_REFERENCES:]),
        details=details,
        placed_by=placement.how,
        placed_reason=f"{placement.reason} {SAME_MESSAGE_ID}" if named_alike else placement.reason,
        raw=mail.raw,
    )
    bulk.insert_one(message)
    return message


def _details(mail: IncomingMail, firm: Firm | None, looked: str) -> dict[str, Any]:
    """The addresses of ours it came to that mean something by what stands after the plus; a conversation's own is placed.

    Beside them the mailbox it came to where that is not the firm's own, and what its headers looked like where a person
    is believed to have written it all the same.
    """
    came_to = [each for each in mail.our_addresses if "+" in each and tokens.in_address(each) is None]
    mailbox = _mailbox(mail)
    details: dict[str, Any] = {"came_to": came_to[:MOST_PARTICIPANTS]} if came_to else {}
    details |= {"mailbox": mailbox} if firm is not None and mailbox not in ("", firm.mail_address) else {}
    return details | ({machine.LOOKED: looked} if looked else {})


def _mailbox(mail: IncomingMail) -> str:
    """Our address it was written to: one that its lines name before one that only its way here names."""
    named = [address for address in (*mail.to, *mail.cc) if address in mail.our_addresses]
    return next((tokens.without_tail(address) for address in (*named, *mail.our_addresses)), "")


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
        message.details = {**message.details, "too_large": too_large}
        Message.objects.filter(pk=message.pk).update(details=message.details)


def attach(*, message: Message, part: IncomingFile, at: datetime) -> Attachment:
    stored = files.store(part.data, media_type=part.media_type, at=at)
    return Attachment.objects.create(
        message=message,
        file=stored,
        name=storable(part.name)[:200] or "file",
        media_type=part.media_type[:100],
        content_id=part.content_id[:200],
        inline=part.inline,
    )


def _participants(
    mail: IncomingMail,
    contact: Contact | None,
    conversation: Conversation,
    firm: Firm | None,
    at: datetime,
    *,
    new: bool,
) -> None:
    """Sender and copied people take part from now on; our own addresses never do."""
    ours = {*mail.our_addresses, firm.mail_address if firm else ""}
    sender = thread.Joining(mail.from_address, mail.from_name, contact.pk if contact else None)
    known = {*ours, mail.from_address}
    copied = [copy for copy in (*mail.to, *mail.cc) if copy not in known and tokens.in_address(copy) is None]
    coming = [sender, *map(thread.Joining, copied[:MOST_PARTICIPANTS])]
    thread.join(conversation=conversation, coming=coming, at=at, new=new)


def _wants_an_answer(
    conversation: Conversation, message: Message, firm: Firm | None, at: datetime, *, new: bool
) -> None:
    """A person wrote: it is our turn, whatever the state was before."""
    if conversation.resolved_at is not None:
        _reopen(conversation, message, at)
    conversation.owner = thread.owner_today(conversation=conversation)
    running = [] if new else clocks.open_on(conversation=conversation)
    clocks.resume(running=running, by=None, at=at)
    clock = clocks.start(conversation=conversation, running=running, at=at)
    conversation.snoozed_until = None
    thread.change(
        conversation=conversation,
        owner=conversation.owner,
        last_message_at=at,
        snippet=thread.summary(queries.newly_written(message)),
        unanswered_since=conversation.unanswered_since,
        snoozed_until=None,
        **waiting.NOT_WAITING,
        **clocks.next_due(conversation=conversation, running=[*running, clock] if clock else running),
    )
    machine.acknowledge(conversation=conversation, message=message, clock=clock, firm=firm, at=at)


def _reopen(conversation: Conversation, message: Message, at: datetime) -> None:
    """What they write after the end is a new inquiry: its first answer acknowledges it."""
    name = message.author_name or message.address
    closing.open_again(conversation=conversation, reason="wrote_again", by=None, at=at, message=message.pk)
    thread.change(conversation=conversation, acknowledged_at=None)
    thread.add_event(conversation=conversation, event="reopened_by_reply", at=at, name=name)
