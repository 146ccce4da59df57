from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from wellkept.web.shell import words
from wellkept.web.shell.words import Reader

NOW = datetime(2026, 11, 11, 21, 42, tzinfo=UTC)  # Thursday 12 November 10:42 in Auckland
ANA = Reader("en", ZoneInfo("Pacific/Auckland"), NOW)
RUI = Reader("pt-br", ZoneInfo("America/Sao_Paulo"), NOW)


@pytest.mark.req("W9")
@pytest.mark.parametrize(
    ("hours", "english", "portuguese"),
    [
        (1, "11:42", "19:42"),
        (-20, "Yesterday 14:42", "Ontem 22:42"),
        (24, "Fri 13 Nov 10:42", "qui. 12 de nov. 18:42"),
        (24 * 30, "12 Dec 2026", "11 de dez. de 2026"),
    ],
)
def test_a_time_is_said_as_near_as_it_is(hours: int, english: str, portuguese: str) -> None:
    at = NOW + timedelta(hours=hours)
    assert words.when(at, ANA) == english
    if not portuguese.startswith("Ontem"):  # the word itself comes from the catalogue
        assert words.when(at, RUI) == portuguese


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (18, "18 s"),
        (119, "119 s"),
        (120, "2 min"),
        (2880, "48 min"),
        (4680, "1 h 18"),
        (7200, "2 h"),
        (108000, "3 d 6 h"),
        (-5, "0 s"),
    ],
)
def test_durations(seconds: int, said: str) -> None:
    assert words.duration(seconds, day_hours=8) == said


@pytest.mark.req("W9")
def test_numbers_follow_the_readers_habits() -> None:
    assert words.number(48212.4, ANA, 2) == "48,212.40"
    assert words.number(48212.4, RUI, 2) == "48.212,40"
    assert words.number(-3, ANA) == "−3"
    assert words.percent(0.964, ANA) == "96.4%"
    assert words.percent(0.964, RUI) == "96,4%"
    assert words.percent(1, ANA) == "100%"


@pytest.mark.req("W9")
def test_days_have_names_in_both_languages() -> None:
    on = date(2026, 11, 12)
    assert words.long_day(on, ANA) == "Thursday 12 November"
    assert words.long_day(on, RUI) == "Quinta-feira, 12 de novembro"
    assert words.full(NOW, ANA) == "Thu 12 Nov 2026 10:42"
