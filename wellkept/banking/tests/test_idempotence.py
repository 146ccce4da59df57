"""However a bank's lines are cut into files, in whatever order, format or overlap these come: each line is here once."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.world import World
from wellkept.banking.actions import coding, importing
from wellkept.banking.formats import DMY, MDY, YMD, ColumnMap
from wellkept.banking.models import BankLine, Coding, StatementFile, Undecided
from wellkept.banking.queries import files as reads
from wellkept.banking.rules.parts import tax_within
from wellkept.banking.tests.desk import Desk, Row, bakery_desk, ofx
from wellkept.ledger import queries as books
from wellkept.ledger.models import Entry, Posting

FIRST, DAYS = date(2026, 3, 2), 12
PAYEES = ("KOWHAI CAFE", "FUELCO 8841", "HARGREAVE LTD")
HEADINGS = ("Date", "Payee", "Amount")
COLUMNS = ColumnMap(headers=HEADINGS, date=0, payee=1, amount=2, date_order=YMD, currency="NZD")
one = settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


@st.composite
def movements(draw: st.DrawFn) -> list[Row]:
    """Forty to ninety lines of a few days, payees and amounts, so that many read exactly alike."""
    line = st.tuples(st.integers(0, DAYS - 1), st.sampled_from(PAYEES), st.integers(1, 4))
    drawn = draw(st.lists(line, min_size=40, max_size=90))
    return [(str(FIRST + timedelta(days=day)), payee, f"-{amount}.50") for day, payee, amount in sorted(drawn)]


@st.composite
def stretches(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Days of downloads that leave no day out, in any order, overlapping as they like."""
    cuts = sorted(draw(st.sets(st.integers(1, DAYS - 1), max_size=4)))
    bare = list(zip([0, *cuts], [*cuts, DAYS], strict=True))
    more = [tuple(sorted(pair)) for pair in draw(st.lists(st.tuples(*[st.integers(0, DAYS)] * 2), max_size=3))]
    wide = [(draw(st.integers(0, start)), draw(st.integers(end, DAYS))) for start, end in bare]
    return draw(st.permutations([*wide, *(pair for pair in more if pair[0] < pair[1])]))


def within(rows: Iterable[Row], stretch: tuple[int, int]) -> list[Row]:
    first, last = (str(FIRST + timedelta(days=day)) for day in stretch)
    return [row for row in rows if first <= row[0] < last]


def table(rows: Iterable[Row]) -> bytes:
    sink = io.StringIO()
    sink.write(",".join(HEADINGS) + "\n")
    sink.writelines(f"{day},{payee},{amount}\n" for day, payee, amount in rows)
    return sink.getvalue().encode()


def take_in(desk: Desk, content: bytes, *, name: str = "statement.ofx") -> StatementFile:
    """Dropped and imported, whatever came before."""
    file = desk.file(content, name=name, account=desk.bank)
    return importing.import_file(file=file, by=desk.world.ana, at=desk.world.start)


def kept(desk: Desk) -> Counter[Row]:
    lines = BankLine.objects.filter(bank_account=desk.bank).values_list("dated_on", "payee", "amount_minor")
    return Counter((str(day), payee, f"{minor / 100:.2f}") for day, payee, minor in lines)


class Thrown(Exception):
    """Ends an example: what it wrote goes."""


def example(work: object) -> None:
    """Every example starts from the same desk."""
    try:
        with transaction.atomic():
            work()  # type: ignore[operator]
            raise Thrown
    except Thrown:
        pass


@pytest.mark.req("B3")
@one
@given(rows=movements(), cut=stretches(), turned=st.booleans())
def test_any_cut_overlap_and_order_of_files_keeps_every_line_once(
    desk: Desk, rows: list[Row], cut: list[tuple[int, int]], turned: bool
) -> None:
    def work() -> None:
        for stretch in [*cut, cut[0]]:
            told = within(rows, stretch)
            if told:
                take_in(desk, ofx(told[::-1] if turned else told))
        assert kept(desk) == Counter(rows)
        assert Undecided.objects.count() == len(rows) == sum(StatementFile.objects.values_list("new_lines", flat=True))

    example(work)


@pytest.mark.req("B3")
@one
@given(rows=movements(), cut=stretches(), tables=st.lists(st.booleans(), min_size=12, max_size=12))
def test_two_formats_of_the_same_days_keep_every_line_once(
    desk: Desk, rows: list[Row], cut: list[tuple[int, int]], tables: list[bool]
) -> None:
    """The OFX of a bank says `KOWHAI CAFE`, its table `Kowhai Cafe 0421`."""

    def work() -> None:
        for as_table, stretch in zip(tables, [*cut, *cut][:12], strict=False):
            told = within(rows, stretch)
            if told and as_table:
                content = table((day, f"{payee.title()} 0421", amount) for day, payee, amount in told)
                file = desk.file(content, name="statement.csv", account=desk.bank)
                importing.use_mapping(file=file, columns=COLUMNS, by=desk.world.ana, at=desk.world.start)
                importing.import_file(file=file, by=desk.world.ana, at=desk.world.start)
            elif told:
                take_in(desk, ofx(told))
        here = Counter((day, amount) for day, _payee, amount in kept(desk).elements())
        assert here == Counter((day, amount) for day, _payee, amount in rows)

    example(work)


def test_a_table_then_the_ofx_of_the_same_days_adds_nothing(desk: Desk) -> None:
    rows = [("2026-03-02", "KOWHAI CAFE", "-4.50")] * 2 + [("2026-03-03", "HARGREAVE LTD", "3450.00")]
    file = desk.file(table((day, payee.title(), amount) for day, payee, amount in rows), account=desk.bank)
    importing.use_mapping(file=file, columns=COLUMNS, by=desk.world.ana, at=desk.world.start)
    importing.import_file(file=file, by=desk.world.ana, at=desk.world.start)

    again = take_in(desk, ofx([*rows, ("2026-03-03", "KOWHAI CAFE", "-4.50")]))

    assert (again.new_lines, again.known_lines) == (1, 3)


