"""The chart of accounts: what each holds and was for, one account with its running balance, and every change to the chart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.core.clock import now
from wellkept.ledger import actions
from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Account
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.desk.books import chart, ledgers, lens, times
from wellkept.web.desk.books.frame import SHAPES, Kept, as_file, of_book, page, reviews
from wellkept.web.desk.books.times import Stretch
from wellkept.web.exports import html
from wellkept.web.settings.frame import chosen
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest, reader

both = require_http_methods(["GET", "POST"])
LONGEST_WORDS = 60


@require_GET
@of_book
def accounts(request: StaffRequest, kept: Kept) -> HttpResponse:
    words = request.GET.get("words", "").strip()[:LONGEST_WORDS]
    parts = chart.parts(kept.book, times.months_later(reader(request).today.replace(day=1), 1), words)
    count = sum(len(part.rows) for part in parts)
    return page(request, kept, "book_accounts", "accounts", {"parts": parts, "words": words, "count": count})


@require_GET
@of_book
def account(request: StaffRequest, kept: Kept, account: int) -> HttpResponse:
    """Its postings fifty at a time, with the balance after each; as a file, all of them."""
    found = _load(kept, account)
    eyes = reader(request)
    stretch = _stretch(request, kept)
    since, until = (stretch.since, stretch.until) if stretch else (None, _until(request, kept))
    shape = request.GET.get("as", "")
    if shape in SHAPES:
        whole = ledgers.every_page(found, since, until)
        return as_file(request, ledgers.account_document(kept, whole, stretch, eyes), shape)
    after = ledger.Place.read(request.GET.get("after", ""))
    shown = ledger.account_page(found, since, until, after)
    document = ledgers.account_document(kept, shown, stretch, eyes)
    time = stretch or times.read({}, today=eyes.today, fiscal_month=kept.book.fiscal_month, span=times.TO_DATE)
    context = {
        "account": found,
        "purpose": chart.PURPOSE_WORDS[found.purpose] if found.purpose else "",
        "type": chart.TYPES[found.type],
        "document": document,
        "table": html.render(document, eyes),
        "changes": chart.changes(found, eyes),
        "turn": lens.turn(stretch, request.GET, eyes) if stretch else None,
        "segments": [(_("Time"), lens.spans(time, request.GET, kept.book.fiscal_month))],
        "lens": lens.fields(time),
        "next": str(shown.next_after) if shown.next_after else None,
        "before": after,
        "totals": shown.closing_minor,
    }
    return page(request, kept, "book_accounts", "account", context)


@both
@of_book
def add(request: StaffRequest, kept: Kept) -> HttpResponse:
    ask = Ask(
        _("Add an account"),
        _("Add"),
        "",
        [
            Field("text", "code", _("Code"), most=20),
            Field("text", "name", _("Name"), most=120),
            Field("select", "type", _("Type"), options=[(name, str(label)) for name, label in chart.TYPES.items()]),
            Field("select", "purpose", _("What it is for"), options=chart.purposes(), hint=_("The reports group by it.")),
            Field("select", "parent", _("Below"), options=_account_options(kept, _("None")), optional=True),
            Field("select", "tax_code", _("Usual tax"), options=_tax_options(kept), optional=True),
            Field("text", "currency", _("Currency"), most=3, optional=True, hint=_("Empty for %(currency)s.") % {"currency": kept.currency}),
        ],
        back=kept.address("book_accounts"),
    )  # fmt: skip
    if request.method == "GET":
        return asked(request, ask)
    posted = request.POST
    return answer(
        request,
        actions.add_account,
        book=kept.book,
        code=posted.get("code", ""),
        name=posted.get("name", ""),
        type=posted.get("type", ""),
        purpose=posted.get("purpose", ""),
        parent=chosen(ledger.accounts(kept.book), posted.get("parent")),
        currency=posted.get("currency", "").strip().upper(),
        tax_code=chosen(ledger.tax_codes(kept.book), posted.get("tax_code")),
        by=request.staff,
        at=now(),
        said=lambda made: _("%(account)s is added.") % {"account": made},
        then=kept.address("book_accounts"),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


@both
@of_book
def rename(request: StaffRequest, kept: Kept, account: int) -> HttpResponse:
    found = _load(kept, account)
    return _changed(
        request, kept, found, actions.rename_account, Field("text", "name", _("Name"), value=found.name, most=120),
        title=_("Rename %(account)s") % {"account": found}, act=_("Rename"),
    )  # fmt: skip


@both
@of_book
def renumber(request: StaffRequest, kept: Kept, account: int) -> HttpResponse:
    found = _load(kept, account)
    return _changed(
        request, kept, found, actions.renumber_account, Field("text", "code", _("Code"), value=found.code, most=20),
        title=_("Give %(account)s another code") % {"account": found}, act=_("Change the code"),
    )  # fmt: skip


@both
@of_book
def retax(request: StaffRequest, kept: Kept, account: int) -> HttpResponse:
    found = _load(kept, account)
    usual = str(found.tax_code_id or "")
    return _changed(
        request, kept, found, actions.choose_tax_code,
        Field("select", "tax_code", _("Usual tax"), value=usual, options=_tax_options(kept)),
        read=lambda pk: chosen(ledger.tax_codes(kept.book), pk),
        title=_("Usual tax of %(account)s") % {"account": found}, act=_("Save"),
    )  # fmt: skip


@both
@of_book
def move(request: StaffRequest, kept: Kept, account: int) -> HttpResponse:
    found = _load(kept, account)
    options = _account_options(kept, _("None"), of=found)
    return _changed(
        request, kept, found, actions.move_account,
        Field("select", "parent", _("Below"), value=str(found.parent_id or ""), options=options),
        read=lambda pk: chosen(ledger.accounts(kept.book), pk),
        title=_("Where does %(account)s stand?") % {"account": found}, act=_("Move"),
    )  # fmt: skip


@both
@of_book
def merge(request: StaffRequest, kept: Kept, account: int) -> HttpResponse:
    """A reviewer's act: it is never taken back, and the months that are closed show it too."""
    found = _load(kept, account)
    title = _("Merge %(account)s into another account?") % {"account": found}
    if request.method == "GET" and not reviews(request.staff):
        words = _("Only a lead, a quality manager or an administrator can do this. Ask one of yours.")
        return asked(request, Ask(title, "", words, back=kept.address("book_account", found.pk)))
    options = [("", _("Choose an account")), *((each.pk, str(each)) for each in _like(kept, found))]
    return _changed(
        request, kept, found, actions.merge_account, Field("select", "into", _("Into"), options=options),
        read=lambda pk: chosen(ledger.accounts(kept.book), pk) or found, title=title, act=_("Merge for good"), stop=True,
        text=_("Everything posted to it shows under the other from now on, in closed months and reports already sent too, and nothing new goes here. It is never taken back."),
    )  # fmt: skip


