"""No file crashes the reader, and every refusal says where and why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellkept.banking.formats import Unreadable, propose_map, read, read_safely
from wellkept.banking.formats.safely import refused
from wellkept.core.killable import PARSER_ERROR, TOO_SLOW, Failed

from .bank_files import FILES as GOOD
from .bank_files import ofx
from .hostile_files import FILES, Hostile

pytestmark = pytest.mark.req("B3")


@pytest.mark.parametrize("hostile", [pytest.param(hostile, id=name) for name, hostile in FILES.items()])
def test_a_hostile_file(hostile: Hostile) -> None:
    if not hostile.says:
        [statement] = read_safely(hostile.content, map=hostile.map, currency="EUR").statements
        assert tuple(line.amount_minor for line in statement.lines) == hostile.amounts
        return

    with pytest.raises(Unreadable) as refused:
        read_safely(hostile.content, map=hostile.map, currency="EUR")

    assert hostile.says in refused.value.reason
    assert hostile.row is None or (refused.value.row, refused.value.column) == (
        hostile.row,
        hostile.column or refused.value.column,
    )
    assert len(str(refused.value)) < 400


def test_a_balance_that_does_not_add_up_is_shown_where_it_breaks() -> None:
    hostile = FILES["balance that does not add up"]
    [statement] = read(hostile.content, map=hostile.map, currency="EUR").statements

    assert [warning.row for warning in statement.warnings] == [4] and statement.difference_minor == 100


def test_a_reused_id_is_named() -> None:
    [statement] = read(FILES["duplicate fitid with another amount"].content).statements

    assert "the id 7 to this line and to row 6" in str(statement.warnings[0]) and statement.warnings[0].row == 7


@pytest.mark.parametrize("size", [2 * 1024**3, 1024**3], ids=["2 GB", "one line of 1 GB"])
def test_a_huge_file_is_refused_by_its_size_in_little_memory(tmp_path: Path, size: int) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.write(b"Date,Amount,Payee\n2026-03-01,1.00,")
        file.truncate(size)
    program = (
        "import sys; from pathlib import Path; from wellkept.banking.formats import Unreadable, read_safely\n"
        "try: read_safely(Path(sys.argv[1]), currency='EUR')\n"
        "except Unreadable as refusal: print(refusal.remark.text)\n"
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"
    )

    said = subprocess.run(
        [sys.executable, "-c", program, str(huge)], capture_output=True, text=True, check=True, env=dict(os.environ)
    ).stdout

    assert "larger than" in said and int(said.split()[-1]) < 200 * 1024


def test_a_long_line_within_the_limit_is_refused_in_the_killable_process() -> None:
    with pytest.raises(Unreadable, match="characters"):
        read_safely(b"Date,Amount,Payee\n2026-03-01,1.00," + b"A" * (31 * 1024 * 1024) + b",\n", currency="EUR")


@pytest.mark.parametrize(
    "piece", ["<A>", "<STMTTRN>", "</STMTTRN>", "&amp;", "<![CDATA[", "<!--", "<NAME>", "^\n", "?20", ":61:"]
)
def test_no_piece_repeated_over_and_over_stops_the_reader(piece: str) -> None:
    try:
        read_safely(ofx(piece * 300_000), currency="EUR")
    except Unreadable as refusal:
        assert "too much time" not in refusal.reason


SEEDS = [path.read_bytes() for path in sorted(GOOD.iterdir())] + [
    hostile.content for hostile in FILES.values() if len(hostile.content) < 5000
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_a_damaged_file_is_read_or_refused_and_never_crashes(seed: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(seed)))
    end = data.draw(st.integers(start, min(len(seed), start + 40)))
    damaged = seed[:start] + data.draw(st.binary(max_size=12)) + seed[end:]

    for attempt in (lambda: read(damaged, currency="EUR"), lambda: propose_map(damaged)):
        try:
            attempt()
        except Unreadable as refusal:
            assert str(refusal)


@pytest.mark.parametrize(("code", "said"), [(PARSER_ERROR, "an error of ours"), (TOO_SLOW, "too much time or memory")])
def test_an_error_of_the_reader_is_not_blamed_on_the_file(code: str, said: str) -> None:
    assert said in refused(Failed(code, "KeyError: 'x'")).reason
