"""Documents and bank lines find each other: by themselves where two keys agree and nothing else comes near, else by a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellkept.banking.actions import questions
from wellkept.banking.actions.checks import allow_work_for, book_of
from wellkept.banking.actions.documents import tell
from wellkept.banking.models import Attached, BankLine, Document, Question
from wellkept.banking.queries import documents as reads
from wellkept.banking.rules import matching
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother

if TYPE_CHECKING:
    from wellkept.clients.models import Client, Contact
    from wellkept.people.models import Staff

MOST_TRIED = 300
FIRST_DAY = date(1970, 1, 1)


class OfAnotherClient(Refusal):
    """A document proves lines of its own client."""


class AttachedAlready(Refusal):
    """A document is attached to a line once."""


class HasDocument(Refusal):
    """What has a document, or was asked about, is not asked for again."""


def match_document(*, document: int, at: datetime) -> Attached | None:
    """Attach it to the one line it surely proves. None when a person has to say."""
    found = Document.objects.filter(pk=document, set_aside_at=None).select_related("client").first()
    if found is None or found.client.archived_at is not None or found.attached.filter(ended_at=None).exists():
        return None
    best = matching.sure(reads.ranked(found))
    return _match(found, best, at) if best else None


def match_loose(*, statement: int, at: datetime) -> int:
    """Lines came in: documents of their amounts that waited are tried again. Says how many found their line."""
    loose = list(reads.loose(statement).values_list("pk", flat=True)[:MOST_TRIED])
    return sum(match_document(document=pk, at=at) is not None for pk in loose)


@transaction.atomic
def attach(*, document: Document, line: BankLine, by: Staff, at: datetime) -> Attached:
    """A person says which line it proves. One document may prove several lines, and a line have several documents."""
    allow_work_for(client=document.client, by=by)
    if line.client_id != document.client_id:
        raise OfAnotherClient(_("This line belongs to another client."))
    if document.set_aside_at is not None:
        raise TakenByAnother(_("Somebody has moved this document already. Look at it again."))
    match = matching.compare(reads.paper_of(document), reads.movement_of(line))
    return join(
        document=document, line=line, how=Attached.How.PERSON, reasons=match.reasons if match else (), by=by, at=at
    )


@transaction.atomic
def detach(*, attached: Attached, by: Staff, at: datetime) -> Attached:
    """It does not prove this line. The machine never puts the two together again."""
    document = attached.document
    allow_work_for(client=document.client, by=by)
    if Attached.objects.filter(pk=attached.pk, ended_at=None).update(ended_at=at) != 1:
        raise TakenByAnother(_("Somebody has taken it off already."))
    attached.ended_at = at
    record("document.detached", at=at, by=by, client=document.client_id, document=document, line=attached.line_id)
    tell(document.client_id, attached.line_id)
    return attached


@transaction.atomic
def ask_for_documents(
    *, client: Client, lines: Sequence[int], contact: Contact, text: str, by: Staff, at: datetime
) -> Question:
    """One letter asks for the documents of all these lines. What has got one meanwhile, or was asked about, refuses."""
    allow_work_for(client=client, by=by)
    wanted = reads.without_document(
        client, over_minor=0, since=FIRST_DAY, currency=book_of(client=client).base_currency
    ).filter(pk__in=list(lines)[: questions.MOST_LINES + 1])
    found = list(wanted)
    if len(found) != len(set(lines)):
        raise HasDocument(_("One of these lines has a document by now, or was asked about. Look at the list again."))
    return questions.ask(lines=found, contact=contact, text=text, by=by, at=at)


@transaction.atomic
def join(
    *, document: Document, line: BankLine, how: str, reasons: Sequence[str], by: Staff | None, at: datetime
) -> Attached:
    """The row and its fact."""
    attached, new = Attached.objects.get_or_create(
        document=document,
        line=line,
        ended_at=None,
        defaults={"attached_at": at, "attached_by": by, "how": how, "reasons": list(reasons)},
    )
    if not new:
        raise AttachedAlready(_("This document is at this line already."))
    record("document.attached", at=at, by=by, client=document.client_id, document=document, line=line, how=how)
    tell(document.client_id, line.pk)
    return attached


def _match(document: Document, best: matching.Match, at: datetime) -> Attached | None:
    """By the machine; when another worker gave either of them away in the meantime, a person has to say."""
    line = BankLine.objects.get(pk=best.id)
    try:
        return join(document=document, line=line, how=Attached.How.MATCH, reasons=best.reasons, by=None, at=at)
    except (IntegrityError, AttachedAlready):
        return None
