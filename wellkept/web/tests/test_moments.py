from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from wellkept.web.shell import moments

AUCKLAND = ZoneInfo("Pacific/Auckland")
NOW = datetime(2026, 11, 12, 10, 42, tzinfo=AUCKLAND)  # a Thursday


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("fri 15:00", "2026-11-13 15:00"),
        ("Friday at 3pm", "2026-11-13 15:00"),
        ("sex 15h", "2026-11-13 15:00"),
        ("sexta-feira às 15:30", "2026-11-13 15:30"),
        ("thu 9:00", "2026-11-19 09:00"),
        ("tomorrow", "2026-11-13 17:00"),
        ("tomorrow 9", "2026-11-13 09:00"),
        ("amanhã 9h30", "2026-11-13 09:30"),
        ("depois de amanhã", "2026-11-14 17:00"),
        ("today 16:00", "2026-11-12 16:00"),
        ("hoje", "2026-11-12 17:00"),
        ("+3h", "2026-11-12 13:42"),
        ("+ 90 min", "2026-11-12 12:12"),
        ("in 2 days", "2026-11-14 10:42"),
        ("15:00", "2026-11-12 15:00"),
        ("9:00", "2026-11-13 09:00"),
        ("3 dec", "2026-12-03 17:00"),
        ("dec 3 14:00", "2026-12-03 14:00"),
        ("3 de dezembro 14:00", "2026-12-03 14:00"),
        ("fri 13 nov 10:00", "2026-11-13 10:00"),
        ("3 jan", "2027-01-03 17:00"),
        ("13/11 9:30", "2026-11-13 09:30"),
        ("13/11/2026 9:30", "2026-11-13 09:30"),
        ("2026-11-13 10:00", "2026-11-13 10:00"),
        ("3 dec 2027", "2027-12-03 17:00"),
    ],
)
def test_words_name_an_instant(text: str, meant: str) -> None:
    assert moments.read(text, now=NOW, zone=AUCKLAND).strftime("%Y-%m-%d %H:%M") == meant


@pytest.mark.parametrize(
    "text",
    ["", "soon", "25:00", "fri 15:61", "31/02", "40 dec", "fri fri", "+h", "١٢:٠٠", "x" * 500, "3 dec foo", "+99999d"],
)
def test_words_that_name_none_are_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(moments.NotATime, match="Write it like"):
        moments.read(text, now=NOW, zone=AUCKLAND)
