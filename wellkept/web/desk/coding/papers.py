"""The document inbox of a client: the documents of a view, the one at hand with the lines it may prove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.banking.models import BankLine, Document
from wellkept.banking.queries import documents as reads
from wellkept.banking.rules import matching
from wellkept.core.money import Money
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wellkept.clients.models import Client
    from wellkept.people.models import Staff

MATCH, MATCHED, ASIDE, WANTED = "match", "matched", "aside", "wanted"
VIEWS = (MATCH, MATCHED, ASIDE, WANTED)
PAGE = 50
MOST_WANTED = 40  # as many as one letter asks about
WANTED_FOR = timedelta(days=396)
SHOWN_INLINE = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp"))
EXCERPT = 1_500


@dataclass(frozen=True)
class Choice:
    """A line the document at hand may prove."""

    rank: int
    line: BankLine
    amount: Money
    reasons: str
    sure: bool


def of_view(by: Staff, client: Client, view: str) -> QuerySet[Document]:
    return {MATCHED: reads.matched, ASIDE: reads.set_aside}.get(view, reads.to_match)(by, client)


def sentence(waiting: int, wanted: int) -> str:
    """What there is to do."""
    first = ngettext("%(count)s document waits for its line", "%(count)s documents wait for their lines", waiting) % {
        "count": waiting
    }
    then = ngettext("%(count)s payment wants one.", "%(count)s payments want one.", wanted) % {"count": wanted}
    if waiting:
        return f"{first}. {then}" if wanted else f"{first}."
    return then if wanted else _("Every document has its line, and no payment wants one.")


def wanted(client: Client, today: date) -> QuerySet[BankLine]:
    """The expenses of the last year over the client's limit that have no document."""
    book = ledger.book_of(client)
    if book is None:
        return BankLine.objects.none()
    since = today - WANTED_FOR
    return reads.without_document(client, over_minor=reads.over_minor(client), since=since, currency=book.base_currency)


def at_hand(by: Staff, document: Document, text: str) -> dict[str, Any]:
    """The document with what was read off it, its lines, and those it may prove."""
    attached = list(reads.attachments(by).filter(document=document).order_by("id"))
    found = [] if document.set_aside_at or attached else choices(document)
    return {
        "document": document,
        "amount": Money(document.amount_minor, document.currency)
        if document.amount_minor is not None and document.currency
        else None,
        "plain_amount": document.amount_minor,
        "shown_inline": document.stored.media_type in SHOWN_INLINE,
        "excerpt": document.text[:EXCERPT],
        "attached": attached,
        "choices": found,
        "search": text,
        "found": _shown(reads.found(by, document, text)),
    }


def choices(document: Document) -> list[Choice]:
    ranked = reads.ranked(document)
    lines, best = reads.lines_of(ranked), matching.sure(ranked)
    return [
        Choice(
            rank,
            lines[match.id],
            Money(lines[match.id].amount_minor, lines[match.id].bank_account.currency),
            ", ".join(reason(document, lines[match.id], each) for each in match.reasons),
            match is best,
        )
        for rank, match in enumerate(ranked, start=1)
    ]


def reason(document: Document, line: BankLine, code: str) -> str:
    """Why the line was offered, in words."""
    if code == matching.DATE and document.dated_on is not None:
        apart = abs((line.dated_on - document.dated_on).days)
        return (
            ngettext("%(count)s day apart", "%(count)s days apart", apart) % {"count": apart}
            if apart
            else _("same day")
        )
    words = {
        matching.AMOUNT: _("same amount"),
        matching.REVERSED: _("same amount, the other way"),
        matching.PAYEE: _("same payee"),
        matching.TEXT: _("payee named on it"),
    }
    return words.get(code, "")


def _shown(lines: Sequence[BankLine]) -> list[dict[str, Any]]:
    return [{"line": line, "amount": Money(line.amount_minor, line.bank_account.currency)} for line in lines]
