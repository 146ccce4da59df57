"""The first thing that happens to a mail: its bytes are kept. Only then does anything look at them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.connectors.email.models import Mailbox, RawMail
from wellkept.connectors.email.parse.sandbox import LONGEST_MAIL
from wellkept.core import files, wake
from wellkept.core.refusals import Refusal

LONGEST = LONGEST_MAIL
MOST_RECIPIENTS = 100


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
    if len(raw) > LONGEST:
        raise MailTooLarge(
            _("The mail is larger than %(size)d MB. Send smaller files, or a link to them.") % {"size": LONGEST >> 20}
        )
    sha256 = hashlib.sha256(raw).hexdigest()
    known = RawMail.objects.filter(sha256=sha256).first()
    if known is not None:
        return known
    file = files.store(raw, media_type="message/rfc822", at=at, limit=LONGEST)
    with transaction.atomic():
        mail, _created = RawMail.objects.get_or_create(
            sha256=sha256,
            defaults={
                "file": file,
                "via": via,
                "mailbox": mailbox,
                "envelope_from": envelope_from[:254],
                "envelope_to": [address[:254] for address in envelope_to[:MOST_RECIPIENTS]],
                "received_at": at,
                "quarantined_at": at if reason else None,
                "reason": reason,
            },
        )
        wake.at_commit()
    return mail
