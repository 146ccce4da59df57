"""Suggested accounts on real lines, day by day: right first, among three, sure enough to act alone; beside the last code per supplier.

Also a program: `python -m bench.coding FILE.csv --map payee=supplier --map code=account_code …` measures any list of coded lines.
Columns to map: payee, amount, date (YYYY-MM-DD) and code; description, counterparty, area, tax, account and reference where there are
any; `group` names what must not teach about itself (an invoice; a line's lines all fall on one day), `period` what to report by.

The order of events is that of an office which approves a day's lines in the evening: a line is suggested for from earlier days
alone, never from lines of its own day, nor of its own group where a group runs over several days.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from bench.figures import Context, Figure
from wellkept.banking.learning.coder import Coder
from wellkept.banking.learning.counts import CountsInMemory
from wellkept.banking.learning.lines import Example, Features
from wellkept.banking.learning.measures import Figures, by_period, figures
from wellkept.banking.learning.memory import forget, learn, recall
from wellkept.banking.learning.trust import Outcome, Trust, measured

CORPUS = "coding/council_payables_2014_2016.csv.gz"
MAP = {"payee": "supplier", "amount": "amount", "date": "date", "code": "account_code", "area": "service_area"}
MAP |= {"group": "invoice_line", "reference": "invoice_line", "period": "quarter"}
SINCE, UNTIL = "2015Q4", "2016Q4"
BAR_ACCURACY, BAR_TOP_THREE, BAR_COVERAGE, BAR_MS = 0.76, 0.91, 0.24, 1
LIMIT = 0.01
FIELDS = ("description", "counterparty", "area", "tax", "account", "reference")


@dataclass(frozen=True)
class Line:
    example: Example
    group: str
    period: str


@dataclass
class Spent:
    """CPU time of this process, and for how many calls."""

    seconds: float = 0.0
    calls: int = 0

    @contextmanager
    def over(self, calls: int) -> Iterator[None]:
        start = time.process_time()
        yield
        self.seconds += time.process_time() - start
        self.calls += calls

    @property
    def ms(self) -> float:
        return self.seconds * 1000 / max(1, self.calls)


def run(context: Context) -> list[Figure]:
    if context.database != "sqlite" or not (corpora := os.environ.get("WELLKEPT_CORPORA")):
        return []  # no database takes part; once is enough
    path = Path(corpora) / CORPUS
    return _figures(context, read(path, MAP)) if path.exists() else []


def _figures(context: Context, lines: Sequence[Line]) -> list[Figure]:
    walked = walk(lines)
    found, memory, last = (figures(walked.between(SINCE, UNTIL, name)) for name in ("suggested", "memory", "last"))
    note = "floor: the last code per supplier; the memory alone {:.3f}"
    rows = [
        ("accuracy", found.accuracy, last.accuracy, BAR_ACCURACY, memory.accuracy),
        ("top three", found.top_three, last.top_three, BAR_TOP_THREE, memory.top_three),
        ("coverage at 2% error", found.coverage_two, last.coverage_two, BAR_COVERAGE, memory.coverage_two),
        ("coverage at 1% error", found.coverage_one, last.coverage_one, None, memory.coverage_one),
        ("accuracy, unseen payees", found.unseen_accuracy, last.unseen_accuracy, None, memory.unseen_accuracy),
    ]
    alone = walked.alone(SINCE, UNTIL)
    blind = figures(walk([_without_area(line) for line in lines]).between(SINCE, UNTIL))
    return [
        *(
            context.figure(
                f"coding: {name}",
                value or 0.0,
                "of lines",
                floor=floor,
                bar=bar,
                note=note.format(also or 0),
                at_least=True,
            )
            for name, value, floor, bar, also in rows
        ),
        context.figure(
            "coding: accuracy, not knowing who spent",
            blind.accuracy or 0.0,
            "of lines",
            note=f"top three {blind.top_three or 0:.3f}, coverage at 2% error {blind.coverage_two or 0:.3f}",
            at_least=True,
        ),
        context.figure("coding: posted alone, limit 1%", len(alone) / found.lines, "of lines", note=_alone_note(alone)),
        context.figure("coding: suggestion", walked.suggesting.ms, bar=BAR_MS),
        context.figure("coding: memory update", walked.remembering.ms, bar=BAR_MS),
        context.figure("coding: ranker update", walked.weighing.ms, bar=BAR_MS, note="with its own recall"),
    ]


def _without_area(line: Line) -> Line:
    """As from a bank that does not say who spent."""
    return replace(line, example=replace(line.example, features=replace(line.example.features, area="")))


def _alone_note(alone: Sequence[Outcome]) -> str:
    wrong = sum(not outcome.right for outcome in alone)
    return f"{wrong} of {len(alone)} wrong ({wrong / len(alone):.2%})" if alone else "none"


class Walk:
    """Everything that was said on the way, in the order of the lines."""

    def __init__(self) -> None:
        self.periods: list[str] = []
        self.said: dict[str, list[Outcome]] = {"suggested": [], "memory": [], "last": []}
        self.allowed: list[bool] = []
        self.suggesting, self.remembering, self.weighing = Spent(), Spent(), Spent()

    def between(self, since: str, until: str, name: str = "suggested") -> list[Outcome]:
        said = zip(self.periods, self.said[name], strict=True)
        return [outcome for period, outcome in said if since <= period <= until]

    def alone(self, since: str, until: str) -> list[Outcome]:
        said = zip(self.periods, self.said["suggested"], self.allowed, strict=True)
        return [outcome for period, outcome, allowed in said if allowed and since <= period <= until]


class Office:
    """One memory, one ranker, one trust, and the lines of the day that are not approved yet."""

    def __init__(self) -> None:
        self.coder = Coder(CountsInMemory())
        self.last: dict[str, str] = {}
        self.learned: dict[str, list[Example]] = {}
        self.trust = Trust(LIMIT, None, frozenset(), 0, 0, 0)
        self.walk = Walk()

    def see(self, line: Line) -> None:
        own = self.learned.get(line.group, []) if line.group else []
        for example in own:
            forget(self.coder.counts, example)
        self._say(line)
        for example in own:
            learn(self.coder.counts, example)

    def close_day(self, lines: Sequence[Line]) -> None:
        with self.walk.weighing.over(len(lines)):
            for line in lines:
                self.coder.weigh(line.example)
        with self.walk.remembering.over(len(lines)):
            for line in lines:
                learn(self.coder.counts, line.example)
        for line in lines:
            self.last[line.example.features.payee] = line.example.code
            self.learned.setdefault(line.group, []).append(line.example)
        self.trust = measured(self.walk.said["suggested"], LIMIT)

    def _say(self, line: Line) -> None:
        walk, example = self.walk, line.example
        with walk.suggesting.over(1):
            suggestion = self.coder.suggest(example.features, on=example.on)
        rank = suggestion.rank_of(example.code)
        outcome = Outcome(suggestion.code, suggestion.confidence, rank, example.on, suggestion.payee_seen)
        believed = list(recall(self.coder.counts, example.features, example.on).belief.items())[:3]
        walk.periods.append(line.period)
        walk.said["suggested"].append(outcome)
        walk.said["memory"].append(_outcome(believed, example, suggestion.payee_seen))
        last = self.last.get(example.features.payee)
        walk.said["last"].append(_outcome([(last, 1.0)] if last else [], example, suggestion.payee_seen))
        walk.allowed.append(self.trust.allows(outcome.code, outcome.confidence))


def walk(lines: Sequence[Line]) -> Walk:
    office = Office()
    for _day, of_day in groupby(lines, key=lambda line: line.example.on):
        day = list(of_day)
        for line in day:
            office.see(line)
        office.close_day(day)
    return office.walk


def _outcome(choices: Sequence[tuple[str, float]], example: Example, seen: bool) -> Outcome:
    codes = [code for code, _share in choices]
    code, share = choices[0] if choices else ("", 0.0)
    rank = codes.index(example.code) if example.code in codes else None
    return Outcome(code, share, rank, example.on, seen)


def read(path: Path, columns: Mapping[str, str]) -> list[Line]:
    """By date, and in the file's order within a day."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        lines = [_line(row, columns) for row in csv.DictReader(file)]
    return sorted(lines, key=lambda line: line.example.on)


