"""The document inbox in the browser's hands: taking in, choosing the line, asking for what is missing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Visitor

from tests.world import World
from wellkept.banking.actions import coding, documents, matching
from wellkept.banking.models import Attached, Document, Question, StatementFile
from wellkept.banking.queries import documents as reads
from wellkept.banking.tests.desk import Desk, bakery_desk, ofx
from wellkept.banking.tests.papers import CAFE, PNG, pdf, taken
from wellkept.conversations import actions as conversations
from wellkept.conversations.incoming import IncomingFile
from wellkept.ledger import queries as books

COFFEE = ("2026-03-09", "KOWHAI CAFE WELLIN", "-16.50")


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


@pytest.fixture
def ana(world: World) -> Visitor:
    visitor = Visitor()
    visitor.force_login(world.ana)
    return visitor


def inbox(world: World, more: str = "") -> str:
    return f"/coding/{world.bakery.pk}/documents{more}"


@pytest.mark.req("B5")
@pytest.mark.parametrize(("field", "arrived_by"), [("files", "upload"), ("photo", "camera")])
def test_files_and_photos_come_in(desk: Desk, world: World, ana: Visitor, field: str, arrived_by: str) -> None:
    answer = ana.post(inbox(world, "/new"), {field: SimpleUploadedFile("a.png", PNG, "image/png")})
    assert answer.status_code == 302 and answer["Location"] == inbox(world)
    assert Document.objects.get().arrived_by == arrived_by
    assert b"being read" in ana.get(inbox(world)).content


def test_nothing_chosen_says_so(desk: Desk, world: World, ana: Visitor) -> None:
    answer = ana.post(inbox(world, "/new"), HTTP_HX_REQUEST="true")
    assert answer.status_code == 422 and "Choose a receipt" in answer["HX-Trigger"]


def test_two_coffees_are_offered_and_one_is_chosen(desk: Desk, world: World, ana: Visitor) -> None:
    lines = desk.imported([COFFEE, COFFEE])
    document = taken(world, pdf(CAFE))
    other = taken(world, PNG, name="other.png", media_type="image/png")

    shown = ana.get(inbox(world, f"?document={document.pk}")).content.decode()
    assert "same amount, same day, same payee" in shown and shown.count('data-key="1"') == 1

    chosen = {"line": lines[1].pk, "next": other.pk}
    answer = ana.post(f"/coding/documents/{document.pk}/attach", chosen)
    assert answer["Location"] == inbox(world, f"?document={other.pk}")
    assert lines[1].attached.get().attached_by == world.ana
    assert "KOWHAI CAFE LTD" in ana.get(inbox(world, "?view=matched")).content.decode()
    alone = ana.get(f"/coding/documents/{document.pk}").content.decode()
    assert "Proves 1 line" in alone and f"/coding/lines/{lines[1].pk}" in alone
    ana.post(f"/coding/attached/{Attached.objects.get().pk}/end")
    assert list(reads.to_match(world.ana, world.bakery)) == [other, document]


@pytest.mark.parametrize("text", ["16.50", "kowhai", "1650", "−16.50"])
def test_lines_are_searched_by_payee_and_amount(desk: Desk, world: World, ana: Visitor, text: str) -> None:
    [line] = desk.imported([COFFEE])
    document = taken(world, PNG, name="photo.png", media_type="image/png")
    shown = ana.get(f"/coding/documents/{document.pk}", {"q": text}).content.decode()
    assert ("KOWHAI CAFE WELLIN" in shown) is (text != "1650")
    assert ("Pictures are not read." in shown and f'value="{line.pk}"' in shown) or text == "1650"


def test_a_picture_is_shown_and_nothing_else(desk: Desk, world: World, ana: Visitor) -> None:
    photo = taken(world, PNG, name="photo.png", media_type="image/png")
    paper = taken(world, pdf(CAFE))
    sneaky = taken(world, b"<svg onload=alert(1)>", name="x.png", media_type="image/png")
    shown = ana.get(f"/coding/documents/{photo.pk}/picture")
    assert shown["Content-Type"] == "image/png" and shown["Content-Disposition"] == "inline"
    assert shown["X-Content-Type-Options"] == "nosniff" and "sandbox" in shown["Content-Security-Policy"]
    for other in (paper, sneaky):
        assert ana.get(f"/coding/documents/{other.pk}/picture").status_code == 404
        saved = ana.get(f"/coding/documents/{other.pk}/original")
        assert saved["Content-Disposition"].startswith("attachment") and "sandbox" in saved["Content-Security-Policy"]


def test_set_aside_and_brought_back(desk: Desk, world: World, ana: Visitor) -> None:
    document = taken(world, PNG, name="advert.png", media_type="image/png")
    assert ana.post(f"/coding/documents/{document.pk}/aside", {"reason": ""}).status_code == 422
    ana.post(f"/coding/documents/{document.pk}/aside", {"reason": "An advertisement"})
    assert b"An advertisement" in ana.get(inbox(world, "?view=aside")).content
    ana.post(f"/coding/documents/{document.pk}/back")
    document.refresh_from_db()
    assert document.set_aside_at is None


@pytest.mark.req("B5")
def test_payments_without_a_document_are_asked_for_in_one_stroke(desk: Desk, world: World, ana: Visitor) -> None:
    lines = desk.imported([("2026-03-02", "FUELCO", "-80.00"), ("2026-03-04", "OVEN CO", "-900.00")])
    expense = books.accounts_in_use(desk.book).filter(type="expense").first()
    for line in lines:
        coding.code(line=line, account=expense, by=world.ana, at=world.start)
    shown = ana.get(inbox(world, "?view=wanted")).content.decode()
    assert "2 payments want one." in shown and "over NZD 75.00" in shown

    assert ana.post(inbox(world, "/ask"), {"contact": world.mina.pk}).status_code == 422
    asked = {"contact": world.mina.pk, "line": [line.pk for line in lines], "text": "Could you send these?"}
    assert ana.post(inbox(world, "/ask"), asked).status_code == 302
    assert Question.objects.get().lines.count() == 2
    assert b"No payment wants a document" in ana.get(inbox(world, "?view=wanted")).content


def test_the_limit_and_the_address_are_changed(desk: Desk, world: World, ana: Visitor) -> None:
    assert ana.post(inbox(world, "/limit"), {"over": "a lot"}).status_code == 422
    assert ana.post(inbox(world, "/limit"), {"over": "1,250.00"}).status_code == 302
    assert reads.over_minor(world.bakery) == 125_000
    before = reads.mail_address(world.bakery)
    assert before in ana.get(inbox(world)).content.decode()
    ana.post(inbox(world, "/address"))
    assert reads.mail_address(world.bakery) != before


def test_a_client_without_a_book_has_an_inbox_too(world: World, ana: Visitor) -> None:
    for view in ("match", "wanted", "matched", "aside", "else"):
        assert ana.get(inbox(world, f"?view={view}")).status_code == 200


def test_a_file_of_a_conversation_is_kept(desk: Desk, world: World, ana: Visitor) -> None:
    parts = (IncomingFile("cafe.pdf", "application/pdf", pdf(CAFE)), IncomingFile("m.ofx", "", ofx([COFFEE])))
    message = conversations.receive(mail=world.from_mina(attachments=parts), at=world.start)
    cafe, bank = message.attachments.order_by("id")
    thread = ana.get(f"/conversations/{message.conversation_id}").content.decode()
    assert thread.count("Keep as a receipt") == 1 and thread.count("Take in as a bank file") == 1

    kept = ana.post(f"/attachments/{cafe.pk}/document")
    assert kept["Location"] == f"/coding/documents/{Document.objects.get().pk}"
    ana.post(f"/attachments/{bank.pk}/bank-file")
    assert StatementFile.objects.get(message=message).name == "m.ofx"
    assert ana.post(f"/attachments/{cafe.pk}/bank-file").status_code == 422


def test_a_line_of_another_client_is_not_there(desk: Desk, world: World, ana: Visitor) -> None:
    [line] = desk.imported([COFFEE])
    stranger = Visitor()
    stranger.force_login(world.stranger)
    document = taken(world, PNG, name="photo.png", media_type="image/png")
    assert stranger.get(f"/coding/documents/{document.pk}").status_code == 404
    assert stranger.post(f"/coding/documents/{document.pk}/attach", {"line": line.pk}).status_code == 404
    documents.set_aside(document=document, reason="x", by=world.ana, at=world.start)
    assert ana.post(f"/coding/documents/{document.pk}/attach", {"line": line.pk}).status_code == 422


def test_rows_alone_for_the_live_page(desk: Desk, world: World, ana: Visitor) -> None:
    document = taken(world, PNG, name="photo.png", media_type="image/png")
    rows = ana.get(inbox(world, "/rows")).content.decode()
    assert f"?document={document.pk}" in rows and "<html" not in rows
    matching.match_document(document=document.pk, at=world.start)
