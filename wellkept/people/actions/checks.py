"""What several actions ask before they write."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import rules
from wellkept.people.models import Staff

LONGEST_NAME = 120


class NameMissing(Refusal):
    """A person, team or firm needs a name."""


class UnknownZone(Refusal):
    """The text names no time zone."""


class UnknownLanguage(Refusal):
    """Wellkept does not speak this language."""


def allow_managing_people(by: Staff | None) -> None:
    if not rules.may_manage_people(by):
        raise NotYours(_("Only an administrator can do this. Ask one of yours."))


def allow_managing_firm(by: Staff | None) -> None:
    if not rules.may_manage_firm(by):
        raise NotYours(_("Only an administrator can do this. Ask one of yours."))


def a_name(text: str, *, field: str = "name", longest: int = LONGEST_NAME) -> str:
    """One line of text, tidied."""
    name = " ".join(text.split())
    if not name or len(name) > longest:
        raise NameMissing(_("Give a name of up to %(limit)s characters.") % {"limit": longest}, field=field)
    return name


def a_zone(text: str, *, field: str = "time_zone") -> str:
    try:
        if not text or len(text) > 60:
            raise ValueError
        return ZoneInfo(text).key
    except (ValueError, OSError, LookupError):
        sentence = _("“%(zone)s” is not a time zone. Choose one such as Pacific/Auckland.")
        raise UnknownZone(sentence % {"zone": text[:60]}, field=field) from None


def a_language(text: str, *, field: str = "language") -> str:
    if text not in dict(settings.LANGUAGES):
        spoken = ", ".join(str(name) for _code, name in settings.LANGUAGES)
        sentence = _("Wellkept does not speak “%(language)s”. Choose one of: %(spoken)s.")
        raise UnknownLanguage(sentence % {"language": text[:20], "spoken": spoken}, field=field)
    return text
