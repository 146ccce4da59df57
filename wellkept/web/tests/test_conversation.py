"""A conversation's doors: reading it and everything that can be done with it."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from tests.world import World, office
from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation, Draft, Message
from wellkept.core.models import Outgoing
from wellkept.knowledge import actions as knowledge
from wellkept.web.tests.desk import HTMX, NOW, as_, asked, at_conversation, page, post, replied

pytestmark = pytest.mark.usefixtures("tuesday")
WEDNESDAY = {
    "text": "You will have it.",
    "to": "mina@harbourlane.example",
    "follow_up": f"at:{office('wed 12:00').isoformat()}",
}


def test_the_page_shows_what_is_owed_what_was_said_and_what_to_know(world: World, found: Conversation) -> None:
    html = page(world.ana, at_conversation(found))

    assert "Acknowledge" in html and "by 12:00" in html
    assert "Can I claim GST on an oven bought privately?" in html
    assert html.index("Know this first") < html.index("Promised to them") < html.index("People")


def test_beside_an_open_list_only_the_panes_travel(world: World, found: Conversation) -> None:
    html = page(world.ana, at_conversation(found), **HTMX)

    assert "<html" not in html and 'id="thread"' in html


@pytest.mark.parametrize(
    "part",
    [
        "",
        "/head",
        "/owed",
        "/thread",
        "/side",
        "/answer",
        "/lookers",
        "/templates",
        "/snooze",
        "/wait",
        "/offer",
        "/ask",
        "/rhythm",
        "/resolve",
        "/split",
        "/merge",
        "/assign",
    ],
)
def test_every_part_opens_for_the_owner_and_for_no_stranger(world: World, found: Conversation, part: str) -> None:
    address = at_conversation(found, part)

    assert as_(world.ana).get(address).status_code == 200
    assert as_(world.ana).get(address, headers=HTMX).status_code == 200
    assert as_(world.stranger).get(address).status_code == 404
    assert as_(world.stranger).post(address).status_code in {404, 405}


def test_a_merged_conversation_leads_to_where_it_went(world: World, found: Conversation) -> None:
    other = asked(world, subject="The oven again", message_id="<again@mail.example>")
    actions.merge(conversation=other, into=found, by=world.ana, at=NOW)

    assert as_(world.ana).get(at_conversation(other))["Location"] == at_conversation(found)


@pytest.mark.req("B7")
def test_a_reply_without_a_time_is_refused_here_too(world: World, found: Conversation) -> None:
    answer = post(
        world.ana, at_conversation(found, "/reply"), {"text": "Yes.", "to": "mina@harbourlane.example"}, **HTMX
    )

    assert answer.status_code == 422
    assert json.loads(answer["HX-Trigger"])["refused"]["field"] == "follow_up"
    assert not Message.objects.filter(kind="out").exists()


@pytest.mark.parametrize(
    ("follow", "field"),
    [
        ({"follow_up": "words", "follow_words": "whenever"}, "follow_words"),
        ({"follow_up": "words"}, "follow_words"),
        ({"follow_up": "waiting"}, "waiting_for"),
        ({"follow_up": "at:nonsense"}, "follow_up"),
        ({"follow_up": "at:2026-03-10T12:00"}, "follow_up"),
    ],
)
def test_an_unclear_time_is_named_at_its_field(
    world: World, found: Conversation, follow: dict[str, str], field: str
) -> None:
    answer = post(
        world.ana,
        at_conversation(found, "/reply"),
        {"text": "Yes.", "to": "mina@harbourlane.example", **follow},
        **HTMX,
    )

    assert (answer.status_code, json.loads(answer["HX-Trigger"])["refused"]["field"]) == (422, field)


@pytest.mark.req("B7", "B8")
def test_a_reply_with_a_time_leaves_and_can_be_taken_back(world: World, found: Conversation) -> None:
    answer = post(world.ana, at_conversation(found, "/reply"), {**WEDNESDAY, "follow_what": "The GST figure"}, **HTMX)

    message = Message.objects.get(kind="out")
    assert answer.status_code == 200 and 'id="answer"' in answer.content.decode()
    assert json.loads(answer["HX-Trigger"])["toast"]["undo"] == f"/messages/{message.pk}/undo"
    assert [promise.title for promise in queries.open_promises(found) if promise.kind == "commitment"] == [
        "The GST figure"
    ]
    assert "leaves in 10 s" in page(world.ana, at_conversation(found, "/thread"))

    assert post(world.stranger, f"/messages/{message.pk}/undo").status_code == 404
    assert post(world.ana, f"/messages/{message.pk}/undo").status_code == 302
    html = page(world.ana, at_conversation(found))
    assert "taken back before it left" in html and "You will have it." in html


@pytest.mark.parametrize(
    "follow",
    [
        {"follow_up": "words", "follow_words": "wed 12:00"},
        {"follow_up": "nothing"},
        {"follow_up": "waiting", "waiting_for": "the receipt", "back_words": "fri 15:00"},
    ],
)
def test_each_way_to_follow_up(world: World, found: Conversation, follow: dict[str, str]) -> None:
    answer = post(
        world.ana, at_conversation(found, "/reply"), {"text": "Yes.", "to": "mina@harbourlane.example", **follow}
    )

    assert answer.status_code == 302
    found.refresh_from_db()
    assert (found.resolved_at is not None) == (follow["follow_up"] == "nothing")
    assert found.waiting_for == follow.get("waiting_for", "")


def test_a_wait_that_has_lasted_says_so_and_can_go_on(world: World, found: Conversation) -> None:
    waits = {"text": "Which?", "to": "mina@harbourlane.example", "follow_up": "waiting", "waiting_for": "the receipt"}
    post(world.ana, at_conversation(found, "/reply"), {**waits, "back_words": "fri 15:00"})
    assert "look again Fri 13 Mar 15:00" in page(world.ana, at_conversation(found))

    actions.look_again(at=office("fri 15:00"))

    assert "Wait longer" in page(world.ana, at_conversation(found))
    assert "GST on the oven" in page(world.ana, "/inbox?view=mine")


def test_files_travel_with_a_reply_and_too_many_do_not(world: World, found: Conversation) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    post(
        world.ana,
        at_conversation(found, "/reply"),
        {**WEDNESDAY, "files": [SimpleUploadedFile("oven.pdf", b"%PDF-1.4 x", "application/pdf")]},
    )
    assert "oven.pdf" in page(world.ana, at_conversation(found, "/thread"))

    many = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(21)]
    assert post(world.ana, at_conversation(found, "/reply"), {**WEDNESDAY, "files": many}, **HTMX).status_code == 422


def test_an_unfilled_field_is_not_sent(world: World, found: Conversation) -> None:
    answer = post(world.ana, at_conversation(found, "/reply"), {**WEDNESDAY, "text": "Hi {contact.first_name}"}, **HTMX)

    assert "contact.first_name" in json.loads(answer["HX-Trigger"])["refused"]["text"]


@pytest.mark.req("A3")
def test_a_template_comes_filled(world: World, found: Conversation) -> None:
    template = knowledge.write_template(
        name="Thanks", body="Hi {contact.first_name}, by [FILL IN: time].", by=world.admin, at=NOW
    )

    filled = as_(world.ana).get(at_conversation(found, f"/templates/{template.pk}")).json()

    assert filled == {"text": "Hi Mina, by [FILL IN: time].", "unfilled": ["[FILL IN: time]"]}
    assert "Thanks" in page(world.ana, at_conversation(found, "/templates"), **HTMX)


def test_a_draft_is_kept_for_its_writer_alone(world: World, found: Conversation) -> None:
    post(
        world.ana,
        at_conversation(found, "/draft/reply"),
        {"text": "Half a thought", "follow_up": "words", "follow_words": "fri 15:00"},
    )

    assert "Half a thought" in page(world.ana, at_conversation(found)) and "fri 15:00" in page(
        world.ana, at_conversation(found)
    )
    assert "Half a thought" not in page(world.lead, at_conversation(found))
    assert post(world.stranger, at_conversation(found, "/draft/reply"), {"text": "x"}).status_code == 404
    post(world.ana, at_conversation(found, "/draft/reply"), {"text": ""})
    assert not Draft.objects.exists()


def test_a_note_tells_whoever_it_names(world: World, found: Conversation) -> None:
    post(world.ana, at_conversation(found, "/notes"), {"text": "@Leo Marsh did we see the receipt?"}, **HTMX)

    assert "note-in" in page(world.leo, at_conversation(found))
    assert world.leo.notices.exists()
    assert {"name": "Leo Marsh"} in as_(world.ana).get("/colleagues").json()


def test_who_else_looks_is_said(world: World, found: Conversation) -> None:
    post(world.leo, at_conversation(found, "/look"), {"typing": "1"})

    assert "Leo Marsh is typing" in post(world.ana, at_conversation(found, "/look")).content.decode()
    post(world.leo, at_conversation(found, "/look"), {"gone": "1"})
    assert "Leo" not in page(world.ana, at_conversation(found, "/lookers"))


def test_split_merge_and_move(world: World, found: Conversation) -> None:
    second = world.received(
        world.from_mina(
            "And invoice 1187?", subject="Re: GST on the oven", in_reply_to=Message.objects.get().message_id
        ),
        at=NOW,
    )
    assert second.conversation == found

    split = post(world.ana, at_conversation(found, "/split"), {"messages": [second.pk], "subject": "Invoice 1187"})
    made = Conversation.objects.get(subject="Invoice 1187")
    assert split["Location"] == at_conversation(made)

    third = world.received(world.from_mina("More on 1187", subject="More", message_id="<m3@mail.example>"), at=NOW)
    assert post(world.ana, f"/messages/{third.pk}/move", {"into": made.pk}).status_code == 422  # its only message
    assert post(world.ana, at_conversation(third.conversation, "/merge"), {"into": made.pk})[
        "Location"
    ] == at_conversation(made)
    assert post(world.ana, at_conversation(made, "/merge"), {"into": "99999"}).status_code == 404


def test_a_stranger_mail_finds_its_client(world: World) -> None:
    mail = world.mail("It is me, Pele, from home.", subject="From home", from_name="Pele")
    found = world.received(mail, at=office("tue 9:00")).conversation
    assert "Nobody here knows this sender" in page(world.leo, at_conversation(found))
    assert as_(world.ana).get(at_conversation(found)).status_code == 404

    assert post(world.leo, at_conversation(found, "/assign"), {"client": world.cycles.pk}).status_code == 422
    answer = post(world.leo, at_conversation(found, "/assign"), {"client": world.bakery.pk, "contact": world.pele.pk})

    assert answer.status_code == 302
    assert "Harbour Lane Bakery" in page(world.ana, at_conversation(found))


def test_a_new_conversation_goes_to_a_contact_in_scope(world: World) -> None:
    words = {"subject": "Your GST", "text": "It is ready.", "follow_up": "nothing"}
    assert post(world.ana, "/conversations/new", {**words, "contact": world.sam.pk}).status_code == 404
    assert post(world.ana, "/conversations/new", words).status_code == 422

    answer = post(world.ana, "/conversations/new", {**words, "contact": world.mina.pk})

    made = Conversation.objects.get(subject="Your GST")
    assert answer["Location"] == at_conversation(made) and made.owner == world.ana
    assert "Northbank" not in page(world.ana, "/conversations/new")


def test_what_nobody_owns_can_be_taken(world: World) -> None:
    found = world.received(world.mail("Hello"), at=office("tue 9:00")).conversation

    post(world.leo, at_conversation(found, "/take"))

    found.refresh_from_db()
    assert found.owner == world.leo


def test_older_messages_come_by_pages(world: World, found: Conversation) -> None:
    for number in range(35):
        actions.note(conversation=found, text=f"Note {number}", by=world.ana, at=NOW)

    html = page(world.ana, at_conversation(found, "/thread"))
    assert "Show earlier messages" in html and "Note 34" in html and "Note 2<" not in html
    first = html.split("?before=")[1].split('"')[0]
    assert "Note 2<" in page(world.ana, at_conversation(found, f"?before={first}"))


def test_a_refused_letter_says_so_and_can_be_sent_again(world: World, found: Conversation) -> None:
    message = replied(world, found)
    Outgoing.objects.filter(pk=message.outgoing_id).update(
        state="dead", reason="There is no such mailbox. Check the address."
    )

    html = page(world.ana, at_conversation(found, "/thread"))
    assert "Not delivered" in html and "There is no such mailbox" in html
    assert post(world.stranger, f"/outgoing/{message.outgoing_id}/send-again").status_code == 404
    assert post(world.ana, f"/outgoing/{message.outgoing_id}/send-again").status_code == 302
    assert Outgoing.objects.get(pk=message.outgoing_id).state == "pending"


def test_a_visitor_is_asked_to_sign_in(world: World, found: Conversation) -> None:
    assert "/account/login/" in Client().get(at_conversation(found))["Location"]


def test_a_time_in_closed_hours_is_said_before_sending(world: World, found: Conversation) -> None:
    echo = f"/when?promised=1&client={world.bakery.pk}&text="

    assert as_(world.ana).get(f"{echo}sun 15:00").status_code == 422
    assert "closed" in as_(world.ana).get(f"{echo}sun 15:00").json()["said"]
    assert as_(world.ana).get(f"{echo}fri 15:00").json()["said"] == "Fri 13 Mar 2026 15:00"


def hidden(html: str, name: str, form: str = "reply") -> str:
    """The value of a hidden field of the reply or note form."""
    inside = html[html.index(f'<form class="reply" id="{form}"' if form == "reply" else 'id="note"') :]
    found = re.search(rf'name="{name}" value="([^"]*)"', inside)
    assert found is not None
    return found[1]


def test_an_answer_to_what_was_not_read_is_refused_once(world: World, found: Conversation) -> None:
    sent = {**WEDNESDAY, "follow_up": "nothing", "seen": hidden(page(world.ana, at_conversation(found)), "seen")}
    again = world.received(world.from_mina("And the payroll?", subject=f"[#{found.public_id}]"), at=office("tue 9:29"))

    refused = post(world.ana, at_conversation(found, "/reply"), sent, **HTMX)

    assert refused.status_code == 422
    told = json.loads(refused["HX-Trigger"])["refused"]
    assert (told["text"], told["field"]) == ("Mina Okafor wrote again at 9:29. Read it, then send.", "seen")
    found.refresh_from_db()
    assert found.resolved_at is None and not found.messages.filter(kind="out").exists()
    newest = page(world.ana, at_conversation(found, "/thread"))
    assert f'data-newest="{again.pk}"' in newest and "And the payroll?" in newest
    assert post(world.ana, at_conversation(found, "/reply"), {**sent, "seen": again.pk}, **HTMX).status_code == 200


def test_without_scripts_a_refused_answer_comes_back_with_its_words_and_the_new_message(
    world: World, found: Conversation
) -> None:
    sent = {**WEDNESDAY, "seen": hidden(page(world.ana, at_conversation(found)), "seen")}
    world.received(world.from_mina("And the payroll?", subject=f"[#{found.public_id}]"), at=office("tue 9:29"))

    refused = post(world.ana, at_conversation(found, "/reply"), sent)

    html = refused.content.decode()
    assert refused.status_code == 422
    assert all(words in html for words in ("wrote again at 9:29", "You will have it.", "And the payroll?"))
    assert post(world.ana, at_conversation(found, "/reply"), {**sent, "seen": hidden(html, "seen")}).status_code == 302


def test_one_form_sends_one_letter(world: World, found: Conversation) -> None:
    html = page(world.ana, at_conversation(found))
    sent = {**WEDNESDAY, "once": hidden(html, "once"), "seen": hidden(html, "seen")}

    first, second = (post(world.ana, at_conversation(found, "/reply"), sent, **HTMX) for _press in range(2))

    [letter] = found.messages.filter(kind="out")
    assert (first.status_code, second.status_code) == (200, 200)
    for answer in (first, second):
        assert json.loads(answer["HX-Trigger"])["toast"]["undo"] == f"/messages/{letter.pk}/undo"
    assert Outgoing.objects.count() == 1
    other = post(world.ana, at_conversation(found, "/reply"), {**sent, "text": "Something else."}, **HTMX)
    assert other.status_code == 422 and "sent already" in json.loads(other["HX-Trigger"])["refused"]["text"]


def test_a_letter_taken_back_is_not_said_to_be_sent(world: World, found: Conversation) -> None:
    sent = {**WEDNESDAY, "once": hidden(page(world.ana, at_conversation(found)), "once")}
    post(world.ana, at_conversation(found, "/reply"), sent, **HTMX)
    post(world.ana, f"/messages/{found.messages.get(kind='out').pk}/undo")

    again = post(world.ana, at_conversation(found, "/reply"), sent, **HTMX)

    assert again.status_code == 422 and "taken back" in json.loads(again["HX-Trigger"])["refused"]["text"]


def test_a_refused_form_can_be_put_right_and_sent(world: World, found: Conversation) -> None:
    once = hidden(page(world.ana, at_conversation(found)), "once")
    assert post(world.ana, at_conversation(found, "/reply"), {"text": "Yes.", "once": once}, **HTMX).status_code == 422

    assert post(world.ana, at_conversation(found, "/reply"), {**WEDNESDAY, "once": once}, **HTMX).status_code == 200


def test_one_form_writes_one_note_and_one_new_conversation(world: World, found: Conversation) -> None:
    noted = {"text": "She means the lease.", "once": hidden(page(world.ana, at_conversation(found)), "once", "note")}
    new = re.search(r'name="once" value="([^"]*)"', page(world.ana, "/conversations/new"))
    assert new is not None
    letter = {"contact": world.mina.pk, "subject": "Wages", "text": "Hello", "follow_up": "nothing", "once": new[1]}

    for _press in range(2):
        post(world.ana, at_conversation(found, "/notes"), noted)
        assert post(world.ana, "/conversations/new", letter).status_code == 302

    assert found.messages.filter(kind="note").count() == 1
    assert Conversation.objects.filter(subject="Wages").count() == 1
