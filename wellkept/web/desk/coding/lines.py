"""Lines as the coding page shows them: bank text, amount, what is suggested and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wellkept.banking.actions.batches import SURE
from wellkept.banking.models import Automation, BankLine, Question, Undecided
from wellkept.banking.queries.deciding import in_use
from wellkept.banking.queries.sure import Sure
from wellkept.banking.rules.parts import tax_within
from wellkept.core.money import Money
from wellkept.ledger import queries as ledger
from wellkept.web.desk.coding.reasons import reasons
from wellkept.web.exports import figures
from wellkept.web.shell.words import Reader

if TYPE_CHECKING:
    from wellkept.ledger.models import Account, Book, TaxCode

MILLION = 1_000_000
LIKELY = 800_000


@dataclass(frozen=True)
class Chart:
    """The accounts and tax codes a client's lines can go to, read once a page."""

    accounts: Mapping[int, Account]
    tax_codes: Mapping[int, TaxCode]

    @classmethod
    def of(cls, book: Book) -> Chart:
        return cls(ledger.chart_in_use(book.pk), ledger.taxes_in_use(book.pk))


@dataclass(frozen=True)
class Choice:
    """One suggestion with its key, its certainty and its reasons."""

    rank: int
    account: Account
    tax: str
    sure: int
    needed: int
    reasons: Sequence[str]
    transfer: bool
    doubted: bool  # would lose its tax
    amount: Money  # of the line
    tax_code: TaxCode | None

    @property
    def percent(self) -> str:
        """Whole percents; what is nearly nothing says so."""
        return str(self.sure * 100 // MILLION) if self.sure >= MILLION // 100 else "<1"

    @property
    def share(self) -> str:
        """0 to 1, for the bar: a fixed point whatever the language."""
        return f"{self.sure / MILLION:.2f}"

    @property
    def goal(self) -> str:
        return f"{self.needed / MILLION:.2f}"

    @property
    def state(self) -> str:
        if self.doubted:
            return "risk"
        if self.sure >= self.needed:
            return "kept"
        return "open" if self.sure >= LIKELY else "risk"

    @property
    def posts(self) -> str:
        """What accepting it would post, beside the bank's side: the amount without its tax, and the tax."""
        whole, code = self.amount.minor, self.tax_code
        tax = 0 if code is None else tax_within(whole, code.rate_basis_points)
        named = {"account": f"{self.account.code} {self.account.name}", "net": _figure(whole - tax, self.amount)}
        if self.transfer:
            return _("Would move %(net)s: %(account)s, no income and no cost.") % named
        if code is None or not tax:
            return _("Would post: %(account)s %(net)s, no tax.") % named
        named |= {"tax": code.name.split()[0], "part": _figure(tax, self.amount)}
        return _("Would post: %(account)s %(net)s + %(tax)s %(part)s.") % named

    @property
    def word(self) -> str:
        return {"kept": _("Sure"), "open": _("Likely"), "risk": _("Not sure")}[self.state]


@dataclass(frozen=True)
class Shown:
    """A line to decide."""

    line: BankLine
    amount: Money
    first: Choice | None
    asked: bool
    parked: str
    is_sure: bool  # ticked from the start; what the client is asked about waits for the answer
    is_sample: bool  # as sure, and looked at singly

    @property
    def text(self) -> str:
        return self.line.payee or self.line.description or _("No text")


def needed(client: int) -> int:
    """The certainty it takes to go without a look: what was measured for the client, else what a batch takes."""
    row = Automation.objects.filter(client=client, allowed_at__isnull=False).first()
    return SURE if row is None or row.threshold is None else row.threshold


def shown(waiting: Sequence[Undecided], chart: Chart, goal: int, reader: Reader, sure: Sure) -> list[Shown]:
    """The rows of a page, in the order given."""
    asked, together, sample = asked_about([each.pk for each in waiting]), set(sure.lines), set(sure.sample)
    return [
        Shown(
            each.line,
            Money(each.line.amount_minor, each.line.bank_account.currency),
            next(iter(choices(each, chart, goal, reader)), None),
            each.pk in asked,
            each.parked_because,
            each.pk in together,
            each.pk in sample,
        )
        for each in waiting
    ]


def asked_about(lines: Sequence[int]) -> set[int]:
    """Those of the lines that a question to the client stands open about."""
    open_ones = Question.objects.filter(lines__line__in=lines, settled_at=None, withdrawn_at=None)
    return set(open_ones.values_list("lines__line", flat=True)) & set(lines)


def choices(waiting: Undecided, chart: Chart, goal: int, reader: Reader) -> list[Choice]:
    """Up to three, best first, without those whose account or tax code went out of use."""
    rows = [] if waiting.suggestion is None else waiting.suggestion.choices
    return [
        Choice(
            rank,
            chart.accounts[row["account"]],
            _tax(chart, row),
            row["confidence"],
            goal,
            reasons(row["basis"], reader),
            "other" in row,
            "doubt" in row,
            Money(waiting.line.amount_minor, waiting.line.bank_account.currency),
            chart.tax_codes.get(row["tax_code"]),
        )
        for rank, row in enumerate((row for row in rows if in_use(row, chart.accounts, chart.tax_codes)), start=1)
    ]


def _figure(minor: int, amount: Money) -> str:
    return figures.amount(abs(minor), amount.currency, get_language() or "en")


def _tax(chart: Chart, row: Mapping[str, object]) -> str:
    if "other" in row:
        return _("Transfer")
    if "doubt" in row:
        return _("No tax: its code is out of use")
    code = chart.tax_codes.get(row["tax_code"])  # type: ignore[call-overload]
    return _("No tax") if code is None else _short(code)


def _short(code: TaxCode) -> str:
    """`GST 15%` of `GST on purchases 15%`: which side it is, the line says."""
    whole, rest = divmod(code.rate_basis_points, 100)
    return f"{code.name.split()[0]} {whole}{f'.{rest:02}' if rest else ''}%" if code.rate_basis_points else code.name
