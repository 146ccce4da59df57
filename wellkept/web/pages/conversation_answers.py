"""Answering: a reply with its follow-up time, a note among colleagues, drafts, templates, and taking a message back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation, Message
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.knowledge import queries as knowledge
from wellkept.people import queries as people
from wellkept.web.desk.follow import follow_up
from wellkept.web.desk.uploads import uploaded
from wellkept.web.pages.conversation import answer_of, everything, load, opened, thread_of
from wellkept.web.shell.answers import answer, refuse
from wellkept.web.shell.once import SentAlready, once
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import clock

MODES = ("reply", "note")


@require_POST
def reply(request: StaffRequest, id: int) -> HttpResponse:
    """Send the answer. Without a follow-up time nothing leaves, whatever the browser thinks."""
    found = load(request, id)
    try:
        what_follows = follow_up(request.POST, reader=reader(request))
        files = uploaded(request)
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda refusal: kept_as_typed(request, found, refusal))
    return answer(
        request,
        once(request, actions.reply, again=lambda pk: sent_before(found, pk)),
        conversation=found,
        text=request.POST.get("text", ""),
        to=addresses(request.POST.get("to", "")) or None,
        cc=addresses(request.POST.get("cc", "")),
        files=files,
        gives=given(request, found),
        follow_up=what_follows,
        seen=seen(request),
        by=request.staff,
        at=now(),
        said=_("Sent. It leaves in 10 seconds."),
        undo=lambda message: reverse("message_undo", args=[message.pk]),
        then=reverse("conversation", args=[id]),
        fragment=lambda _message: fresh_answer(request, id),
        refresh=everything(id),
        refused=lambda refusal: kept_as_typed(request, found, refusal),
    )


@require_POST
def note(request: StaffRequest, id: int) -> HttpResponse:
    """A note that only colleagues see; `@` and a name tells that person."""
    found = load(request, id)
    return answer(
        request,
        once(request, actions.note, again=lambda pk: sent_before(found, pk)),
        conversation=found,
        text=request.POST.get("text", ""),
        by=request.staff,
        at=now(),
        then=reverse("conversation", args=[id]),
        fragment=lambda _message: fresh_answer(request, id),
        refresh=everything(id),
    )


@require_POST
def undo(request: StaffRequest, id: int) -> HttpResponse:
    """Take a reply back before it leaves; its words are a draft again."""
    message = load_message(request, id)
    conversation = message.conversation_id
    return answer(
        request,
        actions.undo_send,
        message=message,
        by=request.staff,
        at=now(),
        said=_("Taken back. Your words are in the reply box."),
        then=reverse("conversation", args=[conversation]),
    )


@require_POST
def draft(request: StaffRequest, id: int, mode: str) -> HttpResponse:
    """Keep what was begun, for this person only."""
    found = load(request, id)
    at = now()
    actions.save_draft(
        conversation=found,
        mode=mode if mode in MODES else "reply",
        text=request.POST.get("text", ""),
        follow_up=kept_follow(request),
        by=request.staff,
        at=at,
    )
    return HttpResponse(_("Draft kept %(time)s") % {"time": clock(at, reader(request))}, content_type="text/plain")


@require_GET
def templates(request: StaffRequest, id: int) -> HttpResponse:
    """The templates in the contact's language, to put into the reply."""
    found = load(request, id)
    language = language_of(found)
    own = list(knowledge.current(language)[:100])
    other = [] if own else list(knowledge.current()[:100])
    return render(
        request,
        "pages/inbox/templates.html",
        {"conversation": found, "templates": own or other, "language": language, "own": bool(own)},
    )


@require_GET
def template(request: StaffRequest, id: int, template: int) -> HttpResponse:
    """One template, filled with what is known about this conversation."""
    found = load(request, id)
    chosen = get_object_or_404(knowledge.current(), pk=template)
    filled = knowledge.render(chosen, fields_of(found, request.staff))
    return JsonResponse({"text": filled.text, "unfilled": filled.unfilled})


