"""What an attachment really is, told from its first bytes: the sender's word for it is not enough."""

from __future__ import annotations

import re

UNKNOWN = "application/octet-stream"
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"{\\rtf", "application/rtf"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
)
_OLE = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".msg": "application/vnd.ms-outlook",
}
_TEXT = {
    ".csv": "text/csv",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
    ".json": "application/json",
    ".xml": "application/xml",
    ".eml": "message/rfc822",
}
_BMFF = {b"heic": "image/heic", b"mif1": "image/heic", b"avif": "image/avif", b"qt  ": "video/quicktime"}
_ACTIVE = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|svg)\b", re.IGNORECASE)


def content_type(content: bytes, declared: str, name: str) -> str:
    """The type of those bytes. Text that a browser would run is called HTML or SVG whatever the sender says."""
    head, ending = content[:4096], name[name.rfind(".") :].lower() if "." in name else ""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return _OLE.get(ending, kind) if kind == "application/x-ole-storage" else kind
    if head.startswith(b"PK\x03\x04"):
        return _zip(content, ending)
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _BMFF.get(head[8:12], "video/mp4")
    if declared == "message/rfc822":
        return declared
    return _text(head, ending, declared)


def _zip(content: bytes, ending: str) -> str:
    if b"[Content_Types].xml" in content[:65536] or b"[Content_Types].xml" in content[-65536:]:
        for folder, kind in _OFFICE.items():
            if folder in content[:65536] or folder in content[-65536:]:
                return kind
    if content[30:38] == b"mimetype":
        match = re.match(rb"application/vnd\.oasis[!-~]{1,60}|application/epub\+zip", content[38:120])
        if match:
            return match[0].split(b"PK")[0].decode("ascii")
    return "application/zip"


def _text(head: bytes, ending: str, declared: str) -> str:
    if b"\x00" in head:
        return UNKNOWN
    active = _ACTIVE.search(head)
    if active:
        return "image/svg+xml" if b"svg" in active[0].lower() else "text/html"
    if head.lstrip().startswith(b"<?xml"):
        return "application/xml"
    if ending in _TEXT:
        return _TEXT[ending]
    return "text/plain" if _reads_as_text(head) else _declared(declared)


def _reads_as_text(head: bytes) -> bool:
    strange = sum(byte < 32 and byte not in (9, 10, 13, 12) for byte in head)
    return strange == 0


def _declared(declared: str) -> str:
    family = declared.partition("/")[0]
    return declared if family in ("audio", "video") else UNKNOWN
