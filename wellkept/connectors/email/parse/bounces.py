"""Delivery failures and delays: who was not reached, and whether for good.

A report by the standard (RFC 3464) is believed first. The many older notices are read as a person reads them: is the
writer a mail system, does the notice (never the returned mail below it) say that something was not delivered, and
which addresses does it name as recipients. A notice that names nobody is no bounce: there is nobody to mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import charsets
from . import wording_bounces as words
from .address import AddressRefused, address
from .mime import Headers, Part, Reader, header_blocks
from .result import Bounce, FailedRecipient

_MOST_RECIPIENTS = 100
_LONGEST_NOTICE = 30_000
_LONGEST_REASON = 300


def recognise(root: Part, reader: Reader, *, sender: str, subject: str, own: frozenset[str]) -> Bounce | None:
    """The failure this mail reports. `own` are the addresses it was sent to: never the ones that failed."""
    machine = _from_machine(root, sender)
    if not machine and not words.SUBJECT.search(subject):
        return None
    parts = list(_parts(root, reader))
    returned = _returned_message_id(parts)
    found = _from_report(parts)
    if not found:
        notice = _notice(parts)
        if words.FAILED.search(f"{subject}\n{notice}") or (machine and words.QMAIL_LINE.search(notice)):
            found = _from_notice(notice, subject, sender=sender, own=own)
            returned = returned or _named_message_id(notice)
    return Bounce(tuple(found[:_MOST_RECIPIENTS]), returned) if found else None


def _from_machine(root: Part, sender: str) -> bool:
    headers = root.headers
    return bool(
        words.SENDER.search(headers.text("from"))
        or words.SENDER.search(sender)
        or headers.get("return-path").strip() in ("<>", "<MAILER-DAEMON>")
        or root.parameter("report-type").lower() in ("delivery-status", "disposition-notification")
        or headers.get("auto-submitted").lower().startswith("auto-generated")
    )


def _parts(root: Part, reader: Reader) -> Iterator[Part]:
    """All parts, and those of a whole report that a gateway wrapped into one more mail."""
    for part in root.walk():
        yield part
        if part.content_type == "message/rfc822" and not part.parts:
            inner = reader.embedded(part)
            if inner.content_type == "multipart/report":
                yield from inner.walk()


def _from_report(parts: list[Part]) -> list[FailedRecipient]:
    found: dict[str, FailedRecipient] = {}
    for part in parts:
        if part.content_type == "message/delivery-status":
            blocks = header_blocks(charsets.decode(part.content()[:200_000]))
        elif part.content_type == "message/disposition-notification":
            blocks = [block for block in header_blocks(charsets.decode(part.content()[:50_000])) if _deleted(block)]
        else:
            continue
        for block in blocks:
            failed = _failed(block)
            if failed:
                found.setdefault(failed.address.lower(), failed)
    return list(found.values())


def _deleted(block: Headers) -> bool:
    disposition = block.get("disposition").lower()
    return "automatic-action" in disposition and ("deleted" in disposition or "rejected" in disposition)


def _failed(block: Headers) -> FailedRecipient | None:
    action = block.get("action").lower().strip()
    if not action.startswith(("fail", "delay")) and not block.get("disposition"):
        return None
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        kind, _, value = block.get(name).partition(";")
        if kind.strip().lower() not in ("rfc822", "utf-8"):
            continue
        try:
            named = address(value.strip().strip("<>"))
        except AddressRefused:
            continue
        reason = block.get("diagnostic-code").partition(";")[2].strip() or block.get("status")
        return FailedRecipient(named, not action.startswith("delay"), reason[:_LONGEST_REASON])
    return None


def _notice(parts: list[Part]) -> str:
    """What the mail system wrote itself: the first text, up to where the returned mail begins."""
    for part in parts:
        if part.content_type in ("text/plain", "text/html") and part.body.nbytes:
            text = charsets.decode(part.content()[: _LONGEST_NOTICE * 4], part.parameter("charset"))
            if part.content_type == "text/html":
                text = re.sub(r"<[^<>]{0,2000}>", "\n", text)
            cut = words.RETURNED.search(text)
            return text[: cut.start() if cut else None][:_LONGEST_NOTICE]
    return ""


def _from_notice(notice: str, subject: str, *, sender: str, own: frozenset[str]) -> list[FailedRecipient]:
    permanent = not words.STILL_TRYING.search(f"{subject}\n{notice}")
    found: dict[str, FailedRecipient] = {}
    lines = notice.split("\n")
    for index, line in enumerate(lines):
        if words.HELP_LINE.search(line) or words.ECHOED_HEADER.match(line):
            continue
        for named in _named(line):
            if named.lower() not in own and named.lower() != sender.lower():
                reason = _reason(lines[index : index + 6])
                found.setdefault(named.lower(), FailedRecipient(named, permanent, reason))
    return list(found.values()) or _bare_names(lines, sender, permanent)


def _named(line: str) -> Iterator[str]:
    for pattern in words.RECIPIENTS:
        for match in pattern.finditer(line):
            try:
                yield address(match[1].rstrip(".,;:"))
            except AddressRefused:
                continue


def _bare_names(lines: list[str], sender: str, permanent: bool) -> list[FailedRecipient]:
    """Some systems name their users without the domain, which is then their own."""
    domain = sender.rpartition("@")[2]
    start = next((index for index, line in enumerate(lines) if words.FAILED.search(line)), None)
    if start is None or not domain:
        return []
    names = [match[1] for line in lines[start + 1 :] if (match := words.BARE_NAME.match(line))]
    return [FailedRecipient(f"{name}@{domain}", permanent, _reason(lines[start:])) for name in dict.fromkeys(names)]


def _reason(lines: list[str]) -> str:
    coded = next((line for line in lines if words.CODE.search(line)), None)
    said = coded if coded is not None else next((line for line in lines[1:] if line.strip()), lines[0] if lines else "")
    return " ".join(said.split())[:_LONGEST_REASON]


def _returned_message_id(parts: list[Part]) -> str:
    for part in parts:
        if part.content_type in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            found = _named_message_id(charsets.decode(part.content()[:100_000]))
            if found:
                return found
        if part.content_type in ("message/disposition-notification", "message/delivery-status", "text/plain"):
            found = _named_message_id(charsets.decode(part.content()[:100_000]))
            if found:
                return found
    return ""


def _named_message_id(text: str) -> str:
    match = words.MESSAGE_ID.search(text)
    return match[1] if match else ""
