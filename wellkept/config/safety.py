"""What would make an installation lose work or leak it: each problem is one sentence that says why and what to do."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from wellkept.config.environment import EVERYWHERE
from wellkept.core import files, guards

MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")
LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}


def problems() -> list[str]:
    """Everything that stands against production use."""
    return [*_address(), *_demo(), *_keys(), *_mail(), *_database(), *_disk()]


def durability(connection: BaseDatabaseWrapper) -> list[str]:
    """Settings under which a commit does not survive a power cut. `serve` and `work` refuse to start with them."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(MUST_BE_ON)])
        values = dict(cursor.fetchall())
    return [
        _("PostgreSQL has %(name)s off: a commit could be lost. Set %(name)s = on in postgresql.conf and restart it.")
        % {"name": name}
        for name in MUST_BE_ON
        if values.get(name) == "off"
    ]


def advice() -> Iterator[str]:
    """What is allowed but could be better."""
    env = settings.ENV
    if connection.vendor == "sqlite" and env.sqlite_synchronous == "NORMAL":
        yield _("WELLKEPT_SQLITE_SYNCHRONOUS is NORMAL: the last moment before a power cut may be lost, nothing older.")
    if connection.vendor == "postgresql" and not env.embedded and not env.redis_url:
        yield _("WELLKEPT_REDIS_URL is empty: pages see what another process changed only when they are reloaded.")
    if not env.metrics_token:
        yield _("WELLKEPT_METRICS_TOKEN is empty: /metrics answers only to this machine.")
    if _starttls() == "if-offered":
        yield _(
            "WELLKEPT_SMTP_URL takes encryption only if it is offered. Add ?starttls=required if your server has it."
        )
    yield _("Copy %(folder)s to another machine now and then: it proves that nobody re-wrote the book.") % {
        "folder": settings.DATA / "anchors"
    }


def _address() -> Iterator[str]:
    public = urlsplit(settings.ENV.public_url)
    if public.hostname in LOCAL_NAMES:
        yield (
            _(
                "WELLKEPT_PUBLIC_URL is not set to a public address: links in mails and passkeys need it. "
                "Set it to the https:// address people type in."
            )
        )
    elif public.scheme != "https":
        yield (
            _(
                "WELLKEPT_PUBLIC_URL is not https: passwords would cross the network in clear. "
                "Put a proxy with a certificate in front and set the https:// address."
            )
        )
    if settings.ENV.host in EVERYWHERE and public.scheme != "https":
        yield _("WELLKEPT_HOST listens on every network without https. Set it to 127.0.0.1 behind a proxy.")
    if settings.ENV.mail_in_host in EVERYWHERE:
        yield (
            _(
                "WELLKEPT_MAIL_IN_HOST listens on every network: anybody could hand in mail. "
                "Set it to 127.0.0.1 and let your mail server deliver to it."
            )
        )


def _demo() -> Iterator[str]:
    if settings.DEMO:
        yield _("WELLKEPT_DEMO is on: anybody may sign in as anybody. Unset it.")
    if settings.DEBUG:
        yield _("WELLKEPT_DEBUG is on: errors show the inside of the program. Unset it.")


def _keys() -> Iterator[str]:
    folder = Path(settings.DATA) / "keys"
    for path in [Path(settings.DATA), folder, *sorted(folder.glob("*"))]:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            wanted = "700" if path.is_dir() else "600"
            yield _(
                "%(path)s can be read by other users of this machine (mode %(mode)s). Run: chmod %(wanted)s %(path)s"
            ) % {"path": path, "mode": f"{mode:o}", "wanted": wanted}


def _mail() -> Iterator[str]:
    if not settings.ENV.smtp_url:
        yield _("WELLKEPT_SMTP_URL is empty: replies wait in the outgoing box. Set smtp://user:password@host:587.")
    elif _starttls() == "never":
        yield _("WELLKEPT_SMTP_URL sends mail and its password in clear. Use ?starttls=required, or smtps://.")


def _starttls() -> str:
    """How a mail server elsewhere is reached: never, if-offered, required, or nothing to say."""
    smtp = urlsplit(settings.ENV.smtp_url)
    if smtp.scheme != "smtp" or smtp.hostname in LOCAL_NAMES:
        return ""
    return parse_qs(smtp.query).get("starttls", ["if-offered"])[0]


def _database() -> Iterator[str]:
    try:
        yield from durability(connection)
        if not guards.present(connection):
            yield _("The database does not guard the service book, or is not set up. Run: wellkept migrate --guards")
        if connection.vendor == "sqlite" and settings.ENV.sqlite_synchronous == "OFF":
            yield _("WELLKEPT_SQLITE_SYNCHRONOUS is OFF: a power cut could destroy the database. Unset it.")
    except DatabaseError as error:
        yield _("The database does not answer: %(why)s") % {"why": str(error).strip().splitlines()[0]}


def _disk() -> Iterator[str]:
    if files.free_bytes() < 10 * settings.DISK_RESERVE_BYTES:
        yield _("Less than %(megabytes)d MB are free in %(folder)s.") % {
            "megabytes": 10 * settings.DISK_RESERVE_BYTES // 1024 // 1024,
            "folder": settings.DATA,
        }
