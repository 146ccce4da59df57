"""What files of other programs say, and every reason not to believe one, with its row."""

from __future__ import annotations

import pytest

from wellkept.core.killable import PARSER_ERROR, TOO_SLOW, Failed
from wellkept.ledger.exchange import ReadBook, Unreadable
from wellkept.ledger.exchange.how import How
from wellkept.ledger.exchange.readers.table import split_code
from wellkept.ledger.exchange.reading import read
from wellkept.ledger.exchange.safely import read_safely, refused
from wellkept.ledger.rules.histories import free_code, guess

NZD = How("NZD")
QUICKBOOKS_DESKTOP = """"","Trans #","Type","Date","Num","Name","Memo","Account","Debit","Credit"
"","41","Invoice","31/03/2025","1042","Café Lucia","Bread","1200 · Accounts Receivable","115.00",""
"","","","","","","Bread","4000 · Sales:Wholesale","","100.00"
"","","","","","","GST","2200 · GST","","15.00"
"","","","","","","","","115.00","115.00"
"","42","Cheque","01/04/2025","77","Mill","Flour","5000 · Purchases","1,050.50",""
"","","","","","","Flour","1000 · Bank","","1,050.50"
"","","","","","","","","1,050.50","1,050.50"
"TOTAL","","","","","","","","1,165.50","1,165.50"
"""
QUICKBOOKS_ONLINE = """Harbour Lane Bakery
Journal
"January - March, 2025"

Date,Transaction Type,Num,Name,Memo/Description,Account,Debit,Credit
01/31/2025,Invoice,1001,Lucia,,Accounts Receivable (A/R),"$1,200.00",
,,,Lucia,Bread,Sales,,"$1,200.00"
,,,,,,"$1,200.00","$1,200.00"
02/28/2025,Payment,1002,Lucia,,Undeposited Funds,500.00,
,,,Lucia,,Accounts Receivable (A/R),,500.00
,,,,,,$500.00,$500.00
TOTAL,,,,,,"$1,700.00","$1,700.00"
"""
XERO_MANUAL = """*Narration,*Date,Description,*AccountCode,*TaxRate,*Amount,TrackingName1,TrackingOption1
Wages March,31 Mar 2025,Wages,477,BAS Excluded,"5,000.00",,
Wages March,31 Mar 2025,PAYE,825,BAS Excluded,(1000.00),,
Wages March,31 Mar 2025,Net pay,804,BAS Excluded,-4000.00,,
"""
XERO_TRANSACTIONS = """Account Transactions
Harbour Lane Bakery
For the period 1 January 2025 to 31 March 2025

Date,Source,Description,Reference,Debit,Credit,Running Balance
Business Bank Account
,Opening Balance,,,0.00,0.00,0.00
05 Jan 2025,Spend Money,Mill,INV-9,0.00,230.00,(230.00)
05 Jan 2025,Receive Money,Lucia,A-1,50.00,0.00,(180.00)
Total Business Bank Account,,,,50.00,230.00,(180.00)
Purchases
05 Jan 2025,Spend Money,Mill,INV-9,200.00,0.00,200.00
GST
05 Jan 2025,Spend Money,Mill,INV-9,30.00,0.00,30.00
Sales
05 Jan 2025,Receive Money,Lucia,A-1,0.00,50.00,(50.00)
"""
XERO_DETAIL = """Date,Journal ID,Source,Account Code,Account,Description,Debit,Credit
5 Jan 2025,9,Spend Money,610,Purchases,Mill,200.00,
5 Jan 2025,9,Spend Money,090,Bank,Mill,,200.00
6 Jan 2025,10,Spend Money,610,Purchases,Mill,1.00,
6 Jan 2025,10,Spend Money,090,Bank,Mill,,1.00
"""
BEANCOUNT = """option "operating_currency" "NZD"
* Options
2025-01-01 open Assets:Bank NZD,USD ; the bank
2025-01-01 open Income:Sales
  code: "4000"
2025-01-05 * "Lucia" "Bread \\"sourdough\\"" #trade ^inv-9
  Assets:Bank   115.00 NZD
    text: "deposit"
  Income:Sales
2025-01-06 txn "Dollars"
  Assets:Bank   10 USD @ 1.605 NZD
  Income:Sales
2025-01-07 ! "Both"
  Assets:Bank  100.00 USD {1.5 NZD}
  Income:Sales  -150.00 NZD
2025-01-08 balance Assets:Bank 110.00 USD
2025-01-08 balance Assets:Bank 115.00 NZD
"""
HLEDGER = """; a journal
comment
2025-01-01 not this
end comment
decimal-mark .
account assets:bank account   ; type: A, code: 1000
2025-01-05 * (9) Lucia | Bread  ; nice
    assets:bank account   $1,115.00
    income:sales         $-1,000.00  ; date-like
    liabilities:gst
2025/1/6 Dollars
    assets:usd   10 USD @@ $16.05
    income:sales
2025.01.07 Implied
    assets:usd   USD 20
    income:sales   -30.00 NZD
"""


