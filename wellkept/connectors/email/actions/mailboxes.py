"""The mailboxes we read: added, changed, paused by an administrator; how far and how well each is read."""

from __future__ import annotations

import ipaddress
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellkept.connectors.email.models import Mailbox
from wellkept.core import addresses, live, secrets
from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.people.models import Staff, Team

GROUPS = ["mailboxes"]
SECURITY = ("tls", "starttls", "plain")
SIGN_IN = ("password", "oauth2")


class MailboxKnown(Refusal):
    """The address is read already."""


class MailboxUnclear(Refusal):
    """Something needed to reach the mailbox is missing or unsafe."""


class NotAllowed(NotYours):
    """Mailboxes are the administrator's."""


def add_mailbox(
    *,
    address: str,
    host: str,
    username: str,
    secret: str,
    port: int = 993,
    security: str = "tls",
    sign_in: str = "password",
    provider: str = "",
    oauth_token_url: str = "",
    oauth_client_id: str = "",
    client_secret: str = "",
    folder: str = "INBOX",
    trusted_server: str = "",
    team: Team | None = None,
    since_on: date | None = None,
    by: Staff | None,
    at: datetime,
) -> Mailbox:
    """Read this mailbox from now on. `secret` is the password, or the refresh token with `sign_in="oauth2"`.

    `provider` names who gave the token by consent; its addresses are those of the settings.
    """
    _may(by)
    known = addresses.email(address, field="address")
    _refuse_unclear(host, port, security, username, sign_in)
    if sign_in == "oauth2" and not provider:
        _refuse_unclear_token(oauth_token_url, oauth_client_id)
    if not secret:
        raise MailboxUnclear(_("Enter the password, or the refresh token."), field="secret")
    try:
        with transaction.atomic():
            mailbox = Mailbox.objects.create(
                address=known,
                host=host.strip().lower(),
                port=port,
                security=security,
                username=username.strip(),
                sign_in=sign_in,
                provider=provider,
                sealed_secret=secrets.seal(secret),
                sealed_client_secret=secrets.seal(client_secret) if client_secret else "",
                oauth_token_url=oauth_token_url,
                oauth_client_id=oauth_client_id,
                folder=folder.strip() or "INBOX",
                trusted_server=_server_name(trusted_server),
                team=team,
                since_on=since_on or at.date(),
                added_at=at,
            )
            record("mailbox.added", at=at, by=by, mailbox=mailbox)
            live.tell(GROUPS, GROUPS)
    except IntegrityError as twice:
        raise MailboxKnown(_("%(address)s is read already.") % {"address": known}, field="address") from twice
    return mailbox


@transaction.atomic
def change_mailbox(
    *,
    mailbox: Mailbox,
    host: str,
    port: int,
    security: str,
    username: str,
    folder: str,
    trusted_server: str,
    team: Team | None,
    secret: str = "",
    by: Staff | None,
    at: datetime,
) -> Mailbox:
    """Put the access right. An empty `secret` keeps the one we have; another server or folder is read from `since_on`."""
    _may(by)
    _refuse_unclear(host, port, security, username, mailbox.sign_in)
    moved = (host.strip().lower(), username.strip(), folder.strip() or "INBOX") != (
        mailbox.host,
        mailbox.username,
        mailbox.folder,
    )
    changed: dict[str, object] = {
        "host": host.strip().lower(),
        "port": port,
        "security": security,
        "username": username.strip(),
        "folder": folder.strip() or "INBOX",
        "trusted_server": _server_name(trusted_server),
        "team": team,
        "failing_since": None,
        "trouble": "",
    }
    if secret:
        changed["sealed_secret"] = secrets.seal(secret)
    if moved:
        changed |= {"uid_validity": None, "last_uid": 0}
    Mailbox.objects.filter(pk=mailbox.pk).update(**changed)
    record("mailbox.changed", at=at, by=by, mailbox=mailbox)
    live.tell(GROUPS, GROUPS)
    mailbox.refresh_from_db()
    return mailbox


@transaction.atomic
def connect_again(*, mailbox: Mailbox, provider: str, secret: str, by: Staff | None, at: datetime) -> Mailbox:
    """Its owner has given consent anew: read on from where it was left."""
    _may(by)
    Mailbox.objects.filter(pk=mailbox.pk).update(
        sign_in="oauth2",
        provider=provider,
        sealed_secret=secrets.seal(secret),
        sealed_client_secret="",
        oauth_token_url="",
        oauth_client_id="",
        failing_since=None,
        trouble="",
    )
    record("mailbox.connected", at=at, by=by, mailbox=mailbox)
    live.tell(GROUPS, GROUPS)
    mailbox.refresh_from_db()
    return mailbox


