"""Reads of documents: to match, matched, set aside; the lines one may prove, and the lines that want one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from wellkept.banking import addresses
from wellkept.banking.models import Attached, BankAccount, BankLine, Coding, Document, DocumentTerms, QuestionLine
from wellkept.banking.queries.lines import counted
from wellkept.banking.rules import matching
from wellkept.banking.rules.words import words
from wellkept.clients import queries as clients
from wellkept.core.money import exponent
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff

BEFORE, AFTER = timedelta(days=10), timedelta(days=120)  # how far a payment may lie from the paper's own day
UNDATED = timedelta(days=180)
MOST_CANDIDATES = 300
MOST_FOUND = 20
OVER_MINOR = 75_00  # of a currency with cents, where nobody has said another limit
LIVE = Exists(Attached.objects.filter(document=OuterRef("pk"), ended_at=None))
PROVED = Exists(Attached.objects.filter(line=OuterRef("pk"), ended_at=None))


def for_staff(by: Staff) -> QuerySet[Document]:
    """The documents of the clients a person may see, newest first."""
    return Document.objects.filter(clients.scope(by).q()).select_related("client", "stored", "message")


def to_match(by: Staff, client: Client) -> QuerySet[Document]:
    return for_staff(by).filter(~LIVE, client=client, set_aside_at=None)


def matched(by: Staff, client: Client) -> QuerySet[Document]:
    return for_staff(by).filter(LIVE, client=client)


def set_aside(by: Staff, client: Client) -> QuerySet[Document]:
    return for_staff(by).filter(~LIVE, client=client, set_aside_at__isnull=False)


def attachments(by: Staff) -> QuerySet[Attached]:
    """What is attached today in a person's clients."""
    mine = Attached.objects.filter(clients.scope(by).q("document__client"), ended_at=None)
    return mine.select_related("document__client", "line__bank_account", "attached_by")


def unread() -> QuerySet[Document]:
    """What nobody has tried to read yet, oldest first."""
    return Document.objects.filter(read_at=None).select_related("client", "stored").order_by("id")


def next_unread_at(at: datetime) -> datetime | None:
    return at if Document.objects.filter(read_at=None).exists() else None


def loose(statement: int) -> QuerySet[Document]:
    """Documents of no line yet that ask for the amount of a line of this statement, the newest first."""
    lines = counted().filter(statement=statement)
    waiting = Document.objects.filter(~LIVE, set_aside_at=None, client__in=lines.values("client"))
    return waiting.filter(amount_minor__in=lines.values(owed=-F("amount_minor"))).order_by("-id")


def ranked(document: Document, *, most: int = matching.MOST) -> list[matching.Match]:
    """The lines this document may prove, best first. Lines that have a document, or from which it was taken off, are left out."""
    movements = [movement_of(line) for line in _candidates(document)]
    return matching.rank(paper_of(document), movements, most=most)


def lines_of(matches: list[matching.Match]) -> dict[int, BankLine]:
    found = BankLine.objects.filter(pk__in=[match.id for match in matches])
    return {line.pk: line for line in found.select_related("bank_account", "client")}


def found(by: Staff, document: Document, text: str) -> list[BankLine]:
    """Lines of the document's client by payee, text or amount, the newest first."""
    said = text.strip()[:80]
    if not said:
        return []
    wanted = Q(payee__icontains=said) | Q(description__icontains=said) | Q(reference__icontains=said)
    digits = said.replace(",", "").replace(".", "").lstrip("-−")
    if digits.isascii() and digits.isdecimal() and len(digits) < 15:
        minor = int(digits) if "." in said or "," in said else int(digits) * 100
        wanted |= Q(amount_minor__in=(minor, -minor))
    lines = BankLine.objects.filter(clients.scope(by).q(), wanted, client=document.client_id)
    return list(lines.select_related("bank_account", "client").order_by("-dated_on", "-id")[:MOST_FOUND])


def paper_of(document: Document) -> matching.Paper:
    return matching.Paper(
        document.amount_minor,
        document.currency,
        document.dated_on,
        words(document.payee),
        words(document.text),
    )


def movement_of(line: BankLine) -> matching.Movement:
    said = words(f"{line.payee} {line.description}")
    return matching.Movement(line.pk, line.amount_minor, line.bank_account.currency, line.dated_on, said)


def _candidates(document: Document) -> list[BankLine]:
    """Of the same amount in a stretch of months, and of any amount within a few days."""
    taken_off = document.attached.filter(ended_at__isnull=False).values("line")
    lines = counted().filter(~PROVED, client=document.client_id).exclude(pk__in=taken_off)
    lines = lines.select_related("bank_account").order_by("-dated_on", "-id")
    received_on = document.received_at.date()
    day = document.dated_on
    since, until = (day - BEFORE, day + AFTER) if day else (received_on - UNDATED, received_on + AFTER)
    near: list[BankLine] = []
    if document.amount_minor:
        sums = (document.amount_minor, -document.amount_minor)
        near = list(lines.filter(amount_minor__in=sums, dated_on__range=(since, until))[:MOST_CANDIDATES])
    if day and document.payee:
        apart = timedelta(days=matching.DAYS_APART)
        seen = {line.pk for line in near}
        around = lines.filter(dated_on__range=(day - apart, day + apart))[:MOST_CANDIDATES]
        near += [line for line in around if line.pk not in seen]
    return near


def over_minor(client: Client | int) -> int:
    """Above which amount a line of the client wants a document, in the currency of its book."""
    terms = DocumentTerms.objects.filter(client=client).first()
    return OVER_MINOR if terms is None or terms.over_minor is None else terms.over_minor


def without_document(client: Client, *, over_minor: int, since: date, currency: str) -> QuerySet[BankLine]:
    """Money that went out for an expense, over the limit, with no document and no question about it, newest first.

    `over_minor` counts in `currency`; accounts in a currency of other places are measured in their own units.
    """
    large = Q(pk__in=())
    for account in BankAccount.objects.filter(client=client):
        limit = _scaled(over_minor, currency, account.currency)
        large |= Q(bank_account=account, amount_minor__lt=-limit)
    expense = Coding.objects.filter(
        Q(account__type="expense") | Q(how=Coding.How.SPLIT), line=OuterRef("pk"), undone_at=None
    )
    open_question = QuestionLine.objects.filter(
        line=OuterRef("pk"), question__withdrawn_at=None, question__settled_at=None
    )
    lines = BankLine.objects.filter(large, ~PROVED, ~Exists(open_question), Exists(expense), client=client)
    return lines.filter(dated_on__gte=since).select_related("bank_account", "client").order_by("-dated_on", "-id")


def mail_address(client: Client | int) -> str:
    """Where the client sends receipts and bank files; "" before the firm has an address of its own."""
    firm = people.firm()
    pk = client if isinstance(client, int) else client.pk
    return addresses.address(firm.mail_address, client=pk, number=_number(pk)) if firm and firm.mail_address else ""


def client_addressed(mail_addresses: list[str]) -> int | None:
    """Whose documents a mail brings that came to these addresses of ours."""
    for each in mail_addresses:
        client = addresses.client_in(each)
        if client is not None and addresses.is_signed(each, client=client, number=_number(client)):
            return client
    return None


def _number(client: int) -> int:
    return DocumentTerms.objects.filter(client=client).values_list("address_number", flat=True).first() or 1


def _scaled(minor: int, currency: str, other: str) -> int:
    places = exponent(other) - exponent(currency)
    return minor * 10**places if places >= 0 else minor // 10**-places
