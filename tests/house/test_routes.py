"""Every route × every role × own and other client. Nobody meets what is not theirs, on any address, by any method."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client as Visitor
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import snapshots
from tests.house.routes import OF_THE_FIRM, ROUTES, Row
from tests.world import World, build, office
from wellkept.banking.actions import batches, coding, documents, matching, questions, reconciling, ruling
from wellkept.banking.actions.reviewing import never_again, review
from wellkept.banking.queries.review import open_of
from wellkept.banking.rules.conditions import Conditions
from wellkept.banking.tests.desk import bakery_desk
from wellkept.clients import actions as clients
from wellkept.clients.models import Agreement, ContactAddress
from wellkept.conversations import actions as conversations
from wellkept.conversations.incoming import IncomingFile
from wellkept.core import files
from wellkept.knowledge import actions as knowledge
from wellkept.knowledge.models import Template
from wellkept.ledger import queries as books
from wellkept.people import actions as people
from wellkept.people.models import Role
from wellkept.promises.models import Promise

ELSEWHERE = ("account/", "api/")  # allauth's own pages; the API has its own crossing
SEES_ALL = {"administrator", "quality", "operator"}
APART = {"live", "demo_sign_in", "metrics", "readyz", "join", "setup", "answer_page"}  # each has tests of its own
SLUGS = {"preference": "theme", "score_figure": "kept"}
FILLERS = {"token": "x", "mode": "reply", "month": "2026-03"}

pytestmark = pytest.mark.req("A13")


@dataclass(frozen=True)
class Furnished:
    """A world with one of everything, all of the bakery's."""

    world: World
    ids: dict[str, int]


@pytest.fixture
def furnished(db: None) -> Furnished:
    return snapshots.restored("furnished", lambda: furnish(build()))


def furnish(world: World) -> Furnished:
    receipt = IncomingFile(
        name="oven.pdf", media_type="application/pdf", data=b"%PDF-1.4 oven", content_id="", inline=False
    )
    raw = files.store(b"From: mina@harbourlane.example", media_type="message/rfc822", at=office("mon 9:00"))
    mail = world.from_mina(attachments=(receipt,), html="<p>Can I claim it?</p>", raw=raw)
    asked = conversations.receive(mail=mail, at=office("mon 9:00"))
    knowledge.write_template(name="Thanks", body="Thank you.", by=world.admin, at=office("mon 9:00"))
    talk = asked.conversation
    when = conversations.DueAt(office("tue 10:00"), what="The GST figure")
    reply = conversations.reply(
        conversation=talk, text="You will have it tomorrow.", follow_up=when, by=world.ana, at=office("mon 9:30")
    )
    nuance = clients.note_nuance(
        client=world.bakery, text="Staff meals carry no GST.", by=world.ana, at=office("mon 9:40")
    )
    notice = people.notify(
        staff=world.ana, kind="mention", subject_kind="conversation", subject_id=talk.pk, client=world.bakery.pk,
        text="See this", fact=None, at=office("mon 9:41"),
    )  # fmt: skip
    attachment = asked.attachments.get()
    banked = bank(world)
    assert reply.outgoing_id is not None
    return Furnished(
        world,
        {
            "conversation": talk.pk,
            "message": asked.pk,
            "attachment": attachment.pk,
            "outgoing": reply.outgoing_id,
            "promise": Promise.objects.get(kind="commitment").pk,
            "client": world.bakery.pk,
            "contact": world.mina.pk,
            "address": ContactAddress.objects.get(contact=world.mina).pk,
            "nuance": nuance.pk,
            "notice": notice.pk,
            "template": Template.objects.get().pk,
            "person": world.leo.pk,
            "team": world.team.pk,
            "calendar": world.office.pk,
            "agreement": Agreement.objects.get(client=None).pk,
            **banked,
            **dict.fromkeys(("mine", "mailbox", "invitation", "mail", "delivery"), 1),
        },
    )


def bank(world: World) -> dict[str, int]:
    """The bakery's books with one of everything the bank brings."""
    desk = bakery_desk(world)
    expense = books.accounts_in_use(desk.book).filter(type="expense")[0]
    [first] = desk.imported([("2026-03-02", "FUELCO", "-10.00")], closing="-10.00", until="20260305")
    coding.code(line=first, account=expense, by=world.ana, at=world.start)
    statement = first.statement
    signature = reconciling.sign(statement=statement, by=world.ana, at=world.start)
    alike, other = desk.imported([("2026-03-09", "FUELCO", "-11.00"), ("2026-03-10", "KOWHAI CAFE", "-4.50")])
    batch = batches.approve(client=world.bakery, lines=[alike.pk], by=world.ana, at=world.start)
    rule = ruling.make_rule(
        client=world.bakery,
        draft=ruling.RuleDraft("Coffee", "Always", Conditions(words="kowhai"), expense.code),
        by=world.ana,
        at=world.start,
    )
    question = questions.ask(lines=[other], contact=world.mina, text="What?", by=world.ana, at=office("mon 9:00"))
    photo = files.store(b"\x89PNG\r\n\x1a\n", media_type="image/png", at=world.start)
    answered = questions.answer_on_page(
        question=question, text="Coffee", files=[("receipt.png", photo)], key="1", at=office("mon 9:30")
    )
    document = documents.take_document(
        client=world.bakery, stored=photo, name="receipt.png", arrived_by="upload", by=world.ana, at=world.start
    )
    attached = matching.attach(document=document, line=other, by=world.ana, at=world.start)
    march = first.dated_on.replace(day=1)
    review(client=world.bakery, month=march, by=world.ana, at=world.start)
    found, *_more, quiet = open_of(world.ana, world.bakery, march)
    silence = never_again(finding=quiet, reason="Always so", by=world.ana, at=world.start)
    return {
        "document": document.pk,
        "attached": attached.pk,
        "bank_line": other.pk,
        "coding": first.codings.get().pk,
        "batch": batch.pk,
        "rule": rule.pk,
        "bank_file": desk.file(b"OFXHEADER:100").pk,
        "bank_account": desk.bank.pk,
        "statement": statement.pk,
        "signature": signature.pk,
        "finding": found.pk,
        "silence": silence.pk,
        "answer_file": answered.files.get().pk,
    }


