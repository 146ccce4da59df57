"""Who wrote a mail, by a strict grammar of our own (a subset of RFC 5322).

Lenient parsers read `From: ceo@client.example <evil@evil.example>` as the CEO. Here the address is only what stands
in angle brackets, or a bare address when nothing else stands beside it; a name that shows another address is kept but
marked as misleading; a From that could be read as two senders is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from .charsets import header as decode_header
from .result import Mailbox

NO_FROM = "no-from"
TWO_FROM_HEADERS = "two-from-headers"
TWO_ADDRESSES = "two-addresses"
NO_ADDRESS = "no-address"
NOT_AN_ADDRESS = "not-an-address"

_LONGEST_HEADER = 60_000
_MOST_ADDRESSES = 500
_ATEXT = r"[^\s\x00-\x1f\x7f()<>\[\]:;@\\,.\"]"
_LOCAL = rf"(?:{_ATEXT}+(?:\.{{1,2}}{_ATEXT}+)*\.?|\"(?:[^\"\\\r\n]|\\.){{1,64}}\")"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]+\])"
_ADDRESS = re.compile(rf"({_LOCAL})@({_DOMAIN})\Z")
_SHOWN_ADDRESS = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+\.[^\s@<>\"'(),;:]+")
_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"?|[<>,;:]|\((?:[^()\\]|\\.)*\)|[^\"<>,;:(]+|\(", re.DOTALL)
_HIDDEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


class AddressRefused(ValueError):
    """The header does not name exactly one sender; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def address(text: str) -> str:
    """A bare address in its normal form (domain in lower case), or AddressRefused."""
    match = _ADDRESS.match(unicodedata.normalize("NFC", text.strip())) if len(text) <= 400 else None
    if match is None:
        raise AddressRefused(NOT_AN_ADDRESS)
    local, domain = match[1], match[2].rstrip(".").lower()
    if len(local) > 66 or len(domain) > 253 or len(local) + len(domain) + 1 > 254:
        raise AddressRefused(NOT_AN_ADDRESS)
    return f"{local}@{domain}"


def sender(headers: Sequence[str]) -> Mailbox:
    """The one sender named by the From headers of a mail (there must be exactly one), or AddressRefused."""
    if not headers:
        raise AddressRefused(NO_FROM)
    if len(headers) > 1:
        raise AddressRefused(TWO_FROM_HEADERS)
    if len(headers[0]) > _LONGEST_HEADER:
        raise AddressRefused(NOT_AN_ADDRESS)
    entries = _entries(headers[0])
    if any(entry.angles > 1 for entry in entries) or sum(entry.is_address for entry in entries) > 1:
        raise AddressRefused(TWO_ADDRESSES)
    named = [index for index, entry in enumerate(entries) if entry.is_address]
    if not named:
        raise AddressRefused(NO_ADDRESS)
    if named[0] != len(entries) - 1:
        raise AddressRefused(NOT_AN_ADDRESS)
    # `Doe, Jane <jane@client.example>`: a comma in a name that should have been quoted; nobody else is named.
    name = ", ".join([entry.words for entry in entries[:-1] if entry.words] + [entries[-1].words]).strip(", ")
    return _mailbox(entries[-1].text, name)


def recipients(headers: Sequence[str]) -> tuple[Mailbox, ...]:
    """Every address in To or Cc headers, once each, in order; what is no address is passed over."""
    found: dict[str, Mailbox] = {}
    for value in headers:
        waiting: list[str] = []
        for entry in _entries(value[:_LONGEST_HEADER]):
            if not entry.is_address or entry.angles > 1:
                waiting = [*waiting, entry.words] if entry.words else []
                continue
            try:
                mailbox = _mailbox(entry.text, ", ".join([*waiting, entry.words]).strip(", "))
            except AddressRefused:
                continue
            finally:
                waiting = []
            found.setdefault(mailbox.address.lower(), mailbox)
            if len(found) >= _MOST_ADDRESSES:
                return tuple(found.values())
    return tuple(found.values())


class _Entry:
    """What stands between two commas: words beside at most one address in angle brackets, or a bare address."""

    __slots__ = ("angles", "comments", "inside", "open", "outside", "quoted")

    def __init__(self) -> None:
        self.outside: list[str] = []
        self.inside: list[str] = []
        self.comments: list[str] = []
        self.angles = 0
        self.open = False
        self.quoted = False

    @property
    def bare(self) -> str:
        return "".join(self.outside).strip()

    @property
    def text(self) -> str:
        return "".join(self.inside).strip() if self.angles else self.bare

    @property
    def is_address(self) -> bool:
        if self.angles:
            return bool(self.text)
        return "@" in self.bare

    @property
    def words(self) -> str:
        name = self.bare if self.angles or "@" not in self.bare else ""
        return _unquoted(name) or " ".join(self.comments).strip()


def _entries(value: str) -> list[_Entry]:
    entries = [_Entry()]
    for match in _TOKEN.finditer(value.replace("\x00", "")):
        sign, entry = match[0], entries[-1]
        if entry.open:
            _inside(entry, sign)
        elif sign in (",", ";"):
            entries.append(_Entry())
        elif sign == "<":
            entry.angles += 1
            entry.open = True
        elif sign == ":" and "@" not in entry.bare and not entry.angles:
            entries[-1] = _Entry()  # the name of a group: `Undisclosed recipients:;`
        elif sign[0] == "(" and len(sign) > 1:
            entry.comments.append(sign[1:-1])
        else:
            entry.outside.append(sign)
    return [entry for entry in entries if entry.bare or entry.angles or entry.comments]


def _inside(entry: _Entry, sign: str) -> None:
    if sign == ">":
        entry.open = False
    elif not (sign[0] == "(" and len(sign) > 1):
        entry.inside.append(sign)


def _mailbox(text: str, name: str) -> Mailbox:
    found = address(text)
    shown = _shown(name)
    return Mailbox(found, shown, misleading=_misleads(shown, found))


def _shown(name: str) -> str:
    return _HIDDEN.sub("", unicodedata.normalize("NFC", decode_header(name))).strip().strip("\"'").strip()[:200]


def _misleads(name: str, found: str) -> bool:
    # Full-width and other look-alike signs are folded first: `ceo＠client.example` misleads a reader just as well.
    folded = unicodedata.normalize("NFKC", name).lower()
    return any(other.rstrip(".") != found.lower() for other in _SHOWN_ADDRESS.findall(folded))


def _unquoted(name: str) -> str:
    if '"' not in name:
        return name
    return re.sub(r"\\(.)", r"\1", name).replace('"', "").strip()
