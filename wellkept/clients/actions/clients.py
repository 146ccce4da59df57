"""Clients: taken on, changed, handed to another bookkeeper, archived."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.clients.actions.checks import ClientArchived, allow_managing_clients
from wellkept.clients.fields import a_country, a_language, a_line, a_short, a_zone
from wellkept.clients.models import Client, Contact
from wellkept.core import live, search, secrets
from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal, TakenByAnother
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.people.models import Staff, Team

__all__ = [
    "ClientArchived",
    "NameTaken",
    "NeedsBookkeeper",
    "archive",
    "change_client",
    "hand_everything_over",
    "hand_portfolio",
    "take_on",
]


class NeedsBookkeeper(Refusal):
    """A client without a named bookkeeper has nobody to turn to."""


class NameTaken(Refusal):
    """Another client has this name."""


@transaction.atomic
def take_on(
    *,
    name: str,
    bookkeeper: Staff | None,
    calendar: Any = None,
    team: Team | None = None,
    time_zone: str = "",
    country: str = "",
    language: str = "",
    since_on: date | None = None,
    source: str = "",
    by: Staff | None,
    at: datetime,
) -> Client:
    """A new client with its named bookkeeper. Calendar, zone and language are the firm's where none is given."""
    allow_managing_clients(by)
    firm = people.firm()
    if firm is None:
        raise NotYours(_("Set up the firm first."))
    client = Client.objects.create(
        name=_free_name(name),
        public_id=secrets.new_token()[:22],
        bookkeeper=_an_active_bookkeeper(bookkeeper),
        team=team,
        calendar=calendar or firm.calendar,
        time_zone=a_zone(time_zone or firm.time_zone),
        country=a_country(country),
        language=a_language(language or firm.language),
        since_on=since_on or at.date(),
        source=a_short(source, longest=80, field="source"),
    )
    record("client.taken_on", at=at, by=by, client=client, bookkeeper=client.bookkeeper_id)
    make_findable(client, at)
    _tell(client)
    return client


@transaction.atomic
def change_client(
    *,
    client: Client,
    name: str,
    team: Team | None,
    calendar: Any,
    time_zone: str,
    country: str,
    language: str,
    since_on: date,
    by: Staff | None,
    at: datetime,
) -> Client:
    """Everything but the bookkeeper, who changes by handing over."""
    _allow_changing(client, by)
    client.name = _free_name(name, besides=client)
    client.team, client.calendar = team, calendar
    client.time_zone, client.country, client.language = a_zone(time_zone), a_country(country), a_language(language)
    client.since_on = since_on
    client.save()
    record("client.changed", at=at, by=by, client=client)
    make_findable(client, at)
    _tell(client)
    return client


@transaction.atomic
def hand_portfolio(*, client: Client, bookkeeper: Staff | None, by: Staff | None, at: datetime) -> Client:
    """The client's books go to another bookkeeper; open work follows as higher rooms hear of it."""
    _allow_changing(client, by)
    return _hand_over(client, _an_active_bookkeeper(bookkeeper), by=by, at=at)


@transaction.atomic
def hand_everything_over(*, giver: Staff, taker: Staff, by: Staff | None, at: datetime) -> list[Client]:
    """Every client of a bookkeeper goes to `taker`; run again, it finds nothing left to do."""
    allow_managing_clients(by)
    receiver = _an_active_bookkeeper(taker)
    mine: Iterable[Client] = list(Client.objects.filter(bookkeeper=giver))
    return [_hand_over(client, receiver, by=by, at=at) for client in mine]


@transaction.atomic
def archive(*, client: Client, by: Staff | None, at: datetime) -> Client:
    """We no longer keep these books. The record stays; nothing new is added."""
    allow_managing_clients(by)
    if Client.objects.filter(pk=client.pk, archived_at=None).update(archived_at=at) != 1:
        raise ClientArchived(_("%(client)s is archived already.") % {"client": client.name})
    client.archived_at = at
    record("client.archived", at=at, by=by, client=client)
    _tell(client)
    return client


def make_findable(client: Client, at: datetime) -> None:
    """The client by its name and its people."""
    people_there = Contact.objects.filter(client=client, left_at=None).prefetch_related("addresses")
    lines = [" ".join([c.name, c.role, *(a.value for a in c.addresses.all())]) for c in people_there[:200]]
    search.index(kind="client", object_id=client.pk, client=client.pk, title=client.name, body="\n".join(lines), at=at)


def _hand_over(client: Client, bookkeeper: Staff, *, by: Staff | None, at: datetime) -> Client:
    giver = client.bookkeeper_id
    if giver == bookkeeper.pk:
        return client
    if Client.objects.filter(pk=client.pk, bookkeeper_id=giver).update(bookkeeper=bookkeeper) != 1:
        raise TakenByAnother(
            _("Somebody else has just handed %(client)s over. Load it again.") % {"client": client.name}
        )
    client.bookkeeper = bookkeeper
    record("client.handed_over", at=at, by=by, client=client, **{"from": giver, "to": bookkeeper.pk})
    _tell(client, giver)
    return client


def _an_active_bookkeeper(staff: Staff | None) -> Staff:
    if staff is None:
        raise NeedsBookkeeper(_("Choose the client's bookkeeper: every client has one by name."), field="bookkeeper")
    if not staff.is_active:
        raise NeedsBookkeeper(
            _("%(name)s has left. Choose somebody who is here.") % {"name": staff.name}, field="bookkeeper"
        )
    return staff


def _allow_changing(client: Client, by: Staff | None) -> None:
    allow_managing_clients(by)
    if client.archived_at is not None:
        raise ClientArchived(_("%(client)s is archived. Take the client on again first.") % {"client": client.name})


def _free_name(text: str, besides: Client | None = None) -> str:
    name = a_line(text, longest=160)
    taken = Client.objects.filter(name__iexact=name)
    if (taken if besides is None else taken.exclude(pk=besides.pk)).exists():
        raise NameTaken(_("There is a client named %(name)s already.") % {"name": name}, field="name")
    return name


def _tell(client: Client, *also: int) -> None:
    live.tell(["firm", f"client-{client.pk}", *(f"staff-{pk}" for pk in also)], [f"client-{client.pk}", "clients"])
