"""What a line is already: the leg of a transfer, a posting the book has, or nothing that counts."""

from __future__ import annotations

from fractions import Fraction

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wellkept.banking.actions import coding as actions
from wellkept.banking.actions import leaving
from wellkept.banking.models import BankLine
from wellkept.banking.queries import lines as reads
from wellkept.banking.queries import matches
from wellkept.core.clock import now
from wellkept.core.money import Money, exponent
from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.desk.books.frame import reviews
from wellkept.web.exports import figures
from wellkept.web.pages.coding_acts import account_of_book, back_to, decided, line_of, reason_of
from wellkept.web.shell.answers import answer, refuse
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import Reader, short_day

both = require_http_methods(["GET", "POST"])


@both
def pair(request: StaffRequest, id: int) -> HttpResponse:
    """The other leg of a transfer: of the same amount, with a fee kept on the way, or in another currency."""
    line, eyes = line_of(request, id), reader(request)
    exact, costly, abroad = reads.other_legs(line), reads.legs_with_fee(line), reads.legs_abroad(line)
    legs = {str(leg.pk): leg for leg in [*exact, *costly, *abroad]}
    if request.method == "POST" and (other := legs.get(request.POST.get("other", ""))):
        fee, book = None, line.bank_account.account.book
        if other in costly:
            try:
                fee = account_of_book(book, request.POST.get("fee", ""))
            except Refusal as refusal:
                refusal.field = "fee"
                return refuse(request, refusal)
        return decided(request, id, actions.pair, other=other, fee=fee, reason=reason_of(request))
    options = [(pk, _leg(line, leg, eyes)) for pk, leg in legs.items()]
    fields = [Field("select", "other", _("The other leg"), options=options)] if legs else []
    if costly:
        fields.append(_fee(line, optional=bool(exact or abroad)))
    if legs:
        fields += _why(request, line)
    text = (
        _("Money between two accounts of the client, within five days.")
        if legs
        else _(
            "No line of another account fits: the same amount the other way within five days. Import the other account's statement first."
        )
    )
    act = _("Pair them") if legs else ""
    return asked(request, Ask(_("Pair a transfer"), act, text, fields, back=back_to(line)))


@both
def match(request: StaffRequest, id: int) -> HttpResponse:
    """This line is that entry: the book had it before the bank told it."""
    line, eyes = line_of(request, id), reader(request)
    found = {str(each.pk): each for each in matches.candidates(line)}
    if request.method == "POST" and (chosen := found.get(request.POST.get("posting", ""))):
        return decided(request, id, actions.match, found=chosen)
    options = [
        (
            pk,
            _("%(day)s · entry %(number)s · %(text)s")
            % {
                "day": short_day(each.dated_on, eyes),
                "number": each.entry.number,
                "text": each.text or each.entry.narration,
            },
        )
        for pk, each in found.items()
    ]
    text = (
        _("Nothing is posted: the line and the entry stand for the same money.")
        if found
        else _("The book has no posting of this amount on this account that the bank has not told of.")
    )
    fields = [Field("select", "posting", _("The entry"), options=options)] if found else []
    act = _("It is this one") if found else ""
    return asked(request, Ask(_("In the book already"), act, text, fields, back=back_to(line)))


@both
def leave_out(request: StaffRequest, id: int) -> HttpResponse:
    """A line that does not count: told twice, or of a wrong file."""
    line = line_of(request, id)
    if request.method == "GET":
        ask = Ask(
            _("Leave the line out"),
            _("Leave it out"),
            _("It counts in nothing from then on. It stays on record with your name, and you can bring it back."),
            [Field("text", "reason", _("Why does it not count?"))],
            stop=True,
            back=back_to(line),
        )
        return asked(request, ask)
    return decided(request, id, leaving.leave_out, reason=request.POST.get("reason", ""))


@require_POST
def bring_back(request: StaffRequest, id: int) -> HttpResponse:
    line = line_of(request, id)
    return answer(
        request, leaving.bring_back, line=line, by=request.staff, at=now(), said=_("Back among the lines to decide."),
        refresh=[f"undecided-{line.client_id}", f"line-{line.pk}"], then=reverse("coding_line", args=[id]),
    )  # fmt: skip


def _leg(line: BankLine, leg: BankLine, eyes: Reader) -> str:
    """The leg in words; of another currency with both amounts and the rate between them, else with what was kept."""
    said = f"{short_day(leg.dated_on, eyes)} · {leg.bank_account.name} · {leg.payee or leg.description}"
    ours, theirs = line.bank_account.currency, leg.bank_account.currency
    if ours != theirs:
        here, there = Money(abs(line.amount_minor), ours), Money(abs(leg.amount_minor), theirs)
        return _("%(leg)s · %(there)s for %(here)s, 1 %(currency)s = %(rate)s") % {
            "leg": said,
            "there": _money(there, eyes),
            "here": _money(here, eyes),
            "currency": theirs,
            "rate": f"{_rate(here, there)} {ours}",
        }
    if kept := abs(line.amount_minor + leg.amount_minor):
        return _("%(leg)s · %(amount)s, %(kept)s kept on the way") % {
            "leg": said,
            "amount": _money(Money(abs(leg.amount_minor), theirs), eyes),
            "kept": _money(Money(kept, theirs), eyes),
        }
    return said


def _rate(here: Money, there: Money) -> str:
    rate = Fraction(here.minor, 10 ** exponent(here.currency)) / Fraction(there.minor, 10 ** exponent(there.currency))
    whole, places = divmod(round(rate * 10_000), 10_000)
    return f"{whole}.{places:04}"


def _money(value: Money, eyes: Reader) -> str:
    return f"{value.currency} {figures.amount(value.minor, value.currency, eyes.language)}"


def _fee(line: BankLine, *, optional: bool) -> Field:
    accounts = ledger.accounts_in_use(line.bank_account.account.book).filter(type="expense")
    return Field(
        "pick",
        "fee",
        _("Account of the fee"),
        hint=_("Where what the bank kept on the way goes."),
        options=[(f"{each.code} {each.name}", each.name) for each in accounts],
        optional=optional,
    )


def _why(request: StaffRequest, line: BankLine) -> list[Field]:
    period = ledger.period_of(line.bank_account.account.book, line.dated_on)
    if period is None or period.state != "soft" or not reviews(request.staff):
        return []
    return [Field("text", "reason", _("Why into a closed month?"), most=500, hint=_("The book keeps what you say."))]


urlpatterns = [
    path("coding/lines/<int:id>/pair", pair, name="coding_pair"),
    path("coding/lines/<int:id>/match", match, name="coding_match"),
    path("coding/lines/<int:id>/leave-out", leave_out, name="coding_leave_out"),
    path("coding/lines/<int:id>/bring-back", bring_back, name="coding_bring_back"),
]
