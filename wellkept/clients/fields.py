"""How single values are written: names, zones, countries, languages, telephone numbers. Pure."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal


class NameMissing(Refusal):
    """A client or contact needs a name."""


class TooLong(Refusal):
    """The text does not fit."""


class UnknownZone(Refusal):
    """The text names no time zone."""


class UnknownCountry(Refusal):
    """The text is not a two-letter country."""


class UnknownLanguage(Refusal):
    """Wellkept does not speak this language."""


class NotANumber(Refusal):
    """The text is not a telephone number that can be called."""


class NotADate(Refusal):
    """The text is not a date everybody reads the same way."""


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
        raise TooLong(_("Shorten this to %(limit)s characters.") % {"limit": longest}, field=field)
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
    code = text.strip().lower().replace("_", "-")
    if code not in dict(settings.LANGUAGES):
        spoken = ", ".join(f"{code} ({name})" for code, name in settings.LANGUAGES)
        sentence = _("Wellkept does not speak “%(language)s”. Choose one of: %(spoken)s.")
        raise UnknownLanguage(sentence % {"language": text[:20], "spoken": spoken}, field="language")
    return code


def a_date(text: str, *, field: str = "since") -> date:
    try:
        if len(text.strip()) != 10:
            raise ValueError
        return date.fromisoformat(text.strip())
    except ValueError:
        sentence = _("“%(text)s” is not a date. Write it as 2026-12-25.")
        raise NotADate(sentence % {"text": text[:20]}, field=field) from None


def phone(text: str, *, country: str, field: str = "phone") -> str:
    """The number as E.164, with `;ext=` where there is an extension. `country` reads numbers written without a prefix."""
    sentence = _("“%(text)s” is not a telephone number. Write it with its country, like +64 9 555 0123.")
    refusal = NotANumber(sentence % {"text": text.strip()[:40]}, field=field)
    if len(text) > 60:
        raise refusal
    try:
        number = phonenumbers.parse(text.strip(), country or None)
    except phonenumbers.NumberParseException:
        raise refusal from None
    if not phonenumbers.is_possible_number(number):
        raise refusal
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{written};ext={number.extension}" if number.extension else written


def phone_words(value: str) -> str:
    """A kept number as people read it: `+64 9 555 0123`."""
    number, _mark, extension = value.partition(";ext=")
    try:
        words = phonenumbers.format_number(
            phonenumbers.parse(number, None), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
    except phonenumbers.NumberParseException:
        return value
    return f"{words} ({extension})" if extension else words
