from __future__ import annotations

import pytest

from wellkept.cli import speaking
from wellkept.cli.tests.firms import FirmInAFolder


@pytest.mark.parametrize(
    ("words", "asked", "rest"),
    [
        (["--language", "pt-br", "check"], "pt-br", ["check"]),
        (["--language=en", "verify", "--recent"], "en", ["verify", "--recent"]),
        (["setup", "--language", "pt-br"], "", ["setup", "--language", "pt-br"]),
        ([], "", []),
    ],
)
def test_the_language_stands_before_the_command(words: list[str], asked: str, rest: list[str]) -> None:
    assert speaking.asked_for(words) == (asked, rest)


@pytest.mark.parametrize(
    ("variables", "spoken"),
    [
        ({"LANG": "pt_BR.UTF-8"}, "pt-br"),
        ({"LANG": "pt_PT.UTF-8@euro"}, "pt-br"),
        ({"LC_ALL": "en_NZ.UTF-8", "LANG": "pt_BR.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "pt_BR.UTF-8"}, ""),
        ({"LANG": "C.UTF-8"}, ""),
        ({"LANG": "fr_FR.UTF-8"}, ""),
        ({}, ""),
    ],
)
def test_the_terminal_names_a_language(variables: dict[str, str], spoken: str) -> None:
    assert speaking.language(variables) == spoken


@pytest.mark.process
def test_a_language_we_do_not_have_is_refused_by_name(firm: FirmInAFolder) -> None:
    assert "en, pt-br" in firm.refused("--language", "fr", "check")
