"""One entry as a document, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wellkept.banking.models import Coding
from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Entry, Posting
from wellkept.people import queries as people
from wellkept.web.desk.books.frame import Kept
from wellkept.web.exports.document import Cell, Column, Document, Kind, Row, line, proof
from wellkept.web.exports.figures import amount
from wellkept.web.shell.words import Reader, day, full

SOURCES = {
    "bank": gettext_lazy("Bank line"),
    "manual": gettext_lazy("Journal"),
    "opening": gettext_lazy("Opening balance"),
    "import": pgettext_lazy("where an entry comes from", "Import"),
    "reversal": gettext_lazy("Reversal"),
    "exchange": gettext_lazy("Exchange"),
    "closing": gettext_lazy("Year end"),
}


@dataclass(frozen=True)
class Link:
    """Somewhere an entry leads."""

    label: str
    address: str


@dataclass(frozen=True)
class Event:
    """One line of an entry's history."""

    at: datetime
    text: str
    address: str = ""


def source_words(source: str) -> str:
    return str(SOURCES.get(source, source))


def document(entry: Entry, kept: Kept, reader: Reader) -> Document:
    postings = list(ledger.postings_of(entry))
    foreign = any(posting.currency for posting in postings)
    columns = [
        Column(_("Account"), name="account", wide=True),
        Column(_("Text"), name="text", wide=True),
        Column(_("Tax"), name="tax"),
        *([Column(_("In its currency"), name="foreign")] if foreign else []),
        Column(_("Debit"), Kind.AMOUNT, name="debit"),
        Column(_("Credit"), Kind.AMOUNT, name="credit"),
    ]
    rows = [_row(posting, kept, reader, foreign=foreign) for posting in postings]
    debit, credit = sum(each.debit_minor for each in postings), sum(each.credit_minor for each in postings)
    blanks = [None] * (len(columns) - 3)
    return Document(
        name=f"entry-{entry.number}",
        title=_("Entry %(number)s") % {"number": entry.number},
        client=kept.client.name,
        period=day(entry.dated_on, reader),
        currency=kept.currency,
        columns=tuple(columns),
        rows=(*rows, proof(_("Both sides"), *blanks, debit, credit, holds=debit == credit)),
        sentence=entry.narration,
        country=kept.client.country,
    )


def _row(posting: Posting, kept: Kept, reader: Reader, *, foreign: bool) -> Row:
    address = kept.address("book_account", posting.account_id)
    tags = " · ".join(each.tag.name for each in posting.posting_tags.all())
    merged = posting.account.merged_into
    name = f"{posting.account} → {merged}" if merged is not None else str(posting.account)
    abroad = (
        f"{posting.currency} {amount(posting.foreign_minor, posting.currency, reader.language)}"
        if posting.currency
        else ""
    )
    return line(
        Cell(name, f"{address}?month={posting.dated_on:%Y-%m}"),
        " · ".join(filter(None, (posting.text, tags))),
        posting.tax_code.code if posting.tax_code is not None else "",
        *([abroad] if foreign else []),
        posting.debit_minor or None,
        posting.credit_minor or None,
    )


def links_of(entry: Entry, kept: Kept) -> list[Link]:
    """The bank lines an entry stands for, and the entries it takes back or is taken back by."""
    found = []
    if entry.source == "bank":
        lines = Coding.objects.filter(entry=entry).select_related("line").order_by("id")
        found = [
            Link(coding.line.payee or coding.line.description or _("Bank line"), line_address(coding.line_id))
            for coding in lines
        ]
    if entry.reverses is not None:
        found.append(
            Link(_("Takes back entry %(number)s") % {"number": entry.reverses.number}, address(kept, entry.reverses))
        )
    if (other := reversal_of(entry)) is not None:
        found.append(Link(_("Taken back by entry %(number)s") % {"number": other.number}, address(kept, other)))
    return found


def line_address(line: int) -> str:
    """The page of a bank line, with the file it came from."""
    return reverse("coding_line", args=[line])


def address(kept: Kept, entry: Entry) -> str:
    return kept.address("book_entry", entry.number)


def reversal_of(entry: Entry) -> Entry | None:
    return Entry.objects.filter(reverses=entry).first()


def history(entry: Entry, kept: Kept, reader: Reader) -> list[Event]:
    """Who posted it and who took it back, in order."""
    other = reversal_of(entry)
    names = people.named({each.posted_by for each in (entry, other) if each is not None and each.posted_by})
    events = [Event(entry.posted_at, _posted(entry, names, reader))]
    if entry.override_reason:
        events.append(
            Event(entry.posted_at, _("Into a closed month, because: %(reason)s") % {"reason": entry.override_reason})
        )
    if other is not None:
        text = _("%(who)s took it back with entry %(number)s: %(why)s") % {
            "who": names.get(other.posted_by or 0, _("Wellkept")), "number": other.number, "why": other.narration,
        }  # fmt: skip
        events.append(Event(other.posted_at, text, address(kept, other)))
    return events


def _posted(entry: Entry, names: dict[int, str], reader: Reader) -> str:
    who = names.get(entry.posted_by or 0, _("Wellkept"))
    return _("%(who)s posted it on %(when)s") % {"who": who, "when": full(entry.posted_at, reader)}
