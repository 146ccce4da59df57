"""What is done to a line: accepted, coded, split, paired, asked about, put aside; and taken back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from wellkept.banking import wording
from wellkept.banking.actions import batches, questions
from wellkept.banking.actions import coding as actions
from wellkept.banking.models import Batch, Coding
from wellkept.banking.queries import lines as reads
from wellkept.clients import queries as clients
from wellkept.core import money
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger
from wellkept.ledger.actions import PeriodHardClosed, PeriodSoftClosed
from wellkept.ledger.models import Account, Book, Tag, TaxCode
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.desk.books.frame import reviews
from wellkept.web.desk.coding.shares import amounts_typed
from wellkept.web.pages.coding import at_hand, client_of
from wellkept.web.shell.answers import answer, refuse, wants_fragment, with_events
from wellkept.web.shell.reading import StaffRequest

if TYPE_CHECKING:
    from wellkept.people.models import Staff

both = require_http_methods(["GET", "POST"])
PARTS = 8


class AccountUnknown(Refusal):
    """What was typed is no account of the book."""


class StaysCoded(Refusal):
    """The month of the entry is closed, and no other date would undo it."""


class StaysWaiting(Refusal):
    """The month of the line is closed, and the date is the bank's."""


@require_POST
def accept(request: StaffRequest, id: int) -> HttpResponse:
    """Enter, or 1 to 3."""
    rank = request.POST.get("rank", "1")
    return decided(
        request, id, actions.accept, rank=int(rank) if rank in {"1", "2", "3"} else 0, reason=reason_of(request),
    )  # fmt: skip


@require_POST
def code(request: StaffRequest, id: int) -> HttpResponse:
    """Another account than the suggested ones."""
    line = line_of(request, id)
    book = line.bank_account.account.book
    try:
        account = account_of_book(book, request.POST.get("account", ""))
        tax = _tax(book, account, request.POST.get("tax", ""))
    except Refusal as refusal:
        return refuse(request, refusal)
    return decided(
        request, id, actions.code, account=account, tax_code=tax, payee=request.POST.get("payee", ""),
        tags=_tags(request.POST, "tag", book), reason=reason_of(request),
    )  # fmt: skip


@both
def split(request: StaffRequest, id: int) -> HttpResponse:
    """Several accounts, by amounts that make the whole."""
    line = line_of(request, id)
    book = line.bank_account.account.book
    if request.method == "GET":
        return _split_form(request, line, book)
    try:
        parts = _parts(request.POST, book, line)
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda refused: _split_form(request, line, book, refused))
    return decided(request, id, actions.split, parts=parts, reason=reason_of(request))


@both
def park(request: StaffRequest, id: int) -> HttpResponse:
    """Put aside with a reason."""
    line = line_of(request, id)
    if request.method == "GET":
        fields = [Field("text", "because", _("What does it wait for?"))]
        return asked(request, Ask(_("Put the line aside"), _("Put aside"), fields=fields, back=back_to(line)))
    return decided(request, id, actions.park, because=request.POST.get("because", ""))


@require_POST
def unpark(request: StaffRequest, id: int) -> HttpResponse:
    return answer(
        request, actions.unpark, line=line_of(request, id), by=request.staff, at=now(),
        said=_("Back among the lines to decide."), then=reverse("coding_line", args=[id]), refresh=[f"undecided-{id}"],
    )  # fmt: skip


@both
def ask(request: StaffRequest, id: int) -> HttpResponse:
    """One stroke: who, and the words ready to send."""
    line = line_of(request, id)
    people = [each for each in clients.contacts_of(line.client) if clients.email_of(each)]
    if request.method == "GET":
        return asked(request, _question([line], people, back_to(line)))
    contact = next((each for each in people if str(each.pk) == request.POST.get("contact", "")), None)
    if contact is None:
        raise Http404
    return answer(
        request, questions.ask, lines=[line], contact=contact, text=request.POST.get("text", ""), by=request.staff, at=now(),
        said=_("Asked %(name)s. The line waits for the answer.") % {"name": contact.name},
        refresh=[f"undecided-{line.client_id}", f"line-{line.pk}"], then=back_to(line),
        refused=lambda refusal: asked(request, _question([line], people, back_to(line)), refusal=refusal),
    )  # fmt: skip


