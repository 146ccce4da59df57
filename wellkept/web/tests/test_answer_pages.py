"""The page on which a contact answers: open to whoever has its address, chosen or in words, within bounds, closed in time."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.world import World
from wellkept.banking import tokens
from wellkept.banking.actions import coding, questions
from wellkept.banking.models import BankLine, Coding, Question, Undecided
from wellkept.banking.tests.desk import Desk, bakery_desk
from wellkept.core.allowance import Allowance
from wellkept.core.models import StoredFile
from wellkept.ledger import queries
from wellkept.people.queries import firm
from wellkept.web.pages import answers
from wellkept.web.tests.desk import HTMX, NOW, page, post

pytestmark = pytest.mark.usefixtures("tuesday")


@pytest.fixture(autouse=True)
def _nobody_has_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that is rolled back gives its question's address to the next one."""
    monkeypatch.setattr(answers, "allowance", Allowance())


@pytest.fixture
def books(world: World) -> Desk:
    return bakery_desk(world)


@pytest.fixture
def lines(books: Desk) -> list[BankLine]:
    return books.imported(
        [("2026-03-04", "FUELCO 8841", "-115.00"), ("2026-03-06", "KOWHAI CAFE", "-23.50")], closing="-138.50"
    )


@pytest.fixture
def question(world: World, lines: list[BankLine]) -> Question:
    return questions.ask(lines=lines[:1], contact=world.mina, text="What was this for?", by=world.ana, at=NOW)


def test_the_answer_page_is_open_to_whoever_has_its_address(question: Question, world: World) -> None:

    anybody, where = Client(), f"/answer/{tokens.make(question.pk)}"

    seen = anybody.get(where)

    assert seen.status_code == 200 and "no-store" in seen["Cache-Control"]
    text = seen.content.decode()
    assert "What was this for?" in text and "FUELCO 8841" in text and "NZD −115.00" in text
    assert "NZD NZD" not in text and "KOWHAI" not in text
    assert f"<span>{firm().name}</span>" in text and "Wellkept" not in text
    done = anybody.post(where, {"text": "Diesel for the van", "key": "k1"})
    assert done.status_code == 200 and "Diesel for the van" in page(
        world.ana, f"/coding/lines/{question.lines.get().line_id}/choices"
    )


def test_unknown_and_withdrawn_addresses_say_the_same(question: Question, world: World) -> None:

    anybody, where = Client(), f"/answer/{tokens.make(question.pk)}"
    questions.withdraw(question=question, reason="Found it", by=world.ana, at=NOW)

    closed, unknown = anybody.get(where), anybody.get("/answer/9999-nobody")

    assert closed.status_code == unknown.status_code == 404
    assert said(closed) == said(unknown)
    assert "FUELCO" not in closed.content.decode()


def test_a_page_whose_time_is_over_shows_nothing_and_takes_no_answer(question: Question) -> None:
    anybody, where = Client(), f"/answer/{tokens.make(question.pk)}"
    last = question.expires_at - timedelta(seconds=1)

    with time_machine.travel(last, tick=False):
        assert "What was this for?" in anybody.get(where).content.decode()
    with time_machine.travel(question.expires_at, tick=False):
        over, sent = anybody.get(where), anybody.post(where, {"text": "Diesel", "key": "k1"})

    assert over.status_code == sent.status_code == 404
    assert "This page is closed" in over.content.decode() and "Answer the mail instead" in over.content.decode()
    assert "FUELCO" not in over.content.decode() and not question.answers.exists()


def test_a_withdrawn_question_takes_no_answer(question: Question, world: World) -> None:
    where = f"/answer/{tokens.make(question.pk)}"
    questions.withdraw(question=question, reason="Found it", by=world.ana, at=NOW)

    sent = Client().post(where, {"text": "Diesel", "key": "k1"})

    assert sent.status_code == 404 and "This page is closed" in sent.content.decode()
    assert not question.answers.exists()


def test_an_answer_taken_up_is_read_and_not_written(question: Question, world: World) -> None:
    anybody, where = Client(), f"/answer/{tokens.make(question.pk)}"
    anybody.post(where, {"text": "Diesel for the van", "key": "k1"})
    questions.settle(question=question, by=world.ana, at=NOW)

    seen = anybody.get(where).content.decode()

    assert "Diesel for the van" in seen and "nothing more is needed" in seen and "<textarea" not in seen


@pytest.fixture
def suggested(books: Desk, world: World, lines: list[BankLine]) -> Question:
    """FUELCO was coded before, with GST to fuel and once without to another account; now it is asked about."""
    fuel, other = books.book.accounts.filter(type="expense", deactivated_at=None).order_by("code")[:2]
    tax = queries.tax_codes(books.book).filter(kind="purchase", rate_basis_points=1500)[0]
    earlier = books.imported([("2026-03-01", "FUELCO 8841", "-20.00"), ("2026-03-02", "FUELCO 8841", "-30.00")])
    coding.code(line=earlier[0], account=other, tax_code=tax, by=world.ana, at=NOW)
    coding.code(line=earlier[1], account=fuel, by=world.ana, at=NOW)
    return questions.ask(lines=lines[:1], contact=world.mina, text="What was this for?", by=world.ana, at=NOW)