def amounts(book: ReadBook) -> list[list[tuple[str, int | None, str, int]]]:
    return [
        [(line.account, line.amount_minor, line.currency, line.foreign_minor) for line in entry.lines]
        for entry in book.entries
    ]


def test_the_journal_of_quickbooks_on_the_desktop() -> None:
    book = read(QUICKBOOKS_DESKTOP.encode("cp1252"), NZD)

    assert book.format == "quickbooks"
    assert [(e.number, e.dated_on.isoformat(), e.narration, len(e.lines)) for e in book.entries] == [
        ("41", "2025-03-31", "Invoice 1042 · Café Lucia", 3),
        ("42", "2025-04-01", "Cheque 77 · Mill", 2),
    ]
    assert [(a.code, a.name) for a in book.accounts][:2] == [
        ("1200", "Accounts Receivable"),
        ("4000", "Sales:Wholesale"),
    ]
    assert amounts(book)[1] == [("5000 · Purchases", 105_050, "", 0), ("1000 · Bank", -105_050, "", 0)]


def test_the_journal_of_quickbooks_online() -> None:
    book = read(QUICKBOOKS_ONLINE.encode(), How("USD"))

    assert [(entry.row, entry.dated_on.isoformat(), len(entry.lines)) for entry in book.entries] == [
        (6, "2025-01-31", 2),
        (9, "2025-02-28", 2),
    ]
    assert amounts(book)[0][0] == ("Accounts Receivable (A/R)", 120_000, "", 0)


def test_the_manual_journals_of_xero() -> None:
    book = read(XERO_MANUAL.encode("utf-8-sig"), NZD)

    [entry] = book.entries
    assert (book.format, entry.narration, entry.lines[0].text, entry.lines[0].tax) == (
        "xero", "Wages March", "Wages", "BAS Excluded",
    )  # fmt: skip
    assert [line.amount_minor for line in entry.lines] == [500_000, -100_000, -400_000]
    assert [account.code for account in book.accounts] == ["477", "825", "804"]


def test_the_account_transactions_of_xero_find_their_other_sides() -> None:
    book = read(XERO_TRANSACTIONS.encode(), NZD)

    assert [(e.narration, sum(line.amount_minor or 0 for line in e.lines), len(e.lines)) for e in book.entries] == [
        ("Spend Money INV-9", 0, 3),
        ("Receive Money A-1", 0, 2),
    ]


def test_the_ledger_detail_of_xero_goes_by_its_journals() -> None:
    book = read(XERO_DETAIL.encode(), NZD)

    assert [entry.number for entry in book.entries] == ["9", "10"]
    assert (book.accounts[1].code, book.accounts[1].name) == ("090", "Bank")


def test_a_semicolon_table_with_decimal_commas_and_a_foreign_column() -> None:
    text = "Date;Account;Amount;Currency;Foreign amount\n5.1.2025;Bank;-1.500,50;EUR;-900,10\n25.1.2025;Bank;1;;\n25.1.2025;Sales;-1;;\n"
    book = read((text.replace(";1;", ";1,00;").replace(";-1;", ";-1,00;")).encode(), NZD)

    assert amounts(book)[0] == [("Bank", -150_050, "EUR", -90_010)]


