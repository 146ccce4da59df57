"""The bench of coding: on a list of our own, and on a stretch of a council's real one where it is at hand."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from bench.coding import CORPUS, MAP, Office, main, read, walk
from wellkept.banking.learning.measures import figures

FILE = Path(os.environ.get("WELLKEPT_CORPORA", "/nowhere")) / CORPUS
FEW = 700


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """Two shops over six weeks; one of them sells two things to two departments."""
    path = tmp_path / "list.csv"
    with path.open("w", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["Day", "Who", "For", "Sum", "Account", "Bill"])
        for n in range(60):
            team, account = (("kitchen", "400"), ("garage", "429"))[n % 2]
            sheet.writerow(
                [f"2026-0{1 + n // 30}-{1 + n % 30 // 2:02}", "Tesco", team, f"{10 + n}.50", account, f"B{n}_1"]
            )
    return path


def columns() -> dict[str, str]:
    return {"date": "Day", "payee": "Who", "area": "For", "amount": "Sum", "code": "Account", "group": "Bill"}


def test_any_list_can_be_measured_by_naming_its_columns(listed: Path, monkeypatch, capsys) -> None:
    asked = [f"{field}={column}" for field, column in columns().items()]
    monkeypatch.setattr("sys.argv", ["bench.coding", str(listed), "--map", *asked])

    assert main() == 0

    printed = capsys.readouterr().out
    assert "last code per payee" in printed
    assert "2026Q1" in printed


def test_a_day_learns_from_earlier_days_only(listed: Path) -> None:
    walked = walk(read(listed, columns()))

    assert [outcome.confidence for outcome in walked.said["suggested"][:2]] == [0.0, 0.0]
    assert figures(walked.said["suggested"][10:]).accuracy == 1.0
    assert figures(walked.said["last"][10:]).accuracy == 0.5


def test_an_invoice_never_teaches_about_itself(listed: Path) -> None:
    [line, *_others] = read(listed, columns())
    office = Office()
    office.close_day([line])

    office.see(line)

    assert office.walk.said["suggested"][-1].rank is None
    assert office.coder.suggest(line.example.features, on=line.example.on).code == line.example.code


@pytest.mark.corpora
@pytest.mark.skipif(not FILE.exists(), reason="WELLKEPT_CORPORA names no folder with coded payables")
def test_real_lines_are_coded_better_than_by_the_last_code_of_the_payee() -> None:
    lines = [line for line in read(FILE, MAP) if line.period == "2015Q4"][:FEW]

    walked = walk(lines)

    suggested, last = (figures(walked.said[name][FEW // 2 :]) for name in ("suggested", "last"))
    assert suggested.accuracy > last.accuracy
    assert suggested.top_three > suggested.accuracy
