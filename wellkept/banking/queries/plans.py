"""What importing a file would do, worked out before anything is written: the preview and the import read the same plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from wellkept.banking.formats import ReadFile, ReadLine, ReadStatement
from wellkept.banking.models import BankAccount, BankLine, LeftOut, Statement
from wellkept.banking.queries import accounts
from wellkept.banking.rules import identity, proof
from wellkept.core.refusals import Refusal

if TYPE_CHECKING:
    from wellkept.banking.models import StatementFile

AT_ONCE = 500


class AnotherClients(Refusal):
    """The statement is of an account that belongs to another client."""


class AnotherCurrency(Refusal):
    """The statement counts in another currency than the account."""


class WhichAccount(Refusal):
    """Nothing tells which account a statement is of."""


class NothingInIt(Refusal):
    """A file that tells no line and no balance."""


@dataclass(frozen=True)
class Planned:
    """One statement of the file and what would become of its lines."""

    told: ReadStatement
    bank_account: BankAccount
    learns_number: bool
    starts_on: date
    ends_on: date
    numbered: tuple[identity.Numbered, ...]
    known: frozenset[int]
    """Positions of lines that are here already, in the same words."""
    differently: frozenset[int]
    """Positions of lines that a file of another format has told already."""
    doubted: frozenset[int]
    """Positions of new lines that may be here already: told before in other words by a file of this very format."""
    left_out: int
    """How many of the known were left out by a person and stay so."""
    overlap_days: int
    gap: proof.Gap | None
    """What is missing between this statement and the one before it."""

    @property
    def proof(self) -> proof.Proof:
        told = self.told
        amounts = [line.amount_minor for line in told.lines]
        return proof.prove(amounts, opening_minor=told.opening_minor, closing_minor=told.closing_minor)

    @cached_property
    def new(self) -> list[tuple[ReadLine, identity.Numbered]]:
        skipped = self.known | self.differently
        return [(self.told.lines[each.position], each) for each in self.numbered if each.position not in skipped]

    @cached_property
    def doubted_lines(self) -> list[ReadLine]:
        return [self.told.lines[position] for position in sorted(self.doubted)]

    @cached_property
    def doubted_identities(self) -> frozenset[str]:
        return frozenset(each.identity for each in self.numbered if each.position in self.doubted)


@dataclass(frozen=True)
class Plan:
    """All statements of a file, in its order."""

    read: ReadFile
    statements: tuple[Planned, ...]

    @property
    def new_count(self) -> int:
        return sum(len(each.new) for each in self.statements)

    @property
    def doubted_count(self) -> int:
        return sum(len(each.doubted) for each in self.statements)

    @property
    def known_count(self) -> int:
        return sum(len(each.known) + len(each.differently) for each in self.statements)


def plan(file: StatementFile, read: ReadFile, *, chosen: BankAccount | None = None) -> Plan:
    """`chosen` is the account a person named for statements that tell none."""
    planned: list[Planned] = []
    for told in read.statements:
        if told.lines or told.closing_minor is not None:
            earlier = [each for each in planned if not each.learns_number or each.told.identifier == told.identifier]
            planned.append(_planned(file, read, told, chosen, earlier))
    if not planned:
        raise NothingInIt(_("There is no line and no balance in this file. Export the period again and try that file."))
    return Plan(read, tuple(planned))


def _planned(
    file: StatementFile, read: ReadFile, told: ReadStatement, chosen: BankAccount | None, earlier: Sequence[Planned]
) -> Planned:
    account, learns = _account(file, told, chosen)
    if told.currency and told.currency != account.currency:
        raise AnotherCurrency(
            _("The statement is in %(theirs)s and %(account)s is in %(ours)s. Choose the account it belongs to.")
            % {"theirs": told.currency, "account": account.name, "ours": account.currency}
        )
    days = [line.dated_on for line in told.lines]
    starts_on = told.starts_on or min(days, default=told.ends_on)
    ends_on = told.ends_on or max(days, default=told.starts_on)
    if starts_on is None or ends_on is None:
        raise NothingInIt(_("A statement without lines has to say which days it speaks of. Export the period again."))
    starts_on, ends_on = min([starts_on, *days]), max([ends_on, starts_on, *days])
    before = [each for each in earlier if each.bank_account == account]
    numbered = tuple(identity.number(_after(told.lines, before)))[-len(told.lines) :] if told.lines else ()
    numbered = tuple(identity.Numbered(place, each.occurrence, each.identity) for place, each in enumerate(numbered))
    here = _here(account, starts_on, ends_on)
    known, differently, doubted = _known(here, read, told, numbered, before)
    return Planned(
        told,
        account,
        learns,
        starts_on,
        ends_on,
        numbered,
        known,
        differently,
        doubted,
        sum(here[each.identity].is_left_out for each in numbered if each.position in known),
        *_neighbours(account, told, starts_on, ends_on),
    )


def _after(lines: Sequence[ReadLine], before: Sequence[Planned]) -> list[ReadLine]:
    """Lines of one account in one file are numbered through, also where the file cuts them into several statements."""
    return [*(line for each in before for line in each.told.lines), *lines]


def _account(file: StatementFile, told: ReadStatement, chosen: BankAccount | None) -> tuple[BankAccount, bool]:
    found = accounts.by_identifier(told.identifier)
    if found is not None:
        if found.client_id != file.client_id:
            raise AnotherClients(
                _("The account %(number)s in this file belongs to another client. Nothing was imported.")
                % {"number": _masked(told.identifier)}
            )
        return found, False
    wanted = chosen or file.bank_account or _only_one(file)
    if wanted is None:
        raise WhichAccount(
            _("This file does not say which account it is of. Choose the account, then look again."), field="account"
        )
    if told.identifier and wanted.digest:
        raise WhichAccount(
            _("The file is of the account %(number)s, and %(account)s has another number. Add that account first.")
            % {"number": _masked(told.identifier), "account": wanted.name},
            field="account",
        )
    return wanted, bool(told.identifier)


def _only_one(file: StatementFile) -> BankAccount | None:
    found = list(accounts.of_client(file.client_id)[:2])
    return found[0] if len(found) == 1 else None


def _masked(identifier: str) -> str:
    return f"••••{identifier[-4:]}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A line we have: its day and amount, the format that told it, and whether it was left out."""

    dated_on: date
    amount_minor: int
    format: str
    is_left_out: bool


