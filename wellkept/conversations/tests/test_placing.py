"""The pure decision, as a table, and the same decision over real rows."""

from __future__ import annotations

import dataclasses

import pytest

from tests.world import World, office
from wellkept.conversations import actions, tokens, wording
from wellkept.conversations.models import Conversation, Message
from wellkept.conversations.rules import Clues, DueAt, Known, number_in, numbered, place, plain, snippet

MINA, PELE, EVE = "mina@harbourlane.example", "pele@harbourlane.example", "eve@elsewhere.example"
OVEN = Known(1, 7, frozenset({MINA}))
OTHERS = Known(2, 8, frozenset({"sam@northbank.example"}))
STRANGE = Known(3, None, frozenset({EVE}))


@pytest.mark.parametrize(
    ("clues", "where", "reason"),
    [
        (Clues(MINA, 7), None, "new"),
        (Clues(MINA, 7, token_given=True, by_token=OVEN), 1, "token"),
        (Clues(PELE, 7, token_given=True, by_token=OVEN), 1, "token newcomer"),
        (Clues(EVE, None, token_given=True, by_token=OVEN), 1, "token newcomer"),
        (Clues(MINA, 7, token_given=True, by_token=None), None, "new forged_token"),
        (Clues(MINA, 7, token_given=True, by_token=None, by_references=(OVEN,)), 1, "references forged_token"),
        (Clues(MINA, 7, token_given=True, by_token=OTHERS), None, "new token_elsewhere"),
        (Clues(PELE, 7, by_references=(OVEN,)), 1, "references newcomer"),
        (Clues(MINA, 7, by_references=(OTHERS, OVEN)), 1, "references"),
        (Clues(MINA, 7, by_references=(OTHERS,)), None, "new references_elsewhere"),
        (Clues(EVE, None, by_references=(OVEN,)), None, "new references_elsewhere"),
        (Clues(EVE, None, by_references=(STRANGE,)), 3, "references"),
        (Clues(MINA, 7, number_given=True, by_number=OVEN), 1, "number"),
        (Clues(PELE, 7, number_given=True, by_number=OVEN), None, "new number_stranger"),
        (Clues(EVE, None, number_given=True, by_number=None), None, "new number_stranger"),
        (Clues("ana@lantern.example", None, is_staff_address=True), None, "new staff_address"),
    ],
)
def test_where_a_message_belongs(clues: Clues, where: int | None, reason: str) -> None:
    placement = place(clues)

    assert (placement.conversation, placement.reason) == (where, reason)


def test_every_reason_has_a_sentence() -> None:
    codes = ["token", "references", "number", "new", "forged_token", "token_elsewhere", "references_elsewhere"]
    codes += ["number_stranger", "staff_address", "newcomer", "same_message_id", "moved"]

    assert len(wording.placement_sentences(" ".join(codes))) == len(codes)


@pytest.mark.parametrize(
    ("subject", "plainly"),
    [
        ("Re: GST", "GST"),
        ("RE: Fwd: AW: SV: GST", "GST"),
        ("Re[2]: GST", "GST"),
        ("Re: GST [#7k3qx9mdab]", "GST"),
        ("  GST\r\n on the oven ", "GST on the oven"),
        ("Regarding: GST", "Regarding: GST"),
        ("", ""),
        ("x" * 400, "x" * 300),
    ],
)
def test_subjects_are_read_without_their_marks(subject: str, plainly: str) -> None:
    assert plain(subject) == plainly


def test_a_number_is_found_again() -> None:
    assert number_in(numbered("GST", "7k3qx9mdab").upper()) == "7k3qx9mdab"
    assert number_in("GST [#12]") == ""


def test_a_snippet_is_one_line() -> None:
    assert snippet("Hello\n\n  Ana  " + "x" * 5000) == ("Hello Ana " + "x" * 300)[:200]


