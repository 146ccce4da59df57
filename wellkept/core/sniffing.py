"""What bytes are, by their first bytes. A claim is believed only when the bytes do not contradict it."""

from __future__ import annotations

import re

ENOUGH = 2048
UNKNOWN = "application/octet-stream"
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"\xca\xfe\xba\xbe", "application/x-mach-binary"),
    (b"#!", "text/x-script"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"{\\rtf", "application/rtf"),
)
ZIP = b"PK\x03\x04"
ZIP_KINDS = {
    "application/zip",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
}
ZIP_FAMILY = "application/vnd.openxmlformats-officedocument."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_KINDS = {
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.ms-outlook",
}
ACTIVE = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|script|svg|iframe)\b", re.IGNORECASE)
TEXTS = {"text/plain", "text/csv", "text/calendar", "text/vcard", "application/json", "text/markdown", "message/rfc822"}
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}")


def media_type(head: bytes, *, claimed: str) -> str:
    """The type to serve the bytes as. Anything that a browser might run is called plain text or unknown bytes."""
    claim = claimed.split(";")[0].strip().lower()
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] in {b"WEBP", b"WAVE"}:
        return "image/webp" if head[8:12] == b"WEBP" else "audio/wav"
    if head[4:8] == b"ftyp":
        return claim if claim in {"image/heic", "image/heif", "audio/mp4", "video/quicktime"} else "video/mp4"
    if head.startswith(ZIP):
        return claim if claim in ZIP_KINDS or claim.startswith(ZIP_FAMILY) else "application/zip"
    if head.startswith(OLE):
        return claim if claim in OLE_KINDS else "application/x-ole-storage"
    return _text(head, claim)


def _text(head: bytes, claim: str) -> str:
    if b"\x00" in head:
        return UNKNOWN
    if ACTIVE.search(head):
        return "text/plain"
    if claim in TEXTS:
        return claim
    if claim in {"application/xml", "text/xml"} or head.lstrip().startswith(b"<?xml"):
        return "application/xml"
    readable = all(byte >= 0x20 or byte in b"\t\r\n\x0c\x1b" for byte in head)
    return "text/plain" if readable and head else UNKNOWN
