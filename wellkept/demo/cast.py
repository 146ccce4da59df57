"""Who is in the demo firm: thirteen people, fourteen clients in four time zones. All of it invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from wellkept.calendars import actions as calendars
from wellkept.calendars import queries as hours
from wellkept.calendars.models import Calendar
from wellkept.clients import actions as clients
from wellkept.clients.models import Client, Contact
from wellkept.knowledge import actions as knowledge
from wellkept.people import actions as people
from wellkept.people import queries as staff_known
from wellkept.people.models import Firm, Staff, Team

DOMAIN = "lantern.example"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICES = {  # name, zone, opens, closes, holidays of
    "wellington": ("Wellington office", "Pacific/Auckland", "08:30", "17:30", ("NZ", "WGN")),
    "sydney": ("Sydney hours", "Australia/Sydney", "08:30", "17:30", ("AU", "NSW")),
    "london": ("London hours", "Europe/London", "09:00", "17:30", ("GB", "ENG")),
    "saopaulo": ("São Paulo hours", "America/Sao_Paulo", "08:00", "18:00", ("BR", "SP")),
}
COUNTRY = {"wellington": "NZ", "sydney": "AU", "london": "GB", "saopaulo": "BR"}


@dataclass(frozen=True, slots=True)
class Joins:
    key: str
    name: str
    role: str
    team: str
    above: str
    office: str = "wellington"
    language: str = "en"


STAFF = (
    Joins("grace", "Grace Tuhoe", "leader", "harbour", "tomas"),
    Joins("hana", "Hana Petrie", "leader", "river", "tomas"),
    Joins("ana", "Ana Kovač", "bookkeeper", "harbour", "grace"),
    Joins("marcus", "Marcus Hale", "bookkeeper", "harbour", "grace"),
    Joins("leo", "Leo Marsh", "support", "harbour", "grace"),
    Joins("sefa", "Sefa Latu", "support", "harbour", "grace"),
    Joins("ruth", "Ruth Adeyemi", "operator", "", "tomas"),
    Joins("priya", "Priya Raman", "quality", "", "tomas"),
    Joins("joon", "Joon Park", "bookkeeper", "river", "hana"),
    Joins("nadia", "Nadia Osei", "bookkeeper", "river", "hana", "london"),
    Joins("bruno", "Bruno Azevedo", "bookkeeper", "river", "hana", "saopaulo", "pt-br"),
    Joins("ivy", "Ivy Chen", "support", "river", "hana"),
)


@dataclass(frozen=True, slots=True)
class Takes:
    """A client. `busy` is how often it writes; contacts are name, role, department, phone."""

    key: str
    name: str
    domain: str
    bookkeeper: str
    office: str
    since: int
    busy: int
    contacts: tuple[tuple[str, str, str, str], ...]
    nuances: tuple[str, ...] = ()


CLIENTS = (
    Takes(
        "harbour", "Harbour Lane Bakery", "harbourlane.example", "ana", "wellington", 2023, 4,
        (("Mina Okafor", "Owner", "", "+64 4 555 0142"), ("Pele Okafor", "Shop", "Front of house", "")),
        (
            "Staff meals are recharged at cost, no GST.",
            "Mina answers mail before 7:00; call after 13:00.",
            "Flour from Tidemark Mills is paid by direct debit on the 20th: do not schedule it.",
        ),
    ),
    Takes(
        "kestrel", "Kestrel Freight", "kestrelfreight.example", "ana", "wellington", 2021, 4,
        (("Dana Whitlock", "Director", "", "+64 4 555 0177"), ("Tama Reid", "Dispatch", "Operations", "")),
        ("The fuel card statement never comes by itself: ask on the 3rd.", "Dana prefers one list of questions a week."),
    ),
    Takes(
        "quarry", "Quarry Road Vineyard", "quarryroad.example", "ana", "wellington", 2022, 3,
        (("Piet Marais", "Owner", "", "+64 3 555 0119"),),
        ("Excise is returned monthly; wine given away at tastings counts.",),
    ),
    Takes(
        "oldmill", "Old Mill Ceramics", "oldmill.example", "ana", "wellington", 2024, 2,
        (("Tova Brandt", "Owner", "", "+64 4 555 0190"),), ("Tova reads mail once a day; ring her when it is urgent.",),
    ),
    Takes(
        "fielding", "Fielding Plumbing", "fielding.example", "ana", "wellington", 2020, 2,
        (("Joss Fielding", "Owner", "", "+64 4 555 0103"), ("Mere Fielding", "Office", "Office", "")),
    ),
    Takes(
        "bluegum", "Blue Gum Physio", "bluegum.example", "ana", "sydney", 2024, 3,
        (("Ines Carrow", "Practice manager", "", "+61 2 5550 4410"),), ("BAS is quarterly, on a cash basis.",),
    ),
    Takes(
        "tide", "Tide & Timber Joinery", "tideandtimber.example", "marcus", "wellington", 2022, 3,
        (("Wiremu Stone", "Owner", "", "+64 4 555 0166"), ("Elsie Stone", "Office", "Office", "")),
        ("Deposits of more than half are held until the job starts.",),
    ),
    Takes(
        "ember", "Ember & Oak Catering", "emberoak.example", "marcus", "wellington", 2023, 3,
        (("Rafi Dror", "Owner", "", "+64 4 555 0121"),), ("Asked for other quotes in spring; answer the same day.",),
    ),
    Takes(
        "larkspur", "Larkspur Dental", "larkspur.example", "marcus", "wellington", 2021, 2,
        (("Noor Haddad", "Practice manager", "", "+64 4 555 0155"),),
    ),
    Takes(
        "northbank", "Northbank Cycles", "northbank.example", "joon", "wellington", 2023, 3,
        (("Sam Ihaka", "Owner", "", "+64 3 555 0147"),), ("Two tills; the workshop till closes on Mondays.",),
    ),
    Takes(
        "solace", "Solace Yoga Studio", "solace.example", "joon", "sydney", 2025, 2,
        (("Bea Lindholm", "Owner", "", "+61 2 5550 7781"),), ("Class passes are income when used, not when sold.",),
    ),
    Takes(
        "acorns", "Little Acorns Childcare", "littleacorns.example", "joon", "wellington", 2022, 2,
        (("Aroha Kemp", "Manager", "", "+64 4 555 0138"),),
    ),
    Takes(
        "meridian", "Meridian Film Hire", "meridianfilm.example", "nadia", "london", 2024, 3,
        (("Cleo Vance", "Production", "", "+44 20 7946 0187"), ("Owen Birch", "Accounts", "Accounts", "")),
        ("Invoices to broadcasters need their production number.",),
    ),
    Takes(
        "padaria", "Padaria Estrela do Sul", "estreladosul.example", "bruno", "saopaulo", 2024, 3,
        (("Luciana Prado", "Proprietária", "", "+55 11 5555 0172"),),
        ("A guia do Simples vai sempre com o código Pix.", "Luciana responde depois das 14h."),
    ),
)  # fmt: skip
PERCENT = Decimal
DEFAULT = (
    clients.TargetDraft(
        "acknowledge", 3 * clients.HOUR, share=PERCENT(95), strict_seconds=3 * clients.HOUR, strict_share=PERCENT(98)
    ),
    clients.TargetDraft("next_reply", 8 * clients.HOUR, share=PERCENT(90)),
    clients.TargetDraft("resolve", 40 * clients.HOUR, share=PERCENT(90), average_seconds=12 * clients.HOUR),
    clients.TargetDraft("commitment", 8 * clients.HOUR, share=PERCENT(95)),
    clients.TargetDraft("colleague", 8 * clients.HOUR, share=PERCENT(90)),
    clients.TargetDraft("call_back", 9 * clients.HOUR, share=PERCENT(95)),
)
KESTREL = (
    clients.TargetDraft("acknowledge", 2 * clients.HOUR, share=PERCENT(95)),
    clients.TargetDraft("next_reply", 4 * clients.HOUR, share=PERCENT(90)),
)
TEMPLATES = (
    (
        "We are on it",
        "en",
        "Hi {contact.first_name},\n\nthank you for writing. I am looking into it and come back to you by [FILL IN: when].\n\n{staff.first_name}",
    ),
    (
        "Paper missing",
        "en",
        "Hi {contact.first_name},\n\nto finish this I need [FILL IN: which paper]. A photo is fine.\n\n{staff.first_name}",
    ),
    (
        "Return filed",
        "en",
        "Hi {contact.first_name},\n\nyour return is filed. [FILL IN: amount] is due by [FILL IN: date].\n\n{staff.first_name}",
    ),
    (
        "We are on it",
        "pt-br",
        "Oi {contact.first_name},\n\nobrigado pela mensagem. Estou vendo isso e volto a falar até [FILL IN: quando].\n\n{staff.first_name}",
    ),
)


@dataclass
class Cast:
    """Everybody, by the keys of the tables above."""

    firm: Firm
    offices: dict[str, Calendar] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    contacts: dict[str, list[Contact]] = field(default_factory=dict)

    @property
    def admin(self) -> Staff:
        return self.staff["tomas"]


def assemble(*, at: datetime, now: datetime) -> Cast:
    """The firm as it stood before the month began. Its own office is open on the day of `now`, whatever day that is."""
    cast = _firm(at, now)
    _offices(cast, at)
    _people(cast, at)
    _agreements(cast, None, "What we promise everyone", DEFAULT, at)
    for takes in CLIENTS:
        _take_on(cast, takes, at)
    _agreements(cast, cast.clients["kestrel"], "Kestrel Freight, freight days", KESTREL, at)
    for name, language, body in TEMPLATES:
        knowledge.write_template(name=name, language=language, body=body, by=cast.admin, at=at)
    return cast


def _firm(at: datetime, now: datetime) -> Cast:
    _name, zone, opens, closes, _of = OFFICES["wellington"]
    firm = people.set_up_firm(
        name="Lantern Books",
        mail_address=f"desk@{DOMAIN}",
        language="en",
        time_zone=zone,
        calendar_schedule={**_week(opens, closes), "exceptions": _open_today(zone, opens, closes, now)},
        admin_name="Tomas Lindqvist",
        admin_email=f"tomas@{DOMAIN}",
        admin_password=None,
        at=at,
    )
    admin = staff_known.by_email(f"tomas@{DOMAIN}")
    if admin is None:
        raise LookupError("The firm has no administrator.")
    return Cast(firm=firm, offices={"wellington": firm.calendar}, staff={"tomas": admin})


def _offices(cast: Cast, at: datetime) -> None:
    for key, (name, zone, opens, closes, of) in OFFICES.items():
        if key not in cast.offices:
            schedule = {"tz": zone, **_week(opens, closes)}
            cast.offices[key] = calendars.draw_up(name=name, schedule=schedule, by=cast.admin, at=at)
        dates = {
            found.on: found.name for year in (at.year, at.year + 1) for found in hours.proposed_holidays(*of, year)
        }
        calendars.confirm_holidays(calendar=cast.offices[key], dates=dates, by=cast.admin, at=at)


def _week(opens: str, closes: str) -> dict[str, Any]:
    return {"weekly": {day: [[opens, closes]] for day in WEEKDAYS}}


def _open_today(zone: str, opens: str, closes: str, now: datetime) -> dict[str, Any]:
    """Somebody who looks at the demo on a Sunday finds people at work."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if today.weekday() < len(WEEKDAYS):
        return {}
    return {today.isoformat(): {"intervals": [[opens, closes]], "note": "Open for the returns of the month"}}


