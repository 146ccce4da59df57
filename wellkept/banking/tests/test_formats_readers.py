"""Each format on a good file: what comes out, and that it comes out the same from the killable process."""

from __future__ import annotations

from datetime import date

import pytest

from wellkept.banking.formats import (
    COLUMNS,
    CURRENCY,
    DATE_ORDER,
    ColumnMap,
    ReadFile,
    Unreadable,
    detect,
    propose_map,
    propose_safely,
    read,
    read_safely,
)
from wellkept.banking.formats.columns import DMY, MDY

from .bank_files import FILES, HARBOUR, SIMPLE, camt, entry, file, movement, ofx, simple, workbook

pytestmark = pytest.mark.req("B3")
DETECTED = {
    "bank.ofx": "ofx",
    "card.ofx": "ofx",
    "statement.camt053.xml": "camt",
    "notification.camt054.xml": "camt",
    "statement.sta": "mt940",
    "accounts.qif": "qif",
    "harbour.csv": "csv",
    "german.csv": "csv",
}


@pytest.mark.parametrize(("name", "format"), DETECTED.items(), ids=DETECTED)
def test_the_format_is_told_by_the_content_and_the_killable_process_reads_the_same(name: str, format: str) -> None:
    assert detect(file(name)) == format
    assert read_safely(FILES / name, currency="NZD") == read(file(name), currency="NZD")
    assert read_safely(file(name), currency="NZD").format == format


def test_ofx_without_closing_tags() -> None:
    [statement] = read(file("bank.ofx")).statements

    assert (statement.identifier, statement.bank_id, statement.currency) == ("01-0001-0123456-00", "010001", "NZD")
    assert (statement.starts_on, statement.ends_on) == (date(2026, 3, 1), date(2026, 3, 31))
    assert (statement.opening_minor, statement.closing_minor, statement.difference_minor) == (None, 224100, None)
    assert [line.amount_minor for line in statement.lines] == [-450, -450, 125000]
    assert [line.row for line in statement.lines] == [20, 28, 35]
    coffee, _second, paid = statement.lines
    assert (coffee.dated_on, coffee.payee, coffee.description) == (
        date(2026, 3, 3),
        "Harbour Coffee",
        "Card 1234 & PIN",
    )
    assert (paid.valued_on, paid.reference, paid.bank_id) == (date(2026, 3, 16), "1042", "0315-1")
    assert (paid.payee, paid.counterparty, paid.description) == ("Mina's Café", "02-0002-7654321-00", "Invoice 1042")
    assert coffee.raw.startswith("<STMTTRN>\n<TRNTYPE>POS") and coffee.raw.endswith("</STMTTRN>")


def test_ofx_2_with_bank_card_and_investment() -> None:
    savings, card, investment = read(file("card.ofx")).statements

    assert (savings.kind, savings.lines, savings.closing_minor) == ("bank", (), 1000)
    assert (card.kind, card.identifier) == ("card", "************1111")
    assert card.lines[0].payee == "Paper & Pens <Ltd>"
    assert (investment.kind, investment.closing_minor) == ("investment", 4875)
    assert [line.amount_minor for line in investment.lines] == [-5125, 10000]
    assert (investment.lines[0].description, investment.lines[0].valued_on) == (
        "Ten shares INVBUY US0000000001",
        date(2026, 2, 5),
    )
    assert "1 movements of securities" in str(investment.warnings[0])


@pytest.mark.parametrize(
    "header",
    [
        "",
        "OFXHEADER:100DATA:OFXSGMLVERSION:102CHARSET:1252",
        "\n\n\nOFXHEADER: 100\r\nCHARSET: NONE\r\n\r\n",
        "garbage first\n",
    ],
    ids=["none", "in one line", "after blank lines", "something else"],
)
def test_ofx_with_a_broken_header(header: str) -> None:
    [statement] = read(ofx(movement(), header=header)).statements

    assert statement.lines[0].payee == "Café"


def test_ofx_without_a_currency_asks_for_it() -> None:
    content = ofx(movement(), currency="")

    assert read(content).needs == CURRENCY
    assert read(content, currency="EUR").statements[0].currency == "EUR"


def test_camt_053_with_a_batch_a_reversal_and_pending() -> None:
    first, second = read(file("statement.camt053.xml")).statements

    assert (first.identifier, first.bank_id, first.number) == ("DE89370400440532013000", "COBADEFFXXX", "3")
    assert (first.opening_minor, first.closing_minor, first.difference_minor) == (100000, 87550, 0)
    assert [line.amount_minor for line in first.lines] == [-10000, -20000, 20000, -2450]
    assert [line.payee for line in first.lines] == ["Paper Mill GmbH", "Ink Ltd", "Ink Ltd", ""]
    assert first.lines[0].counterparty == "DE02120300000000202051" and first.lines[0].reference == "E-1"
    assert (first.lines[0].dated_on, first.lines[0].valued_on) == (date(2026, 3, 5), date(2026, 3, 6))
    assert first.lines[0].raw != first.lines[1].raw and "xmlns" not in first.lines[0].raw
    assert "1 entries are not booked yet" in str(first.warnings[0])
    assert (second.identifier, second.opening_minor, second.closing_minor) == ("777", -1000, None)


