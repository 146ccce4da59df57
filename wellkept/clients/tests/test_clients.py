"""Taking on, scope, handing over."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from wellkept.clients import actions, queries, reactions
from wellkept.clients.models import Client
from wellkept.clients.tests.books import Books
from wellkept.core.models import Delivery, Fact
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import actions as people
from wellkept.people import queries as colleagues
from wellkept.people.tests.desk import NOW, join


def seen_by(books: Books, name: str) -> set[str]:
    return {client.name for client in queries.for_staff(getattr(books.desk, name))}


def hear(name: str) -> None:
    """Run what this room owes to the newest fact called `name`, as the worker would."""
    fact = Fact.objects.filter(name=name).latest("seq")
    for delivery in Delivery.objects.filter(fact=fact, reaction__startswith="clients."):
        getattr(reactions, delivery.reaction.split(".")[-1])(fact)


@pytest.mark.req("B1")
def test_a_client_has_one_named_bookkeeper(books: Books) -> None:
    assert books.bakery.bookkeeper == books.desk.ana
    assert list(queries.portfolio(books.desk.ana)) == [books.bakery]
    with pytest.raises(actions.NeedsBookkeeper, match="every client has one by name"):
        actions.take_on(name="Nobody's", bookkeeper=None, by=books.desk.ada, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.filter(pk=books.bakery.pk).update(bookkeeper=None)


def test_a_bookkeeper_who_left_is_not_named(books: Books) -> None:
    people.deactivate(staff=books.desk.ben, taker=None, by=books.desk.ada, at=NOW)
    books.desk.ben.refresh_from_db()

    with pytest.raises(actions.NeedsBookkeeper):
        actions.take_on(name="New", bookkeeper=books.desk.ben, by=books.desk.ada, at=NOW)
    with pytest.raises(actions.NeedsBookkeeper):
        actions.hand_portfolio(client=books.bakery, bookkeeper=books.desk.ben, by=books.desk.ada, at=NOW)


@pytest.mark.parametrize(
    ("who", "clients"),
    [
        ("ada", {"Harbour Lane Bakery", "Hill Vineyard"}),  # administrator
        ("leo", {"Harbour Lane Bakery"}),  # supervises the bookkeeper and leads their team
        ("ana", {"Harbour Lane Bakery"}),  # the bookkeeper
        ("ben", {"Harbour Lane Bakery"}),  # the same team
        ("sam", {"Harbour Lane Bakery"}),  # the support team
        ("zoe", {"Hill Vineyard"}),  # the stranger sees her own alone
    ],
)
def test_scope_by_place_in_the_firm(books: Books, who: str, clients: set[str]) -> None:
    staff = getattr(books.desk, who)

    assert seen_by(books, who) == clients
    scope = queries.scope(staff)
    assert {c.name for c in Client.objects.filter(scope.q("pk"))} == clients
    assert scope.holds(books.bakery.pk) == ("Harbour Lane Bakery" in clients)
    assert {c.name for c in queries.contacts_for(staff)} == (
        {"Mina Okafor"} if "Harbour Lane Bakery" in clients else set()
    )


@pytest.mark.parametrize("role", ["quality", "operator", "administrator"])
def test_those_who_watch_over_the_firm_see_every_client(books: Books, role: str) -> None:
    people.grant_roles(staff=books.desk.zoe, roles=[role], by=books.desk.ada, at=NOW)

    assert queries.scope(books.desk.zoe).everything
    assert seen_by(books, "zoe") == {"Harbour Lane Bakery", "Hill Vineyard"}


def test_who_sees_a_client_is_its_scope_the_other_way_round(books: Books) -> None:
    top = join(books.desk.ada, "Tess Top", ["leader"])
    people.change_supervisor(staff=books.desk.leo, supervisor=top, by=books.desk.ada, at=NOW)

    for client in (books.bakery, books.vineyard):
        seen = [person.name for person in colleagues.active() if queries.may_see(person, client)]
        assert [person.name for person in queries.who_sees(client)] == seen


def test_a_supervisor_at_any_distance_sees_the_client(books: Books) -> None:
    top = join(books.desk.ada, "Tess Top", ["leader"])
    people.change_supervisor(staff=books.desk.leo, supervisor=top, by=books.desk.ada, at=NOW)

    assert queries.scope(top).ids == {books.bakery.pk}


def test_scope_is_one_query(books: Books, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.scope(books.desk.ana)
    with django_assert_num_queries(0):  # type: ignore[operator]
        queries.scope(books.desk.ada)


def test_who_left_sees_nothing(books: Books) -> None:
    people.deactivate(staff=books.desk.ana, taker=books.desk.ben, by=books.desk.ada, at=NOW)

    assert seen_by(books, "ana") == set()
    assert queries.scope(books.desk.ana).ids == frozenset()


@pytest.mark.parametrize("who", ["sam", "leo", "ada"])
def test_what_belongs_to_no_client_is_for_triage(books: Books, who: str) -> None:
    assert queries.scope(getattr(books.desk, who)).holds(None)
    assert not queries.scope(books.desk.ana).holds(None)


@pytest.mark.req("B1")
def test_handing_a_portfolio_over_is_a_fact(books: Books) -> None:
    actions.hand_portfolio(client=books.bakery, bookkeeper=books.desk.ben, by=books.desk.leo, at=NOW)

    [fact] = Fact.objects.filter(name="client.handed_over")
    assert (fact.client, fact.data) == (books.bakery.pk, {"from": books.desk.ana.pk, "to": books.desk.ben.pk})
    actions.hand_portfolio(client=books.bakery, bookkeeper=books.desk.ben, by=books.desk.leo, at=NOW)
    assert Fact.objects.filter(name="client.handed_over").count() == 1
    with pytest.raises(NotYours):
        actions.hand_portfolio(client=books.bakery, bookkeeper=books.desk.zoe, by=books.desk.zoe, at=NOW)


@pytest.mark.req("B1")
def test_the_portfolio_follows_who_takes_over(books: Books) -> None:
    with pytest.raises(people.WorkStillOpen, match="Ana Reyes still holds 1 client"):
        people.deactivate(staff=books.desk.ana, taker=None, by=books.desk.ada, at=NOW)
    people.deactivate(staff=books.desk.ana, taker=books.desk.ben, by=books.desk.ada, at=NOW)

    for _turn in range(2):  # a reaction may be delivered twice
        hear("staff.deactivated")

    books.bakery.refresh_from_db()
    assert books.bakery.bookkeeper == books.desk.ben
    assert Fact.objects.filter(name="client.handed_over").count() == 1


def test_a_new_firm_promises_something(books: Books) -> None:
    hear("firm.set_up")
    hear("firm.set_up")

    agreement = queries.default_agreement()
    assert agreement is not None and agreement.versions.count() == 1
    choice = queries.target_for(books.bakery, "acknowledge", "email", "")
    assert choice is not None and choice.target.seconds == 3 * actions.HOUR


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "harbour lane BAKERY"}, "name"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"country": "New Zealand"}, "country"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_a_refusal_names_the_field(books: Books, given: dict, field: str) -> None:
    said = {"name": "New", "bookkeeper": books.desk.ana, "by": books.desk.ada, "at": NOW, **given}

    with pytest.raises(Refusal) as refused:
        actions.take_on(**said)
    assert refused.value.field == field


def test_an_archived_client_is_left_as_it_was(books: Books) -> None:
    actions.archive(client=books.bakery, by=books.desk.ada, at=NOW)

    assert books.bakery not in queries.current(books.desk.ana) and books.bakery in queries.for_staff(books.desk.ana)
    for refused in (
        lambda: actions.archive(client=books.bakery, by=books.desk.ada, at=NOW),
        lambda: actions.hand_portfolio(client=books.bakery, bookkeeper=books.desk.ben, by=books.desk.ada, at=NOW),
        lambda: actions.note_nuance(client=books.bakery, text="x", by=books.desk.ana, at=NOW),
        lambda: actions.add_contact(client=books.bakery, name="Y", by=books.desk.ana, at=NOW),
    ):
        with pytest.raises(actions.ClientArchived):
            refused()


@pytest.mark.req("B11")
def test_a_nuance_is_noted_once_for_everyone_who_works_for_the_client(books: Books) -> None:
    nuance = actions.note_nuance(client=books.bakery, text=" Flour is zero-rated. ", by=books.desk.sam, at=NOW)

    assert [n.text for n in queries.nuances(books.bakery)] == ["Flour is zero-rated."]
    assert not queries.nuances(books.vineyard).exists()
    with pytest.raises(NotYours):
        actions.note_nuance(client=books.bakery, text="x", by=books.desk.zoe, at=NOW)
    with pytest.raises(actions.NuanceEmpty):
        actions.note_nuance(client=books.bakery, text="  ", by=books.desk.ana, at=NOW)
    actions.retire_nuance(nuance=nuance, by=books.desk.ana, at=NOW)
    assert not queries.nuances(books.bakery).exists()
