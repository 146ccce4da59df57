"""A bakery with a book, two bank accounts and bank files, for the tests of this room. Built through actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tests.world import World
from wellkept.banking.actions import accounts, importing
from wellkept.banking.models import BankAccount, BankLine, StatementFile
from wellkept.core import files
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books
from wellkept.ledger.models import Account, Book

Row = tuple[str, str, str]  # day, text, amount


@dataclass
class Desk:
    """The bakery's books in New Zealand dollars: `bank` and `savings` with their numbers."""

    world: World
    book: Book
    bank: BankAccount
    savings: BankAccount

    def account(self, code: str) -> Account:
        return books.account_by_code(self.book, code)

    def file(self, data: bytes, *, name: str = "statement.ofx", account: BankAccount | None = None) -> StatementFile:
        stored = files.store(data, media_type="application/octet-stream", at=self.world.start)
        return importing.take_in(
            client=self.world.bakery,
            stored=stored,
            name=name,
            arrived_by="upload",
            bank_account=account,
            by=self.world.ana,
            at=self.world.start,
        )

    def imported(
        self, rows: Sequence[Row], *, account: BankAccount | None = None, at: datetime | None = None, **more
    ) -> list[BankLine]:
        """These rows have come in by a file; the new lines, by day."""
        before = set(BankLine.objects.values_list("pk", flat=True))
        file = self.file(ofx(rows, number=NUMBERS[(account or self.bank).name], **more))
        importing.import_file(file=file, by=self.world.ana, at=at or self.world.start)
        return list(BankLine.objects.exclude(pk__in=before).select_related("bank_account__account__book", "client"))


NUMBERS = {"Operating account": "06-0501-0123456-00", "Savings": "06-0501-0123456-02"}


def bakery_desk(world: World) -> Desk:
    """Open the bakery's book and its two bank accounts."""
    book = ledger.open_book(
        client=world.bakery,
        base_currency="NZD",
        template="nz",
        fiscal_month=4,
        opened_on=date(2025, 4, 1),
        by=world.ana,
        at=world.start,
    )
    made = []
    for code, name in (("610", "Operating account"), ("611", "Savings")):
        account = ledger.add_account(
            book=book, code=f"B{code}", name=name, type="asset", purpose="bank", by=world.ana, at=world.start
        )
        made.append(
            accounts.open_bank_account(
                client=world.bakery,
                account=account,
                name=name,
                kind="bank",
                identifier=NUMBERS[name],
                by=world.ana,
                at=world.start,
            )
        )
    return Desk(world, book, *made)


def ofx(
    rows: Sequence[Row],
    *,
    number: str = NUMBERS["Operating account"],
    closing: str | None = None,
    until: str = "20260331",
) -> bytes:
    """A bank file as a New Zealand bank writes it."""
    lines = "".join(
        f"<STMTTRN><TRNTYPE>{'CREDIT' if float(amount) > 0 else 'DEBIT'}<DTPOSTED>{day.replace('-', '')}<TRNAMT>{amount}"
        f"<FITID>{place}<NAME>{text}</STMTTRN>\n"
        for place, (day, text, amount) in enumerate(rows, start=1)
    )
    balance = "" if closing is None else f"<LEDGERBAL><BALAMT>{closing}<DTASOF>{until}</LEDGERBAL>"
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\n"
        "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>NZD"
        f"<BANKACCTFROM><BANKID>06<ACCTID>{number}<ACCTTYPE>CHECKING</BANKACCTFROM>"
        f"<BANKTRANLIST><DTSTART>20260301<DTEND>{until}\n{lines}</BANKTRANLIST>{balance}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode()
