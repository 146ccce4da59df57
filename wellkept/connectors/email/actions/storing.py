"""The first thing that happens to a mail: its bytes are kept. Only then does anything look at them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from wellkept.connectors.email.models import Mailbox, RawMail
from wellkept.connectors.email.parse.sandbox import LONGEST_MAIL
from wellkept.core import bulk, files, wake
from wellkept.core.refusals import Refusal

LONGEST = LONGEST_MAIL
MOST_RECIPIENTS = 100
CLAIM = timedelta(minutes=5)


class MailTooLarge(Refusal):
    """More bytes than we take."""


def store(
    *,
    raw: bytes,
    via: str,
    envelope_from: str = "",
    envelope_to: Sequence[str] = (),
    mailbox: Mailbox | None = None,
    reason: str = "",
    at: datetime,
) -> RawMail:
    """Keep the bytes and owe their reading. The same bytes again are the same mail. A `reason` puts it in quarantine."""
    state = {"quarantined_at": at, "reason": reason} if reason else {}
    return _keep(raw, via, envelope_from, envelope_to, mailbox, at, state)


def store_and_claim(
    *, raw: bytes, via: str, envelope_from: str = "", envelope_to: Sequence[str] = (), peer: str = "", at: datetime
) -> tuple[RawMail, bool]:
    """Keep the bytes for whoever calls to read next; True when they are new and the claim is the caller's."""
    mail = _keep(
        raw, via, envelope_from, envelope_to, None, at, {"reading_until": at + CLAIM, "attempts": 1, "peer": peer}
    )
    return mail, mail.is_new


def _keep(
    raw: bytes,
    via: str,
    envelope_from: str,
    envelope_to: Sequence[str],
    mailbox: Mailbox | None,
    at: datetime,
    state: dict[str, object],
) -> RawMail:
    if len(raw) > LONGEST:
        raise MailTooLarge(
            _("The mail is larger than %(size)d MB. Send smaller files, or a link to them.") % {"size": LONGEST >> 20}
        )
    file = files.store(raw, media_type="message/rfc822", at=at, limit=LONGEST)
    mail = RawMail(
        sha256=file.sha256,
        file=file,
        via=via,
        mailbox=mailbox,
        envelope_from=envelope_from[:254],
        envelope_to=[address[:254] for address in envelope_to[:MOST_RECIPIENTS]],
        received_at=at,
        **state,
    )
    if not bulk.insert_once(mail):
        return RawMail.objects.select_related("file").get(sha256=file.sha256)
    if not state:
        wake.at_commit()
    mail.is_new = True
    return mail
