"""Reads mail in other processes that can be killed: 10 s of CPU and 512 MB for each mail, whatever is in it.

`Sandbox.parse` may be called from any thread. What comes back is a `ParsedMail`, or `ParseFailed` with a reason; never an
exception of the parser.
"""

from __future__ import annotations

import threading
from typing import Any

from wellkept.core.killable import CRASHED, PARSER_ERROR, TOO_LARGE, TOO_MUCH_MEMORY, TOO_SLOW, Killable
from wellkept.core.killable import Failed as ParseFailed

from .result import ParsedMail, from_wire

LONGEST_MAIL = 60 * 1024 * 1024

__all__ = [
    "CRASHED",
    "LONGEST_MAIL",
    "PARSER_ERROR",
    "TOO_LARGE",
    "TOO_MUCH_MEMORY",
    "TOO_SLOW",
    "ParseFailed",
    "Sandbox",
    "shared",
]


class Sandbox:
    """A few reading processes, started when first needed; `limits` are those of `Killable`."""

    def __init__(self, **limits: Any) -> None:
        task = f"{__package__}.worker:answer"
        self._box: Killable[ParsedMail] = Killable(task, from_wire, **{"longest": LONGEST_MAIL, **limits})
        self.close = self._box.close

    def parse(self, raw: bytes) -> ParsedMail:
        """The mail in those bytes, or ParseFailed."""
        return self._box.run(raw)


_shared: list[Sandbox] = []
_sharing = threading.Lock()


def shared() -> Sandbox:
    """The one sandbox of this process."""
    with _sharing:
        if not _shared:
            _shared.append(Sandbox())
        return _shared[0]
