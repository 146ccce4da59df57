"""`wellkept verify`: is the service book as it was written?"""

from __future__ import annotations

from typing import Annotated

import typer
from django.db import connection

from wellkept.cli.words import progress, say, sorry
from wellkept.core import guards, sealing, verifying
from wellkept.core.clock import now


def add_to(root: typer.Typer) -> None:
    root.command()(verify)


def verify(
    recent: Annotated[bool, typer.Option("--recent", help="Only what was added since the last good reading.")] = False,
) -> None:
    """Read the service book against its chain and the anchor files; names every line that was tampered with."""
    sealing.seal(at=now())
    with progress("Reading the service book") as tell:
        report = verifying.examine_on(at=now(), progress=tell) if recent else verifying.examine(progress=tell)
    for finding in report.findings:
        sorry(f"{finding.kind}: {finding.sentence}")
    if not guards.present(connection):
        sorry("The triggers that guard the book are missing. Put them back with: wellkept migrate --guards")
        raise typer.Exit(1)
    if report.findings:
        sorry(
            f"{len(report.findings)} findings in {report.lines:,} lines. Keep the database as it is and compare it with a backup."
        )
        raise typer.Exit(1)
    say(f"The service book is whole: {report.lines:,} lines, chained up to line {report.verified_to:,}.")
    if report.unsealed:
        say(f"{report.unsealed:,} newer lines are not sealed yet: a transaction is still running.")