def test_camt_054_with_prefixes_in_latin() -> None:
    read_file = read(file("notification.camt054.xml"))
    [line] = read_file.statements[0].lines

    assert read_file.charset == "iso8859-1"
    assert (line.amount_minor, line.currency, line.payee) == (394975, "CHF", "Lea Müller")
    assert (line.reference, line.bank_id) == ("210000000003139471430009017", "Q1")


@pytest.mark.parametrize("version", ["052.001.06", "053.001.13", "054.001.04"])
def test_camt_of_any_version(version: str) -> None:
    assert read(camt(entry(), version=version)).lines == 1


def test_mt940_with_envelope_and_both_kinds_of_details() -> None:
    [statement] = read(file("statement.sta")).statements

    assert (statement.bank_id, statement.identifier, statement.number) == ("37040044", "0532013000", "00003/001")
    assert (statement.opening_minor, statement.closing_minor, statement.difference_minor) == (100000, 199550, 0)
    card, paid, reversed_ = statement.lines
    assert (card.amount_minor, card.payee, card.counterparty) == (-450, "Harbour Coffee", "DE02120300000000202051")
    assert (card.description, card.reference, card.bank_id) == ("KARTENZAHLUNG Kaffee am Hafen", "C-1", "0001")
    assert (paid.amount_minor, paid.payee, paid.reference) == (125000, "Mina Santos", "RE-1042")
    assert (paid.dated_on, paid.valued_on) == (date(2026, 1, 2), date(2025, 12, 31))
    assert (reversed_.amount_minor, reversed_.valued_on) == (-25000, date(2026, 2, 28))
    assert "last day of February" in str(statement.warnings[0]) and statement.warnings[0].row == 12


def test_qif_with_two_accounts_an_opening_and_a_torn_split() -> None:
    current, visa = read(file("accounts.qif"), currency="NZD").statements

    assert (current.identifier, current.kind, current.opening_minor) == ("Current", "bank", 10000)
    assert [line.amount_minor for line in current.lines] == [-123450, 5000]
    assert (current.lines[0].dated_on, current.lines[0].reference) == (date(2026, 3, 15), "204")
    assert [warning.row for warning in current.warnings] == [18]
    assert (visa.identifier, visa.kind, visa.lines[0].payee) == ("Visa", "card", "Paper & Pens")


def test_qif_asks_for_what_it_does_not_say() -> None:
    content = b"!Type:Bank\nD03/04/26\nT1.00\n^\nD05/04/26\nT2.00\n^\n"

    assert read(content).needs == CURRENCY
    assert (asked := read(content, currency="NZD")).needs == DATE_ORDER and asked.sample == (
        ("03/04/26",),
        ("05/04/26",),
    )
    assert day(read(content, map=ColumnMap(date_order=DMY), currency="NZD")) == date(2026, 4, 3)
    assert day(read(content, map=ColumnMap(date_order=MDY), currency="NZD")) == date(2026, 3, 4)


def day(file: ReadFile) -> date:
    return file.statements[0].lines[0].dated_on


def test_csv_asks_for_its_columns_and_is_read_with_them() -> None:
    asked = read(file("harbour.csv"))
    [statement] = (told := read(file("harbour.csv"), map=HARBOUR, currency="NZD")).statements

    assert asked.needs == COLUMNS and asked.sample[0] == ("Account number", "01-0001-0123456-00")
    assert (statement.opening_minor, statement.closing_minor, statement.difference_minor) == (100000, 224100, 0)
    assert [line.amount_minor for line in statement.lines] == [-450, -450, 125000]
    assert statement.lines[2].raw == '15/03/2026,"Mina\'s, Café",,"1,250.00","2,241.00"'
    assert statement.warnings == () and told.warnings[0].row == 8


def test_a_learned_map_fits_the_next_file_by_its_headers_and_no_other() -> None:
    moved = b"Date,Narrative,Debit,Credit,Balance\n04/04/2026,Rent,10.00,,90.00\n"
    other = b"Date,Narrative,Credit,Debit,Balance\n04/04/2026,Rent,10.00,,90.00\n"

    assert read(moved, map=HARBOUR, currency="NZD").lines == 1
    assert read(other, map=HARBOUR, currency="NZD").needs == COLUMNS


