"""Hours and times of the settings, read as people write them and said back."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from wellkept.clients.actions import DAY, HOUR, MINUTE, TargetDraft, TargetUnclear
from wellkept.core.clock import now
from wellkept.web.settings import hours, targets
from wellkept.web.shell.reading import zone_of
from wellkept.web.shell.words import Reader


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("9-17", [["09:00", "17:00"]]),
        ("9:00–12:30, 13:30–17:00", [["09:00", "12:30"], ["13:30", "17:00"]]),
        ("9h30 às 18h00; 19 to 20", [["09:30", "18:00"], ["19:00", "20:00"]]),
        ("22:00–6:00", [["22:00", "06:00"]]),
        ("0:00–24:00", [["00:00", "24:00"]]),
        ("", []),
        ("closed", []),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, line: list[list[str]]) -> None:
    assert hours.read_line(typed, "mon") == line
    assert hours.read_line(hours.words(line), "mon") == line


@pytest.mark.parametrize("typed", ["nine to five", "9", "9-", "-17", "9:0-17", "9-17 and 18-20", "9-17," * 3])
def test_hours_nobody_can_read_are_refused(typed: str) -> None:
    with pytest.raises(hours.HoursUnclear) as refused:
        hours.read_line(typed, "tue")
    assert refused.value.field == "hours_tue"


@pytest.mark.parametrize(
    ("typed", "clock", "seconds"),
    [
        ("45 min", "business", 45 * MINUTE),
        ("90", "business", 90 * MINUTE),
        ("3 h", "business", 3 * HOUR),
        ("1 h 30", "elapsed", 90 * MINUTE),
        ("2 d", "business", 16 * HOUR),
        ("2 d", "elapsed", 2 * DAY),
        ("1d 2h", "business", 10 * HOUR),
        ("3 horas", "business", 3 * HOUR),
        ("20 s", "elapsed", 20),
        ("60s", "business", 60),
        ("2 min 30 s", "business", 150),
        ("1 h 5 s", "business", HOUR + 5),
        ("20 segundos", "elapsed", 20),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, clock: str, seconds: int) -> None:
    [draft] = targets.read([targets.Line(kind="acknowledge", time=typed, clock=clock)])

    assert draft.seconds == seconds
    again = targets.time_text(seconds, clock)
    assert targets.read([targets.Line(kind="acknowledge", time=again, clock=clock)])[0].seconds == seconds


@pytest.mark.parametrize("typed", ["soon", "h", "-3 h", "3.5 h", "20 s 30", "5 s 1 h", "1e3", "３ h"])
def test_times_nobody_can_read_are_refused(typed: str) -> None:
    with pytest.raises(TargetUnclear):
        targets.read([targets.Line(kind="acknowledge", time=typed)])


def test_lines_of_unequal_columns_do_no_harm() -> None:
    posted = QueryDict("kind=acknowledge&kind=resolve&time=3+h&share=&clock=business")

    assert [line.kind for line in targets.lines_typed(posted)] == ["acknowledge"]


def test_changes_name_what_ends_and_what_begins() -> None:
    eyes = Reader("en", zone_of("UTC"), now())
    before = [TargetDraft("acknowledge", 3 * HOUR), TargetDraft("resolve", 40 * HOUR)]
    after = [TargetDraft("acknowledge", HOUR, channel="email"), TargetDraft("resolve", 40 * HOUR)]

    found = [(change.what, change.before, change.after) for change in targets.changes(before, after, eyes)]

    assert found == [
        ("Acknowledge", "every one within 3 h of office time", "nothing promised"),
        ("Acknowledge, e-mail", "nothing promised", "every one within 1 h of office time"),
    ]
