"""Documents taken in, read, matched, attached, asked for; by upload, mail and answer."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import World, office
from wellkept.banking.actions import arrivals, coding, documents, importing, matching, questions
from wellkept.banking.models import Attached, Document, StatementFile
from wellkept.banking.queries import documents as reads
from wellkept.banking.reading import read_safely
from wellkept.banking.reading.sentences import BROKEN, EMPTY, GONE, LOCKED, PICTURE, UNKNOWN
from wellkept.banking.tests.desk import Desk, bakery_desk, ofx
from wellkept.banking.tests.papers import CAFE, PNG, letter, pdf, taken
from wellkept.conversations import actions as conversations
from wellkept.conversations.incoming import IncomingFile
from wellkept.conversations.models import Message
from wellkept.core import files
from wellkept.core.models import Fact
from wellkept.core.refusals import NotYours, TakenByAnother
from wellkept.ledger import queries as books
from wellkept.promises.models import Promise

COFFEE = ("2026-03-09", "KOWHAI CAFE WELLIN", "-16.50")


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


READ = [
    (pdf(CAFE), "application/pdf", "a.pdf", "TOTAL NZD 16.50", ""),
    (pdf(CAFE, password="secret"), "application/pdf", "a.pdf", "", LOCKED),
    (pdf(CAFE)[:400], "application/pdf", "a.pdf", "", BROKEN),
    (b"%PDF-1.4\n" + bytes(range(256)) * 40, "application/pdf", "a.pdf", "", BROKEN),
    (pdf([]), "application/pdf", "a.pdf", "", EMPTY),
    (PNG, "image/png", "a.png", "", PICTURE),
    (b"PK\x03\x04", "application/zip", "a.zip", "", UNKNOWN),
    (b"Total 5.00", "text/plain", "a.txt", "Total 5.00", ""),
    ("Total 5.00 €".encode("utf-16"), "text/plain", "a.txt", "Total 5.00 €", ""),
    (letter("Total 5.00"), "message/rfc822", "a.eml", "Total 5.00", ""),
    (letter("<style>x</style><p>Total</p><b>5.00</b>", html=True), "text/plain", "a.eml", "Total", ""),
    (letter("See attached", carries=pdf(CAFE)), "message/rfc822", "a.eml", "KOWHAI CAFE LTD", ""),
    (letter("See attached", carries=b"%PDF-junk"), "message/rfc822", "a.eml", "See attached", ""),
]


@pytest.mark.parametrize(("data", "media_type", "name", "text", "problem"), READ)
def test_a_file_is_read_or_says_why_not(
    tmp_path: Path, data: bytes, media_type: str, name: str, text: str, problem: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    told = read_safely(path, media_type=media_type, name=name)
    assert text in told.text and told.problem == problem
    assert "style" not in told.text


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    assert read_safely(tmp_path / "none", media_type="application/pdf", name="x").problem == GONE


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=2000), st.sampled_from(("application/pdf", "message/rfc822", "text/plain", "x/y")))
def test_no_bytes_break_the_reader(tmp_path: Path, data: bytes, media_type: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    told = read_safely(path, media_type=media_type, name="x")
    assert bool(told.text) != bool(told.problem)


@pytest.mark.req("B5")
def test_a_receipt_is_read_and_finds_its_line(desk: Desk, world: World) -> None:
    [line] = desk.imported([COFFEE])

    document = taken(world, pdf(CAFE))

    assert (document.payee, document.amount_minor, document.currency) == ("KOWHAI CAFE LTD", 1650, "NZD")
    [attached] = line.attached.all()
    assert attached.document == document and attached.attached_by is None
    assert attached.how == "match" and attached.reasons == ["amount", "date", "payee"]
    assert not reads.to_match(world.ana, world.bakery).exists()


def test_the_same_file_is_one_document(desk: Desk, world: World) -> None:
    first = taken(world, pdf(CAFE))
    again = taken(world, pdf(CAFE), name="copy.pdf")
    assert again == first and Fact.objects.filter(name="document.taken").count() == 1


@pytest.mark.req("B5")
def test_a_receipt_that_came_first_waits_for_its_line(desk: Desk, world: World) -> None:
    document = taken(world, pdf(CAFE))
    assert list(reads.to_match(world.ana, world.bakery)) == [document]

    [line] = desk.imported([COFFEE])
    world.run_reactions(at=world.start)

    assert line.attached.get().document == document


def test_two_equal_coffees_are_left_to_a_person(desk: Desk, world: World) -> None:
    lines = desk.imported([COFFEE, COFFEE])
    document = taken(world, pdf(CAFE))
    assert not Attached.objects.exists()
    assert {match.id for match in reads.ranked(document)} == {line.pk for line in lines}


def test_what_a_person_took_off_is_never_put_back(desk: Desk, world: World) -> None:
    [line] = desk.imported([COFFEE])
    document = taken(world, pdf(CAFE))
    attached = line.attached.get()

    matching.detach(attached=attached, by=world.ana, at=world.start)

    assert matching.match_document(document=document.pk, at=world.start) is None
    assert reads.ranked(document) == []
    with pytest.raises(TakenByAnother):
        matching.detach(attached=attached, by=world.ana, at=world.start)
    matching.attach(document=document, line=line, by=world.ana, at=world.start)
    with pytest.raises(matching.AttachedAlready):
        matching.attach(document=document, line=line, by=world.ana, at=world.start)


def test_the_machine_matches_a_line_once(desk: Desk, world: World) -> None:
    [line] = desk.imported([COFFEE])
    taken(world, pdf(CAFE))
    other = taken(world, pdf([*CAFE, "copy"]))
    assert not other.attached.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attached.objects.create(document=other, line=line, attached_at=world.start, how="match")


def test_set_aside_with_a_reason_and_brought_back(desk: Desk, world: World) -> None:
    document = taken(world, PNG, name="advert.png", media_type="image/png")
    with pytest.raises(documents.ReasonMissing):
        documents.set_aside(document=document, reason=" ", by=world.ana, at=world.start)
    documents.set_aside(document=document, reason="An advertisement", by=world.ana, at=world.start)
    [line] = desk.imported([COFFEE])
    with pytest.raises(TakenByAnother):
        matching.attach(document=document, line=line, by=world.ana, at=world.start)
    documents.bring_back(document=document, by=world.ana, at=world.start)
    matching.attach(document=document, line=line, by=world.ana, at=world.start)
    with pytest.raises(documents.DocumentInUse):
        documents.set_aside(document=document, reason="No", by=world.ana, at=world.start)


def test_strangers_and_other_clients_stay_apart(desk: Desk, world: World) -> None:
    [line] = desk.imported([COFFEE])
    stored = files.store(PNG, media_type="image/png", at=world.start)
    theirs = documents.take_document(
        client=world.cycles, stored=stored, name="x.png", arrived_by="upload", by=None, at=world.start
    )
    with pytest.raises(matching.OfAnotherClient):
        matching.attach(document=theirs, line=line, by=world.ruth, at=world.start)
    with pytest.raises(NotYours):
        documents.set_aside(document=theirs, reason="x", by=world.ana, at=world.start)
    assert not reads.for_staff(world.ana).filter(pk=theirs.pk).exists()


def brought(world: World, *parts: IncomingFile, to: str, text: str = "Receipts", **more: object) -> Message:
    mail = world.from_mina(text, attachments=parts, our_addresses=(to,), to=(to,), **more)
    message = conversations.receive(mail=mail, at=world.start)
    world.run_reactions(at=world.start)
    return message


RECEIPT = IncomingFile("cafe.pdf", "application/pdf", pdf(CAFE))
STATEMENT = IncomingFile("march.ofx", "application/octet-stream", ofx([COFFEE]))
LOGO = IncomingFile("logo.png", "image/png", PNG, content_id="<1>", inline=True)
PHOTO = IncomingFile("photo.png", "image/png", PNG + b"x" * 30_000, content_id="<2>", inline=True)
ZIP = IncomingFile("all.zip", "application/zip", b"PK\x03\x04")


@pytest.mark.req("B5")
def test_mail_to_the_clients_address_brings_documents_and_bank_files(desk: Desk, world: World) -> None:
    address = reads.mail_address(world.bakery)
    message = brought(world, RECEIPT, STATEMENT, LOGO, PHOTO, ZIP, to=address)

    assert sorted(Document.objects.values_list("name", flat=True)) == ["cafe.pdf", "photo.png"]
    file = StatementFile.objects.get(message=message)
    assert (file.name, file.arrived_by, file.received_by) == ("march.ofx", "mail", None)
    arrivals.take_mail(message_id=message.pk, at=world.start)
    assert Document.objects.count() == 2 and StatementFile.objects.filter(message=message).count() == 1


def test_only_the_address_signed_today_brings_anything(desk: Desk, world: World) -> None:
    address = reads.mail_address(world.bakery)
    local, _at, domain = address.partition("@")
    forged = f"{local[:-1]}{'b' if local.endswith('a') else 'a'}@{domain}"
    for other in (world.firm.mail_address, forged, address.replace("+d", "+d0"), "x+d1-a@x.example"):
        brought(world, RECEIPT, to=other)
    documents.renew_address(client=world.bakery, by=world.ana, at=world.start)
    brought(world, RECEIPT, to=address)
    assert not Document.objects.exists()

    brought(world, RECEIPT, to=reads.mail_address(world.bakery).upper().lower(), automatic="generated")
    assert Document.objects.get().client == world.bakery


@pytest.mark.req("B7")
def test_files_without_a_word_are_filed_and_nobody_waits(desk: Desk, world: World) -> None:
    address = reads.mail_address(world.bakery)
    signature = "-- \nMina Okafor"
    alone = brought(world, RECEIPT, STATEMENT, LOGO, to=address, text="")
    signed = brought(world, RECEIPT, to=address, text=signature, spans=((0, len(signature), "signature"),))

    for message in (alone, signed):
        conversation = message.conversation
        conversation.refresh_from_db()
        assert conversation.resolved_at == world.start and conversation.unanswered_since is None
        assert not Promise.objects.filter(
            subject_kind="conversation", subject_id=conversation.pk, withdrawn_at=None
        ).exists()
        [filed] = [said for said in conversation.messages.order_by("id") if said.event]
        assert filed.event == "filed" and "files and no words" in filed.details["reason"]


def test_words_beside_the_files_are_not_filed_away(desk: Desk, world: World) -> None:
    message = brought(world, RECEIPT, to=world.firm.mail_address, text="Please book it")
    with pytest.raises(conversations.AnswerExpected):
        conversations.file_away(message=message, reason="Filed", at=world.start)


@pytest.mark.parametrize(
    "more",
    [
        {"text": "Please book these"},
        {"text": "", "subject": "Can you book this?"},
        {"text": "", "attachments": (RECEIPT, ZIP)},
    ],
)
def test_a_word_a_question_or_a_file_of_no_use_waits_for_a_person(
    desk: Desk, world: World, more: dict[str, Any]
) -> None:
    asked = {"attachments": (RECEIPT,), **more}
    message = brought(world, *asked.pop("attachments"), to=reads.mail_address(world.bakery), **asked)
    world.run_reactions(at=world.start)

    message.conversation.refresh_from_db()
    assert message.conversation.is_open and message.conversation.unanswered_since == world.start
    assert Promise.objects.get(subject_kind="conversation", subject_id=message.conversation_id).withdrawn_at is None


def test_a_loop_brings_nothing(desk: Desk, world: World) -> None:
    brought(world, RECEIPT, to=reads.mail_address(world.bakery), automatic="loop")
    assert not Document.objects.exists()


@pytest.mark.req("B5", "B3")
def test_a_photo_in_an_answer_proves_the_line(desk: Desk, world: World) -> None:
    [line] = desk.imported([COFFEE])
    question = questions.ask(lines=[line], contact=world.mina, text="What?", by=world.ana, at=office("mon 9:00"))
    photos = [("front.png", PNG), ("back.png", PNG + b"2"), ("all.zip", b"PK\x03\x04")]
    stored = [(name, files.store(data, media_type="", at=world.start)) for name, data in photos]
    questions.answer_on_page(question=question, text="Coffee", files=stored, key="1", at=office("mon 10:00"))
    for _again in range(2):
        world.run_reactions(at=office("mon 10:00"))
        arrivals.take_answer(answer_id=question.answers.get().pk, at=office("mon 10:00"))

    assert sorted(line.attached.values_list("document__name", "how")) == [
        ("back.png", "answer"),
        ("front.png", "answer"),
    ]


def test_a_person_keeps_an_attachment(desk: Desk, world: World) -> None:
    message = brought(world, RECEIPT, STATEMENT, to=world.firm.mail_address)
    cafe, bank = message.attachments.order_by("id")
    kept = {"client": world.bakery, "message": message, "by": world.ana, "at": world.start}
    document = arrivals.keep_as_document(stored=cafe.file, name=cafe.name, **kept)
    assert document.arrived_by == "mail" and document.message == message
    with pytest.raises(arrivals.NoUse):
        arrivals.keep_as_bank_file(stored=cafe.file, name=cafe.name, **kept)
    assert arrivals.keep_as_bank_file(stored=bank.file, name=bank.name, **kept).arrived_by == "mail"


ROWS = [
    ("2026-03-02", "FUELCO", "-80.00"),
    ("2026-03-03", "KOWHAI CAFE", "-75.00"),
    ("2026-03-04", "OVEN CO", "-900.00"),
    ("2026-03-05", "TAKINGS", "500.00"),
    ("2026-03-06", "UNCODED", "-500.00"),
]


@pytest.mark.req("B5")
def test_expenses_over_the_limit_without_a_document_are_asked_for_at_once(desk: Desk, world: World) -> None:
    lines = desk.imported(ROWS)
    expense = books.accounts_in_use(desk.book).filter(type="expense").first()
    for line in lines[:4]:
        coding.code(line=line, account=expense, by=world.ana, at=world.start)

    def wanting(over: int) -> list[str]:
        since = lines[0].dated_on
        found = reads.without_document(world.bakery, over_minor=over, since=since, currency="NZD")
        return [line.payee for line in found]

    assert reads.over_minor(world.bakery) == 7500
    assert wanting(7500) == ["OVEN CO", "FUELCO"]
    documents.ask_above(client=world.bakery, over_minor=50_00, by=world.ana, at=world.start)
    assert wanting(reads.over_minor(world.bakery)) == ["OVEN CO", "KOWHAI CAFE", "FUELCO"]

    document = taken(world, PNG, name="oven.png", media_type="image/png")
    matching.attach(document=document, line=lines[2], by=world.ana, at=world.start)
    asked = {"client": world.bakery, "contact": world.mina, "text": "Receipts?", "by": world.ana}
    with pytest.raises(matching.HasDocument):
        matching.ask_for_documents(lines=[line.pk for line in lines[:3]], at=office("mon 9:00"), **asked)
    question = matching.ask_for_documents(lines=[line.pk for line in lines[:2]], at=office("mon 9:00"), **asked)
    assert question.lines.count() == 2 and wanting(0) == []
    with pytest.raises(matching.HasDocument):
        matching.ask_for_documents(lines=[lines[0].pk], at=office("mon 9:00"), **asked)


@pytest.mark.parametrize("minor", [-1, 10**15 + 1])
def test_a_limit_is_an_amount(desk: Desk, world: World, minor: int) -> None:
    with pytest.raises(documents.LimitUnsound):
        documents.ask_above(client=world.bakery, over_minor=minor, by=world.ana, at=world.start)


def test_a_mail_keeps_the_address_it_came_to(world: World) -> None:
    address = reads.mail_address(world.bakery)
    mail = replace(world.from_mina(), our_addresses=(world.firm.mail_address, address))
    message = conversations.receive(mail=mail, at=world.start)
    assert message.details == {"came_to": [address]}
    assert not message.conversation.participants.filter(address=address).exists()


def test_a_bank_file_of_a_mail_is_imported_like_any_other(desk: Desk, world: World) -> None:
    message = brought(world, STATEMENT, to=reads.mail_address(world.bakery))
    file = StatementFile.objects.get(message=message)
    importing.import_file(file=file, by=world.ana, at=world.start)
    assert file.new_lines == 1
