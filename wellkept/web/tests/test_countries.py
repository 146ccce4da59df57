"""Countries are typed by name, in the reader's language, and kept by code."""

from __future__ import annotations

import pytest

from wellkept.web.shell.countries import CountryUnclear, countries, country_code, country_name


@pytest.mark.parametrize(
    ("typed", "language", "code"),
    [
        ("New Zealand", "en", "NZ"),
        ("nova zelandia", "pt-br", "NZ"),
        ("Brazil", "pt-br", "BR"),
        ("Côte d’Ivoire", "en", "CI"),
        ("de", "en", "DE"),
        (" ", "en", ""),
    ],
)
def test_a_country_is_known_by_its_name_or_its_code(typed: str, language: str, code: str) -> None:
    assert country_code(typed, language) == code


@pytest.mark.parametrize("typed", ["Atlantis", "European Union", "EU", "NZL", "1"])
def test_what_is_no_country_is_refused(typed: str) -> None:
    with pytest.raises(CountryUnclear):
        country_code(typed, "en")


@pytest.mark.parametrize("language", ["en", "pt-br"])
def test_every_country_is_found_by_the_name_it_is_shown_with(language: str) -> None:
    for code, name in countries(language).items():
        assert country_code(name, language) == code
        assert country_name(code, language) == name
