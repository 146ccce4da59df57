"""What comes in, by a strict grammar: nothing that a database or a calendar would choke on gets past these types."""

from __future__ import annotations

import base64
import binascii
from datetime import date, datetime
from typing import Annotated, Any

from ninja.errors import HttpError
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

EARLIEST, LATEST = 2000, 2100


def _within_reach(value: Any) -> Any:
    if not EARLIEST <= value.year <= LATEST:
        raise ValueError(f"Give a date between {EARLIEST} and {LATEST}.")
    return value


def _plain(text: str) -> str:
    if "\x00" in text:
        raise ValueError("The text holds a NUL character.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("The text holds half a character.") from None
    return text


Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Limit = Annotated[int, Field(ge=1, le=100)]
Moment = Annotated[AwareDatetime, AfterValidator(_within_reach)]
Day = Annotated[date, AfterValidator(_within_reach)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}$")]
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}\.[a-z_]{1,40}$")]
Words = Annotated[str, StringConstraints(max_length=200), AfterValidator(_plain)]
Address = Annotated[str, StringConstraints(max_length=254), AfterValidator(_plain)]
Text = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(_plain)]
Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,120}$")]


def pack(place: object) -> str:
    """A cursor: where the page ended, closed to guessing but not secret."""
    return base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def unpack(cursor: str | None) -> str:
    """Where the page before ended; "" for the first page."""
    if cursor is None:
        return ""
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise unusable() from None


def unpack_id(cursor: str | None) -> int:
    place = unpack(cursor)
    if not place:
        return 0
    if place.isascii() and place.isdigit() and len(place) < 19:
        return int(place)
    raise unusable()


def unpack_place(cursor: str | None, separator: str) -> str | None:
    """A place written by a list of ours: a letter, a time, an id. Anything else is no cursor."""
    place = unpack(cursor)
    if not place:
        return None
    try:
        _part, rest = place.split(separator, 1)
        moment, last = rest.rsplit(separator, 1)
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not EARLIEST <= at.year <= LATEST or not 0 <= int(last) < 2**63:
            raise ValueError(place)
    except ValueError:
        raise unusable() from None
    return place


def unusable() -> HttpError:
    return HttpError(422, "This cursor is not one we gave. Begin at the first page.")
