"""One small world for tests, demo and docs: named people, one owner, one team mate, one stranger who must see nothing.

`world` is built once a test through actions, at `world.start` (Monday 9 March 2026, 8:00 in Wellington):

    world.firm      Lantern Books, Wellington; mail to desk@lantern.example
    world.admin     Tomas Lindqvist, administrator
    world.lead      Grace Tuhoe, team lead: supervises Ana and Leo, leads the team `world.team`
    world.ana       Ana Kovač, bookkeeper of the bakery: the owner
    world.leo       Leo Marsh, support in the same team: the team mate
    world.ruth      Ruth Adeyemi, operator: sees every client
    world.stranger  Joon Park, bookkeeper in another team under another lead: must see nothing of the bakery
    world.office    the calendar: Monday to Friday 8:30–17:30, Pacific/Auckland
    world.bakery    Harbour Lane Bakery, Ana's client; world.mina (Mina Okafor, mina@harbourlane.example) and
                    world.pele (Pele Okafor, pele@harbourlane.example) work there
    world.cycles    Northbank Cycles, the stranger's client; world.sam (Sam Ihaka, sam@northbank.example) works there

The firm's default agreement: acknowledge in 3 business hours, next reply in 24 elapsed hours, resolve in 40 business
hours, colleague in 8. `world.mail(...)` builds an incoming mail, `world.from_mina(...)` one of Mina's.
`world.run_reactions(at=...)` does what the worker would do. Nobody has a password (hashing one takes a tenth of a
second): sign in with `client.force_login(world.ana)`, or build the world with `build(password=PASSWORD)`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests import snapshots
from wellkept.calendars.models import Calendar
from wellkept.clients import actions as clients
from wellkept.clients.models import Client, Contact
from wellkept.conversations import actions as conversations
from wellkept.conversations.incoming import IncomingMail
from wellkept.conversations.models import Conversation, Message
from wellkept.core import deliveries
from wellkept.people import actions as people
from wellkept.people.models import Firm, Staff, Team

PASSWORD = "a lantern in every window 42"
START = datetime(2026, 3, 8, 19, 0, tzinfo=UTC)  # Monday 9 March, 8:00 in Wellington (UTC+13)
ZONE = "Pacific/Auckland"
OFFICE_HOURS = {"weekly": {day: [["08:30", "17:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}}
TARGETS = (
    clients.TargetDraft("acknowledge", 3 * clients.HOUR),
    clients.TargetDraft("next_reply", clients.DAY, clock="elapsed"),
    clients.TargetDraft("resolve", 40 * clients.HOUR),
    clients.TargetDraft("colleague", 8 * clients.HOUR),
)
_numbers = itertools.count(1)


def at(text: str) -> datetime:
    """`2026-03-06 16:00` in UTC, or an ISO time with its own offset."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def office(text: str) -> datetime:
    """`mon 9:00` on the wall of the Wellington office in the week of 9 March 2026; `next tue 9:00` a week later."""
    words = text.split()
    week = 7 if words[0] == "next" else 0
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(words[-2])
    hour, minute = (int(part) for part in words[-1].split(":"))
    midnight = datetime(2026, 3, 8, 11, 0, tzinfo=UTC)
    return midnight + timedelta(days=week + day, hours=hour, minutes=minute)


