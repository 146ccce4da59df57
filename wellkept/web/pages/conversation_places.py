"""Where things belong: a new conversation, a split, a merge, a message moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _

from wellkept.clients import queries as clients
from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation, Message
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.promises import queries as promises
from wellkept.web.desk.asks import Ask, Field, Option, asked
from wellkept.web.desk.bodies import visible
from wellkept.web.desk.follow import choices, follow_up
from wellkept.web.desk.uploads import uploaded
from wellkept.web.pages.conversation import load
from wellkept.web.pages.conversation_acts import ASKED, act, back, both, not_yet, other_conversation
from wellkept.web.pages.conversation_answers import load_message, sent_before
from wellkept.web.shell.answers import answer
from wellkept.web.shell.once import once
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import when

MOST_CLIENTS = 2000
MOST_CONTACTS = 3000
MOST_MESSAGES = 100
MOST_NEAR = 60


class NothingChosen(Refusal):
    """The form needs one more choice."""


@both
def new(request: StaffRequest) -> HttpResponse:
    """Write to a contact first, with a time like every answer."""
    ask = Ask(
        _("New conversation"),
        _("Send"),
        _("It leaves by e-mail after 10 seconds and is yours from start to end."),
        new_fields(request),
        back=reverse("inbox"),
    )
    if request.method == "GET":
        return asked(request, ask)
    try:
        contact = chosen_contact(request)
        if contact is None:
            raise NothingChosen(_("Choose whom you write to."), field="contact")
        what_follows, files = follow_up(request.POST, reader=reader(request)), uploaded(request)
    except Refusal as refusal:
        return not_yet(request, ask, refusal)
    return answer(
        request,
        once(request, actions.start, again=lambda pk: started_before(request, pk)),
        client=contact.client,
        contact=contact,
        subject=request.POST.get("subject", ""),
        text=request.POST.get("text", ""),
        follow_up=what_follows,
        files=files,
        by=request.staff,
        at=now(),
        said=_("Sent. It leaves in 10 seconds."),
        undo=lambda message: reverse("message_undo", args=[message.pk]),
        then=lambda message: reverse("conversation", args=[message.conversation_id]),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


def started_before(request: StaffRequest, id: int) -> Message:
    """The letter that the first Send of this form has made."""
    made = Message.objects.select_related("conversation").get(pk=id, staff=request.staff)
    return sent_before(made.conversation, id)


def new_fields(request: StaffRequest) -> Sequence[Field]:
    firm = request.GET.get("client", "")
    client = clients.for_staff(request.staff).filter(pk=int(firm)).first() if firm.isdecimal() else None
    times = promises.suggest_times(client, at=reader(request).now, zone=reader(request).zone)
    quick = [(chip.value, chip.label) for chip in choices(times, reader=reader(request))]
    return (
        Field(
            "select",
            "contact",
            _("To whom"),
            options=contact_options(request, client),
            value=request.GET.get("contact", ""),
        ),
        Field("text", "subject", _("Subject"), most=300),
        Field("area", "text", _("Your message"), most=100_000),
        Field(
            "chips",
            "follow_up",
            _("When do they hear from you again?"),
            options=[*quick, (ASKED, _("Another time")), ("nothing", _("Nothing more is owed"))],
        ),
        Field(
            "when",
            "follow_words",
            _("Another time"),
            optional=True,
            client=client.pk if client else None,
            promised=True,
        ),
        Field("text", "follow_what", _("What you promise"), optional=True),
        Field("file", "files", _("Files"), optional=True),
    )


def contact_options(request: StaffRequest, client: Any = None) -> list[Option]:
    """Contacts of the clients this person may see, by client."""
    known = (
        clients.contacts_for(request.staff)
        .filter(left_at=None, client__archived_at=None)
        .order_by("client__name", "name")
    )
    known = known.filter(client=client) if client is not None else known
    rows = known.prefetch_related(None).values_list("pk", "name", "client__name")[:MOST_CONTACTS]
    return [("", _("Choose a contact")), *((pk, f"{firm}: {name}") for pk, name, firm in rows)]


def chosen_contact(request: StaffRequest) -> Any:
    """The contact of the form, if it is one this person may write to."""
    chosen = request.POST.get("contact", "")
    if not chosen.isdecimal() or len(chosen) > 15:
        return None
    return get_object_or_404(clients.contacts_for(request.staff).filter(left_at=None), pk=int(chosen))


@both
def split(request: StaffRequest, id: int) -> HttpResponse:
    """Some messages are about something else: they get a conversation of their own."""
    found = load(request, id)
    messages = [m for m in queries.thread(found, limit=MOST_MESSAGES) if m.kind != Message.Kind.EVENT]
    fields = (
        Field(
            "checks",
            "messages",
            _("Which messages"),
            options=[(m.pk, line_of(request, m)) for m in messages],
            value=request.GET.get("message", ""),
        ),
        Field("text", "subject", _("What the new conversation is about"), value=found.subject, most=300),
    )
    ask = Ask(
        _("Split off a conversation"),
        _("Split"),
        _("The chosen messages move. Both conversations say where the other is."),
        fields,
        back=back(found),
    )
    if request.method == "GET":
        return asked(request, ask)
    chosen = set(request.POST.getlist("messages"))
    picked = [m for m in messages if str(m.pk) in chosen]
    if not picked:
        return not_yet(request, ask, NothingChosen(_("Choose the messages that move."), field="messages"))
    return answer(
        request,
        actions.split,
        messages=picked,
        subject=request.POST.get("subject", ""),
        by=request.staff,
        at=now(),
        said=_("Split."),
        then=lambda made: back(made),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


def line_of(request: StaffRequest, message: Message) -> str:
    author = str(message.staff or message.contact or message.author_name or message.address)
    return f"{author}, {when(message.at, reader(request))}: {visible(message.text, message.spans)[:80]}"


@both
def merge(request: StaffRequest, id: int) -> HttpResponse:
    """Two threads about one thing become one."""
    found = load(request, id)
    fields = [Field("select", "into", _("Into which conversation"), options=near(request, found))]
    text = _("Everything said here moves there, and its open promises with it. The old address leads to the new place.")
    ask = Ask(_("Put into another conversation"), _("Put together"), text, fields, back=back(found))
    if request.method == "GET":
        return asked(request, ask)
    if not request.POST.get("into"):
        return not_yet(request, ask, NothingChosen(_("Choose the conversation it goes into."), field="into"))
    into = other_conversation(request, "into")
    return act(request, ask, actions.merge, conversation=found, into=into, then=back(into))


@both
def move(request: StaffRequest, id: int) -> HttpResponse:
    """One message stands in the wrong conversation."""
    message = load_message(request, id)
    found = message.conversation
    fields = [Field("select", "into", _("To which conversation"), options=near(request, found))]
    ask = Ask(
        _("Move this message"),
        _("Move"),
        _("The rest of the conversation stays where it is."),
        fields,
        back=back(found),
    )
    if request.method == "GET":
        return asked(request, ask)
    if not request.POST.get("into"):
        return not_yet(request, ask, NothingChosen(_("Choose the conversation it goes to."), field="into"))
    into = other_conversation(request, "into")
    return answer(
        request,
        actions.move_message,
        message=message,
        into=into,
        by=request.staff,
        at=now(),
        said=_("Moved."),
        then=back(into),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


def near(request: StaffRequest, found: Conversation) -> list[Option]:
    """The client's other conversations, newest first; for a stranger, what nobody owns."""
    view = "all" if found.client_id is not None else "triage"
    page = queries.listing(request.staff, view=view, client=found.client_id, limit=MOST_NEAR)
    rest = [row.conversation for row in page.rows if row.conversation.pk != found.pk]
    lines = [
        (other.pk, f"{other.subject or _('No subject')} ({when(other.last_message_at, reader(request))})")
        for other in rest
    ]
    return [("", _("Choose a conversation") if lines else _("There is no other conversation to choose")), *lines]


urlpatterns = [
    path("conversations/new", new, name="conversation_new"),
    path("conversations/<int:id>/split", split, name="conversation_split"),
    path("conversations/<int:id>/merge", merge, name="conversation_merge"),
    path("messages/<int:id>/move", move, name="message_move"),
]
