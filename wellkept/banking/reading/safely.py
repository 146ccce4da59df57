"""Reading a document in a process that can be killed: 10 s of CPU, 512 MB, at most 25 MB of file."""

from __future__ import annotations

from pathlib import Path

from wellkept.core.killable import PARSER_ERROR, TOO_LARGE, Failed, Killable

from .result import ReadText
from .sentences import DAMAGED, GONE, PICTURE, TOO_LONG, TOO_MUCH
from .wire import from_wire, how

LONGEST_FILE = 25 * 1024 * 1024
_WHY = {TOO_LARGE: TOO_LONG, PARSER_ERROR: DAMAGED}
_box: Killable[ReadText] = Killable(
    "wellkept.banking.reading.texts:answer", from_wire, processes=1, longest=LONGEST_FILE, tasks_per_process=100
)


def read_safely(path: Path, *, media_type: str, name: str) -> ReadText:
    """The text, or the sentence that says why there is none. Never an exception of the reader."""
    if media_type.startswith("image/"):
        return ReadText(problem=PICTURE)
    try:
        if path.stat().st_size > LONGEST_FILE:
            return ReadText(problem=TOO_LONG)
        return _box.run(path.read_bytes(), how(media_type, name))
    except FileNotFoundError:
        return ReadText(problem=GONE)
    except Failed as failed:
        return ReadText(problem=_WHY.get(failed.code, TOO_MUCH))


def close() -> None:
    """Ends the idle process."""
    _box.close()
