"""The tree of a mail: headers and parts, cut from the bytes without copying them. Tolerant, and limited everywhere.

The standard library reads parameters and file names; the cutting is ours, because its parser copies every line of a
30 MB attachment and follows nesting as deep as a hostile mail wishes.
"""

from __future__ import annotations

import binascii
import email.message
import re
from collections.abc import Iterator

from .charsets import base64_bytes, decode
from .charsets import header as decode_header

MOST_HEADERS = 1_000
LONGEST_HEADERS = 256 * 1024
LONGEST_VALUE = 64 * 1024
MOST_PARTS = 1_000
DEEPEST = 30
_LONGEST_HEAD = 4 * LONGEST_HEADERS
_LONGEST_PARAMETERS = 4_000

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_BLANK_LINE = re.compile(rb"\n\r?\n")


class Headers:
    """The header fields of one part, in order. Values are unfolded, undecoded text."""

    __slots__ = ("fields",)

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self.fields = fields

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]

    def get(self, name: str) -> str:
        return next((value for key, value in self.fields if key == name), "")

    def text(self, name: str) -> str:
        return decode_header(self.get(name))


class Part:
    """One part of a mail. `parts` is empty for a leaf; `body` is a piece of the mail's bytes."""

    __slots__ = ("_content_type", "_parameters", "body", "declared_type", "headers", "parts")

    def __init__(self, headers: Headers, body: memoryview, default_type: str = "text/plain") -> None:
        self.headers = headers
        self.body = body
        self.parts: list[Part] = []
        self._parameters = _parameters(headers.get("content-type"))
        declared = headers.get("content-type").partition(";")[0].strip().lower()
        self.declared_type = declared
        self._content_type = declared if re.fullmatch(r"[!-.0-~]{1,80}/[!-.0-~]{1,80}", declared) else default_type

    @property
    def content_type(self) -> str:
        return self._content_type

    def parameter(self, name: str) -> str:
        return self._parameters.get(name, "")

    @property
    def disposition(self) -> str:
        return self.headers.get("content-disposition").partition(";")[0].strip().lower()

    @property
    def filename(self) -> str:
        name = _parameters(self.headers.get("content-disposition")).get("filename") or self.parameter("name")
        return decode_header(name)

    def content(self, most: int = 0) -> bytes:
        """The bytes of a leaf, its transfer encoding undone; what cannot be undone is given as it stands.

        With `most`, only about so many bytes of what was sent are looked at, up to the end of a line.
        """
        body = self.body
        if 0 < most < body.nbytes:
            end = bytes(body[most - 4_000 : most]).rfind(b"\n")
            body = body[: most if end == -1 else most - 4_000 + end + 1]
        encoding = self.headers.get("content-transfer-encoding").strip().lower()
        try:
            if encoding == "base64":
                return base64_bytes(body)
            if encoding == "quoted-printable":
                return binascii.a2b_qp(body)
            if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
                return _uudecoded(bytes(body))
        except (binascii.Error, ValueError):
            pass
        return bytes(body)

    def walk(self) -> Iterator[Part]:
        """This part and all below it, outside in, in order."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.parts))


class Reader:
    """Cuts one mail. `defects` names what was wrong or left out."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._view = memoryview(raw)
        self._count = 0
        self.defects: dict[str, None] = {}

    def read(self) -> Part:
        return self._part(0, len(self._raw), 0, "text/plain")

    def embedded(self, part: Part) -> Part:
        """The mail inside a message/rfc822 part."""
        inner = Reader(part.content())
        inner._count = self._count
        return inner.read()

    def _part(self, start: int, end: int, depth: int, default_type: str) -> Part:
        self._count += 1
        fields, body = self._head(start, end)
        part = Part(Headers(fields), self._view[body:end], default_type)
        if not part.content_type.startswith("multipart/"):
            return part
        if depth >= DEEPEST:
            self.defects["too-deep"] = None
            return part
        boundary = part.parameter("boundary")
        inner_type = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for inner_start, inner_end in self._cuts(boundary, body, end):
            if self._count >= MOST_PARTS:
                self.defects["too-many-parts"] = None
                break
            part.parts.append(self._part(inner_start, inner_end, depth + 1, inner_type))
        if not part.parts:
            self.defects["broken-mime"] = None
            part._content_type = "text/plain"
        return part

    def _cuts(self, boundary: str, start: int, end: int) -> list[tuple[int, int]]:
        line = b"--" + boundary.encode("utf-8", "replace")
        if not boundary or len(line) > 400:
            return []
        cuts: list[tuple[int, int]] = []
        opened, at = -1, self._raw.find(line, start, end)
        while at != -1 and len(cuts) < MOST_PARTS:
            after = at + len(line)
            if at in (start, 0) or self._raw[at - 1 : at] == b"\n":
                closing, rest = self._line_rest(after, end)
                if rest != -1:
                    if opened != -1:
                        cuts.append((opened, self._before_newline(opened, at)))
                    opened = -1 if closing else rest
                    if closing:
                        return cuts
            at = self._raw.find(line, after, end)
        if opened != -1:
            self.defects["unclosed-mime"] = None
            cuts.append((opened, end))
        return cuts

    def _line_rest(self, after: int, end: int) -> tuple[bool, int]:
        """Whether the boundary line closes, and where the next line starts; -1 when it is no boundary line."""
        stop = self._raw.find(b"\n", after, min(end, after + 200))
        rest = bytes(self._raw[after : stop if stop != -1 else min(end, after + 200)]).strip()
        if rest not in (b"", b"--"):
            return False, -1
        return rest == b"--", stop + 1 if stop != -1 else end

    def _before_newline(self, start: int, at: int) -> int:
        end = at - 1
        if end > start and self._raw[end - 1 : end] == b"\r":
            end -= 1
        return max(start, end)

    def _head(self, start: int, end: int) -> tuple[list[tuple[str, str]], int]:
        """The header fields and where the body starts. A line that is no field ends the header: it is text."""
        fields: list[tuple[str, bytearray]] = []
        at, size = start, 0
        while at < end:
            if at - start > _LONGEST_HEAD:
                return [(name, _header_text(bytes(value))) for name, value in fields], self._after_blank(at, end)
            stop = self._raw.find(b"\n", at, end)
            stop = end if stop == -1 else stop + 1
            line = bytes(self._raw[at : min(stop, at + LONGEST_VALUE)]).rstrip(b"\r\n")
            if not line:
                at = stop
                break
            match = _FIELD.match(line)
            if line[:1] in (b" ", b"\t"):
                self._continue(fields, line)
            elif match:
                size += len(line)
                self._add(fields, match[1], line[match.end() :], size)
            elif not (at == start and line.startswith((b"From ", b">From "))):
                self.defects["broken-header"] = None
                break
            at = stop
        return [(name, _header_text(bytes(value))) for name, value in fields], at

    def _after_blank(self, at: int, end: int) -> int:
        self.defects["too-many-headers"] = None
        found = _BLANK_LINE.search(self._raw, at, end)
        return found.end() if found else at

    def _continue(self, fields: list[tuple[str, bytearray]], line: bytes) -> None:
        if fields and len(fields[-1][1]) + len(line) < LONGEST_VALUE:
            fields[-1][1].extend(b" " + line.strip())

    def _add(self, fields: list[tuple[str, bytearray]], name: bytes, value: bytes, size: int) -> None:
        if len(fields) >= MOST_HEADERS or size > LONGEST_HEADERS:
            self.defects["too-many-headers"] = None
            return
        fields.append((name.decode("ascii").lower(), bytearray(value.strip())))


