"""The sentences for what is stored as codes: why a message stands where it stands, and what an event was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

PLACEMENTS = {
    "token": gettext_noop("It came to the signed address of this conversation."),
    "references": gettext_noop("It answers a message of this conversation."),
    "number": gettext_noop("Its subject carries the number of this conversation, and the sender takes part in it."),
    "new": gettext_noop("Nothing in it led to an earlier conversation."),
    "moved": gettext_noop("A colleague moved it here."),
    "forged_token": gettext_noop("Its reply address carried a mark we did not sign, which was ignored."),
    "token_elsewhere": gettext_noop(
        "It came to the signed address of another client’s conversation, so it was kept apart."
    ),
    "references_elsewhere": gettext_noop("It refers to a message the sender has no part in, so it was kept apart."),
    "number_stranger": gettext_noop("Its subject carries a number, but the sender takes no part in that conversation."),
    "staff_address": gettext_noop("It shows the address of a colleague. Mail never proves who wrote it."),
    "newcomer": gettext_noop("The sender had not taken part before."),
    "same_message_id": gettext_noop("Another message has the same Message-ID but other words, so both were kept."),
}

EVENTS: dict[str, str] = {
    "opened": gettext_noop("Conversation opened"),
    "resolved": gettext_noop("%(who)s resolved it"),
    "resolved_unanswered": gettext_noop("%(who)s resolved it without an answer: %(reason)s"),
    "filed": gettext_noop("%(who)s filed it: %(reason)s"),
    "reopened": gettext_noop("%(who)s reopened it"),
    "reopened_by_reply": gettext_noop("Reopened: %(name)s wrote again"),
    "snoozed": gettext_noop("%(who)s put it aside until later"),
    "woken": gettext_noop("Back from being put aside"),
    "waiting": gettext_noop("Waiting for the client: %(what)s"),
    "look_again": gettext_noop("No answer from the client yet: time to look again"),
    "offered": gettext_noop("%(who)s offered it to %(taker)s"),
    "accepted": gettext_noop("%(who)s took it over from %(giver)s"),
    "declined": gettext_noop("%(who)s could not take it over"),
    "offer_withdrawn": gettext_noop("%(who)s took the offer back"),
    "taken": gettext_noop("%(who)s took it"),
    "moved_on": gettext_noop("Moved to %(taker)s"),
    "asked": gettext_noop("%(who)s asked %(taker)s"),
    "split": gettext_noop("%(who)s moved %(count)s messages into a new conversation"),
    "split_off": gettext_noop("%(who)s split it from another conversation"),
    "merged": gettext_noop("%(who)s put another conversation into this one"),
    "client_set": gettext_noop("%(who)s found out that this is %(client)s"),
    "raised": gettext_noop("%(who)s raised the priority: %(priority)s"),
    "lowered": gettext_noop("%(who)s lowered the priority: %(priority)s"),
    "rhythm_set": gettext_noop("%(who)s promised an update every %(days)s business days"),
    "rhythm_ended": gettext_noop("Regular updates ended"),
    "bounced": gettext_noop("The message to %(address)s did not arrive: %(words)s"),
    "delayed": gettext_noop("The message to %(address)s has not arrived yet: %(words)s"),
    "undone": gettext_noop("%(who)s took a message back before it left"),
}
PRIORITIES = {
    "urgent": gettext_noop("Urgent"),
    "high": gettext_noop("High"),
    "": gettext_noop("Normal"),
    "low": gettext_noop("Low"),
}
Translate = Callable[[str], str]


def placement_sentences(reason: str) -> list[str]:
    """Why a message was put where it stands, from its `placed_reason`."""
    return [_(PLACEMENTS[code]) for code in reason.split() if code in PLACEMENTS]


def priority_words(priority: str) -> str:
    return _(PRIORITIES[priority]) if priority in PRIORITIES else priority


def event_sentence(event: str, details: Mapping[str, Any], who: str = "") -> str:
    """What an event of a thread was, in the reader's language."""
    if event not in EVENTS:
        return event
    known = {"reason": "", "name": "", "what": "", "taker": "", "giver": "", "count": "", "client": "", "days": ""}
    said = {**known, "address": "", "words": "", **details, "who": who or _("Wellkept")}
    return _(EVENTS[event]) % {**said, "priority": priority_words(str(said.get("priority", ""))).lower()}
