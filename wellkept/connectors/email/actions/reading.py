"""A stored mail is read in its own process and becomes a message, a mark on a message, a known copy, or quarantine.

Always true: a mail is read outside any transaction and taken in inside one, together with its own mark, so it is taken
in once; what cannot be done now is tried again; what can never be done waits in quarantine and blocks nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F, Q

from wellkept.connectors.email import explain, handing, queries
from wellkept.connectors.email.actions.storing import CLAIM
from wellkept.connectors.email.models import UNREAD, RawMail
from wellkept.connectors.email.parse import sandbox
from wellkept.connectors.email.parse.result import Mailbox as Named
from wellkept.connectors.email.parse.result import ParsedMail
from wellkept.conversations import actions as conversations
from wellkept.core import files, live, once
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal

TRIES = 8
LONGEST_WAIT = timedelta(minutes=30)
GROUPS = ["quarantine"]
log = structlog.get_logger("wellkept.email")


def read_next(*, at: datetime) -> RawMail | None:
    """Read the oldest mail that waits. None when nothing does."""
    for pk in queries.unread(at=at).values_list("pk", flat=True)[:5]:
        if _claim(pk, at):
            return read_one(raw=queries.raw_of(pk), at=at)
    return None


@once.scope()
def read_one(*, raw: RawMail, at: datetime, sender: Named | None = None) -> RawMail:
    """Read this mail, whoever claimed it. `sender` is who a person says wrote it, where the mail does not say."""
    try:
        mail = _parsed(raw)
    except sandbox.ParseFailed as failed:
        return _quarantine(raw, failed.code, failed.detail, at)
    except FileNotFoundError:
        return _quarantine(raw, "missing-bytes", "", at)
    if mail.from_ is None and mail.bounce is None and sender is None:
        return _quarantine(raw, mail.from_problem or "no-from", "", at, mail)
    try:
        return _take_in(raw, mail, sender, at)
    except (OperationalError, Refusal, OSError) as obstacle:
        return _later(raw, "not-possible-now", obstacle, at, mail)
    except Exception as error:
        log.error("mail.failed", raw=raw.pk, error=type(error).__name__, exc_info=True)
        return _later(raw, "program-error", error, at, mail)


def _claim(pk: int, at: datetime) -> bool:
    free = Q(reading_until=None) | Q(reading_until__lte=at)
    taken = RawMail.objects.filter(UNREAD, free, pk=pk)
    return taken.update(reading_until=at + CLAIM, attempts=F("attempts") + 1) == 1


def _parsed(raw: RawMail) -> ParsedMail:
    return sandbox.shared().parse(files.read(raw.file))


@transaction.atomic
def _take_in(raw: RawMail, mail: ParsedMail, sender: Named | None, at: datetime) -> RawMail:
    ours = queries.our_addresses()
    message = handing.bounced(raw, mail, ours=ours, at=raw.received_at)
    duplicate, bounced = False, message is not None
    if message is None:
        message = conversations.receive(mail=handing.incoming(raw, mail, ours=ours, sender=sender), at=raw.received_at)
        duplicate = message.raw_id != raw.file_id
    changed: dict[str, Any] = {
        "message": message,
        "taken_in_at": None if duplicate else at,
        "duplicate_at": at if duplicate else None,
        "reading_until": None,
        "next_try_at": None,
        "reason": "",
        "detail": "",
        "sender_due_at": at if _speaks_for_itself(mail, sender) and not (duplicate or bounced) else None,
        **_shown(mail),
    }
    if RawMail.objects.filter(UNREAD, pk=raw.pk).update(**changed) != 1:
        transaction.set_rollback(True)  # another reader, or a person, was first
        return queries.raw_of(raw.pk)
    for name, value in changed.items():
        setattr(raw, name, value)
    return raw


def _speaks_for_itself(mail: ParsedMail, sender: Named | None) -> bool:
    """Whether there is a sender whose domain can be asked: one that the mail names, not a person of ours."""
    return sender is None and mail.from_ is not None


def _shown(mail: ParsedMail) -> dict[str, str]:
    return {
        "sender_shown": (mail.from_.address if mail.from_ else "")[:254],
        "subject_shown": mail.subject[:300],
        "thread_index": mail.header("thread-index")[:700],
    }


def _quarantine(raw: RawMail, reason: str, detail: str, at: datetime, mail: ParsedMail | None = None) -> RawMail:
    shown = _shown(mail) if mail else {}
    with transaction.atomic():
        put = RawMail.objects.filter(UNREAD, pk=raw.pk).update(
            quarantined_at=at, reading_until=None, next_try_at=None, reason=reason, detail=detail[:1000], **shown
        )
        if put == 1:
            record("mail.quarantined", at=at, raw=raw, reason=reason)
            live.tell(GROUPS, GROUPS)
    log.warning("mail.quarantined", raw=raw.pk, reason=reason)
    return queries.raw_of(raw.pk)


def _later(raw: RawMail, reason: str, obstacle: Exception, at: datetime, mail: ParsedMail) -> RawMail:
    """Try again with growing waits; after the last try a person decides."""
    detail = str(obstacle) if isinstance(obstacle, Refusal) else type(obstacle).__name__
    try:
        attempts = queries.raw_of(raw.pk).attempts
        if attempts >= TRIES or (reason == "program-error" and attempts >= 3):
            return _quarantine(raw, reason, detail, at, mail)
        wait = min(LONGEST_WAIT, timedelta(seconds=2 * 3 ** min(attempts, 8)))
        RawMail.objects.filter(UNREAD, pk=raw.pk).update(
            reading_until=None, next_try_at=at + wait, reason=reason, detail=detail[:1000]
        )
    except DatabaseError:
        log.warning(
            "mail.postponed", raw=raw.pk, error=type(obstacle).__name__
        )  # the claim runs out and it is read again
        return raw
    log.warning("mail.postponed", raw=raw.pk, reason=reason, words=explain.quarantine(reason))
    return queries.raw_of(raw.pk)
