"""What a file of clients would do, row by row, before anything is written. Reads only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext as _

from wellkept.calendars import queries as calendars
from wellkept.clients import fields, queries, sheet
from wellkept.clients.models import Client, Contact, ContactAddress
from wellkept.clients.rules import CHANNELS
from wellkept.clients.sheet import SheetRow
from wellkept.core.addresses import email
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.people.models import Staff

COLUMNS = (
    "client",
    "bookkeeper",
    "support team",
    "calendar",
    "time zone",
    "country",
    "language",
    "since",
    "contact",
    "email",
    "phone",
    "department",
    "role",
    "preferred channel",
)
HEADINGS = {column: column for column in COLUMNS} | {
    "client name": "client",
    "company": "client",
    "cliente": "client",
    "empresa": "client",
    "bookkeeper email": "bookkeeper",
    "contador": "bookkeeper",
    "team": "support team",
    "equipe": "support team",
    "timezone": "time zone",
    "fuso horário": "time zone",
    "país": "country",
    "idioma": "language",
    "since on": "since",
    "desde": "since",
    "contact name": "contact",
    "contato": "contact",
    "e mail": "email",
    "telephone": "phone",
    "telefone": "phone",
    "departamento": "department",
    "cargo": "role",
    "channel": "preferred channel",
}
SEVERAL = ";"
T = TypeVar("T")


@dataclass(frozen=True)
class RowRefused:
    """Why one cell keeps its row out."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class PlannedContact:
    """A person a row would add; `known` when they are here already."""

    name: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    department: str
    role: str
    preferred_channel: str
    known: Contact | None = None


@dataclass
class PlannedClient:
    """A client as its rows describe it; `known` when we keep its books already."""

    name: str
    known: Client | None
    bookkeeper: Staff | None = None
    team: Any = None
    calendar: Any = None
    time_zone: str = ""
    country: str = ""
    language: str = ""
    since_on: date | None = None
    contacts: list[PlannedContact] = field(default_factory=list)


@dataclass(frozen=True)
class PlannedRow:
    """What one accepted row would do: take on, add a contact, or nothing because all of it is here."""

    row: int
    client: str
    contact: str
    does: str  # take_on, add_contact, nothing


@dataclass(frozen=True)
class Preview:
    rows: tuple[PlannedRow, ...]
    refusals: tuple[RowRefused, ...]
    clients: tuple[PlannedClient, ...]
    unread: tuple[str, ...]
    charset: str
    separator: str

    @property
    def new_clients(self) -> int:
        return sum(client.known is None for client in self.clients)

    @property
    def new_contacts(self) -> int:
        return sum(contact.known is None for client in self.clients for contact in client.contacts)

    @property
    def refused_rows(self) -> int:
        return len({refusal.row for refusal in self.refusals})


def preview(data: bytes, *, by: Staff) -> Preview:
    """What confirming this file would write. Every refusal names row, column and reason; the other rows stand."""
    if not people.may_manage_clients(by):
        raise NotYours(_("Only an administrator or a team lead can take clients on. Ask one of yours."))
    read = sheet.read(data, HEADINGS, ("client",))
    plan = _Plan(by)
    for row in read.rows:
        plan.add(row)
    return Preview(
        rows=tuple(plan.rows),
        refusals=tuple(plan.refusals),
        clients=tuple(plan.clients.values()),
        unread=read.unread,
        charset=read.charset,
        separator=read.separator,
    )