@both
def ask_many(request: StaffRequest, id: int) -> HttpResponse:
    """One question about every line selected: `?line=4&line=7`."""
    client = client_of(request, id)
    wanted = [
        int(pk) for pk in request.GET.getlist("line")[: questions.MOST_LINES + 1] if pk.isdecimal() and len(pk) < 16
    ]
    lines = list(reads.for_staff(request.staff).filter(client=client, pk__in=wanted))
    people = [each for each in clients.contacts_of(client) if clients.email_of(each)]
    if not lines:
        raise Http404
    back = reverse("coding_client", args=[id])
    if request.method == "GET":
        return asked(request, _question(lines, people, back))
    contact = next((each for each in people if str(each.pk) == request.POST.get("contact", "")), None)
    if contact is None:
        raise Http404
    return answer(
        request, questions.ask, lines=lines, contact=contact, text=request.POST.get("text", ""), by=request.staff, at=now(),
        said=ngettext("Asked %(name)s about %(count)s line.", "Asked %(name)s about %(count)s lines.", len(lines)) % {"name": contact.name, "count": len(lines)},
        refresh=[f"undecided-{id}", *(f"line-{line.pk}" for line in lines)], then=back,
        refused=lambda refusal: asked(request, _question(lines, people, back), refusal=refusal),
    )  # fmt: skip


@require_POST
def undo(request: StaffRequest, id: int) -> HttpResponse:
    """Taken back: the entry is reversed, the line waits again."""
    found = get_object_or_404(reads.codings(request.staff).select_related("client", "entry__book", "line"), pk=id)
    return answer(
        request, _in_its_month(actions.undo), coding=found, reason=reason_of(request), by=request.staff, at=now(),
        said=_("Taken back: %(text)s waits again.") % {"text": found.line.payee or found.line.description},
        refresh=[f"undecided-{found.client_id}", f"line-{found.line_id}"], then=back_to(found.line),
    )  # fmt: skip


@require_POST
def approve(request: StaffRequest, id: int) -> HttpResponse:
    """Shift-A: every line ticked, in one stroke."""
    client = client_of(request, id)
    ticked = [int(pk) for pk in request.POST.getlist("line") if pk.isdecimal() and len(pk) < 16]
    return answer(
        request, batches.approve, client=client, lines=ticked, by=request.staff, at=now(),
        said=lambda batch: ngettext("Approved %(count)s line", "Approved %(count)s lines", batch.lines) % {"count": batch.lines},
        undo=lambda batch: reverse("coding_undo_batch", args=[batch.pk]),
        refresh=[f"undecided-{client.pk}"], then=f"{reverse('coding_client', args=[client.pk])}",
    )  # fmt: skip


@require_POST
def undo_batch(request: StaffRequest, id: int) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.filter(client__in=clients.for_staff(request.staff).order_by()), pk=id)
    return answer(
        request, _in_its_month(batches.undo_batch), batch=batch, by=request.staff, at=now(),
        said=lambda count: ngettext("%(count)s line waits again", "%(count)s lines wait again", count) % {"count": count},
        refresh=[f"undecided-{batch.client_id}"], then=reverse("coding_client", args=[batch.client_id]),
    )  # fmt: skip


def _in_its_month(undo: Callable[..., Any]) -> Callable[..., Any]:
    """What was coded is undone on its own day, so a closed month asks for something else than another date."""

    def undone(**named: Any) -> Any:
        try:
            return undo(**named)
        except PeriodHardClosed as closed:
            raise StaysCoded(
                _("Its month is closed for good, so the coding stays. Post an entry that corrects it in an open month.")
            ) from closed
        except PeriodSoftClosed as closed:
            raise StaysCoded(
                _("Its month is closed. A lead can open it again in the books; then take the coding back.")
            ) from closed

    return undone


