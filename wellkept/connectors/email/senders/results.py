"""What our own receiving server wrote on top of a mail (Authentication-Results), read strictly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_POLICY = re.compile(r"\bp=([a-z]{1,20})", re.IGNORECASE)
_METHOD = re.compile(r"([a-z0-9-]{1,20})(?: ?/ ?\d+)? ?= ?([a-z]{1,20})\b", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(header\.d|header\.i|header\.from|smtp\.mailfrom|smtp\.helo) ?= ?(\S{1,254})", re.IGNORECASE)
_PART = re.compile(r'\\.|"(?:[^"\\]|\\.)*"|[()";]|[^()";\\]+|\\')
_TAKEN_AS_ONE = ('"', "\\")
NAMELESS = "-"
_ABOUT = ("header.d", "header.i", "smtp.mailfrom", "header.from", "smtp.helo")


@dataclass(frozen=True)
class Result:
    """One method and how it ended: dkim, pass, the domain it was about, and the policy named beside it."""

    method: str
    outcome: str
    domain: str = ""
    policy: str = ""


class _Unclear(Exception):
    """Brackets or quotes do not end: somebody may have written into the line."""


def told_by(server: str, lines: Iterable[str]) -> tuple[Result, ...] | None:
    """What the server of that name wrote (`-` for one that does not write its name); None when it wrote nothing.

    Only its topmost line counts: what stands below came along with the mail. A server worth naming here takes such lines
    of its own name out of what it receives. A line that is not well formed, or answers DMARC twice, says nothing.
    """
    wanted = server.strip().lower()
    for line in lines if wanted else ():
        try:
            pieces = _pieces(" ".join(line.split()))
        except _Unclear:
            continue
        named = not _METHOD.match(pieces[0][0])
        if (named and pieces[0][0].lower().split()[:1] == [wanted]) or (not named and wanted == NAMELESS):
            found = tuple(_results(pieces))
            return () if sum(result.method == "dmarc" for result in found) > 1 else found
    return None


def _pieces(line: str) -> list[tuple[str, str]]:
    """The parts between semicolons, each with its comments beside it; what stands in quotes is never read as more."""
    pieces, depth = [["", ""]], 0
    for part in _PART.findall(line):
        if part in "()":
            depth += 1 if part == "(" else -1
        elif part == ";" and not depth:
            pieces.append(["", ""])
        elif depth or part[0] not in _TAKEN_AS_ONE:
            pieces[-1][bool(depth)] += part
        if part == '"' or depth < 0:
            raise _Unclear
    if depth:
        raise _Unclear
    return [(said.strip(), aside) for said, aside in pieces]


def _results(pieces: Iterable[tuple[str, str]]) -> Iterator[Result]:
    for said, aside in pieces:
        method = _METHOD.match(said)
        if method is not None:
            about = {key.lower(): value for key, value in _PROPERTY.findall(said)}
            policy = _POLICY.search(aside)
            yield Result(method[1].lower(), method[2].lower(), _domain(about), policy[1].lower() if policy else "")


def _domain(about: dict[str, str]) -> str:
    named = next((about[name] for name in _ABOUT if about.get(name)), "")
    return named.rpartition("@")[2].strip("<>").rstrip(".").lower()