def _people(cast: Cast, at: datetime) -> None:
    for key, name in (("harbour", "Harbour team"), ("river", "River team")):
        cast.teams[key] = people.make_team(name=name, lead=None, by=cast.admin, at=at)
    for joins in STAFF:
        _invitation, link = people.invite(
            email_address=f"{joins.key}@{DOMAIN}",
            name=joins.name,
            roles=[joins.role],
            team=cast.teams.get(joins.team),
            supervisor=cast.staff[joins.above],
            by=cast.admin,
            at=at,
        )
        person = people.accept_invitation(token=link, password=None, at=at)
        office = cast.offices[joins.office]
        zone = OFFICES[joins.office][1]
        cast.staff[joins.key] = people.change_preferences(
            staff=person, by=person, at=at, language=joins.language, time_zone=zone, calendar=office
        )
    for key, lead in (("harbour", "grace"), ("river", "hana")):
        team = cast.teams[key]
        cast.teams[key] = people.change_team(team=team, name=team.name, lead=cast.staff[lead], by=cast.admin, at=at)


def _agreements(
    cast: Cast, client: Client | None, name: str, targets: tuple[clients.TargetDraft, ...], at: datetime
) -> None:
    clients.draw_up_agreement(client=client, name=name, targets=targets, by=cast.admin, at=at)


