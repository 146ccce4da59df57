"""Rounds through the incoming folder. Two looks at a file have to be equal before it is taken."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from wellkept.banking.actions import arrivals
from wellkept.clients import queries as clients
from wellkept.connectors.folder import places
from wellkept.core import files
from wellkept.core.refusals import Refusal
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.clients.models import Client

MOST_AT_ONCE = 200  # files a round; the rest waits for the next one
MOST_KEPT = 10_000  # looks remembered
log = structlog.get_logger("wellkept.folder")


@dataclass
class Round:
    """What one round did."""

    taken: int = 0
    refused: int = 0
    waiting: int = 0

    @property
    def full(self) -> bool:
        return self.taken + self.refused >= MOST_AT_ONCE


class Watch:
    """Remembers the last look at every file between two rounds, and which sentences the log has heard."""

    def __init__(self) -> None:
        self._looks: dict[tuple[str, str], places.Look] = {}
        self._said: set[str] = set()

    def anything_waits(self, root: Path) -> bool:
        """Whether there is a file to look at, so that an empty folder costs nothing."""
        for name in places.folders(root):
            try:
                with places.opened_folder(root, name) as folder:
                    if places.files(folder):
                        return True
            except OSError:
                continue
        return False

    def go_round(self, root: Path, *, at: datetime) -> Round:
        """Take what is finished. A full disk ends the round; everything stays where it is."""
        done, before = Round(), self._looks
        self._looks = {}
        firm = people.firm()
        with translation.override(firm.language if firm else settings.LANGUAGE_CODE):
            for name in places.folders(root):
                client = clients.by_number(name)
                if client is None:
                    self._say_once(name, _("No client we keep books for has this number; the folder is left alone."))
                    continue
                try:
                    self._go_through(root, name, client, done, before, at)
                except files.NoSpace as full:
                    self._say_once("", str(full))
                    return done
                except OSError as trouble:
                    self._say_once(name, _("The folder cannot be used: %(why)s.") % {"why": trouble.strerror})
        return done

    def _go_through(
        self,
        root: Path,
        name: str,
        client: Client,
        done: Round,
        before: dict[tuple[str, str], places.Look],
        at: datetime,
    ) -> None:
        with places.opened_folder(root, name) as folder:
            for file in places.files(folder):
                if done.full or len(self._looks) >= MOST_KEPT:
                    return
                try:
                    self._look_at(folder, file, client, done, before.get((name, file)), at)
                except FileNotFoundError:
                    continue  # taken away again

    def _look_at(
        self, folder: int, name: str, client: Client, done: Round, before: places.Look | None, at: datetime
    ) -> None:
        try:
            with places.opened_file(folder, name) as file:
                seen = places.look(file)
                finished = seen == before and not places.is_written(file)
                why = _taken(file, seen, name, client, at) if finished else None
        except places.Foreign:
            seen = places.look_from_outside(folder, name)
            why = _foreign() if seen == before else None
        if why is None:
            self._looks[(client.public_id, name)] = seen
            done.waiting += 1
        elif why:
            places.move(folder, name, to=places.REFUSED, inode=seen.inode, sentence=why)
            done.refused += 1
            log.warning("folder.refused", client=client.pk, words=why)
        else:
            places.move(folder, name, to=places.TAKEN, inode=seen.inode)
            done.taken += 1

    def _say_once(self, name: str, words: str) -> None:
        if f"{name}:{words}" not in self._said:
            self._said.add(f"{name}:{words}")
            log.warning("folder.left", folder=name[:60], words=words)


def _taken(file: int, seen: places.Look, name: str, client: Client, at: datetime) -> str | None:
    """Empty when it is taken in, a sentence when it cannot be used, None when it changed while it was read."""
    if seen.size == 0:
        return _("The file is empty.")
    claimed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    try:
        stored = files.store(places.chunks(file), media_type=claimed, at=at)
        if places.look(file) != seen:
            return None
        arrivals.take_from_folder(client=client, stored=stored, name=_shown(name), at=at)
    except files.NoSpace:
        raise
    except Refusal as refusal:
        return str(refusal)
    return ""


def _foreign() -> str:
    return _("This is a link, or belongs to somebody else on this machine. Copy the file itself into the folder.")


def _shown(name: str) -> str:
    """A name on disk may hold any bytes; what is kept is text."""
    return "".join(letter for letter in name.encode("utf-8", "replace").decode() if letter.isprintable())