def test_beancount_with_prices_costs_and_an_amount_left_out() -> None:
    book = read(BEANCOUNT.encode(), NZD)

    assert amounts(book) == [
        [("Assets:Bank", 11_500, "", 0), ("Income:Sales", -11_500, "", 0)],
        [("Assets:Bank", 1_605, "USD", 1_000), ("Income:Sales", -1_605, "", 0)],
        [("Assets:Bank", 15_000, "USD", 10_000), ("Income:Sales", -15_000, "", 0)],
    ]
    assert book.entries[0].narration == 'Lucia · Bread "sourdough"'
    assert book.entries[0].lines[0].text == "deposit"
    assert {account.key: (account.code, account.type) for account in book.accounts} == {
        "Assets:Bank": ("", "asset"),
        "Income:Sales": ("4000", "income"),
    }


def test_hledger_with_signs_before_and_behind_and_amounts_left_out() -> None:
    book = read(HLEDGER.encode(), NZD)

    assert amounts(book) == [
        [
            ("assets:bank account", 111_500, "", 0),
            ("income:sales", -100_000, "", 0),
            ("liabilities:gst", -11_500, "", 0),
        ],
        [("assets:usd", 1_605, "USD", 1_000), ("income:sales", -1_605, "", 0)],
        [("assets:usd", 3_000, "USD", 2_000), ("income:sales", -3_000, "", 0)],
    ]
    assert (book.entries[0].number, book.entries[0].narration) == ("9", "Lucia | Bread")
    assert {(account.name, account.type) for account in book.accounts} >= {
        ("bank account", "asset"),
        ("gst", "liability"),
    }


B, H = '2025-01-05 * "x"\n  Assets:A  {}\n  Income:B\n', "2025-01-05 x\n  assets:a  {}\n  income:b\n"
T = "Date,Account,Debit,Credit\n2025-01-05,A,{},\n2025-01-05,B,,{}\n"


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("", None, "empty"),
        ("a\x00b", 1, "NUL"),
        ("a\n\ufeffb", 2, "second file"),
        ("x" * 100_001, 1, "longer than any"),
        ("PK\x03\x04 sheet", None, "Save its sheet as CSV"),
        (T.format("NaN", "NaN"), 2, "“NaN” is not an amount"),
        (T.format("1e9", "1e9"), 2, "is not an amount"),
        (T.format("1_000", "1_000"), 2, "is not an amount"),
        (T.format("١٢٣", "١٢٣"), 2, "is not an amount"),
        (T.format("1.005", "1.005"), 2, "more decimal places"),
        (T.format("9" * 17, "9" * 17), 2, "larger than any"),
        (T.format('"1,00,0.00"', "1"), 2, "is not an amount"),
        (T.format("5", "5").replace("2025-01-05,B", "2025-02-30,B"), 3, "“2025-02-30” is not a day"),
        (T.format("5", "5").replace("2025-01-05,B", "9999-01-01,B"), 3, "between 1900 and 2200"),
        ('Date,Account,Debit,Credit\n2025-01-05,A,5,5\n2025-01-05,B,,5\n', 2, "both sides"),
        ('Date,Account,Debit,Credit\n2025-01-05,"A,5,\n', None, "quotation mark"),
        ("Date,Account,Debit,Credit\n", None, "no entries"),
        ("Date,Account,Debit,Credit\n,A,5,\n", 2, "names its day"),
        ("Date,Account,Debit,Credit" + ",x" * 10_000 + "\n", 1, "larger than any"),
        ("Date,Account,Amount,Currency\n2025-01-05,A,5,AAPL\n", 2, "not money"),
        (B.format("5 AAPL"), 2, "not money"),
        (B.format("(1/3) NZD"), 2, "not understood"),
        (B.format("5 NZD @"), 2, "price is left out"),
        (B.format("5 USD {}"), 2, "cost without a price"),
        (B.format("") + "2025-01-06 pad Assets:A Equity:B\n", 3, "left out"),
        ("2025-01-06 pad Assets:A Equity:B\n", 1, "“pad” cannot be carried"),
        ("2025-01-01 open Dogs:A\n", 1, "five kinds"),
        ('include "x.beancount"\n2025-01-01 open Assets:A\n', 1, "includes another"),
        ('2025-01-05 * "x\n y"\n  Assets:A  1 NZD\n', 1, "not closed"),
        (B.format("5.00 NZD") + "2025-01-06 balance Assets:A 6.00 NZD\n", 4, "do not lead to the balance"),
        (H.format("1,000"), 2, "in two ways"),
        (H.format("= 5.00"), 2, "found from a balance"),
        (H.format("5 {$3}"), 2, "Lots"),
        (H.format("5.00 ; date:2024-01-01"), 2, "day of its own"),
        (H.format("5 @@"), 2, "There is no amount"),
        ("2025-01-05 x\n  (budget)  5.00\n", 2, "outside the double entry"),
        ("include other.journal\n", 1, "changes what other rows mean"),
        (H.format("5.00") + "= expenses\n  (x)  5\n", 4, "changes what other rows mean"),
        ("account x\n01-05 x\n  a  5\n", 2, "whole day"),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_is_refused_with_its_place(text: str, row: int | None, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text.encode("utf-8", "surrogatepass"), NZD)

    assert words in refused.value.remark.said, refused.value
    assert row is None or refused.value.remark.row == row