def _take_on(cast: Cast, takes: Takes, at: datetime) -> None:
    bookkeeper = cast.staff[takes.bookkeeper]
    client = clients.take_on(
        name=takes.name,
        bookkeeper=bookkeeper,
        calendar=cast.offices[takes.office],
        time_zone=OFFICES[takes.office][1],
        country=COUNTRY[takes.office],
        language="pt-br" if takes.office == "saopaulo" else "en",
        since_on=date(takes.since, 4, 1),
        source="engagement letter",
        by=cast.admin,
        at=at,
    )
    cast.clients[takes.key] = client
    cast.contacts[takes.key] = [_contact(client, takes, who, bookkeeper, at) for who in takes.contacts]
    for text in takes.nuances:
        clients.note_nuance(client=client, text=text, by=bookkeeper, at=at)


def _contact(client: Client, takes: Takes, who: tuple[str, str, str, str], by: Staff, at: datetime) -> Contact:
    name, role, department, phone = who
    contact = clients.add_contact(
        client=client,
        name=name,
        emails=[f"{name.split()[0].lower()}@{takes.domain}"],
        phones=[phone] if phone else [],
        department=department,
        role=role,
        source="engagement letter",
        by=by,
        at=at,
    )
    if phone:
        contact = clients.verify_contact(contact=contact, by=by, at=at + timedelta(minutes=5))
    return contact
