"""Bytes of any claimed character set to clean text. Never fails, never runs a codec that is not a character set."""

from __future__ import annotations

import binascii
import codecs
import re

# Claimed names that mean something wider in practice; the wider one reads every text of the narrower one.
_WIDER = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
}
_ALIASES = {
    "unicode-1-1-utf-7": "utf-7",
    "x-unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "utf8mb4": "utf-8",
    "x-gbk": "gb18030",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "cp-850": "cp850",
    "ansi_x3.110-1983": "cp1252",
    "iso-8859-8-i": "iso8859-8",
}
_KNOWN = re.compile(
    r"^(?:utf-(?:7|8|16|16-le|16-be|32|32-le|32-be)|utf-8-sig|ascii|iso8859-\d+|cp\d+|koi8-[rut]|gb2312|gbk|gb18030"
    r"|hz|big5|big5hkscs|euc_jp|euc_jis_2004|shift_jis|shift_jisx0213|iso2022_\w+|euc_kr|johab|mac-[a-z]+|ptcp154"
    r"|tis-620|hp-roman8)$"
)
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ENCODED_WORD = re.compile(r"=\?([!->@-~]{1,60})\?([bBqQ])\?([ -~]{0,2000}?)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[!->@-~]{1,60}\?[bBqQ]\?)")


def codec(claimed: str) -> str | None:
    """The Python name of a claimed character set, or None when there is no such character set."""
    name = claimed.strip().strip("\"'").lower()
    try:
        found = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(found, found) if _KNOWN.match(found) else None


def decode(raw: bytes, claimed: str = "") -> str:
    """The text in those bytes: as claimed if that works, else UTF-8, else Windows Latin with marks for the rest."""
    for name in (codec(claimed) if claimed else None, "utf-8"):
        if name is None:
            continue
        try:
            return clean(raw.decode(name))
        except UnicodeDecodeError as broken:
            if len(raw) > 1_000 and broken.start >= len(raw) - 4:  # cut in the middle of its last character
                return clean(raw[: broken.start].decode(name))
        except (UnicodeError, ValueError):
            continue
    return clean(raw.decode("cp1252", "replace"))


def clean(text: str) -> str:
    """Line ends as \\n, no BOM, no control characters, no lone surrogates: safe for every database and for JSON."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWANTED.sub("", text).lstrip("\ufeff")


def header(value: str) -> str:
    """A header value with its encoded words (RFC 2047) read, on one line."""
    if "=?" in value:
        value = _decode_words(_BETWEEN_WORDS.sub(r"\1", value))
    return " ".join(clean(value).split())


def _decode_words(value: str) -> str:
    # A character may be cut across neighbouring words, so bytes of one character set are joined before reading.
    out: list[str] = []
    pending, charset, end = b"", "", 0
    for match in _ENCODED_WORD.finditer(value):
        name, raw = match[1].partition("*")[0].lower(), _word_bytes(match[2], match[3])
        if match.start() != end or name != charset:
            out.append(decode(pending, charset) if pending else "")
            out.append(value[end : match.start()])
            pending, charset = b"", name
        pending += raw
        end = match.end()
    out.append(decode(pending, charset) if pending else "")
    out.append(value[end:])
    return "".join(out)


def _word_bytes(encoding: str, payload: str) -> bytes:
    if encoding in "qQ":
        return binascii.a2b_qp(payload.replace("_", " ").encode("ascii"), header=False)
    return base64_bytes(payload.encode("ascii"))


def base64_bytes(payload: bytes | memoryview) -> bytes:
    """Base64 with any rubbish between, and with a missing end mended."""
    try:
        return binascii.a2b_base64(payload)
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", bytes(payload))
        whole = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
