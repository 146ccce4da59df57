"""A stranger's letters become a client's, in one step."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World, office
from wellkept.clients import actions as clients
from wellkept.clients.models import Client, Contact
from wellkept.conversations import actions, queries
from wellkept.conversations.actions import Newcomer
from wellkept.conversations.models import Conversation
from wellkept.core.models import Fact
from wellkept.core.refusals import NotYours, Refusal

AT = office("mon 9:30")
TOVE = {"sender": "tove@fjord.example", "from_name": "Tove Lund"}


def wrote(world: World, text: str = "Do you take new clients?", when: str = "mon 9:00", **values: Any) -> Conversation:
    return world.received(world.mail(text, **{**TOVE, **values}), at=office(when)).conversation


@pytest.fixture
def letter(world: World) -> Conversation:
    return wrote(world)


def test_the_sender_becomes_a_contact_and_everything_they_wrote_is_the_clients(
    world: World, letter: Conversation
) -> None:
    second = wrote(world, "One thing more", "mon 9:10")
    assert list(queries.others_of_sender(letter, world.leo)) == [second]

    done = actions.introduce(
        conversation=letter,
        client=world.bakery,
        newcomer=Newcomer(phone="+64 4 555 0199", role="Baker"),
        others=[second],
        by=world.leo,
        at=AT,
    )

    assert (done.contact.name, done.contact.client, done.contact.role) == ("Tove Lund", world.bakery, "Baker")
    assert {address.value for address in done.contact.addresses.all()} == {"tove@fjord.example", "+6445550199"}
    assert done.contact.verified_at is None, "writing proves nothing"
    for conversation in (letter, second):
        conversation.refresh_from_db()
        assert (conversation.client, conversation.contact, conversation.owner) == (
            world.bakery,
            done.contact,
            world.ana,
        )
        [clock] = queries.open_promises(conversation)
        assert (clock.client, clock.to_contact) == (world.bakery, done.contact)
    assert [row.pk for row in done.conversations] == [letter.pk, second.pk]
    assert Fact.objects.filter(name="contact.added", by=world.leo.pk).count() == 1
    assert Fact.objects.filter(name="conversation.client_set").count() == 2
    third = wrote(world, "Thank you", "mon 9:40")
    assert third.client == world.bakery, "from now on they are known"


@pytest.mark.req("B1")
def test_a_new_client_begins_with_the_letter_it_wrote(world: World, letter: Conversation) -> None:
    done = actions.introduce_client(
        conversation=letter,
        name="Fjord Seafood",
        bookkeeper=world.ana,
        time_zone="Europe/Oslo",
        country="NO",
        newcomer=Newcomer(name="Tove"),
        by=world.lead,
        at=AT,
    )

    client = done.contact.client
    assert (client.name, client.bookkeeper, client.time_zone, client.country) == (
        "Fjord Seafood",
        world.ana,
        "Europe/Oslo",
        "NO",
    )
    letter.refresh_from_db()
    assert (letter.client, letter.contact, letter.owner) == (client, done.contact, world.ana)
    assert done.contact.name == "Tove"


def archived(world: World) -> Client:
    clients.archive(client=world.bakery, by=world.admin, at=world.start)
    world.bakery.refresh_from_db()
    return world.bakery


@pytest.mark.parametrize(
    ("obstacle", "refusal"),
    [
        ("archived", clients.ClientArchived),
        ("taken", clients.AddressTaken),
        ("not mine", NotYours),
        ("known", actions.ClientKnown),
        ("colleague", actions.ColleaguesAddress),
        ("stranger's other", actions.AnotherSender),
    ],
)
def test_a_refusal_leaves_everything_as_it_was(
    world: World, letter: Conversation, obstacle: str, refusal: type[Refusal]
) -> None:
    client, others = world.bakery, []
    if obstacle == "archived":
        client = archived(world)
    elif obstacle == "taken":
        clients.add_contact(client=world.cycles, name="T", emails=["tove@fjord.example"], by=None, at=AT)
    elif obstacle == "not mine":
        client = world.cycles
    elif obstacle == "known":
        actions.set_client(conversation=letter, client=world.bakery, contact=None, by=world.leo, at=AT)
    elif obstacle == "colleague":
        letter = wrote(world, sender="ana@lantern.example")
    else:
        others = [wrote(world, sender="knut@fjord.example")]
    people_before = Contact.objects.count()

    with pytest.raises(refusal):
        actions.introduce(conversation=letter, client=client, newcomer=Newcomer(), others=others, by=world.leo, at=AT)

    assert Contact.objects.count() == people_before


def test_a_new_client_needs_a_name_nobody_has_a_bookkeeper_and_somebody_who_may(
    world: World, letter: Conversation
) -> None:
    given: dict[str, Any] = {"conversation": letter, "newcomer": Newcomer(), "at": AT}
    with pytest.raises(clients.NameTaken):
        actions.introduce_client(name="Harbour Lane Bakery", bookkeeper=world.ana, by=world.admin, **given)
    with pytest.raises(clients.NeedsBookkeeper):
        actions.introduce_client(name="Fjord Seafood", bookkeeper=None, by=world.admin, **given)
    with pytest.raises(NotYours):
        actions.introduce_client(name="Fjord Seafood", bookkeeper=world.ana, by=world.leo, **given)
    assert not Client.objects.filter(name="Fjord Seafood").exists()


def test_only_open_letters_without_a_client_that_one_may_see_are_offered(world: World, letter: Conversation) -> None:
    resolved = wrote(world, "Never mind", "mon 9:10")
    actions.resolve(conversation=resolved, answer="They said so", by=world.leo, at=AT)

    assert not queries.others_of_sender(letter, world.leo).exists()
    wrote(world, "Hello?", "mon 9:20")
    assert queries.others_of_sender(letter, world.leo).count() == 1
    assert not queries.others_of_sender(letter, world.ana).exists(), "she does not sort"


def test_a_conversation_is_not_given_to_an_archived_client(world: World, letter: Conversation) -> None:
    with pytest.raises(clients.ClientArchived):
        actions.set_client(conversation=letter, client=archived(world), contact=None, by=world.admin, at=AT)