@transaction.atomic
def pause_mailbox(*, mailbox: Mailbox, by: Staff | None, at: datetime) -> Mailbox:
    """Leave the mailbox alone until it is resumed; what arrives meanwhile is read then."""
    _may(by)
    Mailbox.objects.filter(pk=mailbox.pk, paused_at=None).update(paused_at=at)
    record("mailbox.paused", at=at, by=by, mailbox=mailbox)
    live.tell(GROUPS, GROUPS)
    mailbox.refresh_from_db()
    return mailbox


@transaction.atomic
def resume_mailbox(*, mailbox: Mailbox, by: Staff | None, at: datetime) -> Mailbox:
    """Read it again from where it was left."""
    _may(by)
    Mailbox.objects.filter(pk=mailbox.pk).update(paused_at=None, failing_since=None, trouble="")
    record("mailbox.resumed", at=at, by=by, mailbox=mailbox)
    live.tell(GROUPS, GROUPS)
    mailbox.refresh_from_db()
    return mailbox


@transaction.atomic
def remove_mailbox(*, mailbox: Mailbox, by: Staff | None, at: datetime) -> None:
    """Forget the mailbox and its secret. What was read from it stays here, and everything stays on the server."""
    _may(by)
    record("mailbox.removed", at=at, by=by, mailbox=mailbox)
    Mailbox.objects.filter(pk=mailbox.pk).delete()
    live.tell(GROUPS, GROUPS)


def mark_position(*, mailbox: Mailbox, uid_validity: int, last_uid: int) -> None:
    """How far the mailbox has been read; never backwards within one numbering."""
    rows = Mailbox.objects.filter(pk=mailbox.pk)
    if mailbox.uid_validity == uid_validity:
        rows = rows.filter(last_uid__lt=last_uid)
    rows.update(uid_validity=uid_validity, last_uid=last_uid)
    mailbox.uid_validity, mailbox.last_uid = uid_validity, last_uid


@transaction.atomic
def mark_read(*, mailbox: Mailbox, at: datetime) -> None:
    """The mailbox was reached and read."""
    Mailbox.objects.filter(pk=mailbox.pk).update(polled_at=at)
    if Mailbox.objects.filter(pk=mailbox.pk, failing_since__isnull=False).update(failing_since=None, trouble="") == 1:
        record("mailbox.recovered", at=at, mailbox=mailbox)
        live.tell(GROUPS, GROUPS)


@transaction.atomic
def mark_trouble(*, mailbox: Mailbox, sentence: str, at: datetime) -> None:
    """The mailbox could not be read; `sentence` says why and what to do."""
    Mailbox.objects.filter(pk=mailbox.pk).update(polled_at=at, trouble=sentence[:1000])
    if Mailbox.objects.filter(pk=mailbox.pk, failing_since=None).update(failing_since=at) == 1:
        record("mailbox.failing", at=at, mailbox=mailbox)
        live.tell(GROUPS, GROUPS)


def keep_refresh_token(*, mailbox: Mailbox, token: str) -> None:
    """Some providers give a new refresh token with each use; the old one may end."""
    sealed = secrets.seal(token)
    Mailbox.objects.filter(pk=mailbox.pk).update(sealed_secret=sealed)
    mailbox.sealed_secret = sealed


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or number alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _refuse_unclear(host: str, port: int, security: str, username: str, sign_in: str) -> None:
    if not host.strip() or any(sign in host for sign in " /@\r\n"):
        raise MailboxUnclear(_("Enter the name of the mail server, like imap.example.com."), field="host")
    if not 0 < port < 65536:
        raise MailboxUnclear(_("The port is a number from 1 to 65535; 993 is usual."), field="port")
    if not username.strip():
        raise MailboxUnclear(_("Enter the user name for the mail server."), field="username")
    if security not in SECURITY or sign_in not in SIGN_IN:
        raise MailboxUnclear(_("Choose how to connect and how to sign in."), field="security")
    if security == "plain" and not is_loopback(host):
        raise MailboxUnclear(
            _("Without encryption anybody on the way could read the mail. Choose TLS or STARTTLS."), field="security"
        )


def _server_name(given: str) -> str:
    name = given.strip().lower()
    if len(name) > 200 or any(sign in name for sign in " ;@\r\n"):
        raise MailboxUnclear(
            _("Enter the one name that stands first in Authentication-Results, like mx.example.com, or nothing."),
            field="trusted_server",
        )
    return name


def _refuse_unclear_token(token_url: str, client_id: str) -> None:
    parts = urlsplit(token_url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not safe or not parts.hostname:
        raise MailboxUnclear(_("Enter the provider's token address; it begins with https://."), field="oauth_token_url")
    if not client_id.strip():
        raise MailboxUnclear(_("Enter the client id the provider gave you."), field="oauth_client_id")


def _may(by: Staff | None) -> None:
    if not people.may_manage_firm(by):
        raise NotAllowed(_("Only administrators manage mailboxes."))