def test_what_must_be_said_first() -> None:
    assert read(b"Date,Account,Debit,Credit\n01/02/2025,A,5,\n01/02/2025,B,,5\n", NZD).needs == "date_order"
    assert read(b"When,Where,What\n2025-01-01,A,5\n", NZD).needs == "columns"
    told = How("NZD", columns={"date": 0, "account": 1, "amount": 2}, order="mdy")
    assert (
        read(b"When,Where,What\n01/02/2025,A,5\n01/02/2025,B,-5\n", told).entries[0].dated_on.isoformat()
        == "2025-01-02"
    )
    with pytest.raises(Unreadable, match="Opening balances"):
        read(BEANCOUNT.encode(), How("NZD", kind="opening"))


def test_a_file_crosses_from_the_reading_process_unchanged() -> None:
    for text in (BEANCOUNT, HLEDGER, QUICKBOOKS_DESKTOP, XERO_TRANSACTIONS):
        assert read_safely(text.encode(), NZD) == read(text.encode(), NZD)
    with pytest.raises(Unreadable, match="larger than 32 MB"):
        read_safely(b"x" * (33 * 1024 * 1024), NZD)


@pytest.mark.parametrize(
    ("said", "code", "name"),
    [
        ("1000 · Bank", "1000", "Bank"),
        ("1000 Bank", "1000", "Bank"),
        ("Bank (090)", "090", "Bank"),
        ("477", "477", ""),
        ("Accounts Receivable (A/R)", "", "Accounts Receivable (A/R)"),
        ("Sales", "", "Sales"),
    ],
)
def test_codes_in_names(said: str, code: str, name: str) -> None:
    assert split_code(said) == (code, name)


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("ANZ Bank", "asset"),
        ("Bank fees", "expense"),
        ("Accumulated depreciation", "asset"),
        ("Interest income", "income"),
        ("Owner's drawings", "equity"),
        ("Trade creditors", "liability"),
        ("GST", "liability"),
        ("Landscaping supplies", "expense"),
        ("日本", "expense"),
    ],
)
def test_types_by_names(name: str, type: str) -> None:
    assert guess(name)[0] == type


def test_free_codes_follow_the_highest() -> None:
    assert free_code("expense", ["6000", "6990", "6995", "x"]) == "6001"
    assert free_code("asset", []) == "1000"


@pytest.mark.parametrize(("code", "said"), [(PARSER_ERROR, "an error of ours"), (TOO_SLOW, "too much time or memory")])
def test_an_error_of_the_reader_is_not_blamed_on_the_file(code: str, said: str) -> None:
    assert said in str(refused(Failed(code, "KeyError: 'x'")))
