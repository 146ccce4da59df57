"""What lives beside the pages in one process: the worker with its schedules, and the local mail intake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec

from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.cli.words import progress, say, sorry
from wellkept.connectors.email.intake import Intake
from wellkept.core import outbox
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.jobs.worker import Worker
from wellkept.people import queries as people

MAIL = ("email", "account_mail")


class MailPortTaken(Refusal):
    """We cannot take mail in there."""


@dataclass(frozen=True)
class Helpers:
    """The mail port is empty where no mail is taken in."""

    mail_port: int | None


@contextmanager
def helpers(*, worker: bool, mail_in: bool | None = None, deliverers: int = 1, senders: int = 2) -> Iterator[Helpers]:
    """Start what is wanted and stop all of it at the end, each finishing what is in its hands."""
    if settings.ENV.smtp_url:
        for kind in MAIL:
            outbox.let_held_go(kind=kind, at=now())
    intake = _mail_intake() if (worker if mail_in is None else mail_in) else None
    running = Worker(deliverers=deliverers, senders=senders) if worker else None
    if running:
        running.start()
    try:
        yield Helpers(mail_port=intake.port if intake else None)
    finally:
        if intake:
            intake.stop()
        if running and not running.finish():
            sorry(_("Some work was still in hand after 30 seconds; it will be done again after the next start."))


def load_demo_if_empty() -> None:
    """The demo firm into a database without a firm; nothing is ever added to a real one."""
    if people.firm() is not None or not find_spec("wellkept.demo.load"):
        return
    from wellkept.demo.load import load

    with progress(_("Inventing a month in the life of a small firm")) as tell:
        load(at=now(), progress=tell)
    say(_("The demo firm is ready."))


def _mail_intake() -> Intake:
    """The SMTP door of the e-mail connector, listening."""
    intake = Intake(host=settings.ENV.mail_in_host, port=settings.ENV.mail_in_port)
    try:
        intake.start()
    except OSError as error:
        raise MailPortTaken(error.strerror or str(error)) from error
    return intake
