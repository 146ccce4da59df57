"""Files of clients: read, previewed, confirmed, and written back."""

from __future__ import annotations

import csv
import io

import pytest

from wellkept.clients import actions, exporting, importing, queries, sheet
from wellkept.clients.models import Client, Contact
from wellkept.clients.tests.books import Books
from wellkept.core.models import Fact
from wellkept.core.refusals import NotYours
from wellkept.people.tests.desk import NOW

HEAD = "Client,Bookkeeper,Country,Contact,Email,Phone\n"
GOOD = (
    HEAD
    + "Rua Nova Café,ana@kept.example,BR,Lia Souza,lia@ruanova.example,(11) 5555-0100\nRua Nova Café,,,Rui Lima,rui@ruanova.example,\n"
)


def refused(books: Books, text: str) -> list[tuple[int, str]]:
    return [(r.row, r.column) for r in importing.preview(text.encode(), by=books.desk.ada).refusals]


def test_a_preview_writes_nothing(books: Books) -> None:
    before = (Client.objects.count(), Contact.objects.count(), Fact.objects.count())

    plan = importing.preview(GOOD.encode(), by=books.desk.ada)

    assert (plan.new_clients, plan.new_contacts, plan.refused_rows) == (1, 2, 0)
    assert [(row.row, row.does) for row in plan.rows] == [(2, "take_on"), (3, "add_contact")]
    assert (Client.objects.count(), Contact.objects.count(), Fact.objects.count()) == before


def test_confirming_twice_changes_nothing_the_second_time(books: Books) -> None:
    first = actions.import_clients(data=GOOD.encode(), by=books.desk.ada, at=NOW)
    facts = Fact.objects.count()
    second = actions.import_clients(data=GOOD.encode(), by=books.desk.ada, at=NOW)

    assert (first.clients, first.contacts) == (1, 2)
    assert (second.clients, second.contacts) == (0, 0) and Fact.objects.count() == facts
    client = Client.objects.get(name="Rua Nova Café")
    assert (client.bookkeeper, client.source) == (books.desk.ana, "import")
    assert queries.by_address("phone", "+551155550100") is not None


def test_each_refusal_names_row_column_and_reason(books: Books) -> None:
    text = (
        "client,bookkeeper,time zone,country,language,since,contact,email,phone,preferred channel\n"
        ",ana@kept.example,,,,,,,,\n"
        "No bookkeeper,,,,,,,,,\n"
        "Unknown,nobody@kept.example,,,,,,,,\n"
        "Many,ana@kept.example,Mars/Base,Chile,tlh,1/2/2026,Kim,not an address,12,pigeon\n"
        "Taken,ana@kept.example,,,,,Mina,mina@harbourlane.example,,\n"
        "Nameless,ana@kept.example,,,,,,who@x.example,,\n"
        "Twice,ana@kept.example,,,,,Kim,kim@x.example,,\n"
        "Twice,ben@kept.example,,,,,Lou,kim@x.example,,\n"
        "Harbour Lane Bakery,ben@kept.example,,,,,,,,\n"
        "Longer,ana@kept.example,,,,,,,,,spill\n"
    )

    assert refused(books, text) == [
        (2, "client"),
        (3, "bookkeeper"),
        (4, "bookkeeper"),
        (5, "time zone"),
        (5, "country"),
        (5, "language"),
        (5, "since"),
        (5, "email"),
        (5, "phone"),
        (5, "preferred channel"),
        (6, "email"),
        (7, "contact"),
        (9, "bookkeeper"),
        (9, "email"),
        (10, "bookkeeper"),
        (11, "(after the last heading)"),
    ]
    written = actions.import_clients(data=text.encode(), by=books.desk.ada, at=NOW)
    assert (written.clients, written.contacts) == (1, 1)  # only “Twice”, by its first row


def test_contacts_are_added_to_clients_we_have(books: Books) -> None:
    text = (
        HEAD
        + "harbour lane bakery,,,Tim Lane,tim@harbourlane.example,\nHarbour Lane Bakery,,,Mina O.,mina@harbourlane.example,\n"
    )

    written = actions.import_clients(data=text.encode(), by=books.desk.leo, at=NOW)

    assert (written.clients, written.contacts) == (0, 1)
    assert {c.name for c in queries.contacts_of(books.bakery)} == {"Mina Okafor", "Tim Lane"}


