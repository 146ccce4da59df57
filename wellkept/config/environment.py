"""The environment, read once at start. A wrong value stops the start with a sentence that names the variable."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}
PREPARED_AFTER = 5  # uses of a statement, after which PostgreSQL keeps its plan
EVERYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104 - compared with, never bound to


@dataclass(frozen=True)
class Environment:
    """What whoever runs Wellkept may set. Every field has a default that works on a laptop."""

    host: str
    port: int
    data: Path
    incoming: Path
    database_url: str
    redis_url: str
    mail_in_host: str
    mail_in_port: int
    mail_trusts: str
    dns: str
    smtp_url: str
    mail_from: str
    demo: bool
    public_url: str
    debug: bool
    sqlite_synchronous: str
    embedded: bool
    oidc: str
    mail_oauth: str
    log_format: str
    metrics_token: str
    proxies: str


def read(variables: Mapping[str, str]) -> Environment:
    port = _port(variables, "WELLKEPT_PORT", 8000)
    host = variables.get("WELLKEPT_HOST", "127.0.0.1")
    database_url = variables.get("WELLKEPT_DATABASE_URL", "")
    data = _folder(variables)
    return Environment(
        host=host,
        port=port,
        data=data,
        incoming=Path(variables.get("WELLKEPT_INCOMING", "").strip() or data / "incoming").expanduser().resolve(),
        database_url=database_url,
        redis_url=_url(variables, "WELLKEPT_REDIS_URL", {"redis", "rediss", "unix"}),
        mail_in_host=variables.get("WELLKEPT_MAIL_IN_HOST", "127.0.0.1"),
        mail_in_port=_port(variables, "WELLKEPT_MAIL_IN_PORT", 2525),
        mail_trusts=variables.get("WELLKEPT_MAIL_TRUSTS", "").strip(),
        dns=_name_server(variables),
        smtp_url=_url(variables, "WELLKEPT_SMTP_URL", {"smtp", "smtps"}),
        mail_from=variables.get("WELLKEPT_MAIL_FROM", ""),
        demo=_switch(variables, "WELLKEPT_DEMO"),
        public_url=_url(variables, "WELLKEPT_PUBLIC_URL", {"http", "https"}).rstrip("/")
        or f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}",
        debug=_switch(variables, "WELLKEPT_DEBUG"),
        sqlite_synchronous=_choice(variables, "WELLKEPT_SQLITE_SYNCHRONOUS", "FULL", {"FULL", "NORMAL", "OFF"}),
        embedded=_switch(variables, "WELLKEPT_EMBEDDED", default="1"),
        oidc=variables.get("WELLKEPT_OIDC", ""),
        mail_oauth=variables.get("WELLKEPT_MAIL_OAUTH", ""),
        log_format=_choice(variables, "WELLKEPT_LOG_FORMAT", "PLAIN", {"PLAIN", "JSON"}),
        metrics_token=variables.get("WELLKEPT_METRICS_TOKEN", ""),
        proxies=variables.get("WELLKEPT_PROXIES", "127.0.0.1"),
    )


def database(url: str, *, data: Path, synchronous: str = "FULL") -> dict[str, object]:
    """Django's DATABASES entry for `url`: empty or sqlite:///file for SQLite, postgres://user:password@host:port/name."""
    parts = urlsplit(url or f"sqlite:///{data / 'wellkept.sqlite3'}")
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path[1:] if parts.path.startswith("//") else parts.path), synchronous)
    if parts.scheme in {"postgres", "postgresql"}:
        told = dict(parse_qsl(parts.query))
        pool, prepare = told.pop("pool", "1"), told.pop("prepare", str(PREPARED_AFTER))
        options: dict[str, object] = {**told, "server_side_binding": True, "prepare_threshold": _uses(prepare)}
        if pool == "1":
            options["pool"] = {"min_size": 1, "max_size": 16}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": parts.port or "",
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise ImproperlyConfigured(
        f"WELLKEPT_DATABASE_URL starts with “{parts.scheme}”. Use postgres://user:password@host:5432/name, or leave it empty for SQLite."
    )


def _uses(text: str) -> int | None:
    """After how many uses a statement is kept; 0 keeps none, for poolers that hand a connection on between transactions."""
    if not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(
            f"WELLKEPT_DATABASE_URL says prepare={text}. Say a number of uses, such as prepare=5, or prepare=0 for none."
        )
    return int(text) or None


def _sqlite(path: str, synchronous: str) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA mmap_size=268435456; "
                "PRAGMA cache_size=-32768; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def _folder(variables: Mapping[str, str]) -> Path:
    given = variables.get("WELLKEPT_DATA")
    if given:
        return Path(given).expanduser().resolve()
    base = variables.get("XDG_DATA_HOME") or str(
        Path(variables.get("HOME") or os.path.expanduser("~")) / ".local/share"
    )
    return Path(base).expanduser() / "wellkept"


def _port(variables: Mapping[str, str], name: str, default: int) -> int:
    raw = variables.get(name, "") or str(default)
    if raw.isascii() and raw.isdigit() and 0 <= int(raw) <= 65535:
        return int(raw)
    raise ImproperlyConfigured(
        f"{name} is “{raw}”. Set it to a port number from 1 to 65535 (0 lets the system choose)."
    )


def _name_server(variables: Mapping[str, str]) -> str:
    """Who is asked about names: nothing for what this machine uses, else a number, with a port if it is not 53."""
    raw = variables.get("WELLKEPT_DNS", "").strip()
    host, colon, port = raw.rpartition(":") if raw.count(":") == 1 else (raw, "", "")
    try:
        if raw:
            ipaddress.ip_address(host.strip("[]"))
        if not colon or (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            return raw
    except ValueError:
        pass
    raise ImproperlyConfigured(
        f"WELLKEPT_DNS is “{raw}”. Set it to the number of a name server, like 9.9.9.9 or 127.0.0.1:5353."
    )


def _switch(variables: Mapping[str, str], name: str, *, default: str = "") -> bool:
    raw = variables.get(name, default).strip().lower()
    if raw in TRUE | FALSE:
        return raw in TRUE
    raise ImproperlyConfigured(f"{name} is “{raw}”. Set it to 1 or 0.")


def _choice(variables: Mapping[str, str], name: str, default: str, allowed: set[str]) -> str:
    raw = (variables.get(name) or default).upper()
    if raw in allowed:
        return raw
    raise ImproperlyConfigured(f"{name} is “{raw}”. Set it to one of {', '.join(sorted(allowed))}.")


def _url(variables: Mapping[str, str], name: str, schemes: set[str]) -> str:
    raw = variables.get(name, "").strip()
    if not raw or urlsplit(raw).scheme in schemes:
        return raw
    raise ImproperlyConfigured(
        f"{name} is “{raw}”. It must start with {' or '.join(s + '://' for s in sorted(schemes))}."
    )


def allowed_hosts(env: Environment) -> list[str]:
    """The public address's host, and loopback names while we listen on loopback."""
    public = urlsplit(env.public_url).hostname or "localhost"
    return sorted({public, "localhost", "127.0.0.1", "[::1]"})
