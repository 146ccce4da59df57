"""Coding: every bank line of a client given its meaning, by keyboard, one after another."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from wellkept.banking.models import BankAccount, BankLine, Undecided
from wellkept.banking.queries import accounts, matches, questions
from wellkept.banking.queries import lines as reads
from wellkept.clients import queries as clients
from wellkept.clients.models import Client
from wellkept.core.money import Money
from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Book, Tag
from wellkept.web.desk.books.frame import reviews
from wellkept.web.desk.coding import page
from wellkept.web.desk.coding.lines import Chart, choices, needed
from wellkept.web.shell.reading import StaffRequest, reader


@require_GET
def coding(request: StaffRequest) -> HttpResponse:
    """Whose lines wait, the most first."""
    found = page.portfolio(request.staff)
    count, waiting = sum(each["count"] for each in found), sum(1 for each in found if each["count"])
    sentence = ngettext("%(count)s line to decide", "%(count)s lines to decide", count) % {"count": count}
    where = ngettext("for %(clients)s client.", "for %(clients)s clients.", waiting) % {"clients": waiting}
    return render(
        request,
        "pages/coding/portfolio.html",
        {"clients": found, "sentence": f"{sentence} {where}" if count else _("No line waits to be coded.")},
    )


@require_GET
def coding_client(request: StaffRequest, id: int) -> HttpResponse:
    """A client's lines: the proof, the rows, and the line at hand with its choices."""
    client = client_of(request, id)
    context = listed(request, client)
    if not context["book"]:
        return render(request, "pages/coding/no_book.html", context)
    return render(request, "pages/coding/client.html", context)


@require_GET
def coding_rows(request: StaffRequest, id: int) -> HttpResponse:
    """The list and the sentence over it, for the live page."""
    return render(request, "pages/coding/rows_alone.html", listed(request, client_of(request, id)))


@require_GET
def coding_proof(request: StaffRequest, id: int) -> HttpResponse:
    """The proof alone, for the live page."""
    return render(request, "pages/coding/proof.html", listed(request, client_of(request, id)))


@require_GET
def coding_line(request: StaffRequest, id: int) -> HttpResponse:
    """One line: its choices while it waits, and what became of it afterwards."""
    return line_shown(request, id)


@require_GET
def coding_choices(request: StaffRequest, id: int) -> HttpResponse:
    """The side panel for the row under the keyboard."""
    return render(request, "pages/coding/choices.html", at_hand(request, id))


def line_shown(request: StaffRequest, id: int) -> HttpResponse:
    line = get_object_or_404(reads.for_staff(request.staff).select_related("file__stored", "statement"), pk=id)
    context = at_hand(request, id)
    context |= {
        "coding": reads.coding_of(line),
        "history": line.codings.select_related("entry", "account", "decided_by", "undone_by").order_by("-id"),
        "reasoned": reviews(request.staff) and _is_soft_closed(line),
        "documents": line.attached.filter(ended_at=None).select_related("document__stored"),
        "alone": True,
    }
    return render(request, "pages/coding/line.html", context)


def _is_soft_closed(line: BankLine) -> bool:
    coding = reads.coding_of(line)
    on = line.dated_on if coding is None else coding.entry.dated_on
    period = ledger.period_of(line.bank_account.account.book, on)
    return period is not None and period.state == "soft"


def at_hand(request: StaffRequest, id: int) -> dict[str, Any]:
    """A line with its choices; without any when it is coded already."""
    line = get_object_or_404(reads.for_staff(request.staff), pk=id)
    waiting = Undecided.objects.filter(pk=line.pk).select_related("suggestion", "line__bank_account").first()
    book, eyes, goal = line.bank_account.account.book, reader(request), needed(line.client_id)
    chart = Chart.of(book)
    period = ledger.period_of(book, line.dated_on) if waiting else None
    return {
        "line": line,
        "left_out": None if waiting else reads.left_out(line),
        "known": matches.candidates(line)[:1] if waiting else [],
        "reasoned": period is not None and period.state == "soft" and reviews(request.staff),
        "dimensions": cut(book) if waiting else [],
        "client": line.client,
        "waiting": waiting,
        "amount": Money(line.amount_minor, line.bank_account.currency),
        "choices": choices(waiting, chart, goal, eyes) if waiting else [],
        "accounts": chart.accounts.values(),
        "tax_codes": chart.tax_codes.values(),
        "asked": questions.of_line(line)[:5],
        "rule_address": rule_address(line, waiting, chart),
        "goal": goal,
        "goal_percent": goal * 100 // 1_000_000,
    }


