"""Files with earlier books, and what bringing one in would do: the same plan for the preview and for the posting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from wellkept.clients import queries as clients
from wellkept.core import files
from wellkept.ledger.exchange import ReadAccount, ReadBook, Remark
from wellkept.ledger.exchange.how import How
from wellkept.ledger.exchange.refusals import mark as _
from wellkept.ledger.exchange.safely import read_safely
from wellkept.ledger.models import Account, Book, Dimension, HistoryFile, TaxCode
from wellkept.ledger.queries.settling import Settled, settle
from wellkept.ledger.rules import charts, histories

if TYPE_CHECKING:
    from wellkept.people.models import Staff

MOST_PROBLEMS = 200


@dataclass(slots=True)
class PlannedAccount:
    """Where the lines of one account of the file go: into `account`, or into a new one as described."""

    read: ReadAccount
    lines: int
    account: Account | None
    matched: bool  # found by code or name, so that nobody needs to look
    code: str
    name: str
    type: str
    purpose: str
    currency: str


@dataclass(slots=True)
class Plan:
    """What a file would do to the book. Nothing is posted while it has problems."""

    read: ReadBook
    accounts: list[PlannedAccount] = field(default_factory=list)
    taxes: dict[str, int | None] = field(default_factory=dict)  # tax code of the file: ours, or left out
    unknown_taxes: list[str] = field(default_factory=list)
    entries: list[Settled] = field(default_factory=list)
    known: int = 0
    problems: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    first_on: date | None = None
    last_on: date | None = None
    debit_minor: int = 0
    rounded: int = 0
    begins_earlier: bool = False

    @property
    def new(self) -> int:
        return len(self.entries) - self.known

    @property
    def to_decide(self) -> list[PlannedAccount]:
        return [each for each in self.accounts if not each.matched]

    @property
    def found(self) -> list[PlannedAccount]:
        return [each for each in self.accounts if each.matched]


def histories_for(by: Staff) -> QuerySet[HistoryFile]:
    """The files of the clients a person may see, newest first."""
    mine = HistoryFile.objects.filter(clients.scope(by).q("book__client"))
    return mine.select_related("book__client", "stored").order_by("-id")


def read(file: HistoryFile) -> ReadBook:
    """What the file says, read in a process that can be killed; or Unreadable."""
    return read_safely(files.path_of(file.stored.sha256), how(file))


def how(file: HistoryFile) -> How:
    said = {"columns": {}, "order": "", "day": None, **file.said}
    return How.from_json({**said, "base": file.book.base_currency, "kind": file.kind})


def plan(book: Book, read: ReadBook, choices: Mapping[str, Any]) -> Plan:
    """Every account, tax code and entry of the file against the book, as chosen or else as proposed."""
    found = Plan(read, warnings=list(read.warnings))
    _plan_accounts(book, found, choices.get("accounts", {}))
    _plan_taxes(book, found, choices.get("taxes", {}))
    settle(book, found)
    found.problems = found.problems[:MOST_PROBLEMS]
    return found


def tags_wanted(read: ReadBook) -> dict[str, set[str]]:
    """The tags the lines carry, by dimension."""
    wanted: dict[str, set[str]] = {}
    for entry in read.entries:
        for line in entry.lines:
            for dimension, tag in line.tags:
                wanted.setdefault(dimension, set()).add(tag)
    return wanted


def dimensions_by_key(book: Book) -> dict[str, Dimension]:
    """Dimensions by what a file calls them: `cost-centre` for Cost centre."""
    from wellkept.ledger.exchange.naming import slug

    return {slug(each.name).lower() or "other": each for each in Dimension.objects.filter(book=book).order_by("-name")}


def _plan_accounts(book: Book, plan: Plan, chosen: Mapping[str, Mapping[str, Any]]) -> None:
    chart = list(Account.objects.filter(book=book).select_related("merged_into").order_by("code"))
    by_pk = {account.pk: account for account in chart}
    counts, abroad = _uses(plan.read)
    taken = {account.code.casefold() for account in chart}
    single = {account.purpose for account in chart if account.is_active}
    for told in plan.read.accounts:
        choice = chosen.get(told.key, {})
        match = _match(told, chart)
        account = by_pk.get(choice["use"]) if choice.get("use") else (None if "code" in choice else match)
        planned = _proposed(told, counts.get(told.key, 0), account, taken, single, abroad.get(told.key, ""))
        planned.matched = match is not None and account is match and _is_sure(told, match)
        for name in ("code", "name", "type"):
            if account is None and choice.get(name):
                setattr(planned, name, choice[name])
        if not charts.fits(planned.type, planned.purpose):
            planned.purpose = ""
        if planned.lines or (account is None and told.row):
            taken.add(planned.code.casefold())
            plan.accounts.append(planned)
    _check_accounts(plan)


def _match(told: ReadAccount, chart: list[Account]) -> Account | None:
    """By code, else by a name that only one has; what was merged away stands for where it went."""
    same = [account for account in chart if told.code and account.code.casefold() == told.code.casefold()]
    if not same:
        name = told.name.casefold()
        same = [account for account in chart if account.name.casefold() == name and not told.code]
        same = [account for account in same if not told.type or account.type == told.type]
    if len(same) != 1 or (told.type and same[0].type != told.type):
        return None
    account = same[0].merged_into or same[0]
    return account if account.is_active else None


def _is_sure(told: ReadAccount, account: Account) -> bool:
    """The same code under another name may be another account: a person looks."""
    return not told.name or told.name.casefold() == account.name.casefold()


def _proposed(
    told: ReadAccount, lines: int, account: Account | None, taken: set[str], single: set[str], currency: str
) -> PlannedAccount:
    """The account as it would be added: what the file says of it, else what its name does."""
    guessed, purpose = histories.guess(told.name)
    type_ = told.type or guessed
    purpose = told.purpose or (purpose if type_ == guessed else "")
    if not charts.fits(type_, purpose) or (purpose in charts.SINGLE and purpose in single):
        purpose = ""
    wanted = told.code if charts.ACCOUNT_CODE.fullmatch(told.code) and told.code.casefold() not in taken else ""
    return PlannedAccount(
        read=told, lines=lines, account=account, matched=False, code=wanted or histories.free_code(type_, taken),
        name=told.name[:120] or told.key[:120], type=type_, purpose=purpose,
        currency=told.currency or (currency if type_ in {"asset", "liability"} else ""),
    )  # fmt: skip


def _uses(read: ReadBook) -> tuple[dict[str, int], dict[str, str]]:
    """How many lines each account has, and its currency where all of them are in one other than the book's."""
    counts: dict[str, int] = {}
    currencies: dict[str, set[str]] = {}
    for entry in read.entries:
        for line in entry.lines:
            counts[line.account] = counts.get(line.account, 0) + 1
            currencies.setdefault(line.account, set()).add(line.currency)
    return counts, {key: next(iter(found)) for key, found in currencies.items() if len(found) == 1}


