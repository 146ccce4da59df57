"""Statement by statement: does the book agree with the bank, where might the difference lie, who signed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wellkept.banking.actions import reconciling as actions
from wellkept.banking.models import Reconciliation, Statement
from wellkept.banking.queries import accounts, files
from wellkept.banking.queries import reconciling as reads
from wellkept.clients import queries as clients
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.web.desk.coding import clues
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest

MOST_SHOWN = 60


@require_GET
def bank_account(request: StaffRequest, id: int) -> HttpResponse:
    """The statements of an account, newest first, with who signed each."""
    found = get_object_or_404(accounts.for_staff(request.staff), pk=id)
    statements = list(reads.statements_for(request.staff).filter(bank_account=found)[:MOST_SHOWN])
    context = {
        "bank_account": found,
        "client": found.client,
        "rows": [{"statement": each, "signed": reads.signed(each)} for each in statements],
        "gaps": files.gaps(found),
    }
    return render(request, "pages/coding/account.html", context)


@require_GET
def statement(request: StaffRequest, id: int) -> HttpResponse:
    """The proof of one statement, and what explains a difference."""
    return _shown(request, _statement(request, id))


@require_POST
def statement_sign(request: StaffRequest, id: int) -> HttpResponse:
    found = _statement(request, id)
    named = [
        actions.Outstanding(int(pk), request.POST.get(f"words-{pk}", ""))
        for pk in request.POST.getlist("posting")
        if pk.isdecimal() and len(pk) < 16
    ]
    return answer(
        request, actions.sign, statement=found, outstanding=named, by=request.staff, at=now(),
        said=_("Signed: book and bank agree."), then=reverse("statement", args=[id]),
        refused=lambda refusal: _shown(request, found, refusal),
    )  # fmt: skip


@require_POST
def statement_void(request: StaffRequest, id: int) -> HttpResponse:
    mine = Reconciliation.objects.filter(bank_account__client__in=clients.for_staff(request.staff).order_by())
    found = get_object_or_404(mine.select_related("bank_account__client"), pk=id)
    return answer(
        request, actions.void, reconciliation=found, by=request.staff, at=now(),
        said=_("The signature is void."), then=reverse("statement", args=[found.statement_id]),
    )  # fmt: skip


def _shown(request: StaffRequest, found: Statement, refusal: Refusal | None = None) -> HttpResponse:
    stands = reads.standing(found)
    signed = reads.signed(found)
    context: dict[str, Any] = {
        "statement": found,
        "bank_account": found.bank_account,
        "client": found.bank_account.client,
        "stands": stands,
        "signed": signed,
        "history": reads.history(found.bank_account).filter(statement=found, voided_at__isnull=False),
        "clues": [] if signed else clues.shown(reads.search(stands)),
        "refusal": refusal,
    }
    return render(request, "pages/coding/statement.html", context)


def _statement(request: StaffRequest, id: int) -> Statement:
    return get_object_or_404(reads.statements_for(request.staff), pk=id)


urlpatterns = [
    path("coding/accounts/<int:id>", bank_account, name="bank_account"),
    path("coding/statements/<int:id>", statement, name="statement"),
    path("coding/statements/<int:id>/sign", statement_sign, name="statement_sign"),
    path("coding/signatures/<int:id>/void", statement_void, name="statement_void"),
]