def test_a_token_is_read_back_in_any_case_and_nothing_else_is() -> None:
    token = tokens.make(4711)

    assert tokens.read(token) == tokens.read(token.upper()) == 4711
    assert tokens.in_address(tokens.address("desk@lantern.example", 4711)) == token
    for forged in (
        "",
        None,
        "c1",
        "c1-",
        token[:-1] + ("y" if token.endswith("z") else "z"),
        tokens.make(4712)[:6] + token[6:],
        "c00-" + token[-20:],
        "cé-ü",
        "c" * 500,
    ):
        assert tokens.read(forged) is None


@pytest.fixture
def oven(world: World) -> Conversation:
    return world.asked(at=office("mon 9:00"))


@pytest.fixture
def answer(world: World, oven: Conversation) -> Message:
    return actions.reply(
        conversation=oven, text="I look.", follow_up=DueAt(office("mon 15:00")), by=world.ana, at=office("mon 9:10")
    )


def test_an_answer_to_our_mail_joins_by_its_references(world: World, oven: Conversation, answer: Message) -> None:
    back = world.received(world.from_mina("And?", in_reply_to=answer.message_id), at=office("mon 9:20"))

    assert (back.conversation, back.placed_reason) == (oven, "references")


def test_our_signed_address_leads_back_without_any_references(world: World, oven: Conversation) -> None:
    back = world.received(world.from_mina("And?", token=tokens.make(oven.pk)), at=office("mon 9:20"))

    assert (back.conversation, back.placed_by) == (oven, "token")


def test_a_number_in_the_subject_is_for_those_who_take_part(world: World, oven: Conversation) -> None:
    subject = f"Re: GST [#{oven.public_id}]"
    mina = world.received(world.from_mina("And?", subject=subject), at=office("mon 9:20"))
    eve = world.received(world.mail("Tell me all", sender=EVE, subject=subject), at=office("mon 9:21"))

    assert mina.conversation == oven
    assert eve.conversation != oven
    assert (eve.conversation.client, eve.placed_reason) == (None, "new number_stranger")


def test_references_into_another_clients_conversation_are_not_followed(
    world: World, oven: Conversation, answer: Message
) -> None:
    mail = world.mail("Interesting", sender="sam@northbank.example", references=(answer.message_id,))
    message = world.received(mail, at=office("mon 9:20"))

    assert message.conversation.client == world.cycles
    assert message.placed_reason == "new references_elsewhere"


def test_a_forged_token_does_nothing_but_leave_a_reason(world: World, oven: Conversation) -> None:
    forged = tokens.make(oven.pk)[:-1] + "?"
    message = world.received(world.mail("Let me in", sender=EVE, token=forged), at=office("mon 9:20"))

    assert message.conversation != oven
    assert message.placed_reason == "new forged_token"


def test_a_colleagues_address_in_a_mail_proves_nothing(world: World, oven: Conversation) -> None:
    mail = world.mail("Pay this at once", sender=world.ana.email, token=tokens.make(oven.pk), from_name="Ana Kovač")
    message = world.received(mail, at=office("mon 9:20"))
    oven.refresh_from_db()

    assert (message.kind, message.staff, message.caution) == (Message.Kind.INBOUND, None, "staff_address")
    assert oven.unanswered_since == office("mon 9:00"), "a mail never counts as our answer"


def test_a_merged_conversation_still_leads_on(world: World, oven: Conversation) -> None:
    other = world.received(world.from_mina("Also the mixer"), at=office("mon 9:05")).conversation
    actions.merge(conversation=other, into=oven, by=world.ana, at=office("mon 9:06"))

    back = world.received(world.from_mina("And?", token=tokens.make(other.pk)), at=office("mon 9:20"))
    assert back.conversation == oven


def test_a_misleading_name_is_marked(world: World) -> None:
    mail = dataclasses.replace(world.from_mina(), from_misleading=True)

    assert world.received(mail, at=office("mon 9:00")).caution == "misleading"