def test_another_teams_client_is_neither_changed_nor_described(books: Books) -> None:
    text = HEAD + "Hill Vineyard,,,Eve,eve@hill.example,\nNew,ana@kept.example,NZ,Eve,mina@harbourlane.example,\n"

    plan = importing.preview(text.encode(), by=books.desk.leo)
    assert [(r.row, r.column) for r in plan.refusals] == [(2, "client"), (3, "email")]

    actions.add_contact(client=books.vineyard, name="Vera", emails=["vera@hill.example"], by=books.desk.zoe, at=NOW)
    plan = importing.preview((HEAD + "New,ana@kept.example,,Eve,vera@hill.example,\n").encode(), by=books.desk.leo)
    assert "Vera" not in plan.refusals[0].reason and "Vineyard" not in plan.refusals[0].reason


def test_only_those_who_take_clients_on_import(books: Books) -> None:
    with pytest.raises(NotYours):
        importing.preview(GOOD.encode(), by=books.desk.ana)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_letters_and_separators_are_found(charset: str, separator: str) -> None:
    text = GOOD.replace(",", separator)
    data = b"\xff\xfe" + text.encode("utf-16-le") if charset == "utf-16-le-bom" else text.encode(charset)

    read = sheet.read(data, importing.HEADINGS, ("client",))

    assert read.separator == separator and read.rows[0].cells["client"] == "Rua Nova Café"


def test_what_excel_adds_is_understood() -> None:
    read = sheet.read(
        b'sep=;\r\n"Client";"E-mail"\r\n"Say ""Cheese""\nLtd";a@b.example\r\n\r\n"Two";\r\n',
        importing.HEADINGS,
        ("client",),
    )

    assert [(row.number, row.cells["client"]) for row in read.rows] == [(2, 'Say "Cheese"\nLtd'), (4, "Two")]


def test_headings_may_be_written_otherwise() -> None:
    read = sheet.read(b"Cliente;Contato;Telefone;Cor\nA;B;C;azul\n", importing.HEADINGS, ("client",))

    assert read.columns == ("client", "contact", "phone") and read.unread == ("Cor",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"PK\x03\x04rest", "not a CSV"),
        (b"\x00\x01\x02client", "letters"),
        (b"\xff\xfeclien", "letters"),
        (b"name,country\nA,NZ\n", "headed “client”"),
        (b"client,Client Name\nA,B\n", "Two columns"),
        (b"client\n", "no rows"),
        (b'client\n"open\n', "quotation mark"),
        (b'client\n"a"b\n', "quotation mark"),
        (b"client," * 61 + b"\nA\n", "more than 60 columns"),
        (b"client\n" + b"A\n" * 2001, "more than 2000 rows"),
        (b"client\n" + b"A" * (2 * 1024 * 1024), "larger"),
        (b"client\n" + b"A" * 140_000 + b"\n", "quotation mark|Shorten|field"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(sheet.SheetUnreadable, match=words):
        sheet.read(data, importing.HEADINGS, ("client",))


@pytest.mark.parametrize("cell", ["=1+1", "+64 9", "-2", "@SUM(A1)", "\tx", "\rx", "＝1"])
def test_no_cell_is_run_by_a_spreadsheet(cell: str) -> None:
    assert sheet.safe(cell) == "'" + cell
    assert sheet.plain(sheet.safe(cell)) in (cell, cell.strip())


def test_an_export_is_safe_and_can_be_imported_again(books: Books) -> None:
    actions.add_contact(client=books.bakery, name='=HYPERLINK("http://x.example")', by=books.desk.ana, at=NOW)

    data = b"".join(exporting.csv(books.desk.ana))
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]

    assert "Harbour Lane Bakery" in cells and "Hill Vineyard" not in cells
    assert not [cell for cell in cells if cell.startswith(sheet.FORMULA_STARTS)]
    plan = importing.preview(data, by=books.desk.leo)
    assert (plan.refusals, plan.new_clients, plan.new_contacts) == ((), 0, 0)


def test_formula_cells_come_in_as_text(books: Books) -> None:
    text = HEAD + "=cmd|' /C calc'!A0,ana@kept.example,,'=Kim,kim@x.example,\n"

    actions.import_clients(data=text.encode(), by=books.desk.ada, at=NOW)

    client = Client.objects.get(name="=cmd|' /C calc'!A0")
    assert client.contacts.get().name == "=Kim"
