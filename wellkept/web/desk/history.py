"""The service book of one client in sentences: who did what, when. Ids become names; nothing is stored twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wellkept.core.models import Fact
from wellkept.people import queries as people
from wellkept.promises.models import Promise
from wellkept.web.shell.promises import title_of
from wellkept.web.shell.words import Reader, full, when

SENTENCES = {
    "client.taken_on": gettext_noop("%(who)s took the client on"),
    "client.changed": gettext_noop("%(who)s changed the client’s record"),
    "client.handed_over": gettext_noop("%(who)s gave the books from %(from)s to %(to)s"),
    "client.archived": gettext_noop("%(who)s archived the client"),
    "contact.added": gettext_noop("%(who)s added a contact"),
    "contact.changed": gettext_noop("%(who)s changed a contact"),
    "contact.verified": gettext_noop("%(who)s verified a contact"),
    "contact.left": gettext_noop("%(who)s noted that a contact has left"),
    "contact.address_added": gettext_noop("%(who)s added an address of a contact"),
    "contact.address_removed": gettext_noop("%(who)s removed an address of a contact"),
    "nuance.noted": gettext_noop("%(who)s wrote down what to know first"),
    "nuance.retired": gettext_noop("%(who)s took down what is no longer true"),
    "agreement.changed": gettext_noop("%(who)s changed the agreement"),
    "conversation.opened": gettext_noop("A conversation was opened"),
    "conversation.resolved": gettext_noop("%(who)s resolved a conversation"),
    "conversation.reopened": gettext_noop("A conversation was reopened"),
    "conversation.snoozed": gettext_noop("%(who)s put a conversation aside"),
    "conversation.woken": gettext_noop("A conversation came back"),
    "conversation.waiting": gettext_noop("%(who)s waits for the client"),
    "conversation.still_waiting": gettext_noop("The client had not answered yet"),
    "conversation.raised": gettext_noop("%(who)s raised the priority of a conversation"),
    "conversation.lowered": gettext_noop("%(who)s lowered the priority of a conversation"),
    "conversation.offered": gettext_noop("%(who)s offered a conversation to a colleague"),
    "conversation.offer_declined": gettext_noop("%(who)s declined a conversation"),
    "conversation.offer_withdrawn": gettext_noop("%(who)s took an offer back"),
    "conversation.handed_over": gettext_noop("A conversation went from %(from)s to %(to)s"),
    "conversation.client_set": gettext_noop("%(who)s said whose conversation this is"),
    "conversation.split": gettext_noop("%(who)s split a conversation"),
    "conversation.merged": gettext_noop("%(who)s put two conversations together"),
    "message.received": gettext_noop("The client wrote"),
    "message.sent": gettext_noop("%(who)s answered"),
    "message.withdrawn": gettext_noop("%(who)s took a message back before it left"),
    "message.moved": gettext_noop("%(who)s moved a message"),
    "message.bounced": gettext_noop("A message did not arrive"),
    "message.delayed": gettext_noop("A message is late on its way"),
    "note.written": gettext_noop("%(who)s wrote an internal note"),
    "colleague.asked": gettext_noop("%(who)s asked a colleague"),
    "call.promised": "",
    "call.made": gettext_noop("%(who)s called them"),
    "call.tried": gettext_noop("%(who)s called and reached nobody"),
    "rhythm.set": gettext_noop("%(who)s promised regular updates"),
    "rhythm.ended": gettext_noop("Regular updates ended"),
    "promise.made": gettext_noop("Promised: %(promise)s"),
    "promise.kept": gettext_noop("Kept: %(promise)s"),
    "promise.missed": gettext_noop("Missed: %(promise)s"),
    "promise.warned": gettext_noop("Warned: %(promise)s"),
    "promise.extended": gettext_noop("%(who)s gave a new time: %(promise)s"),
    "promise.withdrawn": gettext_noop("Taken back: %(promise)s"),
    "promise.paused": gettext_noop("Stands still while we wait: %(promise)s"),
    "promise.resumed": gettext_noop("Runs again: %(promise)s"),
    "promise.handed_over": gettext_noop("Handed over: %(promise)s"),
    "promise.escalated": gettext_noop("Told the supervisor: %(promise)s"),
    "promise.recounted": gettext_noop("Counted anew: %(promise)s"),
    "outgoing.sent": gettext_noop("A letter left"),
    "outgoing.dead": gettext_noop("A letter was refused"),
    "outgoing.held": gettext_noop("A letter waits in the outgoing box"),
    "outgoing.unknown": gettext_noop("A mail server gave no answer"),
    "outgoing.sent_again": gettext_noop("%(who)s sent a letter again"),
    "outgoing.withdrawn": gettext_noop("A letter was taken back"),
    "notice.given": "",
    "mail.quarantined": gettext_noop("A mail could not be read"),
    "mail.retried": gettext_noop("%(who)s read a mail again"),
    "mail.sender_named": gettext_noop("%(who)s said who wrote a mail"),
    "mail.discarded": gettext_noop("%(who)s discarded a mail"),
    "ledger.opened": gettext_noop("%(who)s opened the book"),
    "ledger.begins_earlier": gettext_noop("%(who)s let the book begin earlier"),
    "ledger.posted": "",
    "history.undo_asked": gettext_noop("%(who)s asked for an imported file to be taken back"),
    "history.undone": gettext_noop("%(who)s took back what an imported file had posted"),
    "ledger.revalued": gettext_noop("%(who)s counted money in other currencies anew"),
    "ledger.reversed": gettext_noop("%(who)s took an entry back"),
    "period.soft_closed": gettext_noop("%(who)s closed a month of the book"),
    "period.hard_closed": gettext_noop("%(who)s closed a month of the book for good"),
    "period.reopened": gettext_noop("%(who)s opened a month of the book again"),
    "account.changed": gettext_noop("%(who)s changed the chart of accounts"),
    "budget.set": gettext_noop("%(who)s changed the budget"),
    "variance.explained": gettext_noop("%(who)s said why an account moved"),
    "dimension.added": gettext_noop("%(who)s added a dimension to the book"),
    "tag.added": gettext_noop("%(who)s added a tag to the book"),
    "tag.retired": gettext_noop("%(who)s put a tag out of use"),
    "tax_code.added": gettext_noop("%(who)s added a tax code"),
    "tax_code.retired": gettext_noop("%(who)s put a tax code out of use"),
    "staff.joined": gettext_noop("A colleague joined"),
    "staff.deactivated": gettext_noop("A colleague left"),
    "calendar.changed": gettext_noop("%(who)s changed a calendar"),
    "delivery.retried": gettext_noop("%(who)s ran a dead letter again"),
}
MARKS = {"promise.kept": "kept", "promise.missed": "broken", "outgoing.dead": "broken", "message.bounced": "broken"}


@dataclass(frozen=True)
class Line:
    """One fact, in words."""

    seq: int
    at: datetime
    time: str
    exact: str
    text: str
    address: str
    mark: str


def quiet() -> list[str]:
    """Facts that say nothing to a reader of a client's history."""
    return [name for name, sentence in SENTENCES.items() if not sentence]