def test_a_line_the_table_told_stands_for_one_line_of_a_file_with_two_statements(desk: Desk) -> None:
    """Both statements of the file speak of the day; of its two coffees the table told one."""
    file = desk.file(table([("2026-03-02", "Kowhai Cafe", "-4.50")]), account=desk.bank)
    importing.use_mapping(file=file, columns=COLUMNS, by=desk.world.ana, at=desk.world.start)
    importing.import_file(file=file, by=desk.world.ana, at=desk.world.start)
    coffee = ("2026-03-02", "KOWHAI CAFE", "-4.50")
    first, second = ofx([coffee]), ofx([("2026-03-02", "KOWHAI CAFE 2", "-4.50"), ("2026-03-03", "FUELCO", "-80.00")])

    both = take_in(desk, first.replace(b"</BANKMSGSRSV1></OFX>", b"") + second[second.index(b"<STMTTRNRS>") :])

    assert (both.new_lines, both.known_lines) == (2, 1)


@pytest.mark.req("B3")
def test_the_columns_of_a_bank_are_learned_once(desk: Desk) -> None:
    rows = [("2026-03-25", "KOWHAI CAFE", "-4.50"), ("2026-03-26", "FUELCO 8841", "-80.00")]
    first = desk.file(table(rows), name="march.csv", account=desk.bank)
    assert reads.read(first).needs == "columns"
    importing.use_mapping(file=first, columns=COLUMNS, by=desk.world.ana, at=desk.world.start)
    importing.import_file(file=first, by=desk.world.ana, at=desk.world.start)

    april = desk.file(table([("2026-04-01", "KOWHAI CAFE", "-4.50")]), name="april.csv", account=desk.bank)
    assert importing.import_file(file=april, by=desk.world.ana, at=desk.world.start).new_lines == 1


@pytest.mark.parametrize(
    ("written", "learned", "found"),
    [
        ("25/03/2026", MDY, date(2026, 3, 25)),  # the file itself tells that the day comes first
        ("03/04/2026", MDY, date(2026, 3, 4)),
        ("03/04/2026", DMY, date(2026, 4, 3)),
    ],
)
def test_what_a_file_says_of_its_dates_comes_before_what_was_learned(
    desk: Desk, written: str, learned: str, found: date
) -> None:
    columns = ColumnMap(headers=HEADINGS, date=0, payee=1, amount=2, date_order=learned)
    taught = desk.file(table([("12/25/2025" if learned == MDY else "25/12/2025", "A", "1.00")]), account=desk.bank)
    importing.use_mapping(file=taught, columns=columns, by=desk.world.ana, at=desk.world.start)

    file = desk.file(table([(written, "KOWHAI CAFE", "-4.50")]), name="next.csv", account=desk.bank)

    [statement] = reads.read(file).statements
    assert statement.lines[0].dated_on == found


@st.composite
def cuts(draw: st.DrawFn) -> tuple[int, list[tuple[int, bool]]]:
    """A whole and its parts, some of them on the other side, some with tax within."""
    parts = draw(st.lists(st.integers(-90_000, 90_000).filter(bool), min_size=2, max_size=6))
    assume(sum(parts))
    return sum(parts), [(part, draw(st.booleans())) for part in parts]


@pytest.mark.req("B3")
@settings(one, max_examples=25)
@given(cut=cuts(), turns=st.integers(1, 3))
def test_a_split_balances_and_undoing_it_leaves_nothing(
    desk: Desk, cut: tuple[int, list[tuple[int, bool]]], turns: int
) -> None:
    whole, parts = cut

    def work() -> None:
        accounts = list(books.accounts_in_use(desk.book).filter(type="expense")[:6])
        tax = books.tax_codes(desk.book).filter(kind="purchase", rate_basis_points=1500).first()
        [line] = desk.imported([("2026-03-05", "FUELCO", f"{whole / 100:.2f}")])
        for _turn in range(turns):
            wanted = [
                coding.Part(account, minor, tax if taxed else None)
                for account, (minor, taxed) in zip(accounts, parts, strict=False)
            ]
            coded = coding.split(line=line, parts=wanted, by=desk.world.ana, at=desk.world.start)
            _check_split(desk, coded, whole, parts, tax)
            coding.undo(coding=coded, by=desk.world.ana, at=desk.world.start)
        left = Posting.objects.filter(entry__book=desk.book).values("account").annotate(sum=Sum("amount_minor"))
        assert {row["sum"] for row in left} == {0}
        assert books.verify_book(desk.book).findings == []
        assert Undecided.objects.get().line == line and Entry.objects.count() == 2 * turns

    example(work)


def _check_split(desk: Desk, coded: Coding, whole: int, parts: Sequence[tuple[int, bool]], tax: object) -> None:
    posted = list(Posting.objects.filter(entry=coded.entry).order_by("position"))
    assert sum(posting.amount_minor for posting in posted) == 0
    assert posted[0].account_id == desk.bank.account_id and posted[0].amount_minor == whole
    owed = sum(tax_within(minor, 1500) for minor, taxed in parts if taxed)
    assert sum(each.amount_minor for each in posted if each.account_id == tax.account_id) == -owed  # type: ignore[attr-defined]
    for minor, taxed in parts:
        within_it = tax_within(minor, 1500) if taxed else 0
        assert abs(within_it * 115 - minor * 15) <= 58 if taxed else not within_it
