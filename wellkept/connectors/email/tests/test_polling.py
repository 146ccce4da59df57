"""Against a real Dovecot, where there is one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.world import World, build
from wellkept.connectors.email import actions, polling, queries
from wellkept.connectors.email.actions.mailboxes import MailboxUnclear
from wellkept.connectors.email.models import Mailbox, RawMail
from wellkept.conversations.models import Message
from wellkept.core.clock import now
from wellkept.core.refusals import NotYours

from .conftest import free_port
from .dovecot import PASSWORD, Dovecot, running
from .letters import letter

HERE = shutil.which("dovecot") or os.path.exists("/usr/sbin/dovecot")
imap = [pytest.mark.imap, pytest.mark.skipif(not HERE, reason="Dovecot is not installed here")]


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    folder = Path(tempfile.mkdtemp(prefix="wellkept-dovecot-"))
    with running(folder) as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return build(start=now() - timedelta(days=1))


def added(world: World, server: Dovecot, address: str, **values: Any) -> Mailbox:
    return actions.add_mailbox(
        **{
            "address": address,
            "host": "127.0.0.1",
            "port": server.port,
            "security": "plain",
            "username": address,
            "secret": PASSWORD,
            "by": world.admin,
            "at": now(),
            **values,
        }
    )


def read_all() -> list[Message]:
    while actions.read_next(at=now()):
        pass
    return list(Message.objects.filter(kind=Message.Kind.INBOUND).select_related("conversation").order_by("id"))


@pytest.mark.django_db(transaction=True)
class TestWithDovecot:
    pytestmark = imap

    def test_new_mail_is_fetched_once_and_stays_unread_on_the_server(self, world: World, dovecot: Dovecot) -> None:
        mailbox = added(world, dovecot, "one@lantern.example", team=world.team)
        dovecot.put("one@lantern.example", letter("First", message_id="<1@x.example>"))

        assert polling.poll_all(at=now()) == 1
        dovecot.put("one@lantern.example", letter("Second", message_id="<2@x.example>", sender="new@nowhere.example"))
        assert polling.poll_all(at=now()) == 1
        assert polling.poll_all(at=now()) == 0

        first, second = read_all()
        assert (first.text, second.text) == ("First", "Second")
        assert second.conversation.team == world.team
        mailbox.refresh_from_db()
        assert mailbox.last_uid == 2 and mailbox.polled_at and not mailbox.trouble
        with dovecot.client("one@lantern.example") as box:
            assert [mail.flags for mail in box.fetch(mark_seen=False)] == [("\\Recent",)] * 2 or all(
                "\\Seen" not in mail.flags for mail in box.fetch(mark_seen=False)
            )

    def test_several_mailboxes_are_read_and_one_mail_in_two_is_one_message(
        self, world: World, dovecot: Dovecot
    ) -> None:
        for name in ("two", "three", "four"):
            added(world, dovecot, f"{name}@lantern.example")
            dovecot.put(
                f"{name}@lantern.example", f"Delivered-To: {name}@lantern.example\r\n".encode() + letter("Same")
            )

        assert polling.poll_all(at=now()) == 3
        assert [message.text for message in read_all()] == ["Same"]
        assert RawMail.objects.filter(duplicate_at__isnull=False).count() == 2

    def test_a_new_numbering_on_the_server_doubles_nothing(self, world: World, dovecot: Dovecot) -> None:
        mailbox = added(world, dovecot, "five@lantern.example")
        dovecot.put("five@lantern.example", letter("Once"))
        polling.poll_all(at=now())
        Mailbox.objects.filter(pk=mailbox.pk).update(uid_validity=7, last_uid=99)

        dovecot.put("five@lantern.example", letter("New", message_id="<n@x.example>"))
        polling.poll_all(at=now())

        assert [message.text for message in read_all()] == ["Once", "New"]

    def test_mail_from_before_the_start_stays_where_it_is(self, world: World, dovecot: Dovecot) -> None:
        dovecot.put("six@lantern.example", letter("Old"))
        added(world, dovecot, "six@lantern.example", since_on=now().date() + timedelta(days=2))

        assert polling.poll_all(at=now()) == 0

    def test_a_wrong_password_is_told_and_forgotten_when_mended(self, world: World, dovecot: Dovecot) -> None:
        mailbox = added(world, dovecot, "seven@lantern.example", secret="wrong")
        polling.poll_all(at=now())
        mailbox.refresh_from_db()

        assert mailbox.failing_since and "refused the user name or password" in mailbox.trouble
        actions.change_mailbox(
            mailbox=mailbox,
            host=mailbox.host,
            port=mailbox.port,
            security="plain",
            username=mailbox.username,
            folder="INBOX",
            trusted_server="",
            team=None,
            secret=PASSWORD,
            by=world.admin,
            at=now(),
        )
        polling.poll_all(at=now())
        mailbox.refresh_from_db()
        assert mailbox.failing_since is None and mailbox.trouble == ""

    def test_a_folder_that_is_not_there_is_told(self, world: World, dovecot: Dovecot) -> None:
        mailbox = added(world, dovecot, "eight@lantern.example", folder="Nowhere")
        polling.poll_all(at=now())
        mailbox.refresh_from_db()

        assert "no folder “Nowhere”" in mailbox.trouble

    def test_one_mailbox_in_trouble_keeps_nobody_waiting(self, world: World, dovecot: Dovecot) -> None:
        added(world, dovecot, "nine@lantern.example", port=free_port())
        added(world, dovecot, "ten@lantern.example")
        dovecot.put("ten@lantern.example", letter("Fine"))

        assert polling.poll_all(at=now()) == 1
        assert "cannot be reached" in Mailbox.objects.get(address="nine@lantern.example").trouble

    def test_a_paused_mailbox_is_left_alone_and_caught_up_with(self, world: World, dovecot: Dovecot) -> None:
        mailbox = added(world, dovecot, "eleven@lantern.example")
        actions.pause_mailbox(mailbox=mailbox, by=world.admin, at=now())
        dovecot.put("eleven@lantern.example", letter("Later"))

        assert polling.poll_all(at=now()) == 0
        actions.resume_mailbox(mailbox=mailbox, by=world.admin, at=now())
        assert polling.poll_all(at=now()) == 1

    def test_oauth_signs_in_with_a_fresh_token_and_keeps_the_new_refresh_token(
        self, world: World, dovecot: Dovecot
    ) -> None:
        mailbox = added(
            world,
            dovecot,
            "oauth@lantern.example",
            sign_in="oauth2",
            secret="first refresh",
            client_secret="shared",
            oauth_token_url=dovecot.token_url,
            oauth_client_id="wellkept",
        )
        dovecot.put("oauth@lantern.example", letter("By token"))

        assert polling.poll_all(at=now()) == 1
        assert dovecot.provider.asked[0]["client_secret"] == ["shared"]
        assert polling.poll_all(at=now()) == 0
        mailbox.refresh_from_db()
        assert mailbox.trouble == "" and "refresh" not in mailbox.sealed_secret

        dovecot.provider.refresh_token = "another"
        polling.poll_all(at=now())
        mailbox.refresh_from_db()
        assert "the access was taken back or has expired. Connect the mailbox again" in mailbox.trouble

    def test_a_mailbox_can_be_tried_out(self, world: World, dovecot: Dovecot) -> None:
        polling.try_out(added(world, dovecot, "twelve@lantern.example"))
        with pytest.raises(polling.MailboxTrouble, match="refused"):
            polling.try_out(added(world, dovecot, "thirteen@lantern.example", secret="wrong"))


GOOD: dict[str, Any] = {"address": "x@lantern.example", "host": "imap.example", "username": "x", "secret": "s"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"host": ""},
        {"host": "imap.example/x"},
        {"port": 0},
        {"username": " "},
        {"secret": ""},
        {"security": "none"},
        {"security": "plain"},
        {"sign_in": "oauth2"},
        {"sign_in": "oauth2", "oauth_token_url": "http://evil.example/token", "oauth_client_id": "x"},
        {"sign_in": "oauth2", "oauth_token_url": "https://login.example/token"},
    ],
)
def test_an_unclear_or_unsafe_mailbox_is_refused(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(MailboxUnclear):
        actions.add_mailbox(**{**GOOD, **wrong}, by=world.admin, at=now())

    assert not Mailbox.objects.exists()


@pytest.mark.django_db
def test_mailboxes_belong_to_the_administrator_and_secrets_are_sealed(world: World) -> None:
    with pytest.raises(NotYours):
        actions.add_mailbox(**GOOD, by=world.ana, at=now())
    mailbox = actions.add_mailbox(**{**GOOD, "secret": "open sesame"}, by=world.admin, at=now())

    assert "sesame" not in mailbox.sealed_secret
    with pytest.raises(actions.MailboxKnown):
        actions.add_mailbox(**GOOD, by=world.admin, at=now())
    assert list(queries.mailboxes(world.ana)) == [] and list(queries.mailboxes(world.admin)) == [mailbox]
    actions.remove_mailbox(mailbox=mailbox, by=world.admin, at=now())
    assert not Mailbox.objects.exists()
