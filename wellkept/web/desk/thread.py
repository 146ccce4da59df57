"""A thread as it is read: messages, notes and events with their day marks, files, delivery and where they came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from wellkept.connectors.email import explain
from wellkept.connectors.email import queries as email
from wellkept.connectors.email.models import SenderCheck
from wellkept.conversations.models import Attachment, Conversation, DeliveryProblem, Message
from wellkept.conversations.wording import event_sentence, placement_sentences
from wellkept.core.models import Outgoing
from wellkept.people.models import Staff
from wellkept.web.desk.bodies import body
from wellkept.web.desk.items import ICONS, channel_word
from wellkept.web.shell.words import Reader, clock, full, long_day, when

KB = 1024
EVENT_ICONS = {
    "resolved": "check",
    "resolved_unanswered": "check",
    "filed": "doc",
    "reopened": "retry",
    "reopened_by_reply": "retry",
    "snoozed": "snooze",
    "woken": "snooze",
    "waiting": "wait",
    "offered": "share",
    "accepted": "share",
    "declined": "share",
    "offer_withdrawn": "share",
    "taken": "user",
    "moved_on": "swap",
    "asked": "ask",
    "split": "merge",
    "split_off": "merge",
    "merged": "merge",
    "client_set": "clients",
    "raised": "flag",
    "lowered": "flag",
    "rhythm_set": "retry",
    "rhythm_ended": "retry",
    "bounced": "cross",
    "undone": "back",
}

CALLS = ("called", "call_tried")
"""Notes that say how a call went."""
RECEIPTS = {"application/pdf", "text/plain", "message/rfc822"}
BANK_FILES = (".ofx", ".qfx", ".qbo", ".qif", ".sta", ".mt940", ".940", ".942", ".txt", ".csv", ".tsv", ".xml", ".xlsx")


@dataclass(frozen=True)
class FileLine:
    """A file and what it may be: a receipt or bill, a bank file, or either."""

    id: int
    name: str
    size: str
    may_be_receipt: bool = False
    may_be_bank_file: bool = False


@dataclass(frozen=True)
class Delivery:
    """How far an outgoing message has come, in plain words."""

    state: str
    icon: str
    words: str
    why: str = ""
    undo_seconds: int = 0
    retry: int | None = None


@dataclass(frozen=True)
class Entry:
    """One message, note or event, ready to print."""

    id: int
    kind: str
    css: str
    day: str
    author: str
    person: object
    icon: str
    meta: str
    at: datetime
    time: str
    exact: str
    body: SafeString
    to: str
    files: tuple[FileLine, ...]
    has_html: bool
    remote: tuple[str, ...]
    automatic: str
    caution: str
    sender: str
    warning: str
    placed: str
    problems: tuple[str, ...]
    delivery: Delivery | None
    promise_id: int | None
    promise_due: str
    taken_back: bool
    has_raw: bool
    can_move: bool

    @property
    def remote_said(self) -> str:
        return ", ".join(self.remote[:3]) + (" …" if len(self.remote) > 3 else "")


@dataclass(frozen=True)
class Author:
    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Spoken:
    """One message with its files and what went wrong on its way. Its HTML is read only when somebody asks for it."""

    message: Message
    files: tuple[Attachment, ...]
    problems: tuple[DeliveryProblem, ...]
    sender: SenderCheck | None = None

    @property
    def has_html(self) -> bool:
        return bool(getattr(self.message, "written_as_html", False))

    @property
    def promised_at(self) -> datetime | None:
        return getattr(self.message, "promised_at", None)

    @property
    def author(self) -> Author:
        """Who wrote it, with the id that colours the picture."""
        message = self.message
        name = getattr(message, "staff_name", "") or getattr(message, "contact_name", "")
        name = name or message.author_name or message.address or _("Wellkept")
        return Author(message.staff_id or message.contact_id or sum(map(ord, name)), name)


def messages(found: Conversation, *, before: int | None = None, limit: int = 30) -> list[Spoken]:
    """The newest messages in the order they came, with what a reader sees of them."""
    rows = Message.objects.filter(conversation=found).defer("html", "references", "in_reply_to", "message_id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    rows = rows.select_related("outgoing").annotate(
        written_as_html=Q(html__gt=""),
        staff_name=F("staff__name"),
        contact_name=F("contact__name"),
        promised_at=F("promise__due_at"),
    )
    newest = list(rows.order_by("-pk")[:limit])[::-1]
    files = Attachment.objects.filter(message__in=newest).select_related("file").order_by("pk")
    sent = [message for message in newest if message.kind == Message.Kind.OUTBOUND]
    problems = DeliveryProblem.objects.filter(message__in=sent).order_by("pk") if sent else ()
    by_message = _by_message(files), _by_message(problems)
    senders = email.sender_checks(each.pk for each in newest if each.kind == Message.Kind.INBOUND)
    return [
        Spoken(each, tuple(by_message[0][each.pk]), tuple(by_message[1][each.pk]), senders.get(each.pk))
        for each in newest
    ]


def _by_message(found: Iterable[Any]) -> dict[int, list[Any]]:
    kept: dict[int, list[Any]] = defaultdict(list)
    for each in found:
        kept[each.message_id].append(each)
    return kept


def entries(spoken: Iterable[Spoken], *, by: Staff, reader: Reader) -> list[Entry]:
    """The messages in the order given, with a day mark before the first of each day."""
    shown: list[Entry] = []
    before: date | None = None
    # An event of the same instant is what came of the message.
    for each in sorted(spoken, key=lambda each: (each.message.at, each.message.kind == Message.Kind.EVENT)):
        day = each.message.at.astimezone(reader.zone).date()
        shown.append(_entry(each, by, reader, _day(day, reader) if day != before else ""))
        before = day
    return shown


def _entry(spoken: Spoken, by: Staff, reader: Reader, day: str) -> Entry:
    message = spoken.message
    author = spoken.author
    name = _("You") if message.staff_id == by.pk else author.name
    taken_back = message.withdrawn_at is not None
    return Entry(
        id=message.pk,
        kind=message.kind,
        css={"note": "note-in", "out": "ours"}.get(message.kind, ""),
        day=day,
        author=name,
        person=author,
        icon=_icon(message),
        meta=_meta(message, reader),
        at=message.at,
        time=clock(message.at, reader),
        exact=full(message.at, reader),
        body=_body(message, author.name),
        to=_to(message),
        files=tuple(_file(file) for file in spoken.files if not (file.inline and file.content_id)),
        has_html=spoken.has_html,
        remote=tuple(message.remote_hosts),
        automatic=_automatic(message.automatic or message.details.get("looked", ""))
        if message.kind == Message.Kind.INBOUND
        else "",
        caution=_caution(message.caution),
        sender=explain.sender(spoken.sender) if spoken.sender else "",
        warning=explain.warning(spoken.sender),
        placed=" ".join(placement_sentences(message.placed_reason)),
        problems=tuple(_problem(problem) for problem in spoken.problems),
        delivery=_delivery(message.outgoing, reader) if message.outgoing is not None and not taken_back else None,
        promise_id=message.promise_id if not taken_back else None,
        promise_due=when(spoken.promised_at, reader) if spoken.promised_at is not None and not taken_back else "",
        taken_back=taken_back,
        has_raw=message.raw_id is not None,
        can_move=message.kind == Message.Kind.INBOUND,
    )


def _icon(message: Message) -> str:
    if message.kind == Message.Kind.EVENT:
        return EVENT_ICONS.get(message.event, "clock")
    if message.event in CALLS:
        return "phone"
    return "note" if message.kind == Message.Kind.NOTE else ICONS.get(message.channel, "chat")


def _body(message: Message, who: str) -> SafeString:
    if message.kind != Message.Kind.EVENT:
        return body(message.text, message.spans)
    named = who if message.staff_id else ""
    return mark_safe(escape(event_sentence(message.event, message.details, named) if message.event else message.text))


def _caution(code: str) -> str:
    return {
        "": "",
        "staff_address": _(
            "This mail shows the address of a colleague. Mail never proves who wrote it: ask before you act on it."
        ),
        "misleading": _("The name beside the address shows another address than the one this came from."),
        "newcomer": _("The sender had not taken part before. Check who it is before you say more."),
    }.get(code, "")


def _problem(problem: DeliveryProblem) -> str:
    words = {"address": problem.address, "words": problem.words or _("no reason was given")}
    if problem.permanent:
        return _("%(address)s did not get this: %(words)s") % words
    return _("%(address)s has not got this yet: %(words)s") % words


def _day(day: date, reader: Reader) -> str:
    return (
        _("Today")
        if day == reader.today
        else long_day(day, reader) + ("" if day.year == reader.today.year else f" {day.year}")
    )


def _meta(message: Message, reader: Reader) -> str:
    if message.event == "called":
        return _("call · %(time)s") % {"time": clock(message.at, reader)}
    if message.event == "call_tried":
        return _("call, not reached · %(time)s") % {"time": clock(message.at, reader)}
    if message.kind == Message.Kind.NOTE:
        return _("internal note · %(time)s") % {"time": clock(message.at, reader)}
    return f"{channel_word(message.channel).lower()} · {clock(message.at, reader)}"


def _to(message: Message) -> str:
    if message.kind != Message.Kind.OUTBOUND and not message.cc:
        return ""
    to = ", ".join(str(address) for address in message.to)
    return (
        _("to %(to)s, copy to %(cc)s") % {"to": to, "cc": ", ".join(map(str, message.cc))}
        if message.cc
        else (_("to %(to)s") % {"to": to} if to else "")
    )


def _file(file: Attachment) -> FileLine:
    kind, name = file.file.media_type, file.name.lower()
    from_a_bank = name.endswith(BANK_FILES)
    return FileLine(
        file.pk,
        file.name or _("file without a name"),
        size(file.file.size),
        may_be_receipt=kind.startswith("image/") or (kind in RECEIPTS and (not from_a_bank or name.endswith(".txt"))),
        may_be_bank_file=from_a_bank,
    )


def size(count: int) -> str:
    if count < KB:
        return f"{count} B"
    return f"{round(count / KB)} kB" if count < KB * KB else f"{count / KB / KB:.1f} MB"


def _automatic(kind: str) -> str:
    return {
        "": "",
        "reply": _("automatic reply"),
        "list": _("from a mailing list"),
        "bounce": _("a delivery report"),
        "receipt": _("a reading receipt"),
        "ours": _("our own mail, come back"),
        "loop": _("our own mail, come back"),
    }.get(kind, _("written by a machine"))


def _delivery(outgoing: Outgoing, reader: Reader) -> Delivery:
    state, why = str(outgoing.state), outgoing.reason
    if state == "sent":
        return Delivery(
            "sent", "check", _("sent %(time)s") % {"time": when(outgoing.sent_at or outgoing.created_at, reader)}
        )
    if state == "dead":
        return Delivery("broken", "broken", _("Not delivered"), why, retry=outgoing.pk)
    if state == "held":
        return Delivery(
            "held",
            "box",
            _("waits in the outgoing box"),
            _("No mail server is set up, so the exact bytes are kept there."),
        )
    if state == "unknown":
        return Delivery(
            "risk",
            "risk",
            _("No answer from the mail server"),
            why or _("We look whether it arrived before we send it again."),
        )
    if state == "withdrawn":
        return Delivery("withdrawn", "cross", _("taken back before it left"))
    left = round((outgoing.not_before - reader.now).total_seconds())
    if state == "pending" and outgoing.attempts == 0 and left > 0:
        return Delivery("open", "clock", _("leaves in %(seconds)s s") % {"seconds": left}, undo_seconds=left)
    if outgoing.attempts and why:
        return Delivery(
            "risk", "risk", _("not taken yet, next try %(time)s") % {"time": when(outgoing.not_before, reader)}, why
        )
    return Delivery("open", "send", _("on its way"))