def decided(request: StaffRequest, id: int, action: Callable[..., Any], **named: Any) -> HttpResponse:
    """Do it, say it with a way back, and show the next line at once."""
    line = line_of(request, id)
    following = request.POST.get("next", "")
    try:
        action(line=line, **named, by=request.staff, at=now())
    except Refusal as refusal:
        return refuse(request, _of_the_line(refusal, request.staff))
    coded = Coding.objects.filter(line=line, undone_at=None).select_related("account", "entry").first()
    said, back = _said(line, coded), reverse("coding_undo", args=[coded.pk]) if coded else ""
    if not wants_fragment(request):
        return answer(request, lambda: None, said=said, undo=back, then=back_to(line))
    toast: dict[str, Any] = {"target": "body", "text": said, **({"undo": back, "seconds": 10} if back else {})}
    gone = [line.pk] if coded is None else _gone_with(coded)
    return with_events(
        _next(request, line.client_id, following),
        {"toast": toast, "coded": {"target": "body", "gone": gone, "next": following}},
    )


def _gone_with(coded: Coding) -> list[int]:
    """The lines that leave the list with it: the other leg of a transfer."""
    entries = [coded.entry_id, *Coding.objects.filter(pk=coded.other_leg_id or 0).values_list("entry", flat=True)]
    return list(Coding.objects.filter(entry__in=entries, undone_at=None).values_list("line", flat=True))


def _of_the_line(refusal: Refusal, by: Staff) -> Refusal:
    """In a closed month the book asks for another date, which a line of the bank cannot have."""
    if isinstance(refusal, PeriodHardClosed):
        said = _("The month of this line is closed for good. Set the line aside, and post an entry in an open month.")
        return StaysWaiting(said)
    if isinstance(refusal, PeriodSoftClosed) and reviews(by):
        return StaysWaiting(
            _("The month of this line is closed. Say why you write into it all the same."), field="reason"
        )
    if isinstance(refusal, PeriodSoftClosed):
        return StaysWaiting(_("The month of this line is closed. A lead can open it again in the books; then code it."))
    return refusal


def _next(request: StaffRequest, client: int, following: str) -> HttpResponse:
    """The panel of the line that comes next, in the answer itself: the eye does not wait."""
    if following.isdecimal() and len(following) < 16:
        with suppress(Http404):
            return render(request, "pages/coding/choices.html", at_hand(request, int(following)))
    return render(request, "pages/coding/choices.html", {"line": None, "client": client_of(request, client)})


def reason_of(request: StaffRequest) -> str:
    """Why a reviewer writes into a soft-closed month."""
    return request.POST.get("reason", "")[:500]


def _said(line: Any, coded: Coding | None) -> str:
    text = line.payee or line.description
    if coded is None:
        out = reads.left_out(line) is not None
        return (_("Left out: %(text)s") if out else _("Put aside: %(text)s")) % {"text": text}
    if coded.how == Coding.How.MATCH:
        return _("%(text)s is entry %(number)s") % {"text": text, "number": coded.entry.number}
    if coded.account is None:
        return _("Split: %(text)s") % {"text": text}
    return _("%(text)s → %(account)s") % {"text": text, "account": coded.account.name}


def line_of(request: StaffRequest, id: int) -> Any:
    return get_object_or_404(reads.for_staff(request.staff), pk=id)


def back_to(line: Any) -> str:
    return f"{reverse('coding_client', args=[line.client_id])}?account={line.bank_account_id}"


