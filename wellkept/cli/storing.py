"""`wellkept backup` and `wellkept restore`: the whole firm in one archive, while it works."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.cli import database
from wellkept.cli.words import progress, say
from wellkept.core import backups
from wellkept.core.clock import now


def add_to(root: typer.Typer) -> None:
    root.command()(backup)
    root.command()(restore)


def backup(
    folder: Annotated[
        Path | None, typer.Argument(help="Where the archive goes. Default: backups in the data folder.")
    ] = None,
    keep: Annotated[int, typer.Option(min=0, help="Remove older archives there but so many; 0 removes none.")] = 0,
) -> None:
    """Write database, files, keys and anchors into one archive with checksums. The firm may go on working."""
    database.refuse_outdated()
    place = folder or Path(settings.DATA) / "backups"
    with progress(_("Writing the backup")) as tell:
        archive = backups.make(folder=place, at=now(), progress=tell)
    say(f"{archive} ({archive.stat().st_size / 1024 / 1024:,.1f} MB)")
    say(_("It holds the keys of the firm: keep it as safe as a password, and on another machine."))
    for older in backups.forget_older(folder=place, keep=keep):
        say(_("Removed %(name)s.") % {"name": older.name})


def restore(archive: Annotated[Path, typer.Argument(help="An archive written by wellkept backup.")]) -> None:
    """Bring a firm back into an empty data folder and database. Every checksum is compared before anything is written."""
    with progress(_("Checking the backup")) as tell:
        manifest = backups.restore(archive=archive, progress=tell)
    say(_("The firm is back as it was at %(made_at)s. Now run: wellkept verify") % {"made_at": manifest.made_at})
