"""The promise board's doors: one happy path and one stranger each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.world import World, office
from wellkept.conversations import actions as conversations
from wellkept.promises import actions
from wellkept.promises.models import Promise

NOW = office("tue 10:00")


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def promise(world: World) -> Promise:
    made = actions.make(
        kind="commitment", title="Send credit note 1187", client=world.bakery, owner=world.ana, to_contact=world.mina,
        subject_kind="conversation", subject_id=1, due_at=office("tue 14:00"), by=world.ana, at=office("tue 9:00"),
    )  # fmt: skip
    assert made is not None
    return made


def as_(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


HTMX = {"HX-Request": "true"}


@pytest.mark.req("B8", "W1")
def test_the_board_shows_what_i_owe_and_by_when(world: World, promise: Promise) -> None:
    page = as_(world.ana).get("/promises").content.decode()
    assert "Send credit note 1187" in page and "You owe Mina Okafor, Harbour Lane Bakery" in page
    assert 'data-state="open"' in page and "4 h left" in page


@pytest.mark.parametrize("view", ["team", "everything", "owed_to_me"])
def test_a_stranger_sees_none_of_it(world: World, promise: Promise, view: str) -> None:
    assert "credit note" not in as_(world.stranger).get(f"/promises?view={view}").content.decode()


def test_a_clients_board_is_its_own(world: World, promise: Promise) -> None:
    assert "Send credit note 1187" in as_(world.lead).get(f"/promises?client={world.bakery.pk}").content.decode()
    assert as_(world.stranger).get(f"/promises?client={world.bakery.pk}").status_code == 404


PLACES = ("", "/row", "/why", "/extend", "/withdraw", "/hand-over", "/escalate")


@pytest.mark.parametrize("place", PLACES)
def test_reading_a_promise(world: World, promise: Promise, place: str) -> None:
    assert as_(world.ana).get(f"/promises/{promise.pk}{place}", headers=HTMX).status_code == 200
    assert as_(world.ana).get(f"/promises/{promise.pk}{place}").status_code == 200
    assert as_(world.stranger).get(f"/promises/{promise.pk}{place}").status_code == 404
    assert "/account/login/" in Client().get(f"/promises/{promise.pk}{place}")["Location"]


@pytest.mark.req("W1")
def test_why_it_is_due_then(world: World, promise: Promise) -> None:
    card = as_(world.ana).get(f"/promises/{promise.pk}/why", headers=HTMX).content.decode()
    assert "Why 14:00" in card and "A time was promised: Tue 10 Mar 2026 14:00" in card
    assert "Grace Tuhoe is told" in card


@pytest.mark.parametrize("verb", ["keep", "extend", "withdraw", "hand-over", "escalate", "unkeep"])
def test_a_stranger_changes_nothing(world: World, promise: Promise, verb: str) -> None:
    assert (
        as_(world.stranger).post(f"/promises/{promise.pk}/{verb}", {"reason": "x", "to": world.leo.pk}).status_code
        == 404
    )
    promise.refresh_from_db()
    assert promise.is_open and promise.owner_id == world.ana.pk


def test_keeping_offers_to_take_it_back(world: World, promise: Promise) -> None:
    ana = as_(world.ana)
    response = ana.post(f"/promises/{promise.pk}/keep", headers=HTMX)
    events = json.loads(response["HX-Trigger"])
    promise.refresh_from_db()
    assert promise.kept_at is not None and events["refresh"]["ids"] == [f"promise-{promise.pk}"]

    ana.post(events["toast"]["undo"], headers=HTMX)
    promise.refresh_from_db()
    assert promise.kept_at is None


@pytest.mark.parametrize("verb", ["keep", "withdraw", "hand-over", "unkeep"])
def test_a_clock_of_a_conversation_is_not_changed_at_the_promise(world: World, verb: str) -> None:
    talk = world.asked(at=office("tue 9:50"))
    clock = Promise.objects.get(kind="acknowledge")

    refused = as_(world.ana).post(f"/promises/{clock.pk}/{verb}", {"reason": "x", "to": world.leo.pk}, headers=HTMX)

    clock.refresh_from_db()
    talk.refresh_from_db()
    assert refused.status_code == 422 and clock.is_open and clock.owner == world.ana
    page = as_(world.ana).get(f"/promises/{clock.pk}").content.decode()
    assert f"/conversations/{talk.pk}" in page
    assert f"/promises/{clock.pk}/{verb}" not in page + as_(world.ana).get("/promises").content.decode()


VERBS = ("keep", "extend", "withdraw", "hand-over")


@pytest.mark.parametrize("verb", VERBS)
def test_a_team_mate_sees_it_and_is_refused(world: World, promise: Promise, verb: str) -> None:
    sent = {"reason": "x", "to": world.leo.pk, "due_at": "thu 15:00"}

    refused = as_(world.leo).post(f"/promises/{promise.pk}/{verb}", sent, headers=HTMX)

    promise.refresh_from_db()
    assert refused.status_code in (403, 422) and promise.is_open and promise.owner == world.ana
    assert f"/promises/{promise.pk}/{verb}" not in as_(world.leo).get(f"/promises/{promise.pk}").content.decode()
    assert f"/promises/{promise.pk}/{verb}" in as_(world.lead).get(f"/promises/{promise.pk}").content.decode()


def test_the_team_s_board_offers_only_what_is_not_refused(world: World, promise: Promise) -> None:
    keep = f"/promises/{promise.pk}/keep"
    assert keep not in as_(world.leo).get("/promises?view=team").content.decode()
    assert keep in as_(world.lead).get("/promises?view=team").content.decode()


def test_who_may_change_what_is_asked_once_a_page(world: World, promise: Promise) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_(world.lead).get("/promises?view=team", headers=HTMX).status_code == 200
        return sum('FROM "people_' in query["sql"] for query in queries)

    one = asked()
    for number in range(5):
        actions.make(
            kind="commitment", title="More", client=world.bakery, owner=(world.ana, world.leo)[number % 2],
            to_contact=world.mina, subject_kind="conversation", subject_id=10 + number, due_at=office("tue 14:00"),
            by=world.ana, at=office("tue 9:00"),
        )  # fmt: skip
    assert asked() == one


def test_only_those_who_can_see_the_client_are_offered_its_promise(world: World, promise: Promise) -> None:
    form = as_(world.ana).get(f"/promises/{promise.pk}/hand-over", headers=HTMX).content.decode()
    assert "Leo Marsh" in form and "Ruth Adeyemi" in form and "Joon Park" not in form

    refused = as_(world.ana).post(f"/promises/{promise.pk}/hand-over", {"to": world.stranger.pk}, headers=HTMX)

    assert json.loads(refused["HX-Trigger"])["refused"]["field"] == "to"


def test_a_call_is_kept_by_how_it_went(world: World) -> None:
    talk = world.asked(at=office("tue 9:30"))
    call = conversations.promise_call(conversation=talk, by=world.ana, at=office("tue 9:40"))
    ana, address = as_(world.ana), f"/promises/{call.pk}/called"
    assert address in ana.get(f"/promises/{call.pk}").content.decode()
    asked = ana.get(address, headers=HTMX)
    form = asked.headers["Location"]
    assert ana.get(form, headers=HTMX).status_code == 200

    assert ana.post(f"/promises/{call.pk}/keep", headers=HTMX).status_code == 422
    assert ana.post(form, {"reached": "yes", "outcome": " "}, headers=HTMX).status_code == 422
    ana.post(form, {"reached": "yes", "outcome": "She sends the invoice tonight."}, headers=HTMX)

    call.refresh_from_db()
    assert call.kept_at is not None and call.kept_by == world.ana
    assert talk.messages.get(event="called").text == "She sends the invoice tonight."
    assert as_(world.stranger).get(address).status_code == as_(world.stranger).get(form).status_code == 404


def test_a_new_time_needs_a_reason_and_says_so_at_the_field(world: World, promise: Promise) -> None:
    ana = as_(world.ana)
    refused = ana.post(f"/promises/{promise.pk}/extend", {"due_at": "thu 15:00", "reason": " "}, headers=HTMX)
    assert refused.status_code == 422
    assert json.loads(refused["HX-Trigger"])["refused"]["field"] == "reason"

    ana.post(f"/promises/{promise.pk}/extend", {"due_at": "thu 15:00", "reason": "Mina is away"}, headers=HTMX)
    promise.refresh_from_db()
    assert promise.replaced_by is not None and promise.replaced_by.due_at == office("thu 15:00")


@pytest.mark.parametrize(
    ("words", "says"),
    [("yesterday-ish", "Write it like"), ("", "Write it like"), ("sat 10:00", "closed"), ("today 9:00", "passed")],
)
def test_a_time_that_cannot_be_is_refused_with_a_way_out(world: World, promise: Promise, words: str, says: str) -> None:
    refused = as_(world.ana).post(f"/promises/{promise.pk}/extend", {"due_at": words, "reason": "late"})
    assert refused.status_code == 422 and says in refused.content.decode()


def test_handing_over_tells_the_other(world: World, promise: Promise) -> None:
    as_(world.ana).post(f"/promises/{promise.pk}/hand-over", {"to": world.leo.pk})
    promise.refresh_from_db()
    assert promise.owner_id == world.leo.pk
    assert "You now owe" in as_(world.leo).get("/notices").content.decode()


@pytest.mark.req("C1")
def test_a_colleague_is_asked_by_a_time(world: World) -> None:
    as_(world.ana).post(
        "/promises/new",
        {"title": "Match 41 receipts", "of": world.leo.pk, "client": world.bakery.pk, "due_at": "today 16:00"},
    )
    made = Promise.objects.get(kind="colleague")
    assert (made.owner, made.to_staff, made.due_at) == (world.leo, world.ana, office("tue 16:00"))
    assert "You owe Ana Kovač" in as_(world.leo).get("/").content.decode()
    assert "Leo Marsh owes you" in as_(world.ana).get("/").content.decode()


def test_a_client_that_is_not_mine_cannot_be_smuggled_in(world: World) -> None:
    as_(world.stranger).post(
        "/promises/new", {"title": "Peek", "of": world.leo.pk, "client": world.bakery.pk, "due_at": "today 16:00"}
    )
    assert not Promise.objects.filter(kind="colleague", client=world.bakery).exists()


@pytest.mark.req("A12")
def test_help_is_asked_for_with_what_was_tried(world: World, promise: Promise) -> None:
    refused = as_(world.ana).post(f"/promises/{promise.pk}/escalate", {"tried": ""}, headers=HTMX)
    assert refused.status_code == 422
    as_(world.ana).post(f"/promises/{promise.pk}/escalate", {"tried": "Called twice"})
    assert Promise.objects.filter(kind="escalation", owner=world.lead, to_staff=world.ana).exists()


def test_today_says_in_a_sentence_what_the_list_shows(world: World, promise: Promise) -> None:
    kept = actions.make(
        kind="commitment", title="Pay slip", client=world.bakery, owner=world.ana, to_contact=world.mina,
        subject_kind="conversation", subject_id=2, due_at=office("tue 9:45"), by=world.ana, at=office("tue 8:45"),
    )  # fmt: skip
    assert kept is not None
    actions.keep(promise=kept, by=world.ana, at=office("tue 9:30"))
    page = as_(world.ana).get("/").content.decode()
    assert "Two promises fall due today: one is kept." in page
    assert "Tuesday 10 March" in page and "1 kept today" in page
    assert "credit note" not in as_(world.stranger).get("/").content.decode()


def test_today_without_anything_owed_says_what_happens_next(world: World) -> None:
    page = as_(world.leo).get("/").content.decode()
    assert "Nothing is owed right now" in page


def test_something_broken_before_today_is_named(world: World, promise: Promise) -> None:
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        page = as_(world.ana).get("/").content.decode()
    assert "From before, “Send credit note 1187” still has to be put right." in page