def account_of_book(book: Book, typed: str) -> Account:
    """By its code, or by what the list offered: `400 Advertising`."""
    wanted = typed.strip()
    found = ledger.account_by_code(book, wanted) or ledger.account_by_code(book, wanted.partition(" ")[0])
    if found is None:
        named = [each for each in ledger.accounts_in_use(book) if wanted and wanted.casefold() in each.name.casefold()]
        found = named[0] if len(named) == 1 else None
    if found is None:
        raise AccountUnknown(
            _("There is no account “%(typed)s”. Type its code or part of its name.") % {"typed": wanted[:40]},
            field="account",
        )
    return found


def _tax(book: Book, account: Account, typed: str) -> TaxCode | None:
    """`-` is no tax; nothing chosen is what is usual for the account."""
    if typed == "-":
        return None
    if not typed:
        return account.tax_code
    return ledger.tax_code_by_code(book, typed)


def _tags(posted: QueryDict, name: str, book: Book) -> list[Tag]:
    wanted = {pk for pk in posted.getlist(name) if pk}
    return [tag for tag in ledger.tags(book) if str(tag.pk) in wanted] if wanted else []


def _parts(posted: QueryDict, book: Book, line: Any) -> list[actions.Part]:
    """Amounts as typed, or shares of the whole as `60%`."""
    numbers = [
        number
        for number in range(PARTS)
        if posted.get(f"account-{number}", "").strip() or posted.get(f"amount-{number}", "").strip()
    ]
    amounts = amounts_typed(
        [posted.get(f"amount-{number}", "") for number in numbers], line.amount_minor, line.bank_account.currency
    )
    parts = []
    for number, minor in zip(numbers, amounts, strict=True):
        account = account_of_book(book, posted.get(f"account-{number}", ""))
        tax = _tax(book, account, posted.get(f"tax-{number}", ""))
        tags = tuple(_tags(posted, f"tag-{number}", book))
        parts.append(actions.Part(account, minor, tax, posted.get(f"text-{number}", "")[:200], tags))
    return parts


def _split_form(request: StaffRequest, line: Any, book: Book, refusal: Refusal | None = None) -> HttpResponse:
    context = at_hand(request, line.pk) | {
        "numbers": [str(number) for number in range(PARTS)],
        "posted": request.POST,
        "refusal": refusal,
        "whole": money.Money(abs(line.amount_minor), line.bank_account.currency),
        "places": money.exponent(line.bank_account.currency),
    }
    return render(
        request, "pages/coding/split.html" if wants_fragment(request) else "pages/coding/split_page.html", context
    )


def _question(lines: list[Any], people: list[Any], back: str) -> Ask:
    if not people:
        text = _("Nobody at %(client)s has an e-mail address. Add a contact first.") % {"client": lines[0].client.name}
        return Ask(_("Ask the client"), _("Send"), text, back=back)
    return Ask(
        ngettext("Ask about this line", "Ask about %(count)s lines", len(lines)) % {"count": len(lines)},
        _("Send the question"),
        _("They answer by mail or on a page made for them; the answer comes onto the line."),
        [
            Field("select", "contact", _("Whom"), options=[(each.pk, each.name) for each in people]),
            Field("area", "text", _("What do you want to know?"), wording.asked_by_default(lines), hint=" · ".join(wording.fact(line) for line in lines[:3]), most=4_000),
        ],
        back=back,
    )  # fmt: skip


urlpatterns = [
    path("coding/lines/<int:id>/accept", accept, name="coding_accept"),
    path("coding/lines/<int:id>/code", code, name="coding_code"),
    path("coding/lines/<int:id>/split", split, name="coding_split"),
    path("coding/lines/<int:id>/park", park, name="coding_park"),
    path("coding/lines/<int:id>/unpark", unpark, name="coding_unpark"),
    path("coding/lines/<int:id>/ask", ask, name="coding_ask"),
    path("coding/<int:id>/ask", ask_many, name="coding_ask_many"),
    path("coding/codings/<int:id>/undo", undo, name="coding_undo"),
    path("coding/<int:id>/approve", approve, name="coding_approve"),
    path("coding/batches/<int:id>/undo", undo_batch, name="coding_undo_batch"),
]
