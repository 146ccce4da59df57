"""The firm that is measured: 24 people in 4 teams, 240 clients, and as many conversations as a measure asks for.

Rows are written in bulk, as the actions would leave them. One conversation in twelve is open; every one has two
messages and an entry in the search; promises are those of the open ones and of the last hundred thousand closed ones.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Max

from bench.figures import Context
from bench.fill import insert, settle
from wellkept.calendars.models import Calendar, CalendarVersion
from wellkept.clients.models import Agreement, AgreementVersion, Client, Contact, ContactAddress, Target
from wellkept.conversations.models import Conversation, Message, Participant
from wellkept.core.models import SearchDocument
from wellkept.people.models import Firm, Staff, Team
from wellkept.promises.models import Promise, PromiseEvent

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)  # pages read the real clock
STAFF, TEAMS, CLIENTS = 24, 4, 240
OPEN_EVERY = 13  # shares no factor with people or clients, so everybody has open work
WEEK = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
WORDS = [
    "invoice",
    "payroll",
    "bank",
    "GST",
    "return",
    "fuel",
    "card",
    "deposit",
    "supplier",
    "rent",
    "lease",
    "wages",
    "stock",
    "loan",
    "refund",
    "credit",
    "statement",
    "receipt",
    "oven",
    "freight",
]


@transaction.atomic
def set_up(context: Context) -> None:
    """People, clients, contacts, agreement; `context.shared` names them."""
    calendar = Calendar.objects.create(name="Always")
    schedule = {"tz": "UTC", "weekly": WEEK, "holidays": {}, "exceptions": {}}
    version = CalendarVersion.objects.create(calendar=calendar, number=1, schedule=schedule, made_at=NOW)
    Firm.objects.create(name="Bench Books", mail_address="books@bench.example", calendar=calendar, set_up_at=NOW)
    teams = [Team.objects.create(name=f"Team {n}") for n in range(TEAMS)]
    staff = [_person(n, teams[n % TEAMS]) for n in range(STAFF)]
    for team, lead in zip(teams, staff, strict=False):
        Team.objects.filter(pk=team.pk).update(lead=lead)
    targets = _agreement()
    clients = [_client(n, staff[n % STAFF], teams[n % TEAMS], calendar) for n in range(CLIENTS)]
    context.shared.update(staff=staff, teams=teams, clients=clients, calendar=version, targets=targets, filled=0)


def _person(n: int, team: Team) -> Staff:
    roles = (
        ["administrator", "leader", "bookkeeper"]
        if n == 0
        else ["leader", "bookkeeper"]
        if n < TEAMS
        else ["bookkeeper"]
    )
    supervisor = Staff.objects.filter(email=f"person{n % TEAMS}@bench.example").first() if n >= TEAMS else None
    return Staff.objects.create(
        email=f"person{n}@bench.example",
        name=f"Person {n}",
        roles=roles,
        team=team,
        supervisor=supervisor,
        joined_at=NOW,
        password="!",
    )


def _client(n: int, bookkeeper: Staff, team: Team, calendar: Calendar) -> tuple[Client, Contact]:
    client = Client.objects.create(
        name=f"Client {n:03}", public_id=f"client{n:016}", bookkeeper=bookkeeper, team=team, calendar=calendar,
        time_zone="UTC", since_on=NOW.date(),
    )  # fmt: skip
    contact = Contact.objects.create(client=client, name=f"Contact {n:03}", verified_at=NOW)
    ContactAddress.objects.create(contact=contact, kind="email", value=f"contact{n}@client{n}.example")
    return client, contact


def _agreement() -> dict[str, Target]:
    version = AgreementVersion.objects.create(agreement=Agreement.objects.create(name="Default"), number=1, made_at=NOW)
    hours = {"acknowledge": 3, "next_reply": 8, "resolve": 40, "colleague": 8}
    return {
        kind: Target.objects.create(version=version, kind=kind, seconds=h * 3600, share=95) for kind, h in hours.items()
    }


def fill(context: Context, size: int) -> None:
    """Bring the database to `size` conversations and leave it settled."""
    start, begun = context.shared["filled"], time.perf_counter()
    context.say(f"filling to {size:,} conversations")
    numbers = range(start, size)
    first = {model: (model.objects.aggregate(m=Max("pk"))["m"] or 0) + 1 for model in (Conversation, Message, Promise)}
    base = first[Conversation] - start
    insert(Conversation, (_conversation(context, base, n) for n in numbers))
    insert(Participant, (_participant(context, base, n) for n in numbers))
    insert(Message, (row for n in numbers for row in _messages(context, base, n)))
    insert(SearchDocument, (_document(context, base, n) for n in numbers))
    insert(Promise, _promises(context, base, numbers, first[Promise]))
    insert(PromiseEvent, _made(first[Promise]))
    settle()
    context.shared["filled"], context.shared["first"] = size, base
    context.size = size
    context.say(f"filled in {time.perf_counter() - begun:.0f} s")


def _conversation(context: Context, base: int, n: int) -> dict[str, Any]:
    client, contact = context.shared["clients"][n % CLIENTS]
    opened, is_open = NOW - timedelta(minutes=1 + n * 2), n % OPEN_EVERY == 0
    return {
        "id": base + n, "public_id": f"c{base + n:020}", "client_id": client.pk, "contact_id": contact.pk,
        "subject": subject(n), "channel": "email", "owner_id": client.bookkeeper_id, "opened_at": opened,
        "last_message_at": opened + timedelta(minutes=1), "snippet": "Could you look at this today?",
        "unanswered_since": opened if is_open else None,
        "next_due_at": NOW + timedelta(minutes=n % 5000) if is_open else None,
        "resolved_at": None if is_open else opened + timedelta(hours=2),
        "resolved_by_id": None if is_open else client.bookkeeper_id,
    }  # fmt: skip


def subject(n: int) -> str:
    """Two words of twenty in no order, the same for the same number."""
    mixed = (n * 2_654_435_761) % 2**32
    return f"{WORDS[mixed % 20]} and {WORDS[mixed // 20 % 20]}: question {n}"


def _participant(context: Context, base: int, n: int) -> dict[str, Any]:
    _, contact = context.shared["clients"][n % CLIENTS]
    c = n % CLIENTS
    return {
        "conversation_id": base + n,
        "address": f"contact{c}@client{c}.example",
        "name": contact.name,
        "contact_id": contact.pk,
        "since": NOW,
    }


def _messages(context: Context, base: int, n: int) -> Iterator[dict[str, Any]]:
    client, contact = context.shared["clients"][n % CLIENTS]
    opened = NOW - timedelta(minutes=1 + n * 2)
    yield {
        "conversation_id": base + n, "kind": "in", "channel": "email", "at": opened, "contact_id": contact.pk, "author_name": contact.name,
        "address": f"contact{n % CLIENTS}@client{n % CLIENTS}.example", "text": f"Hello,\n\n{subject(n)}?\n\nThanks",
        "message_id": f"in{base + n}@client.example", "placed_by": "new",
    }  # fmt: skip
    yield {
        "conversation_id": base + n, "kind": "out", "channel": "email", "at": opened + timedelta(minutes=1), "staff_id": client.bookkeeper_id,
        "author_name": "Person", "text": "Thanks, you will have it by Thursday.", "message_id": f"out{base + n}@bench.example",
    }  # fmt: skip


def _document(context: Context, base: int, n: int) -> dict[str, Any]:
    client, _ = context.shared["clients"][n % CLIENTS]
    return {
        "kind": "conversation", "object_id": base + n, "client": client.pk, "title": subject(n),
        "body": "Could you look at this today?", "at": NOW - timedelta(minutes=n * 2),
    }  # fmt: skip


def _promises(context: Context, base: int, numbers: range, pk: int) -> Iterator[dict[str, Any]]:
    for n in numbers:
        is_open = n % OPEN_EVERY == 0
        if not is_open and n > 100_000:
            continue
        client, contact = context.shared["clients"][n % CLIENTS]
        made = NOW - timedelta(minutes=1 + (n % 10_000))
        due = NOW + timedelta(minutes=10 + n % 5000) if is_open else made + timedelta(minutes=180)
        yield {
            "id": pk, "kind": "commitment" if is_open else "acknowledge", "title": subject(n), "client_id": client.pk,
            "owner_id": client.bookkeeper_id, "to_contact_id": contact.pk, "subject_kind": "conversation", "subject_id": base + n,
            "channel": "email", "calendar_id": context.shared["calendar"].pk, "seconds": None if is_open else 180 * 60,
            "target_id": None if is_open else context.shared["targets"]["acknowledge"].pk, "made_at": made, "due_at": due,
            "next_check_at": due if is_open else None, "kept_at": None if is_open else made + timedelta(minutes=n % 200),
        }  # fmt: skip
        pk += 1


def _made(since: int) -> Iterator[dict[str, Any]]:
    rows: models.QuerySet[Promise, tuple[int, datetime]] = Promise.objects.filter(pk__gte=since).values_list(
        "pk", "made_at"
    )
    for pk, made_at in rows.iterator(chunk_size=20_000):
        yield {"promise_id": pk, "name": "made", "at": made_at, "data": {}}