def _here(account: BankAccount, starts_on: date, ends_on: date) -> dict[str, Kept]:
    """The lines of these days, by identity."""
    out = Exists(LeftOut.objects.filter(line=OuterRef("pk"), brought_back_at=None))
    kept = BankLine.objects.filter(bank_account=account, dated_on__range=(starts_on, ends_on)).annotate(out=out)
    return {
        row[0]: Kept(*row[1:])
        for row in kept.values_list("identity", "dated_on", "amount_minor", "file__format", "out")
    }


def _known(
    here: Mapping[str, Kept],
    read: ReadFile,
    told: ReadStatement,
    numbered: Sequence[identity.Numbered],
    before: Sequence[Planned],
) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
    """What of a statement is here already; a line we keep stands for one line of the file, whatever statement it is in.

    First what reads the same, then what a file of another format told, then what this format told in other words and
    only a person can say. What was left out is known by its own words, and stands for nothing else.
    """
    known = frozenset(each.position for each in numbered if each.identity in here)
    claimed = {each.identity for part in (numbered, *(each.numbered for each in before)) for each in part}
    free = [kept for key, kept in here.items() if key not in claimed and not kept.is_left_out]
    new = [
        (each.position, *_day_and_amount(told.lines[each.position])) for each in numbered if each.position not in known
    ]
    differently = _told_by(new, (kept for kept in free if kept.format != read.format), before, "differently")
    left = [each for each in new if each[0] not in differently and each[2]]
    return known, differently, _told_by(left, (kept for kept in free if kept.format == read.format), before, "doubted")


def _told_by(
    new: Iterable[tuple[int, date, int]], free: Iterable[Kept], before: Sequence[Planned], how: str
) -> frozenset[int]:
    """Positions of those that stand for one of the free lines, without what earlier statements of the file took of them."""
    unclaimed = Counter((kept.dated_on, kept.amount_minor) for kept in free)
    unclaimed -= Counter(_day_and_amount(each.told.lines[n]) for each in before for n in getattr(each, how))
    return frozenset(identity.told_differently(new, unclaimed.elements()))


def _day_and_amount(line: ReadLine) -> tuple[date, int]:
    return line.dated_on, line.amount_minor


def _neighbours(
    account: BankAccount, told: ReadStatement, starts_on: date, ends_on: date
) -> tuple[int, proof.Gap | None]:
    """Days this statement shares with those we have, and what is missing before it."""
    told_of = Statement.objects.filter(bank_account=account, file__taken_out_at=None)
    overlapping = told_of.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)
    shared = {
        date.fromordinal(day)
        for first, last in overlapping.values_list("starts_on", "ends_on")[:AT_ONCE]
        for day in range(max(first, starts_on).toordinal(), min(last, ends_on).toordinal() + 1)
    }
    before = told_of.filter(ends_on__lt=starts_on).order_by("-ends_on", "-id").first()
    if before is None or shared:
        return len(shared), None
    here = proof.Stretch(starts_on, ends_on, told.opening_minor, told.closing_minor)
    there = proof.Stretch(before.starts_on, before.ends_on, before.opening_minor, before.closing_minor)
    return len(shared), next(iter(proof.gaps([there, here])), None)