class _Plan:
    """Collects accepted rows and refusals against what is in the books now."""

    def __init__(self, by: Staff) -> None:
        self.by = by
        self.scope = queries.scope(by)
        self.rows: list[PlannedRow] = []
        self.refusals: list[RowRefused] = []
        self.clients: dict[str, PlannedClient] = {}
        self.here = {client.name.casefold(): client for client in Client.objects.select_related("bookkeeper")}
        self.staff = _by_email_or_name(list(people.active()))
        self.teams = {team.name.casefold(): team for team in people.teams()}
        self.calendars = {calendar.name.casefold(): calendar for calendar in calendars.all_calendars()}
        held = ContactAddress.objects.filter(kind=ContactAddress.Kind.EMAIL, contact__left_at=None)
        self.holders = {address.value: address.contact for address in held.select_related("contact__client")}
        self.planned_emails: dict[str, tuple[str, str]] = {}

    def add(self, row: SheetRow) -> None:
        """Accept the whole row or none of it."""
        reading = _Reading(row)
        client = self._client(reading)
        contact = self._contact(reading, client) if client is not None else None
        if row.extra:
            reading.refuse(_("(after the last heading)"), _("There are cells to the right of the last heading."))
        if reading.refusals or client is None:
            self.refusals.extend(reading.refusals)
            return
        self._accept(row.number, client, contact)

    def _accept(self, number: int, client: PlannedClient, contact: PlannedContact | None) -> None:
        first = client.name.casefold() not in self.clients
        kept = self.clients.setdefault(client.name.casefold(), client)
        does = "take_on" if first and client.known is None else "nothing"
        if contact is not None and any(_same_person(contact, other) for other in kept.contacts):
            does = "nothing"
        elif contact is not None:
            kept.contacts.append(contact)
            self.planned_emails.update({value: (client.name.casefold(), contact.name) for value in contact.emails})
            if contact.known is None and does == "nothing":
                does = "add_contact"
        self.rows.append(PlannedRow(number, client.name, contact.name if contact else "", does))

    def _client(self, reading: _Reading) -> PlannedClient | None:
        name = reading.value("client", lambda text: fields.a_line(text, longest=160))
        if name is None:
            return None
        planned = self.clients.get(name.casefold())
        known = self.here.get(name.casefold())
        if known is not None and not self._may_add_to(known, reading):
            return None
        client = PlannedClient(name=known.name if known else name, known=known)
        self._describe(client, reading)
        if planned is not None:
            return self._same(planned, client, reading)
        if known is not None:
            return self._unchanged(known, client, reading)
        if client.bookkeeper is None and not reading.refused("bookkeeper"):
            reading.refuse("bookkeeper", _("Name the client's bookkeeper by e-mail address: every client has one."))
        return client

    def _may_add_to(self, known: Client, reading: _Reading) -> bool:
        if not self.scope.holds(known.pk):
            reading.refuse("client", _("A client of this name is looked after by another team."))
        elif known.archived_at is not None:
            reading.refuse("client", _("This client is archived."))
        return not reading.refused("client")

    def _describe(self, client: PlannedClient, reading: _Reading) -> None:
        client.bookkeeper = reading.optional(
            "bookkeeper", lambda text: self._one(self.staff, text, _("No active colleague is called “%(text)s”."))
        )
        client.team = reading.optional(
            "support team", lambda text: self._one(self.teams, text, _("There is no team called “%(text)s”."))
        )
        client.calendar = reading.optional(
            "calendar", lambda text: self._one(self.calendars, text, _("There is no calendar called “%(text)s”."))
        )
        client.time_zone = reading.optional("time zone", fields.a_zone) or ""
        client.country = reading.optional("country", fields.a_country) or ""
        client.language = reading.optional("language", fields.a_language) or ""
        client.since_on = reading.optional("since", fields.a_date)

    def _one(self, known: dict[str, T], text: str, sentence: str) -> T:
        found = known.get(text.casefold())
        if found is None:
            raise Refusal(sentence % {"text": text[:80]})
        return found

    def _same(self, planned: PlannedClient, client: PlannedClient, reading: _Reading) -> PlannedClient:
        """A second row of a client may repeat what the first says, not contradict it."""
        for column, (mine, theirs) in _compare(client, planned).items():
            if mine and mine != theirs:
                reading.refuse(column, _("An earlier row of this client says otherwise."))
        return planned

    def _unchanged(self, known: Client, client: PlannedClient, reading: _Reading) -> PlannedClient:
        """An import adds; what a client already is, is changed on its own page."""
        for column, (mine, theirs) in _compare(client, known).items():
            if mine and mine != theirs:
                reading.refuse(
                    column, _("This client is here already and says otherwise. Change it on the client's page.")
                )
        return client

    def _contact(self, reading: _Reading, client: PlannedClient) -> PlannedContact | None:
        given = reading.cell("contact")
        emails = reading.several("email", email)
        country = client.country or (client.known.country if client.known else "")
        phones = reading.several("phone", lambda text: fields.phone(text, country=country))
        contact = PlannedContact(
            name=reading.optional("contact", lambda text: fields.a_line(text, longest=120)) or "",
            emails=emails,
            phones=phones,
            department=reading.optional("department", lambda text: fields.a_short(text, longest=80, field="department"))
            or "",
            role=reading.optional("role", lambda text: fields.a_short(text, longest=80, field="role")) or "",
            preferred_channel=reading.optional("preferred channel", _channel) or "email",
        )
        if not given:
            if emails or phones or contact.department or contact.role:
                reading.refuse("contact", _("Name the person these belong to."))
            return None
        return self._known_or_new(contact, client, reading)

    def _known_or_new(self, contact: PlannedContact, client: PlannedClient, reading: _Reading) -> PlannedContact:
        for value in contact.emails:
            self._check_email(value, contact, client, reading)
        holder = next((self.holders[value] for value in contact.emails if value in self.holders), None)
        if holder is None and client.known is not None and not contact.emails:
            holder = queries.contacts_of(client.known).filter(name__iexact=contact.name).first()
        return contact if holder is None else PlannedContact(**{**vars(contact), "known": holder})

    def _check_email(self, value: str, contact: PlannedContact, client: PlannedClient, reading: _Reading) -> None:
        holder = self.holders.get(value)
        if holder is not None and holder.client_id != (client.known.pk if client.known else None):
            shown = self.scope.holds(holder.client_id)
            whose = f"{holder.name}, {holder.client.name}" if shown else _("a contact of another client")
            reading.refuse("email", _("%(value)s belongs to %(whose)s.") % {"value": value, "whose": whose})
        planned = self.planned_emails.get(value)
        if planned is not None:
            reading.refuse(
                "email", _("%(value)s stands in an earlier row, for %(name)s.") % {"value": value, "name": planned[1]}
            )


