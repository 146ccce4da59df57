"""`wellkept setup`, `demo` and `token`: the firm and its people from a terminal."""

from __future__ import annotations

from typing import Annotated

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.cli import database, embedded, speaking
from wellkept.cli.words import out, say
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import actions, queries

WORKING_WEEK = {"weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}


class NobodyThere(Refusal):
    """No active person has this address."""


class NotEmpty(Refusal):
    """The database has a firm already."""


def add_to(root: typer.Typer) -> None:
    root.command()(setup)
    root.command()(demo)
    root.command()(token)


def setup(
    name: Annotated[str, typer.Option(prompt=_("Name of your firm"))],
    mail: Annotated[str, typer.Option(prompt=_("Address your mail is sent from"))],
    admin_name: Annotated[str, typer.Option(prompt=_("Your name"))],
    admin_email: Annotated[str, typer.Option(prompt=_("Your e-mail address"))],
    admin_password: Annotated[
        str, typer.Option(prompt=_("A password of at least 12 characters"), hide_input=True, confirmation_prompt=True)
    ],
    time_zone: Annotated[str, typer.Option(prompt=_("Time zone, like Pacific/Auckland"))] = "UTC",
    language: Annotated[str, typer.Option(help="en or pt-br; default: that of the terminal")] = "",
) -> None:
    """Set up a real firm: its calendar (Monday to Friday, 9 to 17) and its first administrator."""
    database.bring_up_to_date(without_asking=True)
    actions.set_up_firm(
        name=name,
        mail_address=mail,
        language=language or speaking.language() or "en",
        time_zone=time_zone,
        calendar_schedule=WORKING_WEEK,
        admin_name=admin_name,
        admin_email=admin_email,
        admin_password=admin_password,
        at=now(),
    )
    say(_("Your firm is set up. Run: wellkept serve"))
    say(_("Its calendar and everything else is changed under Settings."))


def demo() -> None:
    """Load the demo firm into an empty database."""
    database.bring_up_to_date(without_asking=True)
    if queries.firm() is not None:
        raise NotEmpty(_("This database has a firm already. Set WELLKEPT_DATA to an empty folder and try again."))
    embedded.load_demo_if_empty()
    if not settings.DEMO:
        say(_("Start it with WELLKEPT_DEMO=1 to sign in with one click."))


def token(
    for_: Annotated[str, typer.Option("--for", help="E-mail address of the person whose scope the token has.")],
    name: Annotated[
        str, typer.Option(help="What the token is for; shown under the person's preferences.")
    ] = "Command line",
) -> None:
    """Print a new API token of a person. It is shown once; only its hash is kept."""
    staff = queries.by_email(for_)
    if staff is None or not staff.is_active:
        raise NobodyThere(_("Nobody active has the address %(address)s.") % {"address": for_})
    _token, clear = actions.new_api_token(staff=staff, name=name, by=None, at=now())
    out.file.write(f"{clear}\n")
