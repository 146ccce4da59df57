"""People at the client and how to reach them."""

from __future__ import annotations

import pytest

from wellkept.clients import actions, queries
from wellkept.clients.models import ContactAddress
from wellkept.clients.tests.books import Books
from wellkept.core.addresses import NotAnAddress
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people.tests.desk import NOW


def test_addresses_are_normalised(books: Books) -> None:
    values = set(books.mina.addresses.values_list("kind", "value"))

    assert values == {("email", "mina@harbourlane.example"), ("phone", "+6495550123")}
    assert queries.by_address("email", " MINA@harbourlane.example") == books.mina
    assert queries.by_address("phone", "+6495550123") == books.mina
    assert queries.by_address("email", "nobody@harbourlane.example") is None
    assert queries.email_of(books.mina) == "mina@harbourlane.example"


def test_a_mail_address_is_one_persons(books: Books) -> None:
    with pytest.raises(actions.AddressTaken, match="Mina Okafor at Harbour Lane Bakery"):
        actions.add_contact(
            client=books.bakery, name="Tim", emails=["mina@harbourlane.example"], by=books.desk.ana, at=NOW
        )
    assert not books.bakery.contacts.filter(name="Tim").exists()


def test_a_stranger_is_not_told_whose_address_it_is(books: Books) -> None:
    with pytest.raises(actions.AddressTaken) as refused:
        actions.add_contact(
            client=books.vineyard, name="Tim", emails=["mina@harbourlane.example"], by=books.desk.zoe, at=NOW
        )
    assert "Mina" not in str(refused.value) and "Bakery" not in str(refused.value)


def test_a_switchboard_may_be_several_peoples(books: Books) -> None:
    actions.add_contact(client=books.bakery, name="Tim", phones=["+64 9 555 0123"], by=books.desk.ana, at=NOW)

    assert queries.by_address("phone", "+6495550123") is None  # it no longer says who is calling


def test_who_left_is_no_longer_recognised(books: Books) -> None:
    actions.contact_left(contact=books.mina, by=books.desk.ana, at=NOW)

    assert queries.by_address("email", "mina@harbourlane.example") is None
    assert not queries.contacts_of(books.bakery).exists()
    with pytest.raises(actions.ContactLeft):
        actions.contact_left(contact=books.mina, by=books.desk.ana, at=NOW)
    heir = actions.add_contact(
        client=books.bakery, name="Tim", emails=["mina@harbourlane.example"], by=books.desk.ana, at=NOW
    )
    assert queries.by_address("email", "mina@harbourlane.example") == heir


@pytest.mark.req("P2")
def test_a_new_address_must_be_verified_again(books: Books) -> None:
    actions.verify_contact(contact=books.mina, by=books.desk.ana, at=NOW)
    assert books.mina.verified_by == books.desk.ana
    with pytest.raises(Refusal):
        actions.verify_contact(contact=books.mina, by=books.desk.ana, at=NOW)

    actions.add_address(contact=books.mina, kind="email", value="m@o.example", by=books.desk.ana, at=NOW)

    books.mina.refresh_from_db()
    assert books.mina.verified_at is None


def test_an_address_can_be_removed(books: Books) -> None:
    phone = books.mina.addresses.get(kind=ContactAddress.Kind.PHONE)
    actions.remove_address(address=phone, by=books.desk.ana, at=NOW)

    assert queries.by_address("phone", "+6495550123") is None


@pytest.mark.parametrize("text", ["", "call me", "123", "+999 1", "0" * 61])
def test_what_cannot_be_called_is_refused(books: Books, text: str) -> None:
    with pytest.raises(Refusal, match="not a telephone number") as refused:
        actions.add_address(contact=books.mina, kind="phone", value=text, by=books.desk.ana, at=NOW)
    assert refused.value.field == "phone"


def test_only_those_who_see_the_client_keep_its_contacts(books: Books) -> None:
    for refused in (
        lambda: actions.add_contact(client=books.bakery, name="X", by=books.desk.zoe, at=NOW),
        lambda: actions.verify_contact(contact=books.mina, by=books.desk.zoe, at=NOW),
        lambda: actions.contact_left(contact=books.mina, by=books.desk.zoe, at=NOW),
        lambda: actions.add_address(contact=books.mina, kind="email", value="a@b.example", by=books.desk.zoe, at=NOW),
    ):
        with pytest.raises(NotYours):
            refused()


def test_strange_mail_addresses_are_refused(books: Books) -> None:
    with pytest.raises(NotAnAddress):
        actions.add_address(contact=books.mina, kind="email", value="Mina <m@x.example>", by=books.desk.ana, at=NOW)