class _Reading:
    """One row being read: every cell that cannot be used is refused by column."""

    def __init__(self, row: SheetRow) -> None:
        self.row = row
        self.refusals: list[RowRefused] = []

    def cell(self, column: str) -> str:
        return self.row.cells.get(column, "")

    def refuse(self, column: str, reason: str) -> None:
        self.refusals.append(RowRefused(self.row.number, column, reason))

    def refused(self, column: str) -> bool:
        return any(refusal.column == column for refusal in self.refusals)

    def value(self, column: str, read: Callable[[str], T]) -> T | None:
        text = self.cell(column)
        if len(text) > sheet.LONGEST_CELL:
            self.refuse(column, _("Shorten this to %(limit)s characters.") % {"limit": sheet.LONGEST_CELL})
            return None
        try:
            return read(text)
        except Refusal as refusal:
            self.refuse(column, str(refusal))
            return None

    def optional(self, column: str, read: Callable[[str], T]) -> T | None:
        return self.value(column, read) if self.cell(column) else None

    def several(self, column: str, read: Callable[[str], str]) -> tuple[str, ...]:
        texts = [text.strip() for text in self.cell(column).split(SEVERAL) if text.strip()]
        found = (self.value(column, lambda _cell, text=text: read(sheet.plain(text))) for text in texts)  # type: ignore[misc]
        return tuple(dict.fromkeys(value for value in found if value))


def _by_email_or_name(staff: list[Staff]) -> dict[str, Staff]:
    """Colleagues by address, and by name where only one has it."""
    names = [person.name.casefold() for person in staff]
    by_name = {person.name.casefold(): person for person in staff if names.count(person.name.casefold()) == 1}
    return by_name | {person.email: person for person in staff}


def _same_person(contact: PlannedContact, other: PlannedContact) -> bool:
    """Two rows without a mail address and with one name are one person."""
    return not contact.emails and not other.emails and contact.name.casefold() == other.name.casefold()


def _channel(text: str) -> str:
    code = text.casefold()
    if code not in CHANNELS:
        raise Refusal(_("Choose one of: %(choices)s.") % {"choices": ", ".join(CHANNELS)})
    return code


def _compare(client: PlannedClient, other: PlannedClient | Client) -> dict[str, tuple[object, object]]:
    """What two descriptions of a client say, by column."""
    return {
        "bookkeeper": (client.bookkeeper, other.bookkeeper),
        "support team": (client.team, other.team),
        "calendar": (client.calendar, other.calendar),
        "time zone": (client.time_zone, other.time_zone),
        "country": (client.country, other.country),
        "language": (client.language, other.language),
        "since": (client.since_on, other.since_on),
    }
