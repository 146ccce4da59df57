"""Mail from files: one letter, a folder of letters, a Maildir, an mbox. Each goes the way of every mail."""

from __future__ import annotations

import mailbox as mbox
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from wellkept.connectors.email import actions, explain
from wellkept.connectors.email.models import RawMail
from wellkept.core.refusals import Refusal

_LETTER_ENDINGS = (".eml", ".msg.txt", ".txt")


class NothingToTake(Refusal):
    """There is no mail at that place."""


def take_file(raw: bytes, *, at: datetime) -> str:
    """Take the letter in now and say in a sentence what became of it."""
    mail, _new = actions.store_and_claim(raw=raw, via="file", at=at)
    if mail.taken_in_at or mail.duplicate_at or mail.discarded_at:
        return _("taken in before; nothing changed")
    if not mail.quarantined_at:
        mail = actions.read_one(raw=mail, at=at)
    return said(mail)


def said(mail: RawMail) -> str:
    """What became of a mail."""
    if mail.quarantined_at:
        return _("in quarantine: %(why)s") % {"why": explain.quarantine(mail.reason)}
    if mail.duplicate_at:
        return _("a copy of a mail we have; nothing changed")
    if mail.taken_in_at and mail.message is not None:
        return _("taken in: “%(subject)s”") % {"subject": mail.message.conversation.subject}
    return _("kept; it will be read soon")


def letters(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every letter at a place: a file, a Maildir (cur and new), an mbox, or a folder of .eml files, in order of name."""
    if path.is_file():
        yield from _mbox(path) if _is_mbox(path) else [(path.name, path.read_bytes())]
        return
    if not path.is_dir():
        raise NothingToTake(_("There is no file or folder %(path)s.") % {"path": path})
    folders = [path / name for name in ("cur", "new") if (path / name).is_dir()]
    found = False
    for folder in folders or [path]:
        for file in sorted(folder.iterdir()):
            if file.is_file() and not file.name.startswith(".") and (folders or file.suffix.lower() in _LETTER_ENDINGS):
                found = True
                yield file.name, file.read_bytes()
    if not found:
        raise NothingToTake(
            _("There is no letter in %(path)s. Name an .eml file, a Maildir or an mbox.") % {"path": path}
        )


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From " and path.suffix.lower() != ".eml"


def _mbox(path: Path) -> Iterator[tuple[str, bytes]]:
    box = mbox.mbox(str(path), create=False)
    try:
        for number, key in enumerate(box.keys(), start=1):
            yield f"{path.name} #{number}", box.get_bytes(key)
    finally:
        box.close()
