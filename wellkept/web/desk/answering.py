"""The answer box: to whom, what was begun, and the times one can promise from this client's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.conversations import queries
from wellkept.conversations.models import Conversation, Draft
from wellkept.people.models import Staff
from wellkept.promises import queries as promises
from wellkept.web.desk.follow import Choice, choices
from wellkept.web.desk.head import Owed
from wellkept.web.desk.items import channel_word
from wellkept.web.shell import once
from wellkept.web.shell.promises import Row
from wellkept.web.shell.words import Reader, when

MB = 1024 * 1024
MOST_GIVEN = 5


@dataclass(frozen=True)
class Reply:
    """What stands in the reply form when it is opened."""

    text: str
    to: str
    to_said: str
    cc: str
    copied: bool
    question: str
    choices: list[Choice]
    follow: str
    words: str
    what: str
    waiting_for: str
    first: bool
    gives: list[Row]
    saved: str
    limit: int
    limit_said: str
    seen: int


def answering(found: Conversation, open_now: Owed, *, by: Staff, reader: Reader) -> dict[str, Any]:
    """Both forms: the reply and the internal note, each with its own draft."""
    drafts = {draft.mode: draft for draft in Draft.objects.filter(staff=by, conversation=found)}
    return {
        "reply": reply(found, drafts.get("reply"), open_now, reader=reader),
        "note": {"text": drafts["note"].text if "note" in drafts else "", "saved": _saved(drafts.get("note"), reader)},
        "once": {mode: once.new_key() for mode in ("reply", "note")},
        "reply_as": _("Message") if found.channel == "internal" else channel_word(found.channel),
        "mode": "note" if "note" in drafts and "reply" not in drafts else "reply",
    }


def reply(found: Conversation, draft: Draft | None, open_now: Owed, *, reader: Reader) -> Reply:
    to = queries.recipients(found)
    follow, _colon, extra = (draft.follow_up if draft else "").partition(":")
    chosen = draft.follow_up if draft and follow == "at" else ""
    times = promises.suggest_times(found.client, at=reader.now, zone=reader.zone)
    limit = settings.ATTACHMENT_MAX_BYTES
    return Reply(
        text=draft.text if draft else "",
        to=", ".join(to),
        to_said=f"{found.contact.name} <{to[0]}>"
        if found.contact is not None and len(to) == 1
        else ", ".join(to) or _("nobody yet"),
        cc="",
        copied=False,
        question=_question(found),
        choices=choices(times, reader=reader, chosen=chosen),
        follow=follow,
        words=extra if follow == "words" else "",
        what=found.subject[:200],
        waiting_for=extra if follow == "waiting" else "",
        first=found.unanswered_since is not None and found.acknowledged_at is None,
        gives=open_now.of_kind("commitment")[:MOST_GIVEN],
        saved=_saved(draft, reader),
        limit=limit,
        seen=queries.newest(found),
        limit_said=_("A file may have up to %(size)s MB. Send a smaller one, or split it.") % {"size": limit // MB},
    )


def _question(found: Conversation) -> str:
    first = found.contact.name.split()[0] if found.contact is not None and found.contact.name.split() else ""
    return (
        _("When will %(name)s hear from you again?") % {"name": first}
        if first
        else _("When do they hear from you again?")
    )


def _saved(draft: Draft | None, reader: Reader) -> str:
    return _("Draft kept %(time)s") % {"time": when(draft.saved_at, reader)} if draft else ""
