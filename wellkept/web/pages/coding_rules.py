"""Rules and trust: what is always coded so, tried on past lines first; and how good the suggestions are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.banking.actions import measuring, ruling
from wellkept.banking.models import Automation, CodingMonth
from wellkept.banking.queries import rules as reads
from wellkept.banking.rules.conditions import Conditions
from wellkept.clients.models import Client
from wellkept.core import money
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger
from wellkept.web.desk.coding import trust
from wellkept.web.pages.coding import client_of
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest, reader

both = require_http_methods(["GET", "POST"])
FIELDS = (
    "name",
    "why",
    "words",
    "starts",
    "counterparty",
    "direction",
    "at_least",
    "at_most",
    "account_code",
    "tax_code",
)


@require_GET
def coding_rules(request: StaffRequest, id: int) -> HttpResponse:
    """The rules in force for a client, its own and the firm's, in the order they speak."""
    client = client_of(request, id)
    book = ledger.book_of(client)
    context = {
        "client": client,
        "rules": reads.in_force(client),
        "tax_codes": {each.code for each in ledger.tax_codes(book)} if book else set(),
        "accounts": {each.code for each in ledger.accounts_in_use(book)} if book else set(),
    }
    return render(request, "pages/coding/rules.html", context)


@both
def coding_rule_new(request: StaffRequest, id: int) -> HttpResponse:
    """A rule, with what it would have said about past lines. `try` only looks; `save` makes it."""
    client = client_of(request, id)
    if request.method == "GET":
        return _form(request, client, {name: request.GET.get(name, "") for name in FIELDS})
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    try:
        draft = _draft(client, typed)
    except Refusal as refusal:
        return _form(request, client, typed, refusal)
    if "try" in request.POST:
        return _form(request, client, typed, tried=reads.tried(client, draft.conditions, draft.account_code))
    return answer(
        request, ruling.make_rule, client=None if request.POST.get("firm") else client, draft=draft, by=request.staff, at=now(),
        said=_("The rule is in force."), then=reverse("coding_rules", args=[id]),
        refused=lambda refusal: _form(request, client, typed, refusal),
    )  # fmt: skip


@require_POST
def coding_rule_retire(request: StaffRequest, id: int) -> HttpResponse:
    rule = get_object_or_404(reads.for_staff(request.staff), pk=id)
    return answer(
        request, ruling.retire_rule, rule=rule, by=request.staff, at=now(), said=_("Out of force; what it coded stays.")
    )


@require_GET
def coding_trust(request: StaffRequest, id: int) -> HttpResponse:
    """Accuracy, top three, coverage and unseen payees, month by month; and whether the machine may decide alone."""
    client = client_of(request, id)
    months = list(CodingMonth.objects.filter(client=client).order_by("-month")[:24])[::-1]
    automation = Automation.objects.filter(client=client).first()
    context = trust.shown(months, automation, reader(request)) | {"client": client, "automation": automation}
    return render(request, "pages/coding/trust.html", context)


@require_POST
def coding_trust_allow(request: StaffRequest, id: int) -> HttpResponse:
    client = client_of(request, id)
    return answer(
        request, measuring.allow, client=client, limit=trust.limit_of(request.POST.get("limit", "")), by=request.staff, at=now(),
        said=_("The machine may decide alone as soon as its measured error allows it."), then=reverse("coding_trust", args=[id]),
    )  # fmt: skip


@require_POST
def coding_trust_end(request: StaffRequest, id: int) -> HttpResponse:
    client = client_of(request, id)
    return answer(
        request, measuring.disallow, client=client, by=request.staff, at=now(),
        said=_("Everything is asked from now on."), then=reverse("coding_trust", args=[id]),
    )  # fmt: skip


@require_POST
def coding_trust_measure(request: StaffRequest, id: int) -> HttpResponse:
    """Measure now instead of within ten minutes."""
    client = client_of(request, id)
    return answer(
        request, measuring.measure_whole, client=client, since=date(now().year - 2, 1, 1), by=request.staff, at=now(),
        said=_("Measured on what was decided so far."), then=reverse("coding_trust", args=[id]),
    )  # fmt: skip


def _draft(client: Client, typed: dict[str, str]) -> ruling.RuleDraft:
    book = ledger.book_of(client)
    currency = book.base_currency if book else "USD"
    conditions = Conditions(
        words=typed["words"],
        starts=typed["starts"],
        counterparty=typed["counterparty"],
        direction=typed["direction"],
        at_least_minor=money.parse(typed["at_least"], currency).minor if typed["at_least"] else None,
        at_most_minor=money.parse(typed["at_most"], currency).minor if typed["at_most"] else None,
    )
    code = typed["account_code"].partition(" ")[0]
    return ruling.RuleDraft(typed["name"], typed["why"], conditions, code, typed["tax_code"])


def _form(
    request: StaffRequest, client: Client, typed: dict[str, str], refusal: Refusal | None = None, tried: Any = None
) -> HttpResponse:
    book = ledger.book_of(client)
    context = {
        "client": client,
        "typed": typed,
        "refusal": refusal,
        "tried": tried,
        "accounts": ledger.accounts_in_use(book) if book else [],
        "tax_codes": ledger.tax_codes(book) if book else [],
        "may_firm": reads.may_make_for_firm(request.staff),
    }
    return render(request, "pages/coding/rule.html", context, status=422 if refusal else 200)


urlpatterns = [
    path("coding/<int:id>/rules", coding_rules, name="coding_rules"),
    path("coding/<int:id>/rules/new", coding_rule_new, name="coding_rule_new"),
    path("coding/rules/<int:id>/retire", coding_rule_retire, name="coding_rule_retire"),
    path("coding/<int:id>/trust", coding_trust, name="coding_trust"),
    path("coding/<int:id>/trust/allow", coding_trust_allow, name="coding_trust_allow"),
    path("coding/<int:id>/trust/end", coding_trust_end, name="coding_trust_end"),
    path("coding/<int:id>/trust/measure", coding_trust_measure, name="coding_trust_measure"),
]
