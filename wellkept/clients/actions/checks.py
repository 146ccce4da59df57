"""What several actions ask before they write."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.clients import queries
from wellkept.clients.models import Client
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.people.models import Staff


class NameMissing(Refusal):
    """A client or contact needs a name."""


class UnknownZone(Refusal):
    """The text names no time zone."""


class UnknownCountry(Refusal):
    """The text is not a two-letter country."""


class UnknownLanguage(Refusal):
    """Wellkept does not speak this language."""


class ClientArchived(Refusal):
    """Nothing is added to a client whose books we no longer keep."""


def allow_managing_clients(by: Staff | None) -> None:
    if not people.may_manage_clients(by):
        raise NotYours(_("Only an administrator or a team lead can do this. Ask one of yours."))


def allow_work_for(client: Client, by: Staff | None) -> None:
    """Whoever may see a client may keep its contacts and nuances; an archived client is left as it was."""
    if by is not None and not queries.scope(by).holds(client.pk):
        raise NotYours(_("This client is looked after by another team."))
    if client.archived_at is not None:
        raise ClientArchived(_("%(client)s is archived. Take the client on again first.") % {"client": client.name})


def a_line(text: str, *, longest: int, field: str = "name") -> str:
    """One line of text, tidied, that may not be empty."""
    line = a_short(text, longest=longest, field=field)
    if not line:
        raise NameMissing(_("Give a name of up to %(limit)s characters.") % {"limit": longest}, field=field)
    return line


def a_short(text: str, *, longest: int, field: str) -> str:
    """One line of text, tidied; may be empty."""
    line = " ".join(text.split())
    if len(line) > longest:
        raise NameMissing(_("Shorten this to %(limit)s characters.") % {"limit": longest}, field=field)
    return line


def a_zone(text: str) -> str:
    try:
        if not text or len(text) > 60:
            raise ValueError
        return ZoneInfo(text).key
    except (ValueError, OSError, LookupError):
        sentence = _("“%(zone)s” is not a time zone. Choose one such as Pacific/Auckland.")
        raise UnknownZone(sentence % {"zone": text[:60]}, field="time_zone") from None


def a_country(text: str) -> str:
    code = text.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise UnknownCountry(_("Write the country as two letters, such as NZ."), field="country")
    return code


def a_language(text: str) -> str:
    if text not in dict(settings.LANGUAGES):
        spoken = ", ".join(str(name) for _code, name in settings.LANGUAGES)
        sentence = _("Wellkept does not speak “%(language)s”. Choose one of: %(spoken)s.")
        raise UnknownLanguage(sentence % {"language": text[:20], "spoken": spoken}, field="language")
    return text