def lines(facts: Iterable[Fact], *, reader: Reader) -> list[Line]:
    """The facts in the order given; one query for the people and one for the promises they name."""
    found = list(facts)
    names = people.named(_people_in(found))
    promises = Promise.objects.filter(pk__in=_ids(found, "promise")).only("kind", "title")
    titles = {promise.pk: title_of(promise) for promise in promises}
    return [_line(fact, names, titles, reader) for fact in found]


def _line(fact: Fact, names: dict[int, str], titles: dict[int, str], reader: Reader) -> Line:
    sentence = SENTENCES.get(fact.name)
    known = {
        "who": names.get(fact.by or 0, _("Wellkept")),
        "from": names.get(_number(fact, "from"), _("nobody")),
        "to": names.get(_number(fact, "to"), _("nobody")),
        "promise": titles.get(_number(fact, "promise"), ""),
    }
    text = _(sentence) % known if sentence else fact.name
    return Line(
        fact.seq, fact.at, when(fact.at, reader), full(fact.at, reader), text, _address(fact), MARKS.get(fact.name, "")
    )


def _address(fact: Fact) -> str:
    conversation, promise = _number(fact, "conversation"), _number(fact, "promise")
    if fact.name.startswith("promise.") and promise:
        return reverse("promise", args=[promise])
    return reverse("conversation", args=[conversation]) if conversation else ""


def _people_in(facts: list[Fact]) -> set[int]:
    return {fact.by for fact in facts if fact.by} | _ids(facts, "from") | _ids(facts, "to")


def _ids(facts: list[Fact], name: str) -> set[int]:
    return {number for fact in facts if (number := _number(fact, name))}


def _number(fact: Fact, name: str) -> int:
    value = fact.data.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
