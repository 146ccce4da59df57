"""`wellkept serve` and `wellkept work`: the processes of a firm."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType
from typing import Annotated

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.cli import database, embedded, server
from wellkept.cli.words import say


def add_to(root: typer.Typer) -> None:
    root.command()(serve)
    root.command()(work)
    root.command()(migrate)


def serve(
    demo: Annotated[bool, typer.Option("--demo", help="Load the demo firm into an empty database.")] = False,
    migrate: Annotated[
        bool, typer.Option("--migrate", help="Bring the database to this release without asking.")
    ] = False,
) -> None:
    """Serve the pages. Embedded (the default on SQLite): with worker, schedules and mail intake in the same process."""
    database.refuse_unsafe()
    database.bring_up_to_date(without_asking=migrate or settings.ENV.embedded)
    if demo or settings.DEMO:
        embedded.load_demo_if_empty()
    listening = server.listen(settings.ENV.host, settings.ENV.port)
    with embedded.helpers(worker=settings.ENV.embedded) as helpers:
        server.say_where_to_click(listening, mail_port=helpers.mail_port)
        server.run(listening)
    say(_("Stopped."))


def work(
    deliverers: Annotated[int, typer.Option(min=1, max=16, help="Threads that run reactions.")] = 1,
    senders: Annotated[int, typer.Option(min=1, max=16, help="Threads that send mail and other outgoing things.")] = 2,
    mail_in: Annotated[bool, typer.Option("--mail-in", help="Take in mail by SMTP as well.")] = False,
) -> None:
    """Run reactions, outgoing mail and schedules, on as many machines as you like. Stops cleanly on SIGTERM."""
    database.refuse_unsafe()
    database.refuse_outdated()
    asked_to_stop = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        asked_to_stop.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with embedded.helpers(worker=True, mail_in=mail_in, deliverers=deliverers, senders=senders):
        say(_("Working. Stop with Ctrl-C; what is in hand is finished first."))
        sys.stdout.flush()
        while not asked_to_stop.wait(1):
            pass
    say(_("Stopped."))


def migrate(
    guards: Annotated[bool, typer.Option("--guards", help="Put the triggers of the service book back.")] = False,
) -> None:
    """Bring the database to this release."""
    database.bring_up_to_date(without_asking=True)
    if guards:
        database.put_guards_back()
    say(_("The database is up to date."))
