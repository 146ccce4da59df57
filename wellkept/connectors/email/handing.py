"""What the rooms are told about a mail: the parsed mail in their words, with our own addresses and tokens found."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from wellkept.connectors.email import explain, identity
from wellkept.connectors.email.models import RawMail
from wellkept.connectors.email.parse.result import Mailbox, ParsedMail
from wellkept.conversations import actions as conversations
from wellkept.conversations import tokens
from wellkept.conversations.incoming import IncomingFile, IncomingMail

if TYPE_CHECKING:
    from wellkept.conversations.models import Message

NOBODY = Mailbox("mailer-daemon@unknown.invalid")
_TOKEN_IN_ID = re.compile(r"^<(c[0-9a-f]{1,16}-[a-z2-7]{20})\.")


def incoming(raw: RawMail, mail: ParsedMail, *, ours: frozenset[str], sender: Mailbox | None = None) -> IncomingMail:
    """The mail as conversations take it. `ours` are our addresses; `sender` replaces what the mail does not say."""
    reached = _reached(raw, mail)
    from_ = sender or mail.from_ or NOBODY
    return IncomingMail(
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to[0] if mail.in_reply_to else "",
        references=mail.references,
        subject=mail.subject,
        from_address=canonical(from_.address),
        from_name=from_.name,
        from_misleading=from_.misleading,
        to=tuple(canonical(found.address) for found in mail.to),
        cc=tuple(canonical(found.address) for found in mail.cc),
        text=mail.text,
        spans=tuple((span.start, span.end, span.kind) for span in mail.spans),
        html=mail.safe_html,
        remote_hosts=mail.remote_hosts,
        automatic=_automatic(mail, ours),
        sent_at=mail.date,
        attachments=tuple(
            IncomingFile(file.name, file.content_type, file.content, file.content_id, file.inline)
            for file in mail.attachments
        ),
        raw=raw.file,
        token=token_in(reached, ours) or _token_in_ids(mail),
        our_addresses=tuple(sorted(_ours_among(reached, ours))),
        mailbox_team=raw.mailbox.team_id if raw.mailbox else None,
        bulk=_bulk(mail, ours),
    )


def bounced(raw: RawMail, mail: ParsedMail, *, ours: frozenset[str], at: datetime) -> Message | None:
    """The message of ours this mail says was not delivered, marked; None when it is no such report."""
    if mail.bounce is None:
        return None
    recipients = [
        (
            canonical(failed.address),
            failed.permanent,
            explain.failed_recipient(failed.reason, permanent=failed.permanent),
        )
        for failed in mail.bounce.recipients
    ]
    return conversations.record_bounce(
        original_message_id=mail.bounce.returned_message_id,
        token=token_in(_reached(raw, mail), ours) or _token_in_ids(mail),
        recipients=recipients,
        raw=raw.file,
        at=at,
    )


def canonical(address: str) -> str:
    """How addresses are compared: lower case, the domain as the wire spells it."""
    local, _, domain = address.rpartition("@")
    try:
        host = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
    except UnicodeError:
        host = domain
    return f"{local}@{host}".lower()


def token_in(addresses: frozenset[str], ours: frozenset[str]) -> str | None:
    """What stands after the plus of one of our own addresses among these."""
    for address in sorted(addresses):
        found = tokens.in_address(address)
        if found and _without_tail(address) in ours:
            return found
    return None


def _token_in_ids(mail: ParsedMail) -> str | None:
    """Our Message-IDs begin with the token, so that an answer finds home even where its address was rewritten."""
    for known in (*mail.in_reply_to, *reversed(mail.references)):
        match = _TOKEN_IN_ID.match(known.lower())
        if match:
            return match[1]
    return None


def _reached(raw: RawMail, mail: ParsedMail) -> frozenset[str]:
    """Every address this mail came to, by its lines and by its envelope."""
    lines = [found.address for found in (*mail.to, *mail.cc)]
    mailbox = [raw.mailbox.address] if raw.mailbox else []
    return frozenset(
        canonical(address) for address in (*lines, *mail.delivered_to, *raw.envelope_to, *mailbox) if "@" in address
    )


def _ours_among(addresses: frozenset[str], ours: frozenset[str]) -> set[str]:
    return {address for address in addresses if address in ours or _without_tail(address) in ours}


def _without_tail(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _bulk(mail: ParsedMail, ours: frozenset[str]) -> bool:
    """A newsletter: it says that it went to many, how to leave the list, and names nobody of ours as recipient."""
    many = mail.header("precedence").strip().lower() in ("bulk", "list", "junk") and mail.header("list-unsubscribe")
    named = {canonical(found.address) for found in (*mail.to, *mail.cc)}
    return bool(many) and not _ours_among(frozenset(named), ours)


def _automatic(mail: ParsedMail, ours: frozenset[str]) -> str:
    if mail.header("x-wellkept-loop") == identity.loop_id():
        return "ours" if mail.from_ and canonical(mail.from_.address) in ours else "loop"
    return mail.automatic.kind if mail.automatic else ""
