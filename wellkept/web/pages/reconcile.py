"""Statement by statement: does the book agree with the bank, where might the difference lie, who signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wellkept.banking.actions import reconciling as actions
from wellkept.banking.models import Reconciliation, Statement
from wellkept.banking.queries import accounts, files, lines
from wellkept.banking.queries import reconciling as reads
from wellkept.clients import queries as clients
from wellkept.core import money
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.web.desk.coding import clues
from wellkept.web.shell.answers import answer, refuse
from wellkept.web.shell.reading import StaffRequest

MOST_SHOWN = 60
MOST_PINNED = 200


@require_GET
def bank_account(request: StaffRequest, id: int) -> HttpResponse:
    """The statements of an account, newest first, with who signed each."""
    found = get_object_or_404(accounts.for_staff(request.staff), pk=id)
    statements = list(reads.statements_for(request.staff).filter(bank_account=found)[:MOST_SHOWN])
    context = {
        "bank_account": found,
        "client": found.client,
        "rows": [
            {"statement": each, "signed": reads.signed(each), "closing": reads.closing_of(each)} for each in statements
        ],
        "left_out": lines.left_out_of(found)[:MOST_SHOWN],
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
        actions.Outstanding(pk, request.POST.get(f"words-{pk}", "")) for pk in _numbers(request.POST.getlist("posting"))
    ]
    return answer(
        request, actions.sign, statement=found, outstanding=named, by=request.staff, at=now(),
        said=_("Signed: book and bank agree."), then=reverse("statement", args=[id]),
        refused=lambda refusal: _shown(request, found, refusal),
    )  # fmt: skip


@require_POST
def statement_state(request: StaffRequest, id: int) -> HttpResponse:
    """The closing balance the bank's file does not tell, as a person sees it."""
    found = _statement(request, id)
    try:
        closing = money.parse(request.POST.get("closing", ""), found.bank_account.currency)
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda refused: _shown(request, found, refused))
    return answer(
        request, actions.state_closing, statement=found, closing=closing, by=request.staff, at=now(),
        said=_("Stated. It is proved against from now on."), then=reverse("statement", args=[id]),
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
        "stated": reads.stated(found),
        "history": reads.history(found.bank_account).filter(statement=found, voided_at__isnull=False),
        "refusal": refusal,
    }
    context |= {"explained": signed.explained} if signed else _unexplained(request, found, stands)
    return render(request, "pages/coding/statement.html", context)


def _unexplained(request: StaffRequest, found: Statement, stands: reads.Standing) -> dict[str, Any]:
    """What can be named as on its way: first what was named before, what is ticked and what a clue speaks of."""
    asked = request.POST or request.GET
    clued, carried = reads.search(stands), reads.carried(found)
    words = carried | {pk: said for pk in _numbers(_named(asked)) if (said := asked.get(f"words-{pk}", "")[:200])}
    ticked = set(_numbers(asked.getlist("posting"))) if _named(asked) else set(carried)
    first = {*words, *ticked, *reads.ahead(found), *(item.posting for each in clued for item in each.items)} - {None}
    pinned = [
        replace(each, words=words.get(each.posting.pk, ""))
        for each in reads.outstanding(found, postings=[pk for pk in first if pk is not None][:MOST_PINNED])
    ]
    place = next(iter(_numbers([asked.get("place", "")])), 1)
    find = asked.get("find", "").strip()[:80]
    beside = [each.posting.pk for each in pinned]
    listed, more = reads.outstanding_page(found, find=find, place=place, beside=beside)
    named = sum(each.effect_minor for each in pinned if each.posting.pk in ticked)
    return {
        "clues": clues.shown(clued),
        "pinned": pinned,
        "listed": listed,
        "more": more,
        "find": find,
        "place": place,
        "next_place": place + 1,
        "earlier_place": place - 1,
        "ticked": ticked & set(beside),
        "left_minor": (stands.difference_minor or 0) + named,
    }


def _named(asked: QueryDict) -> list[str]:
    """The postings the form spoke of, ticked or not; none where it was not sent."""
    return [name.removeprefix("words-") for name in asked if name.startswith("words-")]


def _numbers(typed: Iterable[str]) -> list[int]:
    return [int(pk) for pk in typed if pk.isdecimal() and len(pk) < 16]


def _statement(request: StaffRequest, id: int) -> Statement:
    return get_object_or_404(reads.statements_for(request.staff), pk=id)


urlpatterns = [
    path("coding/accounts/<int:id>", bank_account, name="bank_account"),
    path("coding/statements/<int:id>", statement, name="statement"),
    path("coding/statements/<int:id>/sign", statement_sign, name="statement_sign"),
    path("coding/statements/<int:id>/state", statement_state, name="statement_state"),
    path("coding/signatures/<int:id>/void", statement_void, name="statement_void"),
]