def _line(row: Mapping[str, str], columns: Mapping[str, str]) -> Line:
    def cell(name: str) -> str:
        return row[columns[name]] if name in columns else ""

    period = cell("period")
    on = _day(cell("date"), period)
    known = {name: cell(name) for name in FIELDS}
    features = Features(payee=cell("payee"), amount_minor=round(-100 * float(cell("amount"))), dated_on=on, **known)
    group = re.sub(r"\s*[-_]\s*\d+$", "", cell("group"))  # invoice and line
    return Line(Example(features, cell("code"), on), group, period or f"{on.year}Q{(on.month + 2) // 3}")


def _day(text: str, period: str) -> date:
    """One quarter of the council's list carries the day on which it was exported instead of each line's: take its middle."""
    on = date.fromisoformat(text)
    if match := re.fullmatch(r"(\d{4})Q([1-4])", period):
        first = date(int(match[1]), int(match[2]) * 3 - 2, 1)
        if not first <= on < first + timedelta(days=95):
            return first + timedelta(days=45)
    return on


def main() -> int:
    asked = _arguments()
    columns = {**(MAP if not asked.map else {}), **dict(pair.split("=", 1) for pair in asked.map)}
    for name in asked.without:
        columns.pop(name, None)
    lines = read(asked.file, columns)
    if asked.trim:
        lines = [_trimmed(line) for line in lines]
    walked = walk(lines)
    since, until = asked.since or min(walked.periods), asked.until or max(walked.periods)
    for title, name in (("last code per payee", "last"), ("memory alone", "memory"), ("suggested", "suggested")):
        print(f"\n{title}")
        print("\n".join(_table(walked, name, since, until)))
    print(f"\nposted alone at a limit of {LIMIT:.0%}: {_alone_note(walked.alone(since, until))}")
    spent = (walked.suggesting, walked.remembering, walked.weighing)
    print("CPU ms: suggestion {:.3f}, memory update {:.3f}, ranker update {:.3f}".format(*(each.ms for each in spent)))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.coding", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--map", nargs="+", action="extend", default=[], metavar="FIELD=COLUMN")
    parser.add_argument("--without", nargs="+", default=[], metavar="FIELD", help="leave a mapped field out")
    parser.add_argument("--trim", action="store_true", help="take codes that differ in blanks only for the same")
    parser.add_argument("--since", default="", metavar="PERIOD")
    parser.add_argument("--until", default="", metavar="PERIOD")
    return parser.parse_args()


