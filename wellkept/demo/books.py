"""The demo's books: opened, fed by weekly bank files, coded by their bookkeepers; this week's lines still wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from wellkept.banking.actions import accounts, coding, importing, questions, reconciling
from wellkept.banking.models import BankAccount, BankLine, Undecided
from wellkept.core import files
from wellkept.demo import statements
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as known
from wellkept.ledger.actions import PostingDraft

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.demo.life import Life
    from wellkept.ledger.models import Account, Book
    from wellkept.people.models import Staff

MONTHS_BEFORE = 3  # of history that come in when the book is opened
LEFT_OVER = 14  # lines this week that nobody has come to yet
OPENING_MINOR = 4_821_240
ABROAD = "1025"  # the account held in another currency
ODD = ("drawings", "loan", "overhead")  # what it is when the bank text does not say


@dataclass(frozen=True, slots=True)
class Keeps:
    """A client whose books are kept here: what it does, its chart and currency, the number of its bank account.

    `abroad` is another currency it earns and spends in, if any.
    """

    key: str
    trade: str
    template: str
    currency: str
    number: str
    fiscal_month: int = 4
    abroad: str = ""


KEPT = (
    Keeps("harbour", "bakery", "nz", "NZD", "06-0501-0123456-00"),
    Keeps("kestrel", "freight", "nz", "NZD", "06-0501-0200114-00", abroad="USD"),
    Keeps("bluegum", "practice", "au", "AUD", "062-001 5550 4410", 7),
    Keeps("meridian", "freight", "uk", "GBP", "20-45-77 31926819"),
    Keeps("padaria", "bakery", "neutral", "BRL", "0341 01234-5"),
)


class Story:
    """One client's books from the day they were opened."""

    def __init__(self, life: Life, keeps: Keeps, *, since: datetime) -> None:
        self.life, self.keeps = life, keeps
        self.client: Client = life.cast.clients[keeps.key]
        self.keeper: Staff = self.client.bookkeeper
        self.opened_on: date = (since.date().replace(day=1) - timedelta(days=31 * MONTHS_BEFORE)).replace(day=1)
        self.told_until = self.opened_on
        self.held_minor = OPENING_MINOR
        self.book: Book
        self.bank: BankAccount
        self.codes: dict[str, Account] = {}
        self.meant: dict[tuple[date, str, int], str] = {}

    def open(self, at: datetime) -> None:
        """The book, its opening balance, the bank account; then what the bank told before."""
        self.book = ledger.open_book(
            client=self.client, base_currency=self.keeps.currency, template=self.keeps.template,
            fiscal_month=self.keeps.fiscal_month, opened_on=self.opened_on, by=self.keeper, at=at,
        )  # fmt: skip
        self.codes = {account.code: account for account in known.accounts_in_use(self.book)}
        mirror, capital = self._for("bank"), self._for("capital")
        ledger.post(
            book=self.book, dated_on=self.opened_on, narration="Opening balance", source="opening", key="opening",
            lines=[PostingDraft(mirror, OPENING_MINOR), PostingDraft(capital, -OPENING_MINOR)], by=self.keeper, at=at,
        )  # fmt: skip
        self.bank = accounts.open_bank_account(
            client=self.client, account=mirror, name=mirror.name, kind="bank", identifier=self.keeps.number,
            by=self.keeper, at=at,
        )  # fmt: skip
        month = self.opened_on
        while (following := (month + timedelta(days=32)).replace(day=1)) <= at.date():
            self._import(until=following, at=at)
            self._code_all(at)
            self._sign(at)
            if self.keeps.abroad:
                self._month_abroad(month, following - timedelta(days=1), at)
            month = following

    def week(self, at: datetime) -> None:
        """What the bank told since, all of it coded."""
        self._import(until=at.date(), at=at)
        self._code_all(at)

    def this_week(self, at: datetime) -> None:
        """The newest lines: the sure ones are left for the bookkeeper to nod, the odd ones to look at.

        Of the month that ended the rates are there, and nobody has counted at them yet.
        """
        self._import(until=at.date(), at=at)
        waiting = list(Undecided.objects.filter(client=self.client).order_by("dated_on", "line"))
        for each in waiting[: max(0, len(waiting) - LEFT_OVER)]:
            self._code(each.line, at)
        if self.keeps.abroad:
            ended = at.date().replace(day=1) - timedelta(days=1)
            self._rates_abroad(ended.replace(day=1), ended, at)

    def ask(self, at: datetime) -> None:
        """About the first line nobody can know."""
        unknown = next(
            (each.line for each in Undecided.objects.filter(client=self.client) if not self._meaning(each.line)), None
        )
        contact = self.client.contacts.order_by("pk").first()
        if unknown is not None and contact is not None:
            questions.ask(lines=[unknown], contact=contact, text="What was this payment for?", by=self.keeper, at=at)

    def _month_abroad(self, month: date, last: date, at: datetime) -> None:
        """Freight paid in dollars, fuel bought with some, an invoice not yet paid; the month's end counted at its rate."""
        held = known.account_by_code(self.book, ABROAD) or ledger.add_account(
            book=self.book, code=ABROAD, name="US dollar account", type="asset", purpose="bank",
            currency=self.keeps.abroad, by=self.keeper, at=at,
        )  # fmt: skip
        paid = (month.month * 7 % 5 + 8) * 112_500
        self._rates_abroad(month, last, at)
        for day, minor, code, why in (
            (4, paid, "4010", "Pacific Cold Storage, freight"),
            (9, -paid // 3, "6100", "Fuel, Long Beach"),
        ):
            on = month.replace(day=day)
            lines = [PostingDraft(held, minor), PostingDraft(self.codes[code], -minor)]
            ledger.post(
                book=self.book, dated_on=on, lines=known.drafts_in(self.book, self.keeps.abroad, on, lines),
                narration=why, source="manual", key=f"abroad-{on.isoformat()}", by=self.keeper, at=at,
            )  # fmt: skip
        owed = self._for("receivable")
        ledger.post(
            book=self.book, dated_on=month.replace(day=18), narration=f"Northgate Depot, invoice {2200 + month.month}",
            lines=[PostingDraft(owed, paid // 3), PostingDraft(self.codes["4010"], -(paid // 3))], source="manual",
            key=f"invoice-{month.isoformat()}", by=self.keeper, at=at,
        )  # fmt: skip
        ledger.revalue(book=self.book, on=last, by=self.keeper, at=at)

    def _rates_abroad(self, month: date, last: date, at: datetime) -> None:
        """What the currency was worth when the month began and ended."""
        first = Fraction(16_500 + month.month * 377 % 900, 10_000)
        for on, value in ((month, first), (last, first + Fraction(month.month % 3 - 1, 50))):
            ledger.set_rate(
                base=self.book.base_currency, currency=self.keeps.abroad, on=on, value=value, source="month end",
                by=self.keeper, at=at,
            )  # fmt: skip

    def _import(self, *, until: date, at: datetime) -> None:
        told = statements.lines(self.keeps.trade, self.told_until, until, seed=self.client.pk)
        if not told:
            return
        self.held_minor += sum(line.amount_minor for line in told)
        self.meant |= {(line.on, line.payee, line.amount_minor): line.code for line in told}
        data = statements.as_ofx(
            told, number=self.keeps.number, currency=self.keeps.currency, since=self.told_until,
            until=until - timedelta(days=1), closing_minor=self.held_minor,
        )  # fmt: skip
        name = f"{self.keeps.key}-{until:%Y-%m-%d}.ofx"
        stored = files.store(data, media_type="application/x-ofx", at=at)
        file = importing.take_in(
            client=self.client, stored=stored, name=name, arrived_by="upload", by=self.keeper, at=at
        )
        importing.import_file(file=file, by=self.keeper, at=at)
        self.told_until = until

    def _code_all(self, at: datetime) -> None:
        for each in Undecided.objects.filter(client=self.client).order_by("dated_on", "line").select_related("line"):
            self._code(each.line, at)

    def _code(self, line: BankLine, at: datetime) -> None:
        """As the bookkeeper would: the account it belongs to, with the tax that is usual there."""
        line.bank_account = self.bank
        account = self.codes.get(self._meaning(line)) or self._for(ODD[line.amount_minor % len(ODD)])
        coding.code(line=line, account=account, tax_code=account.tax_code, by=self.keeper, at=at)

    def _meaning(self, line: BankLine) -> str:
        return self.meant.get((line.dated_on, line.payee, line.amount_minor), "")

    def _sign(self, at: datetime) -> None:
        statement = self.bank.statements.order_by("-ends_on").first()
        if statement is not None:
            statement.bank_account = self.bank
            reconciling.sign(statement=statement, by=self.keeper, at=at)

    def _for(self, purpose: str) -> Account:
        account = known.account_for(self.book, purpose)
        if account is None:
            raise LookupError(f"The chart {self.keeps.template} has no account for {purpose}.")
        return account


def plan(life: Life, *, since: datetime) -> None:
    """Books are opened when the month begins, fed each Monday, and looked at this morning."""
    for place, keeps in enumerate(KEPT):
        story = Story(life, keeps, since=since)
        begins = since + timedelta(hours=2, minutes=7 * place)
        life.later(begins, story.open)
        week = begins + timedelta(days=7)
        while week < life.until - timedelta(days=6):
            life.later(week, story.week)
            week += timedelta(days=7)
        life.later(life.until - timedelta(hours=3, minutes=-3 * place), story.this_week)
        life.later(life.until - timedelta(hours=2, minutes=-3 * place), story.ask)