def _check_accounts(plan: Plan) -> None:
    codes: dict[str, PlannedAccount] = {}
    for each in plan.accounts:
        if each.account is not None:
            continue
        if not charts.ACCOUNT_CODE.fullmatch(each.code):
            plan.problems.append(
                Remark(
                    _("The code of “%(name)s” is up to 20 letters, digits, dots or dashes."),
                    each.read.row,
                    "",
                    {"name": each.name},
                )
            )
        if codes.setdefault(each.code, each) is not each:
            plan.problems.append(
                Remark(_("Two new accounts have the code %(code)s."), each.read.row, "", {"code": each.code})
            )


def _plan_taxes(book: Book, plan: Plan, chosen: Mapping[str, int]) -> None:
    ours = {tax.code.casefold(): tax.pk for tax in TaxCode.objects.filter(book=book).order_by("code")}
    named = {tax.name.casefold(): tax.pk for tax in TaxCode.objects.filter(book=book).order_by("-code")}
    mine = set(ours.values())
    for told in sorted({line.tax for entry in plan.read.entries for line in entry.lines if line.tax}):
        match = ours.get(told.casefold()) or named.get(told.casefold())
        if match is None:
            plan.unknown_taxes.append(told)
            match = chosen.get(told) if chosen.get(told) in mine else None
        plan.taxes[told] = match