def cut(book: Book) -> list[tuple[str, list[Tag]]]:
    """The tags in use, by dimension."""
    return [(name, list(tags)) for name, tags in groupby(ledger.tags(book), key=lambda tag: tag.dimension.name)]


def rule_address(line: BankLine, waiting: Undecided | None, chart: Chart) -> str:
    """A new rule that begins with what the line says."""
    rows = waiting.suggestion.choices if waiting and waiting.suggestion else []
    account = chart.accounts.get(rows[0]["account"]) if rows else None
    typed = {
        "name": (line.payee or line.description)[:80],
        "starts": line.payee[:120],
        "words": "" if line.payee else line.description[:120],
        "direction": "in" if line.amount_minor > 0 else "out",
        "account_code": f"{account.code} {account.name}" if account else "",
        "tax_code": account.tax_code.code if account and account.tax_code else "",
    }
    return f"{reverse('coding_rule_new', args=[line.client_id])}?{urlencode({k: v for k, v in typed.items() if v})}"


def listed(request: StaffRequest, client: Client) -> dict[str, Any]:
    book = ledger.book_of(client)
    account = account_of(request, client)
    view = "parked" if request.GET.get("view") == "parked" else "waiting"
    context: dict[str, Any] = {"client": client, "book": book, "bank_accounts": page.bank_accounts(client)}
    if book is None:
        return context
    after = request.GET.get("after", "")[:40]
    context |= page.listed(request.staff, client, book, account=account, after=after, view=view, reader=reader(request))
    first = page.at_hand(context["rows"], request.GET.get("line", ""))
    shown = account or (context["bank_accounts"][0] if len(context["bank_accounts"]) == 1 else None)
    context |= {
        "opened": first is not None and str(first.line.pk) == request.GET.get("line", ""),
        "currency": shown.currency if shown else "",
        "sentence": page.sentence(context),
        "proof": page.proof(shown) if shown else None,
        "proof_of": shown,
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
        "current": first.line.pk if first else None,
        "here": _here(client, account, view, after),
        "src": f"{reverse('coding_rows', args=[client.pk])}{f'?{request.GET.urlencode()}' if request.GET else ''}",
    }
    return context | (at_hand(request, first.line.pk) | {"account": account} if first else {"line": None})


def _here(client: Client, account: BankAccount | None, view: str, after: str) -> str:
    """The address of this list, ready for the line to open in it; the same from the page and from its fragments."""
    kept = {"account": account.pk if account else "", "view": "" if view == "waiting" else view, "after": after}
    return (
        f"{reverse('coding_client', args=[client.pk])}?{urlencode({k: v for k, v in kept.items() if v} | {'line': ''})}"
    )


def client_of(request: StaffRequest, id: int) -> Client:
    return get_object_or_404(clients.for_staff(request.staff), pk=id)


def account_of(request: StaffRequest, client: Client) -> BankAccount | None:
    asked = request.GET.get("account", "")
    if not asked:
        return None
    if not asked.isdecimal() or len(asked) > 15:
        raise Http404
    return get_object_or_404(accounts.for_staff(request.staff), pk=int(asked), client=client)


urlpatterns = [
    path("coding", coding, name="coding"),
    path("coding/<int:id>", coding_client, name="coding_client"),
    path("coding/<int:id>/rows", coding_rows, name="coding_rows"),
    path("coding/<int:id>/proof", coding_proof, name="coding_proof"),
    path("coding/lines/<int:id>", coding_line, name="coding_line"),
    path("coding/lines/<int:id>/choices", coding_choices, name="coding_choices"),
]