@require_POST
@of_book
def deactivate(request: StaffRequest, kept: Kept, account: int) -> HttpResponse:
    found = _load(kept, account)
    return answer(
        request,
        actions.deactivate_account,
        account=found,
        by=request.staff,
        at=now(),
        said=lambda made: _("%(account)s is out of use.") % {"account": made},
        undo=kept.address("book_account_reactivate", found.pk),
        then=kept.address("book_accounts"),
    )


@require_POST
@of_book
def reactivate(request: StaffRequest, kept: Kept, account: int) -> HttpResponse:
    return answer(
        request,
        actions.reactivate_account,
        account=_load(kept, account),
        by=request.staff,
        at=now(),
        said=lambda made: _("%(account)s is in use again.") % {"account": made},
        then=kept.address("book_accounts"),
    )


def _changed(
    request: StaffRequest,
    kept: Kept,
    found: Account,
    action: Callable[..., Account],
    field: Field,
    *,
    title: str,
    act: str,
    read: Callable[[str], Any] = str,
    text: str = "",
    stop: bool = False,
) -> HttpResponse:
    """One thing about an account is changed in a dialog, and one stays on its page.

    The field has the name the action knows it by; `read` makes what was typed into what the action takes.
    """
    back = kept.address("book_account", found.pk)
    ask = Ask(title, act, text, [field], stop=stop, back=back)
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request,
        action,
        account=found,
        **{field.name: read(request.POST.get(field.name, ""))},
        by=request.staff,
        at=now(),
        said=lambda made: _("%(account)s is changed.") % {"account": made},
        then=back,
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


def _load(kept: Kept, pk: int) -> Account:
    return get_object_or_404(
        Account.objects.select_related("merged_into", "tax_code", "parent", "book__client"), book=kept.book, pk=pk
    )


def _stretch(request: StaffRequest, kept: Kept) -> Stretch | None:
    """Nothing when only an end is named: everything until then."""
    named = request.GET
    if times.a_day(named.get("until", "")) and not named.get("since"):
        return None
    return times.read(named, today=reader(request).today, fiscal_month=kept.book.fiscal_month, span=times.TO_DATE)


def _until(request: StaffRequest, kept: Kept) -> Any:
    last = times.a_day(request.GET.get("until", "")) or reader(request).today
    return last + times.ONE_DAY


def _like(kept: Kept, found: Account) -> Any:
    """The accounts in use it can be merged into: of one type, purpose and currency with it."""
    same = {"type": found.type, "purpose": found.purpose, "currency": found.currency}
    return ledger.accounts_in_use(kept.book).filter(**same).exclude(pk=found.pk)


def _account_options(kept: Kept, nothing: str, of: Account | None = None) -> list[tuple[object, str]]:
    every = ledger.accounts_in_use(kept.book)
    if of is not None:
        every = every.filter(type=of.type).exclude(pk=of.pk)
    return [("", nothing), *((each.pk, str(each)) for each in every)]


def _tax_options(kept: Kept) -> list[tuple[object, str]]:
    return [("", _("None")), *((tax.pk, f"{tax.code} · {tax.name}") for tax in ledger.tax_codes(kept.book))]


urlpatterns = [
    path("books/<int:id>/accounts", accounts, name="book_accounts"),
    path("books/<int:id>/accounts/new", add, name="book_account_new"),
    path("books/<int:id>/accounts/<int:account>", account, name="book_account"),
    path("books/<int:id>/accounts/<int:account>/rename", rename, name="book_account_rename"),
    path("books/<int:id>/accounts/<int:account>/code", renumber, name="book_account_code"),
    path("books/<int:id>/accounts/<int:account>/tax", retax, name="book_account_tax"),
    path("books/<int:id>/accounts/<int:account>/move", move, name="book_account_move"),
    path("books/<int:id>/accounts/<int:account>/merge", merge, name="book_account_merge"),
    path("books/<int:id>/accounts/<int:account>/deactivate", deactivate, name="book_account_deactivate"),
    path("books/<int:id>/accounts/<int:account>/reactivate", reactivate, name="book_account_reactivate"),
]
