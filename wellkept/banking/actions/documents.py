"""Documents of a client: taken in once, read where it can do no harm, set aside and brought back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.banking.actions.checks import allow_work_for
from wellkept.banking.models import Attached, Document, DocumentTerms
from wellkept.banking.queries import documents as reads
from wellkept.banking.reading import read_safely
from wellkept.banking.rules.documents import Facts, facts_of
from wellkept.core import files, live
from wellkept.core.facts import record
from wellkept.core.money import LARGEST
from wellkept.core.refusals import Refusal, TakenByAnother

if TYPE_CHECKING:
    from wellkept.banking.reading import ReadText
    from wellkept.clients.models import Client
    from wellkept.conversations.models import Message
    from wellkept.core.models import StoredFile
    from wellkept.people.models import Staff

MOST_AT_ONCE = 50
LONGEST_PAYEE = 200


class DocumentInUse(Refusal):
    """A document that proves a line is not set aside."""


class ReasonMissing(Refusal):
    """A document is set aside with a reason, so that nobody looks for it later."""


class LimitUnsound(Refusal):
    """The limit above which a line wants a document is an amount from nothing upwards."""


@transaction.atomic
def take_document(
    *,
    client: Client,
    stored: StoredFile,
    name: str,
    arrived_by: str,
    message: Message | None = None,
    by: Staff | None,
    at: datetime,
) -> Document:
    """Keep it as it came; it is read and matched soon. The same file of a client is one document, however it arrives."""
    allow_work_for(client=client, by=by)
    document, new = Document.objects.get_or_create(
        client=client,
        stored=stored,
        defaults={
            "name": name.strip()[:200] or _("Unnamed file"),
            "arrived_by": arrived_by,
            "received_at": at,
            "received_by": by,
            "message": message,
        },
    )
    if new:
        record("document.taken", at=at, by=by, client=client, document=document)
        tell(client.pk)
    return document


def read_waiting(*, at: datetime) -> int:
    """Read what nobody has read yet, the oldest first. Says how many were read."""
    waiting = list(reads.unread()[:MOST_AT_ONCE])
    for document in waiting:
        read(document=document, at=at)
    return len(waiting)


def read(*, document: Document, at: datetime) -> Document:
    """What stands on it is kept beside it; where nothing can be read, the reason is. Reading holds no transaction."""
    stored = document.stored
    told = read_safely(files.path_of(stored.sha256), media_type=stored.media_type, name=document.name)
    facts = facts_of(
        told.text,
        received_on=document.received_at.astimezone(ZoneInfo(document.client.time_zone)).date(),
        country=document.client.country,
        own_names=(document.client.name,),
    )
    return _keep(document, told, facts, at)


@transaction.atomic
def set_aside(*, document: Document, reason: str, by: Staff, at: datetime) -> Document:
    """It proves no line and never will: an advertisement, a copy, somebody's holiday."""
    allow_work_for(client=document.client, by=by)
    said = reason.strip()[:200]
    if not said:
        raise ReasonMissing(_("Say why this document belongs to no line."), field="reason")
    if Attached.objects.filter(document=document, ended_at=None).exists():
        raise DocumentInUse(_("This document proves a line. Take it off the line first."))
    _turn(document, "document.set_aside", by, at, was_set_aside=False, set_aside_at=at, set_aside_because=said)
    return document


@transaction.atomic
def bring_back(*, document: Document, by: Staff, at: datetime) -> Document:
    """It waits to be matched again."""
    allow_work_for(client=document.client, by=by)
    _turn(document, "document.brought_back", by, at, was_set_aside=True, set_aside_at=None, set_aside_because="")
    return document


@transaction.atomic
def ask_above(*, client: Client, over_minor: int, by: Staff, at: datetime) -> DocumentTerms:
    """Lines above this amount want a document, in the currency of the client's book."""
    allow_work_for(client=client, by=by)
    if not 0 <= over_minor <= LARGEST:
        raise LimitUnsound(_("Write an amount like 75.00."), field="over")
    terms = _terms(client, by, at)
    terms.over_minor = over_minor
    terms.save(update_fields=["over_minor", "changed_at", "changed_by"])
    record("documents.limit_set", at=at, by=by, client=client, over_minor=over_minor)
    tell(client.pk)
    return terms


@transaction.atomic
def renew_address(*, client: Client, by: Staff, at: datetime) -> DocumentTerms:
    """Another mail address from now on; what comes to the one before is an ordinary mail."""
    allow_work_for(client=client, by=by)
    terms = _terms(client, by, at)
    terms.address_number += 1
    terms.save(update_fields=["address_number", "changed_at", "changed_by"])
    record("documents.address_renewed", at=at, by=by, client=client, number=terms.address_number)
    return terms


def tell(client: int, *lines: int) -> None:
    """Pages that show the documents of a client read them again."""
    live.tell([f"client-{client}"], [f"documents-{client}", *(f"line-{pk}" for pk in lines)])


@transaction.atomic
def _keep(document: Document, told: ReadText, facts: Facts, at: datetime) -> Document:
    values: dict[str, Any] = {
        "read_at": at,
        "text": told.text,
        "problem": told.problem,
        "payee": facts.payee[:LONGEST_PAYEE],
        "amount_minor": facts.amount_minor,
        "currency": facts.currency,
        "dated_on": facts.dated_on,
    }
    if Document.objects.filter(pk=document.pk, read_at=None).update(**values) == 1:
        record("document.read", at=at, client=document.client_id, document=document, told=bool(told.text))
        tell(document.client_id)
    document.refresh_from_db()
    return document


def _turn(
    document: Document, fact: str, by: Staff, at: datetime, *, was_set_aside: bool, **values: datetime | str | None
) -> None:
    rows = Document.objects.filter(pk=document.pk, set_aside_at__isnull=not was_set_aside)
    if rows.update(**values) != 1:
        raise TakenByAnother(_("Somebody has moved this document already. Look at it again."))
    for name, value in values.items():
        setattr(document, name, value)
    record(fact, at=at, by=by, client=document.client_id, document=document)
    tell(document.client_id)


def _terms(client: Client, by: Staff, at: datetime) -> DocumentTerms:
    """The row, held until the commit."""
    DocumentTerms.objects.get_or_create(client=client, defaults={"changed_at": at, "changed_by": by})
    terms = DocumentTerms.objects.select_for_update().get(client=client)
    terms.changed_at, terms.changed_by = at, by
    return terms