def _trimmed(line: Line) -> Line:
    example = line.example
    return Line(Example(example.features, example.code.strip(), example.on), line.group, line.period)


def _table(walked: Walk, name: str, since: str, until: str) -> Iterator[str]:
    said = [(p, outcome) for p, outcome in zip(walked.periods, walked.said[name], strict=True) if since <= p <= until]
    period_of = {id(outcome): period for period, outcome in said}
    outcomes = [outcome for _period, outcome in said]
    yield "period     lines  first  top 3   @1%    @2%   unseen payees   off"
    for period, found in by_period(outcomes, lambda outcome: period_of[id(outcome)]).items():
        yield _row(period, found)
    yield _row("all", figures(outcomes))


def _row(name: str, found: Figures) -> str:
    shares: Iterable[float | None] = (found.accuracy, found.top_three, found.coverage_one, found.coverage_two)
    told = "  ".join("  -  " if share is None else f"{share:.3f}" for share in shares)
    unseen = "  -  " if found.unseen_accuracy is None else f"{found.unseen_accuracy:.3f}"
    off = "  -  " if found.miscalibration is None else f"{found.miscalibration:.3f}"
    return f"{name:<9} {found.lines:>6}  {told}  {found.unseen:>5} {unseen}    {off}"


if __name__ == "__main__":
    sys.exit(main())
