"""Reads mailboxes over IMAP, all at the same time, without changing anything on the server.

A mail is stored before its number is marked, and stored mail is known by its bytes, so that a stop at any moment neither
loses nor doubles one. When the server numbers anew (UIDVALIDITY), everything since `since_on` is looked at again.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import imap_tools
import structlog
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from wellkept.connectors.email import actions, consent, oauth, queries
from wellkept.connectors.email.actions.storing import LONGEST
from wellkept.connectors.email.models import Mailbox
from wellkept.core import secrets
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal

SECONDS = 30
MOST_PER_POLL = 200
AT_ONCE = 8
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
log = structlog.get_logger("wellkept.email")


class MailboxTrouble(Exception):
    """The mailbox cannot be read now."""


def poll_all(*, at: datetime) -> int:
    """Look into every mailbox that is not paused. One that fails says so and keeps nobody else waiting. Returns mails."""
    waiting = list(queries.to_poll())
    if not waiting:
        return 0
    with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(waiting)), thread_name_prefix="wellkept-imap") as pool:
        return sum(pool.map(_poll_and_close, waiting))


def _poll_and_close(mailbox: Mailbox) -> int:
    try:
        return poll(mailbox)
    except DatabaseError as error:
        log.warning("mailbox.postponed", mailbox=mailbox.pk, error=type(error).__name__)
        return 0
    finally:
        connection.close()


def poll(mailbox: Mailbox) -> int:
    """Fetch what is new in this mailbox; its trouble, if any, is written beside it. Returns how many mails came."""
    try:
        with signed_in(mailbox) as box:
            count = _fetch_new(mailbox, box)
    except MailboxTrouble as trouble:
        actions.mark_trouble(mailbox=mailbox, sentence=str(trouble), at=now())
        return 0
    except Refusal as refusal:
        actions.mark_trouble(mailbox=mailbox, sentence=str(refusal), at=now())
        return 0
    except (imap_tools.ImapToolsError, OSError, imaplib.IMAP4.error) as broken:
        actions.mark_trouble(mailbox=mailbox, sentence=_in_words(mailbox, broken), at=now())
        return 0
    actions.mark_read(mailbox=mailbox, at=now())
    return count


def try_out(mailbox: Mailbox) -> None:
    """Sign in and look at the folder; MailboxTrouble says what is wrong."""
    try:
        with signed_in(mailbox) as box:
            box.folder.status(mailbox.folder, ["UIDVALIDITY"])
    except (imap_tools.ImapToolsError, OSError, imaplib.IMAP4.error) as broken:
        raise MailboxTrouble(_in_words(mailbox, broken)) from broken


@contextmanager
def signed_in(mailbox: Mailbox) -> Iterator[Any]:
    """A connection with the folder open for reading only."""
    box = _connected(mailbox)
    try:
        _sign_in(mailbox, box)
        box.folder.set(mailbox.folder, readonly=True)
        yield box
    finally:
        try:
            box.logout()
        except (OSError, imap_tools.ImapToolsError, imaplib.IMAP4.error):
            box.client.shutdown()


def _connected(mailbox: Mailbox) -> Any:
    context = ssl.create_default_context()
    if mailbox.security == "plain":
        return imap_tools.MailBoxUnencrypted(mailbox.host, mailbox.port, timeout=SECONDS)
    if mailbox.security == "starttls":
        return imap_tools.MailBoxStartTls(mailbox.host, mailbox.port, timeout=SECONDS, ssl_context=context)
    return imap_tools.MailBox(mailbox.host, mailbox.port, timeout=SECONDS, ssl_context=context)


def _sign_in(mailbox: Mailbox, box: Any) -> None:
    secret = secrets.unseal(mailbox.sealed_secret)
    if mailbox.sign_in == "password":
        box.login(mailbox.username, secret, initial_folder=None)
        return
    try:
        tokens = consent.access(mailbox)
    except oauth.TokenRefused as refused:
        raise MailboxTrouble(
            _("The provider gave no access to %(address)s: %(words)s. Connect the mailbox again.")
            % {"address": mailbox.address, "words": str(refused).rstrip(".")}
        ) from refused
    if tokens.refresh and tokens.refresh != secret:
        actions.keep_refresh_token(mailbox=mailbox, token=tokens.refresh)
    box.xoauth2(mailbox.username, tokens.access, initial_folder=None)


def _fetch_new(mailbox: Mailbox, box: Any) -> int:
    validity = int(box.folder.status(mailbox.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
    known = mailbox.last_uid if mailbox.uid_validity == validity else 0
    count = 0
    for uid in _new_uids(mailbox, box, known)[:MOST_PER_POLL]:
        raw, reason = _fetch(box, uid)
        if raw:
            actions.store(raw=raw, via="imap", envelope_to=[mailbox.address], mailbox=mailbox, reason=reason, at=now())
            count += 1
        actions.mark_position(mailbox=mailbox, uid_validity=validity, last_uid=uid)
    if mailbox.uid_validity != validity:
        actions.mark_position(mailbox=mailbox, uid_validity=validity, last_uid=known)
    return count


def _new_uids(mailbox: Mailbox, box: Any, known: int) -> list[int]:
    criteria = (
        f"UID {known + 1}:*"
        if known
        else f"SINCE {mailbox.since_on.day}-{_MONTHS[mailbox.since_on.month - 1]}-{mailbox.since_on.year}"
    )
    # `n:*` always names the newest mail, even an older one.
    return sorted(uid for uid in map(int, box.uids(criteria)) if uid > known)


def _fetch(box: Any, uid: int) -> tuple[bytes, str]:
    """The bytes of a mail, unmarked as read. Of one that is too large only the header, and the reason; nothing if it is gone."""
    found = _SIZE.search(_flat(_command(box, uid, "(RFC822.SIZE)")))
    if found is None:
        return b"", ""
    if int(found[1]) > LONGEST:
        return _literal(_command(box, uid, "(BODY.PEEK[HEADER])")), "too-large-on-server"
    return _literal(_command(box, uid, "(BODY.PEEK[])")), ""


def _command(box: Any, uid: int, what: str) -> list[Any]:
    status, data = box.client.uid("fetch", str(uid), what)
    if status != "OK":
        raise MailboxTrouble(_("The mail server did not hand over a mail. It will be asked again."))
    return list(data or [])


def _flat(data: list[Any]) -> bytes:
    return b" ".join(piece[0] if isinstance(piece, tuple) else piece for piece in data if piece)


def _literal(data: list[Any]) -> bytes:
    return next((bytes(piece[1]) for piece in data if isinstance(piece, tuple) and len(piece) > 1), b"")


def _in_words(mailbox: Mailbox, broken: Exception) -> str:
    words = {"host": mailbox.host, "port": mailbox.port, "address": mailbox.address, "folder": mailbox.folder}
    if isinstance(broken, imap_tools.MailboxLoginError):
        return _("%(host)s refused the user name or password of %(address)s. Enter them again.") % words
    if isinstance(broken, imap_tools.MailboxFolderSelectError):
        return _("There is no folder “%(folder)s” in %(address)s. Choose another one.") % words
    if isinstance(broken, ssl.SSLCertVerificationError):
        return _("The certificate of %(host)s is not trusted. Check the server's name.") % words
    if isinstance(broken, TimeoutError):
        return _("%(host)s did not answer in time. It will be tried again.") % words
    if isinstance(broken, OSError):
        return (
            _("%(host)s:%(port)s cannot be reached. Check the name and the port, or wait until the server is back.")
            % words
        )
    return _("%(host)s answered in a way we do not understand. It will be tried again.") % words


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
