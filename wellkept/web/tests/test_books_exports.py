"""A report in four shapes: the same rows in each, numbers as numbers, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv as stdcsv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pdfplumber
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellkept.web.exports import csv, figures, html, pdf, xlsx
from wellkept.web.exports.document import Cell, Column, Document, Kind, Row, heading, line, proof, total
from wellkept.web.exports.paper import Printed
from wellkept.web.shell.words import Reader

AT = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
READER = Reader(language="en", zone=ZoneInfo("Pacific/Auckland"), now=AT)
PRINTED = Printed(by="Ana Kovač", at=AT, when="31 Mar 2026 22:30", language="en")
COLUMNS = (
    Column("Account", wide=True),
    Column("On", Kind.DATE),
    Column("March", Kind.AMOUNT),
    Column("Yen", Kind.AMOUNT, currency="JPY"),
    Column("Change", Kind.PERCENT),
)
ROWS = (
    heading("Income"),
    line(
        Cell("4000 Cakes “to order”", "/books/1/accounts/7"), date(2026, 3, 31), Cell(-123456, "/x?a=1&b=2"), 5000, 1250
    ),
    line('=HYPERLINK("http://evil.example")', None, 5, None, None, level=1),
    line("<script>alert(1)</script>", None, 0, None, -333),
    total("Total", None, -123451, None, None),
    proof("Difference", None, 0, None, None, holds=True),
)
DOCUMENT = Document(
    name="profit-and-loss",
    title="Profit and loss",
    client="Padaria São João",
    period="March 2026",
    currency="NZD",
    columns=COLUMNS,
    rows=ROWS,
    sentence="A loss of 1,234.51.",
    country="NZ",
)


def test_the_page_lines_figures_up_and_opens_each() -> None:
    table = html.render(DOCUMENT, READER)

    assert '<td class="num"><a href="/x?a=1&amp;b=2">−1,234.56</a></td>' in table
    assert '<td class="num">5,000</td>' in table and "12.5%" in table and "−3.3%" in table
    assert '<span class="double">0.00</span>' in table and '<tr class="sum proof">' in table
    assert "<script>" not in table and "&lt;script&gt;" in table
    assert '<th scope="rowgroup" colspan="5">Income</th>' in table and 'class="lv1"' in table


def test_a_proof_that_fails_has_no_double_rule() -> None:
    failed = replace(DOCUMENT, rows=(proof("Difference", None, 1, None, None, holds=False),))

    assert "double" not in html.render(failed, READER)


def test_separators_follow_the_reader_and_never_the_file() -> None:
    brazilian = replace(READER, language="pt-br")

    assert "−1.234,56" in html.render(DOCUMENT, brazilian)
    assert b"-1234.56" in csv.render(DOCUMENT)


def test_csv_keeps_figures_and_disarms_words() -> None:
    rows = list(stdcsv.reader(io.StringIO(csv.render(DOCUMENT).decode("utf-8-sig"))))

    assert rows[0] == ["Account", "On", "March (NZD)", "Yen (JPY)", "Change"]
    assert rows[1] == ["Income", "", "", "", ""]
    assert rows[2] == ["4000 Cakes “to order”", "2026-03-31", "-1234.56", "5000", "12.50"]
    assert rows[3][0].startswith("'=HYPERLINK") and rows[3][2] == "0.05"


def test_a_workbook_holds_numbers_dates_and_words() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(DOCUMENT, PRINTED)))
    sheet = book.active

    assert [cell.value for cell in sheet[4]] == ["Account", "On", "March", "Yen (JPY)", "Change"]
    assert [cell.value for cell in sheet[6]] == ["4000 Cakes “to order”", datetime(2026, 3, 31), -1234.56, 5000, 0.125]
    assert sheet["A7"].data_type == "s" and sheet["A7"].value.startswith("=HYPERLINK")
    assert (
        sheet["A7"].hyperlink is None
        and sheet["C6"].number_format == "#,##0.00"
        and sheet["D6"].number_format == "#,##0"
    )
    assert sheet["C9"].border.top.style == "thin" and sheet["C10"].border.bottom.style == "double"
    assert sheet.freeze_panes == "B5" and sheet.print_title_rows == "$4:$4" and sheet.page_setup.paperSize == 9
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_a_workbook_for_america_prints_on_letter() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.render(replace(DOCUMENT, country="US"), PRINTED))).active

    assert sheet.page_setup.paperSize == 1


def test_paper_says_whose_of_when_by_whom_and_which_page() -> None:
    long = replace(
        DOCUMENT, rows=tuple(line(f"Account {n}", date(2026, 3, 1), n * 100, None, None) for n in range(150))
    )

    with pdfplumber.open(io.BytesIO(pdf.render(long, PRINTED, READER))) as paper:
        pages = [page.extract_text() for page in paper.pages]
        assert (round(paper.pages[0].width), round(paper.pages[0].height)) == (595, 842)

    assert len(pages) == 3
    for number, text in enumerate(pages, start=1):
        heads = text.splitlines()[: 2 if number > 1 else 5]
        assert any(head.startswith("Account On March") for head in heads) and f"Page {number} of 3" in text
        assert "Padaria São João · March 2026 · Printed by Ana Kovač, 31 Mar 2026 22:30" in text
    assert sum(text.count("Account ") for text in pages) >= 150


def test_paper_writes_every_letter_of_latin_scripts() -> None:
    document = replace(DOCUMENT, rows=(line("Māori “quotes” ção Kovač Łódź Ωμέγα €", None, -1, None, None),))

    with pdfplumber.open(io.BytesIO(pdf.render(document, PRINTED, READER))) as paper:
        text = paper.pages[0].extract_text()

    assert "Māori “quotes” ção Kovač Łódź Ωμέγα €" in text and "−0.01" in text


def test_paper_never_leaves_a_heading_last_or_a_total_first() -> None:
    rows: list[Row] = []
    for part in range(40):
        rows += [heading(f"Part {part}"), line("a line", None, 1, None, None), line("b line", None, 1, None, None)]
        rows.append(total(f"Total of {part}", None, 2, None, None))

    with pdfplumber.open(io.BytesIO(pdf.render(replace(DOCUMENT, rows=tuple(rows)), PRINTED, READER))) as paper:
        bodies = [page.extract_text().splitlines()[1:-1] for page in paper.pages]

    assert len(bodies) > 2
    for body in bodies:
        assert not body[-1].startswith("Part")
    for body in bodies[1:]:
        assert not body[0].startswith("Total of")


def test_a_very_long_word_stays_inside_its_column() -> None:
    document = replace(
        DOCUMENT, rows=(line("x" * 2000, None, 10**15, None, None), line("word " * 300, None, 1, None, None))
    )

    with pdfplumber.open(io.BytesIO(pdf.render(document, PRINTED, READER))) as paper:
        [page] = paper.pages
        assert max(letter["x1"] for letter in page.chars) < page.width - 30
        assert "10,000,000,000,000.00" in page.extract_text()


@pytest.mark.parametrize(
    ("hundredths", "shown"),
    [(1250, "12.5%"), (1255, "12.6%"), (-1255, "−12.6%"), (10000, "100.0%"), (0, "0.0%"), (-3, "0.0%")],
)
def test_percents_are_rounded_as_people_round(hundredths: int, shown: str) -> None:
    assert figures.percent(hundredths, "en") == shown


@given(st.integers(min_value=-(10**15), max_value=10**15), st.sampled_from(["NZD", "JPY", "KWD"]))
def test_an_amount_reads_back_as_itself(minor: int, currency: str) -> None:
    places = {"NZD": 2, "JPY": 0, "KWD": 3}[currency]

    shown = figures.amount(minor, currency, "en").replace("−", "-").replace(",", "")

    assert shown == figures.plain(minor, places)
    assert round(float(shown) * 10**places) == minor or abs(minor) > 2**52


@pytest.mark.parametrize("name", ["Ωμέγα", "../../etc", "a" * 300])
def test_file_names_are_plain(name: str) -> None:
    made = replace(DOCUMENT, client=name).file_name

    assert made and len(made) <= 100 and all(letter.isalnum() or letter == "-" for letter in made)


def test_a_narrow_column_has_its_head_in_two_lines() -> None:
    """An aged list with little in its first columns: their heads stood word below word."""
    columns = (Column("What is open", wide=True), Column("Up to 30 days", Kind.AMOUNT), Column("All", Kind.AMOUNT))
    document = replace(DOCUMENT, columns=columns, rows=(line("Invoice 2206", None, 375_000), total("All", 0, 375_000)))

    with pdfplumber.open(io.BytesIO(pdf.render(document, PRINTED, READER))) as paper:
        told = paper.pages[0].extract_text()

    assert "30 days" in told
