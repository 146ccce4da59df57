"""How a letter of the outbox leaves: its bytes are stored, then handed to the mail server, or held where there is none."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.connectors.email import actions, explain, identity, queries, sending
from wellkept.connectors.email.composing import Look, compose
from wellkept.conversations import actions as conversations
from wellkept.conversations import queries as threads
from wellkept.conversations.outgoing import OutgoingMail
from wellkept.core import files, outbox
from wellkept.core.models import Outgoing


@outbox.sends("email")
def send_letter(row: Outgoing, at: datetime) -> None:
    """Send message `row.payload["message"]`. A second try sends the bytes of the first."""
    mail = _from_its_mailbox(threads.mail_of(_message_of(row)))
    content = files.read(row.content) if row.content is not None else _composed(row, mail, at)
    if not settings.ENV.smtp_url:
        raise outbox.Held(
            _(
                "No mail server is set up, so this letter waits here with its exact bytes. Set WELLKEPT_SMTP_URL to send it."
            ),
            content=row.content,
        )
    everybody = list(dict.fromkeys([*mail.to, *mail.cc]))
    left = [address for address in _left(row, everybody) if address in everybody]
    try:
        sent = sending.send(
            sending.server(settings.ENV.smtp_url), sender=mail.from_address, recipients=left, content=content
        )
    except sending.BadAddress as unclear:
        raise outbox.TryLater(str(unclear)) from unclear
    except sending.NotNow as later:
        raise outbox.TryLater(explain.reply(str(later))) from later
    except sending.Refused as refused:
        _not_delivered(mail, dict.fromkeys(left, str(refused)), at)
        raise outbox.Never(explain.reply(str(refused))) from refused
    except sending.MayHaveArrived as silence:
        raise outbox.Unknown(
            _(
                "The mail server took the whole letter but did not say so in time. It may have arrived: ask the recipient before you send it again."
            )
        ) from silence
    _some_refused(row, mail, sent, at)


def _from_its_mailbox(mail: OutgoingMail) -> OutgoingMail:
    """An answer leaves from the mailbox that was written to, while that is one of ours."""
    return mail.sent_from(mail.mailbox) if mail.mailbox in queries.our_addresses() else mail


def _message_of(row: Outgoing) -> int:
    message = row.payload.get("message")
    if not isinstance(message, int):
        raise outbox.Never(_("This letter names no message."))
    return message


def _composed(row: Outgoing, mail: OutgoingMail, at: datetime) -> bytes:
    letterhead = queries.letterhead()
    content = compose(
        mail,
        loop_id=identity.loop_id(),
        thread_index=queries.last_thread_index(mail.conversation),
        look=Look(letterhead.plain_since is None, letterhead.signature) if letterhead else Look(),
        at=at,
    )
    actions.keep_bytes(outgoing=row, content=content, at=at)
    return content


def _left(row: Outgoing, everybody: list[str]) -> list[str]:
    left = row.payload.get("left")
    return [str(address) for address in left] if isinstance(left, list) and left else everybody


def _some_refused(row: Outgoing, mail: OutgoingMail, sent: sending.Sent, at: datetime) -> None:
    """Some recipients were taken. Who was refused is marked on the message; who was put off is tried again, alone."""
    _not_delivered(mail, sent.refused, at)
    if sent.later:
        actions.keep_left(outgoing=row, left=list(sent.later))
        raise outbox.TryLater(explain.reply(next(iter(sent.later.values()))))


def _not_delivered(mail: OutgoingMail, said: dict[str, str], at: datetime) -> None:
    """Mark the message and tell its writer, as a bounce would."""
    if said:
        problems = [(address, True, explain.reply(words)) for address, words in said.items()]
        conversations.record_bounce(original_message_id=mail.message_id, recipients=problems, at=at)