def patterns() -> Iterator[tuple[str, URLPattern]]:
    yield from walk(get_resolver().url_patterns, "")


def walk(found: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in found:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, address)
        elif not address.startswith(ELSEWHERE):
            yield address, pattern


def address_of(name: str, pattern: URLPattern, ids: dict[str, int]) -> str:
    row = ROUTES[name]
    values = {
        part: ids[row.of or ""]
        if part in {"id", "pk"} and row.of
        else ids.get(part) or FILLERS.get(part) or SLUGS.get(name, 1)
        for part in pattern.pattern.converters
    }
    return reverse(name, kwargs=values)


def answer(visitor: Visitor, method: str, address: str) -> HttpResponseBase:
    """One request, undone afterwards: what it wrote and what it set as cookies."""
    cookies = copy(visitor.cookies)
    with transaction.atomic():
        answered: HttpResponseBase = getattr(visitor, method)(address)
        transaction.set_rollback(True)
    visitor.cookies = cookies
    return answered


def problems(furnished: Furnished, visitor: Visitor, role: str, *, own: bool) -> Iterator[str]:
    for address, pattern in patterns():
        name = str(pattern.name)
        if name in APART or ROUTES[name].of == "mine":
            continue
        for method in ("get", "post"):
            status = answer(visitor, method, address_of(name, pattern, furnished.ids)).status_code
            if status != 405 and (wrong := verdict(ROUTES[name], role, method, status, own=own)):
                yield f"{role} ({'own' if own else 'other'} client) {method.upper()} {address} [{name}]: {status}, {wrong}"


def verdict(row: Row, role: str, method: str, status: int, *, own: bool) -> str:
    """What is wrong with `status`; empty when it is right."""
    if row.of == "notice":
        return "" if status == 404 else "it is somebody else's notice"
    if row.for_roles is not None and role not in row.for_roles:
        return "" if status in {403, 404} else "it should be closed"
    if row.of and row.of not in OF_THE_FIRM and not own and role not in SEES_ALL:
        return "" if status == 404 else "it should not exist"
    if status >= 500 or (status == 404 and method == "get" and not row.picky):
        return "it should be there"
    return ""


def test_every_route_has_a_row() -> None:
    unknown = [f"{address} [{pattern.name}]" for address, pattern in patterns() if pattern.name not in ROUTES]

    assert not unknown, "Add them to tests/house/routes.py:\n" + "\n".join(unknown)


def test_no_row_without_a_route() -> None:
    assert set(ROUTES) <= {str(pattern.name) for _address, pattern in patterns()}


CROSSINGS = [(role, own) for role in Role.values for own in (True, False) if not own or role not in SEES_ALL]


@pytest.mark.parametrize(
    ("role", "own"), CROSSINGS, ids=[f"{role}-{'own' if own else 'other'}" for role, own in CROSSINGS]
)
def test_roles_meet_only_what_is_theirs(furnished: Furnished, role: str, own: bool) -> None:
    world = furnished.world
    _invitation, link = people.invite(
        email_address=f"{role}@lantern.example",
        name="Robin Vale",
        roles=[role],
        team=world.team if own else world.other_team,
        supervisor=world.admin,
        by=world.admin,
        at=office("mon 9:00"),
    )
    person = people.accept_invitation(token=link, password=None, at=office("mon 9:00"))
    visitor = Visitor()
    visitor.force_login(person)

    wrong = list(problems(furnished, visitor, role, own=own))

    assert not wrong, "\n" + "\n".join(wrong)


def test_visitors_are_asked_to_sign_in(furnished: Furnished) -> None:
    wrong = []
    for address, pattern in patterns():
        name = str(pattern.name)
        if ROUTES[name].signed_out:
            continue
        for method in ("get", "post"):
            status = answer(Visitor(), method, address_of(name, pattern, furnished.ids)).status_code
            if status not in {302, 401, 403, 404, 405}:
                wrong.append(f"{method.upper()} {address} [{name}]: {status}")

    assert not wrong, "\n" + "\n".join(wrong)