def header_blocks(text: str) -> list[Headers]:
    """The groups of fields in a delivery report (RFC 3464), which look like headers with blank lines between."""
    blocks = []
    for block in re.split(r"\n[ \t]*\n", text)[:200]:
        fields: list[tuple[str, str]] = []
        for line in block.split("\n")[:200]:
            name, colon, value = line.partition(":")
            if line[:1] in (" ", "\t") and fields:
                fields[-1] = (fields[-1][0], (fields[-1][1] + " " + line.strip())[:2_000])
            elif colon and re.fullmatch(r"[!-9;-~]{1,80}[ \t]*", name):
                fields.append((name.strip().lower(), value.strip()[:2_000]))
        if fields:
            blocks.append(Headers(fields))
    return blocks


def _header_text(value: bytes) -> str:
    if value.isascii():
        return value.decode("ascii")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")


def _parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition, RFC 2231 undone."""
    if ";" not in value:
        return {}
    message = email.message.Message()
    message["Content-Type"] = value[:_LONGEST_PARAMETERS].replace("\r", " ").replace("\n", " ")
    try:
        rows = message.get_params(failobj=[], unquote=True)
        return {
            name.lower(): _parameter(entry) for name, entry in reversed(rows[1:]) if isinstance(entry, (str, tuple))
        }
    except (ValueError, LookupError, TypeError, UnicodeError, IndexError):
        return {}


def _parameter(entry: str | tuple[str | None, str | None, str]) -> str:
    if isinstance(entry, str):
        return entry.strip()
    charset, _, text = entry
    return decode(text.encode("latin-1", "replace"), charset or "utf-8")


def _uudecoded(body: bytes) -> bytes:
    out, inside = [], False
    for line in body.splitlines():
        if not inside:
            inside = line.startswith(b"begin ")
        elif line.strip() == b"end":
            break
        else:
            try:
                out.append(binascii.a2b_uu(line))
            except binascii.Error:
                size = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
                out.append(binascii.a2b_uu(line[:size]))
    return b"".join(out)
