"""Countries by name in the reader's language; what is kept is the ISO code."""

from __future__ import annotations

import unicodedata
from functools import cache

from babel import Locale
from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal
from wellkept.web.shell.words import locale_of

NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


class CountryUnclear(Refusal):
    """The text names no country."""


@cache
def countries(language: str) -> dict[str, str]:
    """Every country by its code, in the order of the names."""
    territories = Locale.parse(locale_of(language)).territories
    found = {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    }
    return dict(sorted(found.items(), key=lambda pair: plain(pair[1])))


def country_name(code: str, language: str) -> str:
    return countries(language).get(code, code)


def country_code(text: str, language: str, *, field: str = "country") -> str:
    """The code of a country given by its name, in the reader's language or in English, or by its code; "" for nothing."""
    wanted = plain(text.strip())
    if not wanted:
        return ""
    for names in (countries(language), countries("en")):
        for code, name in names.items():
            if wanted in (plain(name), code.lower()):
                return code
    sentence = _("“%(text)s” is not a country we know. Choose one from the list.")
    raise CountryUnclear(sentence % {"text": text.strip()[:40]}, field=field)


def plain(text: str) -> str:
    """Without case and accents, so that people need not type them."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))
