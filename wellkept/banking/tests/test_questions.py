"""Asking a client about lines: the letter, the promise that waits, the answer by page or mail, reminders, the end."""

from datetime import timedelta

import pytest

from tests.world import World, office
from wellkept.banking import tokens
from wellkept.banking.actions import coding, questions
from wellkept.banking.models import Answer, Question
from wellkept.banking.queries import questions as reads
from wellkept.banking.tests.desk import Desk, bakery_desk
from wellkept.conversations.models import Message
from wellkept.core import files
from wellkept.core.refusals import NotYours, TakenByAnother
from wellkept.ledger import queries as books
from wellkept.people.models import Notice
from wellkept.promises import actions as promises
from wellkept.promises.models import Promise

ROWS = [("2026-03-05", "D WHITLOCK", "-500.00"), ("2026-03-06", "NORTHGATE PANEL", "-2116.00")]


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


@pytest.fixture
def asked(desk: Desk, world: World) -> Question:
    lines = desk.imported(ROWS)
    return questions.ask(
        lines=lines, contact=world.mina, text="What were these for?", by=world.ana, at=office("mon 9:00")
    )


def owed(question: Question) -> Promise:
    return Promise.objects.get(subject_kind="question", subject_id=question.pk)


@pytest.mark.req("B3", "B8", "W1")
def test_the_letter_names_the_lines_and_the_promise_waits_for_the_client(asked: Question, world: World) -> None:
    letter = Message.objects.get(conversation=asked.conversation, kind="out")
    assert "D WHITLOCK, NZD −500.00" in letter.text and "5 March 2026" in letter.text
    assert tokens.address(asked.pk) in letter.text
    assert asked.conversation.__class__.objects.get(pk=asked.conversation_id).waiting_since is not None
    assert owed(asked).paused_at is not None and owed(asked).to_contact == world.mina


def test_an_answer_by_mail_comes_onto_the_question_and_the_clock_runs_on(asked: Question, world: World) -> None:
    letter = Message.objects.get(conversation=asked.conversation, kind="out")
    world.received(
        world.from_mina("Drawings, both.", in_reply_to=letter.message_id, references=(letter.message_id,)),
        at=office("mon 11:00"),
    )
    world.run_reactions(at=office("mon 11:00"))

    [answer] = Answer.objects.all()

    assert (answer.question, answer.text, answer.via) == (asked, "Drawings, both.", "mail")
    assert owed(asked).paused_at is None
    assert Notice.objects.filter(staff=world.ana, kind="question.answered").count() == 1
    world.run_reactions(at=office("mon 11:01"))
    assert Answer.objects.count() == 1


def test_an_answer_on_the_page_with_a_photo(asked: Question, world: World) -> None:
    question = reads.by_token(tokens.make(asked.pk), at=office("tue 9:00"))
    photo = files.store(b"\x89PNG\r\n\x1a\n", media_type="image/png", at=world.start)
    for _again in range(2):
        questions.answer_on_page(
            question=question,
            text="Panel beater, the van",
            files=[("van.png", photo)],
            key="form-1",
            at=office("tue 9:00"),
        )
    [answer] = Answer.objects.all()
    assert answer.files.get().name == "van.png"
    asked.conversation.refresh_from_db()
    assert asked.conversation.waiting_since is None


@pytest.mark.parametrize("token", ["", "7", "1-abc", "not a token", "9999999999999999999-x"])
def test_a_token_nobody_signed_opens_nothing(asked: Question, token: str) -> None:
    assert reads.by_token(token, at=office("tue 9:00")) is None


def test_a_page_closes_in_time_and_when_the_question_is_withdrawn(asked: Question, world: World) -> None:
    token = tokens.make(asked.pk)
    assert reads.by_token(token, at=asked.expires_at) is None
    questions.withdraw(question=asked, reason="Found the invoice", by=world.ana, at=office("tue 9:00"))
    assert reads.by_token(token, at=office("tue 10:00")) is None
    assert owed(asked).withdrawn_at is not None
    with pytest.raises(TakenByAnother):
        questions.withdraw(question=asked, reason="Again", by=world.ana, at=office("tue 9:00"))


def test_coding_the_last_line_takes_the_answer_up_and_keeps_the_promise(
    asked: Question, desk: Desk, world: World
) -> None:
    questions.answer_on_page(question=asked, text="Drawings", files=[], key="a", at=office("tue 9:00"))
    account = books.accounts_in_use(desk.book).filter(type="expense").first()
    for number, row in enumerate(asked.lines.select_related("line__bank_account__account__book", "line__client")):
        coding.code(line=row.line, account=account, by=world.ana, at=office(f"tue 1{number}:00"))
        world.run_reactions(at=office(f"tue 1{number}:00"))
    asked.refresh_from_db()
    assert asked.settled_at is not None
    assert owed(asked).kept_at is not None and owed(asked).missed_at is None


def test_reminders_leave_in_the_clients_hours_and_end(asked: Question, world: World) -> None:
    assert questions.remind_due(at=office("mon 12:00")) == 0
    at, sent = office("mon 9:00"), 0
    for _hour in range(24 * 21):
        at += timedelta(hours=1)
        before = sent
        sent += questions.remind_due(at=at)
        if sent > before:
            assert world.office is not None
            local = at + timedelta(hours=13)
            assert local.weekday() < 5 and 8 <= local.hour < 18
    assert sent == questions.REMINDERS
    assert Message.objects.filter(conversation=asked.conversation, automatic="machine").count() == questions.REMINDERS


@pytest.mark.parametrize("text", ["", "   ", "x" * 4_001])
def test_a_question_says_something(desk: Desk, world: World, text: str) -> None:
    lines = desk.imported(ROWS[:1])
    with pytest.raises(questions.NothingToAsk):
        questions.ask(lines=lines, contact=world.mina, text=text, by=world.ana, at=world.start)


def test_nobody_is_asked_about_another_clients_lines(desk: Desk, world: World) -> None:
    lines = desk.imported(ROWS[:1])
    with pytest.raises(questions.LinesDiffer):
        questions.ask(lines=lines, contact=world.sam, text="What?", by=world.ana, at=world.start)
    with pytest.raises(NotYours):
        questions.ask(lines=lines, contact=world.mina, text="What?", by=world.stranger, at=world.start)
    assert not reads.for_staff(world.stranger).exists()


def test_a_question_goes_with_its_promise(asked: Question, world: World) -> None:
    promises.withdraw_by_hand(promise=owed(asked), reason="Found the invoice", by=world.ana, at=office("tue 9:00"))
    for _again in range(2):
        world.run_reactions(at=office("tue 9:01"))

    asked.refresh_from_db()
    assert asked.withdrawn_at == office("tue 9:00") and asked.remind_at is None
    assert reads.by_token(tokens.make(asked.pk), at=office("tue 10:00")) is None