def fresh_answer(request: StaffRequest, id: int) -> HttpResponse:
    """The answer box as it is after sending: empty, with new quick times."""
    return render(request, "pages/inbox/answer.html", answer_of(request, load(request, id)))


def kept_as_typed(request: StaffRequest, found: Conversation, refusal: Refusal) -> HttpResponse:
    """Without scripts the page comes back with what was typed, what was chosen and what has come in meanwhile."""
    context = {**opened(request, found), **thread_of(request, found), "refusal": refusal}
    chosen = request.POST.get("follow_up", "")
    context["reply"] = replace(
        context["reply"],
        text=request.POST.get("text", ""),
        to=request.POST.get("to", ""),
        cc=request.POST.get("cc", ""),
        follow=chosen,
        words=request.POST.get("follow_words", ""),
        what=request.POST.get("follow_what", ""),
        waiting_for=request.POST.get("waiting_for", ""),
        choices=[replace(each, on=each.value == chosen) for each in context["reply"].choices],
    )
    return render(request, "pages/inbox.html", {**context, "mode": "reply"})


def sent_before(found: Conversation, id: int) -> Message:
    """What the first Send of this form has made, unless it was taken back since."""
    made = Message.objects.get(pk=id, conversation=found)
    if made.withdrawn_at is not None:
        raise SentAlready(_("This was sent and taken back. Open the page again to send it."))
    return made


def seen(request: StaffRequest) -> int | None:
    """The newest message that stood on the page when Send was pressed."""
    said = request.POST.get("seen", "")
    return int(said) if said.isdecimal() and len(said) < 19 else None


def load_message(request: StaffRequest, id: int) -> Message:
    """A message of a conversation this person may see; 404 otherwise."""
    message = get_object_or_404(Message.objects.select_related("conversation__client", "outgoing", "raw"), pk=id)
    get_object_or_404(queries.for_staff(request.staff), pk=message.conversation_id)
    return message


def addresses(text: str) -> list[str]:
    """Addresses as typed, separated by commas, semicolons or lines; the action refuses those that are none."""
    parts = text.replace(";", ",").replace("\n", ",").split(",")
    return [part.strip().rpartition("<")[2].rstrip(">").strip() for part in parts if part.strip()][:50]


def given(request: StaffRequest, found: Conversation) -> list[Any]:
    """The open promises of this very conversation that the reply fulfils."""
    chosen = set(request.POST.getlist("gives"))
    return [owed for owed in queries.open_promises(found) if str(owed.pk) in chosen] if chosen else []


def kept_follow(request: StaffRequest) -> str:
    """The chosen follow-up in the few letters a draft keeps of it."""
    chosen = request.POST.get("follow_up", "")
    extra = {"words": request.POST.get("follow_words", ""), "waiting": request.POST.get("waiting_for", "")}
    return (f"{chosen}:{extra[chosen]}" if chosen in extra else chosen)[:40]


def language_of(found: Conversation) -> str:
    contact = found.contact
    return (contact.language if contact else "") or (found.client.language if found.client else "") or "en"


def fields_of(found: Conversation, by: Any) -> dict[str, str]:
    """What templates may name; empty where it is not known."""
    firm = people.firm()
    contact = found.contact.name if found.contact else ""
    return {
        "contact.name": contact,
        "contact.first_name": knowledge.first_name(contact),
        "client.name": found.client.name if found.client else "",
        "staff.name": by.name,
        "staff.first_name": knowledge.first_name(by.name),
        "firm.name": firm.name if firm else "",
        "conversation.subject": found.subject,
    }


urlpatterns = [
    path("conversations/<int:id>/reply", reply, name="conversation_reply"),
    path("conversations/<int:id>/notes", note, name="conversation_note"),
    path("conversations/<int:id>/draft/<str:mode>", draft, name="conversation_draft"),
    path("conversations/<int:id>/templates", templates, name="conversation_templates"),
    path("conversations/<int:id>/templates/<int:template>", template, name="conversation_template"),
    path("messages/<int:id>/undo", undo, name="message_undo"),
]