@dataclass
class World:
    """See the top of this module."""

    firm: Firm
    office: Calendar
    team: Team
    other_team: Team
    admin: Staff
    lead: Staff
    ana: Staff
    leo: Staff
    ruth: Staff
    stranger: Staff
    bakery: Client
    mina: Contact
    pele: Contact
    cycles: Client
    sam: Contact
    start: datetime = START

    def mail(self, text: str = "Hello", *, sender: str = "somebody@elsewhere.example", **values: Any) -> IncomingMail:
        """A mail as a connector hands it over; every one has its own Message-ID unless one is given."""
        number = next(_numbers)
        defaults: dict[str, Any] = {
            "message_id": f"<m{number}@mail.example>",
            "subject": "A question",
            "from_address": sender,
            "text": text,
            "to": (self.firm.mail_address,),
            "our_addresses": (self.firm.mail_address,),
            "sent_at": START + timedelta(seconds=number),
        }
        return IncomingMail(**{**defaults, **values})

    def from_mina(self, text: str = "Can I claim GST on an oven bought privately?", **values: Any) -> IncomingMail:
        defaults = {"sender": "mina@harbourlane.example", "from_name": "Mina Okafor", "subject": "GST on the oven"}
        return self.mail(text, **{**defaults, **values})

    def asked(
        self, text: str = "Can I claim GST on an oven bought privately?", *, at: datetime, **values: Any
    ) -> Conversation:
        """Mina's question has come in."""
        return self.received(self.from_mina(text, **values), at=at).conversation

    def received(self, mail: IncomingMail, *, at: datetime) -> Message:
        return conversations.receive(mail=mail, at=at)

    def run_reactions(self, *, at: datetime) -> int:
        """What the worker does until nothing is owed at `at`; says how many reactions ran. A failing one fails the test."""
        count = 0
        while owed := deliveries.claim(worker="test", at=at):
            for delivery in owed:
                deliveries.run(delivery, at=at)
                count += 1
        return count


@pytest.fixture
def world(db: None) -> World:
    """The small world, fresh for one test."""
    return snapshots.restored("world", build)


def build(start: datetime = START, password: str | None = None) -> World:
    """The same world outside a fixture (demo, bench, browser stories). The database must be empty."""
    firm = people.set_up_firm(
        name="Lantern Books",
        mail_address="desk@lantern.example",
        language="en",
        time_zone=ZONE,
        calendar_schedule=OFFICE_HOURS,
        admin_name="Tomas Lindqvist",
        admin_email="tomas@lantern.example",
        admin_password=password,
        at=start,
    )
    admin = Staff.objects.get(email="tomas@lantern.example")
    clients.draw_up_agreement(client=None, name="What we promise everyone", targets=TARGETS, by=admin, at=start)
    team = people.make_team(name="Harbour team", lead=None, by=admin, at=start)
    other_team = people.make_team(name="River team", lead=None, by=admin, at=start)
    lead = _joins("Grace Tuhoe", "leader", team, None, admin, start, password)
    ana = _joins("Ana Kovač", "bookkeeper", team, lead, admin, start, password)
    leo = _joins("Leo Marsh", "support", team, lead, admin, start, password)
    ruth = _joins("Ruth Adeyemi", "operator", None, admin, admin, start, password)
    stranger = _joins("Joon Park", "bookkeeper", other_team, admin, admin, start, password)
    team = people.change_team(team=team, name=team.name, lead=lead, by=admin, at=start)
    bakery, (mina, pele) = _client("Harbour Lane Bakery", ana, admin, start, "Mina Okafor", "Pele Okafor")
    cycles, (sam,) = _client("Northbank Cycles", stranger, admin, start, "Sam Ihaka")
    return World(
        firm=firm,
        office=firm.calendar,
        team=team,
        other_team=other_team,
        admin=admin,
        lead=lead,
        ana=ana,
        leo=leo,
        ruth=ruth,
        stranger=stranger,
        bakery=bakery,
        mina=mina,
        pele=pele,
        cycles=cycles,
        sam=sam,
    )


def _joins(
    name: str, role: str, team: Team | None, above: Staff | None, admin: Staff, start: datetime, password: str | None
) -> Staff:
    first = name.split()[0].lower()
    _invitation, link = people.invite(
        email_address=f"{first}@lantern.example",
        name=name,
        roles=[role],
        team=team,
        supervisor=above,
        by=admin,
        at=start,
    )
    return people.accept_invitation(token=link, password=password, at=start)


def _client(name: str, bookkeeper: Staff, admin: Staff, start: datetime, *names: str) -> tuple[Client, list[Contact]]:
    domain = {"Harbour Lane Bakery": "harbourlane", "Northbank Cycles": "northbank"}[name]
    client = clients.take_on(name=name, bookkeeper=bookkeeper, country="NZ", by=admin, at=start)
    people_there = [
        clients.add_contact(
            client=client, name=person, emails=[f"{person.split()[0].lower()}@{domain}.example"], by=admin, at=start
        )
        for person in names
    ]
    return client, people_there
