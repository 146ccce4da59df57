"""E-mail addresses by a strict grammar of our own: what is kept is what a comparison may rely on."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal

LONGEST = 254
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


class NotAnAddress(Refusal):
    """The text is not one plain e-mail address."""


def email(text: str, *, field: str = "email") -> str:
    """The one address in `text`, in lower case with an ASCII domain. Names, lists, quotes and comments are refused."""
    given = text.strip()
    local, found, domain = given.rpartition("@")
    host = _host(domain)
    if not found or len(given) > LONGEST or len(local) > 64 or not LOCAL.fullmatch(local) or host is None:
        sentence = _("“%(text)s” is not an e-mail address. Write it like mina@harbourlane.example.")
        raise NotAnAddress(sentence % {"text": given[:80]}, field=field)
    return f"{local.lower()}@{host}"


def _host(domain: str) -> str | None:
    try:
        host = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = host.split(".")
    plain = len(labels) > 1 and all(LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    return host if plain else None
