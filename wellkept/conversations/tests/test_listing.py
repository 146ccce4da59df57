"""Lists: who sees what, in which order, page by page, and on which index however long the history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.world import World, office
from wellkept.conversations import actions, queries
from wellkept.conversations.models import HAS_ID, Conversation, Message
from wellkept.conversations.rules import NothingMoreOwed
from wellkept.people import actions as people
from wellkept.people.models import Staff


def listed(by: Staff, view: str = "mine", **more: object) -> list[str]:
    return [row.conversation.subject for row in queries.listing(by, view=view, **more).rows]  # type: ignore[arg-type]


def questions(world: World, count: int) -> list[Conversation]:
    return [
        world.asked(subject=f"Question {i:02d}", at=office("mon 9:00") + timedelta(minutes=i)) for i in range(count)
    ]


@pytest.mark.req("P6")
def test_everybody_sees_the_clients_they_work_for_and_the_stranger_nothing(world: World) -> None:
    oven = world.asked(at=office("mon 9:00"))

    for person in (world.ana, world.leo, world.lead, world.ruth, world.admin):
        assert queries.for_staff(person).filter(pk=oven.pk).exists(), person.name
    for view in ("mine", "clients", "team", "all", "waiting", "done", "triage"):
        assert listed(world.stranger, view) == []
        assert listed(world.stranger, view, words="oven") == []
        assert listed(world.stranger, view, client=world.bakery) == []
    assert not queries.for_staff(world.stranger).exists()
    assert not any(queries.counts(world.stranger).values())


def test_whoever_has_left_sees_nothing(world: World) -> None:
    world.asked(at=office("mon 9:00"))
    people.deactivate(staff=world.ana, taker=world.leo, by=world.admin, at=office("mon 9:01"))
    world.ana.refresh_from_db()

    assert not queries.for_staff(world.ana).exists()
    assert listed(world.ana) == []


def test_views_of_open_work(world: World) -> None:
    world.asked(at=office("mon 9:00"))
    world.received(world.mail("Hello", subject="From nobody"), at=office("mon 9:10"))

    assert listed(world.ana, "mine") == listed(world.ana, "clients") == ["GST on the oven"]
    assert listed(world.lead, "team") == ["GST on the oven", "From nobody"]
    assert listed(world.lead, "mine") == []
    assert listed(world.lead, "triage") == ["From nobody"]
    assert queries.counts(world.leo) == {"mine": 0, "clients": 0, "waiting": 0, "triage": 1}


def test_what_breaks_next_comes_first_and_pages_follow_without_gaps(world: World) -> None:
    questions(world, 7)
    world.received(world.from_mina("Your scan", subject="Nothing owed", automatic="generated"), at=office("mon 9:30"))

    seen: list[str] = []
    after = None
    while True:
        page = queries.listing(world.ana, limit=3, after=after)
        seen += [row.conversation.subject for row in page.rows]
        after = page.next
        if after is None:
            break
    assert seen == [*(f"Question {i:02d}" for i in range(7)), "Nothing owed"]


def test_rows_with_the_same_time_are_neither_lost_nor_doubled(world: World) -> None:
    same = [world.asked(subject=f"Same {i}", at=office("mon 9:00")) for i in range(5)]
    first = queries.listing(world.ana, limit=2)
    second = queries.listing(world.ana, limit=2, after=first.next)
    third = queries.listing(world.ana, limit=2, after=second.next)

    rows = [row.conversation for page in (first, second, third) for row in page.rows]
    assert rows == same and third.next is None


def test_done_work_comes_newest_first(world: World) -> None:
    for index, conversation in enumerate(questions(world, 3)):
        moment = office("mon 10:00") + timedelta(minutes=index)
        actions.reply(conversation=conversation, text="Yes.", follow_up=NothingMoreOwed(), by=world.ana, at=moment)

    page = queries.listing(world.ana, view="done", limit=2)
    assert [row.conversation.subject for row in page.rows] == ["Question 02", "Question 01"]
    assert listed(world.ana, "done", limit=2, after=page.next) == ["Question 00"]
    assert listed(world.ana, "mine") == []
    assert listed(world.ana, "all", client=world.bakery) == ["Question 02", "Question 01", "Question 00"]


def test_words_search_inside_the_view(world: World) -> None:
    world.asked("The mixer broke", subject="Mixer", at=office("mon 9:00"))
    world.asked("The oven broke", subject="Oven", at=office("mon 9:01"))
    theirs = world.mail("The oven of the cycles", sender="sam@northbank.example", subject="Their oven")
    world.received(theirs, at=office("mon 9:02"))

    assert listed(world.ana, words="oven") == ["Oven"]
    assert set(listed(world.ruth, "team", words="oven")) == {"Oven", "Their oven"}
    assert listed(world.ana, "done", words="oven") == []


@pytest.mark.parametrize("after", ["", "x", "d.yesterday.1", "n..", "d.2026-03-09T00:00:00+00:00.x"])
def test_a_place_nobody_was_given_reads_as_the_beginning(world: World, after: str) -> None:
    world.asked(at=office("mon 9:00"))

    assert listed(world.ana, after=after) == ["GST on the oven"]


def test_each_row_shows_what_falls_due_next(world: World) -> None:
    world.asked(at=office("mon 9:00"))
    [row] = queries.listing(world.ana).rows

    assert row.promise is not None and (row.promise.kind, row.promise.due_at) == ("acknowledge", office("mon 12:00"))


def test_a_stranger_is_named_by_what_they_wrote_from(world: World) -> None:
    world.received(world.mail("Hello", sender="eve@elsewhere.example", from_name="Eve Moss"), at=office("mon 9:00"))
    copied = world.mail("Hello", sender="tom@elsewhere.example", cc=("zoe@elsewhere.example",))
    world.received(copied, at=office("mon 9:01"))

    rows = queries.listing(world.leo, view="triage").rows
    assert [row.conversation.written_by for row in rows] == ["Eve Moss", "tom@elsewhere.example"]


def test_a_page_costs_the_same_number_of_queries_however_many_rows(
    world: World, django_assert_max_num_queries: object
) -> None:
    questions(world, 12)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        queries.listing(world.ana, limit=10)
    with django_assert_max_num_queries(11):  # type: ignore[operator]
        queries.listing(world.lead, view="team", limit=10)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="reads SQLite's plan")
@pytest.mark.parametrize(
    ("view", "index"),
    [("mine", "conversation_owner_open"), ("done", "conversation_owner_done"), ("team", "conversation_open")],
)
def test_a_view_walks_an_index_and_sorts_nothing(world: World, view: str, index: str) -> None:
    from wellkept.conversations.queries import lists

    found = lists._view(world.ruth, view, None)
    ordered = (
        found.order_by("-resolved_at", "-id")
        if view == "done"
        else found.filter(next_due_at__isnull=False).order_by("next_due_at", "id")
    )
    plan = ordered[:51].explain()

    assert index in plan and "TEMP B-TREE" not in plan, plan
    assert connection.vendor == "sqlite"


def test_long_threads_are_read_from_the_end(world: World) -> None:
    conversation = world.asked(at=office("mon 9:00"))
    for index in range(6):
        actions.note(conversation=conversation, text=f"Note {index}", by=world.ana, at=office("mon 9:01"))

    newest = queries.thread(conversation, limit=3)
    assert [message.text for message in newest] == ["Note 3", "Note 4", "Note 5"]
    older = queries.thread(conversation, before=newest[0].pk, limit=3)
    assert [message.text for message in older] == ["Note 0", "Note 1", "Note 2"]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="reads SQLite's plan")
def test_a_message_id_is_looked_up_in_its_index(world: World) -> None:
    found = Message.objects.filter(HAS_ID, message_id="<m1@mail.example>")

    assert "message_once" in found.explain()
    assert "message_once" in Message.objects.filter(HAS_ID, message_id__in=["<a@b>", "<c@d>"]).explain()