def test_columns_are_proposed_and_proved_by_the_balance_either_way_round() -> None:
    [harbour, *_others] = propose_map(file("harbour.csv"))
    [german] = propose_safely(FILES / "german.csv")

    assert harbour.certain and harbour.steps == 2
    assert (harbour.map.debit, harbour.map.credit, harbour.map.balance, harbour.map.date_order) == (2, 3, 4, "dmy")
    assert german.certain and (german.map.decimal, german.map.charset, german.map.delimiter) == (",", "cp1252", ";")
    assert (german.map.date, german.map.valued, german.map.payee, german.map.description) == (0, 1, 2, (3,))
    [statement] = read(file("german.csv"), map=german.map, currency="EUR").statements
    assert (statement.opening_minor, statement.closing_minor, statement.difference_minor) == (100000, 59100, 0)
    assert statement.lines[2].description == "Kaffee; zwei Tassen" and statement.lines[2].row == 4
    assert "all 2 steps" in str(german.reasons[0])


def test_turned_signs_and_marks_are_proved_too() -> None:
    turned = (
        b"Date,What,Amount,Balance\n2026-03-01,A,5.00,95.00\n2026-03-02,B,-10.00,105.00\n2026-03-03,C,1.00,104.00\n"
    )
    marked = b"Date|What|Amount|DR/CR|Balance\n01/03/26|A|5.00|DR|95.00\n02/03/26|B|10.00|CR|105.00\n31/03/26|C|1.00|DR|104.00\n"

    assert propose_map(turned)[0].map.outwards and propose_map(turned)[0].certain
    assert propose_map(marked)[0].map.mark == 3
    assert [
        line.amount_minor for line in read(marked, map=propose_map(marked)[0].map, currency="EUR").statements[0].lines
    ] == [
        -500,
        1000,
        -100,
    ]


def test_without_a_balance_the_headers_are_believed_and_it_is_said() -> None:
    [proposal] = propose_map(simple("2026-03-01,1.00,A", "2026-03-02,2.00,B"))

    assert not proposal.certain and "Nothing proves" in str(proposal.reasons[0])
    assert (proposal.map.amount, proposal.map.payee) == (1, 2)


def test_a_date_order_that_cannot_be_told_is_asked_for() -> None:
    content = b"Date,Amount,Payee\n03/04/2026,1.00,A\n04/04/2026,1.00,B\n"
    [proposal] = propose_map(content)

    assert proposal.map.date_order == "" and "cannot be told" in str(proposal.reasons[-1])
    assert read(content, map=proposal.map, currency="EUR").needs == DATE_ORDER


def test_a_map_survives_being_stored() -> None:
    assert ColumnMap.from_json(HARBOUR.to_json()) == HARBOUR
    with pytest.raises(TypeError):
        ColumnMap.from_json({"colour": 1})


def test_several_accounts_and_currencies_in_one_table() -> None:
    content = b"Date,Amount,Ccy,Account\n2026-03-01,1.00,EUR,A\n2026-03-01,100,JPY,A\n2026-03-02,2.00,EUR,B\n"
    map = ColumnMap(headers=("Date", "Amount", "Ccy", "Account"), amount=1, currency_column=2, account=3)

    found = [(one.identifier, one.currency, one.lines[0].amount_minor) for one in read(content, map=map).statements]

    assert found == [("A", "EUR", 100), ("A", "JPY", 100), ("B", "EUR", 200)]


def test_a_workbook_gives_numbers_and_dates_as_they_are() -> None:
    book = workbook([["Date", "Amount", "Payee"], [date(2026, 3, 4), 0.1 + 0.2, "A"], [date(2026, 3, 5), -1234.5, "B"]])
    [statement] = read_safely(book, map=SIMPLE, currency="EUR").statements

    assert detect(book) == "xlsx" and propose_map(book)[0].map.sheet == "Statement"
    assert [(line.dated_on, line.amount_minor) for line in statement.lines] == [
        (date(2026, 3, 4), 30),
        (date(2026, 3, 5), -123450),
    ]
    assert statement.lines[1].raw == "2026-03-05\t-1234.5\tB" and statement.lines[1].row == 3


def test_a_refusal_says_row_column_and_reason_in_the_readers_language() -> None:
    with pytest.raises(Unreadable) as refused:
        read_safely(simple("2026-03-01,1.00,A", "2026-03-02,much,B"), map=SIMPLE, currency="EUR")

    assert (refused.value.row, refused.value.column, refused.value.reason) == (3, "Amount", "“much” is not an amount.")
    assert str(refused.value) == "Row 3, Amount: “much” is not an amount."
