"""How mail about a person's own account leaves: opened, sent and never kept readable."""

from __future__ import annotations

import json
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.connectors.email import explain, sending
from wellkept.core import outbox, secrets
from wellkept.core.models import Outgoing
from wellkept.people import queries as people


@outbox.sends("account_mail")
def send_account_letter(row: Outgoing, at: datetime) -> None:
    """A link or a warning to its one recipient. With no mail server it waits, and nobody can read it meanwhile."""
    if not settings.ENV.smtp_url:
        raise outbox.Held(_("No mail server is set up, so this letter about an account waits. Set WELLKEPT_SMTP_URL."))
    letter = json.loads(secrets.unseal(str(row.payload.get("sealed", ""))))
    firm = people.firm()
    sender = firm.mail_address if firm else settings.ENV.mail_from
    try:
        server = sending.server(settings.ENV.smtp_url)
        sending.send(server, sender=sender, recipients=[letter["to"]], content=_bytes(letter, sender, at))
    except (sending.BadAddress, sending.NotNow) as later:
        raise outbox.TryLater(explain.reply(str(later))) from later
    except sending.Refused as refused:
        raise outbox.Never(explain.reply(str(refused))) from refused
    except sending.MayHaveArrived as silence:
        raise outbox.Unknown(_("The mail server took the letter but did not say so in time.")) from silence


def _bytes(letter: dict[str, str], sender: str, at: datetime) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, letter["to"], letter["subject"]
    mail["Date"], mail["Message-ID"] = format_datetime(at), make_msgid(domain=sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter["text"])
    return mail.as_bytes()