@pytest.mark.req("B3", "B8")
def test_what_the_client_chose_stands_first_with_what_it_would_post(
    books: Desk, suggested: Question, world: World
) -> None:
    line = suggested.lines.get().line_id
    fuel, other = books.book.accounts.filter(type="expense", deactivated_at=None).order_by("code")[:2]
    assert Undecided.objects.get(pk=line).suggestion.choices[0]["account"] == fuel.pk
    anybody, where = Client(), f"/answer/{tokens.make(suggested.pk)}"
    seen = anybody.get(where).content.decode()
    offer = tokens.offer(suggested.pk, line, other.pk)
    assert other.name in seen and fuel.name in seen and "Something else, in words" in seen and offer in seen
    assert other.code not in seen

    assert anybody.post(where, {f"line-{line}": offer, "key": "k1"}).status_code == 200
    world.run_reactions(at=NOW)

    panel = page(world.ana, f"/coding/lines/{line}/choices")
    assert f"Answered so by {world.mina.name}" in panel
    assert f"Would post: {other.code} {other.name} 100.00 + GST 15.00." in panel
    assert Undecided.objects.filter(pk=line).exists(), "the bookkeeper decides"
    assert post(world.ana, f"/coding/lines/{line}/accept", {"rank": "1"}, **HTMX).status_code == 200
    decided = Coding.objects.get(line=line, undone_at=None)
    assert (decided.how, decided.account) == (Coding.How.ANSWER, other)
    assert f"<b>{other.name}</b>" in anybody.get(where).content.decode()


def test_words_alone_are_an_answer_and_change_no_suggestion(suggested: Question, world: World) -> None:
    line = suggested.lines.get().line_id
    before = Undecided.objects.get(pk=line).suggestion.choices

    sent = Client().post(f"/answer/{tokens.make(suggested.pk)}", {f"line-{line}": "", "text": "A gift", "key": "k"})
    world.run_reactions(at=NOW)

    assert sent.status_code == 200 and Undecided.objects.get(pk=line).suggestion.choices == before


def test_only_what_was_offered_can_be_chosen(books: Desk, suggested: Question, lines: list[BankLine]) -> None:
    account, where = books.bank.account, f"/answer/{tokens.make(suggested.pk)}"
    forged = (f"{suggested.pk}-{lines[0].pk}-{account.pk}.x", tokens.offer(suggested.pk + 1, lines[0].pk, account.pk))

    for offer in forged:
        assert Client().post(where, {f"line-{lines[0].pk}": offer, "key": offer}).status_code == 422

    assert not suggested.answers.exists()


def test_a_question_that_was_taken_up_keeps_nothing(question: Question, world: World) -> None:
    questions.settle(question=question, by=world.ana, at=NOW)
    kept = StoredFile.objects.count()

    sent = Client().post(f"/answer/{tokens.make(question.pk)}", {"text": "Late", "key": "k", "files": photo()})

    assert sent.status_code == 422 and "nothing was kept" in sent.content.decode()
    assert StoredFile.objects.count() == kept and not question.answers.exists()


def test_the_page_takes_a_few_answers_and_says_where_to_write_then(question: Question) -> None:
    anybody, where = Client(), f"/answer/{tokens.make(question.pk)}"
    for number in range(questions.MOST_ANSWERS):
        assert anybody.post(where, {"text": f"Part {number}", "key": f"k{number}"}).status_code == 200
    kept = StoredFile.objects.count()

    more = anybody.post(where, {"text": "And more", "key": "k-more", "files": photo()})

    assert more.status_code == 422 and "Answer the mail instead" in more.content.decode()
    assert question.answers.count() == questions.MOST_ANSWERS and StoredFile.objects.count() == kept
    assert anybody.post(where, {"text": "Part 0", "key": "k0"}).status_code == 200, "sent twice is one"


@pytest.mark.parametrize(
    ("name", "limit", "words"), [("MOST_BYTES", 5, "too large"), ("MOST_FILES", 1, "at most 1 files at once")]
)
def test_files_have_room_or_are_not_kept(
    question: Question, monkeypatch: pytest.MonkeyPatch, name: str, limit: int, words: str
) -> None:
    monkeypatch.setattr(questions, name, limit)
    kept = StoredFile.objects.count()

    sent = Client().post(
        f"/answer/{tokens.make(question.pk)}", {"text": "Here", "key": "k", "files": [photo(), photo()]}
    )

    assert sent.status_code == 422 and words in sent.content.decode() and "Here" in sent.content.decode()
    assert StoredFile.objects.count() == kept and not question.answers.exists()


def test_whoever_sends_faster_than_a_person_waits(question: Question) -> None:
    anybody, where = Client(), f"/answer/{tokens.make(question.pk)}"
    for _try in range(answers.A_MINUTE):
        anybody.post(where, {"text": "", "key": "k"})

    hurried = anybody.post(where, {"text": "Diesel", "key": "k"})

    assert hurried.status_code == 429 and "then send it again" in hurried.content.decode()
    assert "Diesel" in hurried.content.decode() and not question.answers.exists()


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("receipt.png", b"\x89PNG\r\n\x1a\n new", content_type="image/png")


def said(answer: Any) -> str:
    """What a person reads, without the marks each answer carries for itself."""
    body: str = answer.content.decode().split("<body", 1)[1]
    return re.sub(r'(nonce|content|value)="[^"]*"', "", body)
