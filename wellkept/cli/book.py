"""`wellkept verify`: are the service book and every client's ledger as they were written?"""

from __future__ import annotations

from typing import Annotated

import typer
from django.db import connection

from wellkept.cli.words import progress, say, sorry
from wellkept.core import guards, sealing, verifying
from wellkept.core.clock import now
from wellkept.ledger import queries as ledger


def add_to(root: typer.Typer) -> None:
    root.command()(verify)


def verify(
    recent: Annotated[bool, typer.Option("--recent", help="Only what was added since the last good reading.")] = False,
) -> None:
    """Read the service book and every ledger against their chains; names every line that was tampered with.

    The anchor files prove the service book, and it holds the end of every ledger's chain. `--recent` leaves the ledgers out.
    """
    sealing.seal(at=now())
    with progress("Reading the service book") as tell:
        report = verifying.examine_on(at=now(), progress=tell) if recent else verifying.examine(progress=tell)
    for finding in report.findings:
        sorry(f"{finding.kind}: {finding.sentence}")
    if not guards.present(connection):
        sorry("The triggers that guard the book are missing. Put them back with: wellkept migrate --guards")
        raise typer.Exit(1)
    broken = 0 if recent else _ledgers()
    if report.findings:
        sorry(
            f"{len(report.findings)} findings in {report.lines:,} lines. Keep the database as it is and compare it with a backup."
        )
        raise typer.Exit(1)
    if broken:
        sorry("Keep the database as it is and compare it with a backup.")
        raise typer.Exit(1)
    say(f"The service book is whole: {report.lines:,} lines, chained up to line {report.verified_to:,}.")
    if report.unsealed:
        say(f"{report.unsealed:,} newer lines are not sealed yet: a transaction is still running.")


def _ledgers() -> int:
    """Read every client's ledger; says how many are not whole."""
    broken = books = entries = 0
    for book in ledger.all_books():
        with progress(f"Reading the ledger of {book.client.name}") as tell:
            report = ledger.verify_book(book, tell)
        books, entries = books + 1, entries + report.entries
        broken += bool(report.findings)
        for finding in report.findings:
            sorry(f"{book.client.name}, {finding.kind}: {finding.sentence}")
    if books and not broken:
        say(f"Every ledger is whole: {entries:,} entries in {books:,} books.")
    return broken
