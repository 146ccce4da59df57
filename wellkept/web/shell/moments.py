"""Times in words: `fri 15:00`, `tomorrow`, `+3h`, `13/11 9:30`, `in 2 days`, in English and Portuguese. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal

DAYS = {
    **{
        name: i
        for i, names in enumerate(
            (
                "mon monday seg segunda",
                "tue tues tuesday ter terca",
                "wed wednesday qua quarta",
                "thu thur thurs thursday qui quinta",
                "fri friday sex sexta",
                "sat saturday sab sabado",
                "sun sunday dom domingo",
            )
        )
        for name in names.split()
    },
}
MONTHS = {
    name: i
    for i, names in enumerate(
        (
            "jan january janeiro",
            "feb february fev fevereiro",
            "mar march marco",
            "apr april abr abril",
            "may mai maio",
            "jun june junho",
            "jul july julho",
            "aug august ago agosto",
            "sep sept september set setembro",
            "oct october out outubro",
            "nov november novembro",
            "dec december dez dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
TODAY = {"today", "hoje"}
TOMORROW = {"tomorrow", "tmr", "tom", "amanha"}
AFTER_TOMORROW = "depois-de-amanha"
FILLERS = {
    "at",
    "on",
    "by",
    "the",
    "next",
    "in",
    "de",
    "as",
    "a",
    "em",
    "ate",
    "no",
    "na",
    "proxima",
    "proximo",
    "feira",
}
UNITS = {
    "m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1, "minuto": 1, "minutos": 1,
    "h": 60, "hr": 60, "hour": 60, "hours": 60, "hora": 60, "horas": 60,
    "d": 1440, "day": 1440, "days": 1440, "dia": 1440, "dias": 1440,
    "w": 10080, "week": 10080, "weeks": 10080, "semana": 10080, "semanas": 10080,
}  # fmt: skip
CLOCK = re.compile(r"(\d{1,2})(?:[:h.](\d{2})|h)?(am|pm)?")
NUMBERS = re.compile(r"(\d{1,4})[/.-](\d{1,2})(?:[/.-](\d{2,4}))?")
STEP = re.compile(r"\+?(\d{1,3})([a-z]+)")
DAY_OPENS_AT = time(9)
DAY_CLOSES_AT = time(17)
LONGEST = 60


class NotATime(Refusal):
    """The words name no instant; the sentence shows how to write one."""


def read(text: str, *, now: datetime, zone: ZoneInfo, end_of_day: time = DAY_CLOSES_AT) -> datetime:
    """The instant meant by `text` for somebody in `zone`; a day without a time means the end of the working day."""
    words = _words(text)
    here = now.astimezone(zone)
    step = _step(words)
    if step is not None:
        return (here + timedelta(minutes=step)).replace(second=0, microsecond=0)
    day, rest = _day(words, here.date())
    at = _clock(rest)
    if rest and at is None:
        raise _unclear(text)
    if day is None and at is None:
        raise _unclear(text)
    if day is None:
        assert at is not None
        day = here.date() if at > here.time() else here.date() + timedelta(days=1)
    return datetime.combine(day, at or end_of_day, zone)


def _unclear(text: str) -> NotATime:
    return NotATime(
        _("“%(text)s” is not a time we can read. Write it like fri 15:00, tomorrow 9:00, +3h or 3 dec 14:00.")
        % {"text": text.strip()[:LONGEST]}
    )


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.strip().casefold()[:LONGEST])
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace(",", " ").replace("-feira", "")
    if not plain.isascii():
        raise _unclear(text)
    parts = plain.split()
    if parts[:1] == ["depois"] and "amanha" in parts:
        parts = [AFTER_TOMORROW, *parts[parts.index("amanha") + 1 :]]
    return [word.rstrip(".") for word in parts if word not in FILLERS]


def _step(words: list[str]) -> int | None:
    """`+3h`, `+ 90 min`, `2 days`: from now, by the wall clock."""
    joined = "".join(words)
    match = STEP.fullmatch(joined)
    if match is None or match[2] not in UNITS:
        return None
    return int(match[1]) * UNITS[match[2]]


def _day(words: list[str], today: date) -> tuple[date | None, list[str]]:
    for i, word in enumerate(words):
        rest = words[:i] + words[i + 1 :]
        if word in TODAY:
            return today, rest
        if word in TOMORROW:
            return today + timedelta(days=1), rest
        if word == AFTER_TOMORROW:
            return today + timedelta(days=2), rest
        if word in DAYS and not _has_month(words):
            return today + timedelta(days=(DAYS[word] - today.weekday() - 1) % 7 + 1), rest
        if word in MONTHS:
            return _named(words, i, today)
        match = NUMBERS.fullmatch(word)
        if match and not (":" in word or ("." in word and match[3] is None)):
            return _numbered(match, today), rest
    return None, words


def _has_month(words: list[str]) -> bool:
    return any(word in MONTHS for word in words)


def _named(words: list[str], i: int, today: date) -> tuple[date | None, list[str]]:
    """`3 dec`, `dec 3`, `fri 3 dec 2026`."""
    left = [word for word in words if word not in DAYS]
    i = left.index(words[i])
    around = [j for j in (i - 1, i + 1) if 0 <= j < len(left) and left[j].isdecimal() and int(left[j]) <= 31]
    if not around:
        return None, words
    number = left[around[0]]
    year = next((word for word in left if word.isdecimal() and len(word) == 4), None)
    rest = [word for j, word in enumerate(left) if j not in (i, around[0]) and word != year]
    return _ahead(int(year) if year else None, MONTHS[left[i]], int(number), today), rest


def _numbered(match: re.Match[str], today: date) -> date:
    if len(match[1]) == 4:
        return _ahead(int(match[1]), int(match[2]), int(match[3] or 1), today)
    year = int(match[3]) + (2000 if len(match[3]) == 2 else 0) if match[3] else None
    return _ahead(year, int(match[2]), int(match[1]), today)


def _ahead(year: int | None, month: int, day: int, today: date) -> date:
    """The next such date; a year that was written is kept."""
    try:
        found = date(year or today.year, month, day)
        return found if year or found >= today else date(today.year + 1, month, day)
    except ValueError as error:
        raise NotATime(_("There is no such day. Write it like fri 15:00 or 3 dec 14:00.")) from error


def _clock(words: list[str]) -> time | None:
    if not words:
        return None
    match = CLOCK.fullmatch("".join(words))
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] == "pm" and hour < 12:
        hour += 12
    if match[3] == "am" and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None
