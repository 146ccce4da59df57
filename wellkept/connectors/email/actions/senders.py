"""The sender of each mail is looked up after it was taken in: the domain is asked outside any transaction, then one row is written."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F

from wellkept.connectors.email import handing, queries
from wellkept.connectors.email.models import RawMail, SenderCheck
from wellkept.connectors.email.senders import finding
from wellkept.connectors.email.senders.finding import Arrival, Finding
from wellkept.connectors.email.senders.lookups import Lookups, NoAnswer
from wellkept.core import files, live
from wellkept.core.facts import record

CLAIM = timedelta(minutes=5)
WAITS = (timedelta(minutes=2), timedelta(minutes=30), timedelta(hours=4))
log = structlog.get_logger("wellkept.email")


def check_next_sender(*, at: datetime) -> SenderCheck | None:
    """Look up the sender that waits longest. None when nobody waits, or when the domain gave no answer yet."""
    for raw in queries.senders_due(at=at).select_related("file", "mailbox", "message__conversation")[:5]:
        claimed = RawMail.objects.filter(pk=raw.pk, sender_due_at=raw.sender_due_at)
        if claimed.update(sender_due_at=at + CLAIM, sender_tries=F("sender_tries") + 1) == 1:
            return _check(raw, at)
    return None


def _check(raw: RawMail, at: datetime) -> SenderCheck | None:
    shown = handing.canonical(raw.sender_shown)
    try:
        found = finding.examine(_arrival(raw, shown), lookups=Lookups(settings.ENV.dns))
    except FileNotFoundError:
        found = Finding(finding.UNCONFIRMED, shown.rpartition("@")[2])
    except NoAnswer as silent:
        if raw.sender_tries < len(WAITS):
            _ask_again(raw, at + WAITS[raw.sender_tries], str(silent))
            return None
        found = Finding(finding.SILENT, shown.rpartition("@")[2])
    return _keep(raw, found, at)


def _arrival(raw: RawMail, shown: str) -> Arrival:
    server = raw.mailbox.trusted_server if raw.mailbox else settings.ENV.mail_trusts
    return Arrival(files.read(raw.file), shown, raw.envelope_from, raw.peer, server)


def _ask_again(raw: RawMail, at: datetime, why: str) -> None:
    log.info("sender.silent", raw=raw.pk, tries=raw.sender_tries + 1)
    RawMail.objects.filter(pk=raw.pk, sender_due_at__isnull=False).update(sender_due_at=at)


@transaction.atomic
def _keep(raw: RawMail, found: Finding, at: datetime) -> SenderCheck | None:
    """Write the answer once, whoever else looked meanwhile."""
    message = raw.message
    if (
        RawMail.objects.filter(pk=raw.pk, sender_due_at__isnull=False).update(sender_due_at=None) != 1
        or message is None
    ):
        return None
    check = SenderCheck.objects.create(
        raw=raw,
        message=message,
        verdict=found.verdict,
        domain=found.domain[:254],
        basis=found.basis,
        details=found.details,
        checked_at=at,
    )
    conversation = message.conversation
    record(
        "sender.checked",
        at=at,
        client=conversation.client_id,
        conversation=conversation,
        message=message,
        verdict=found.verdict,
    )
    live.tell([f"conversation-{conversation.pk}"], [f"conversation-{conversation.pk}"])
    return check
