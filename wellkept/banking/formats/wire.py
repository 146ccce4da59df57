"""How a read file crosses from the reading process: JSON, with every line as a row. Never objects."""

from __future__ import annotations

import gc
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from .columns import ColumnMap
from .proposals import Proposal
from .reading import propose_map, read
from .refusals import Remark, Unreadable
from .result import ReadFile, ReadLine, ReadStatement

READ, PROPOSE = "read", "propose"
Answer = ReadFile | list[Proposal] | Unreadable


def how(task: str, *, map: ColumnMap | None = None, currency: str = "") -> bytes:
    return json.dumps([task, map.to_json() if map else None, currency]).encode()


def answer(raw: bytes, how: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """What the reading process does with a file."""
    task, map, currency = json.loads(how)
    gc.disable()  # one file makes a hundred thousand small objects that live to its end, and no rings
    try:
        if task == PROPOSE:
            told: dict[str, Any] = {"proposals": [_proposal(one) for one in propose_map(raw)]}
        else:
            told = {"file": _file(read(raw, map=ColumnMap.from_json(map) if map else None, currency=currency))}
    except Unreadable as refusal:
        told = {"refused": refusal.remark.to_wire()}
    finally:
        gc.enable()
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), ()


def from_wire(head: bytes, blob: bytes) -> Answer:
    """The inverse of `answer`; any nonsense raises ValueError, TypeError, KeyError or IndexError and nothing else."""
    told = json.loads(head)
    if "refused" in told:
        return Unreadable.of(Remark.from_wire(told["refused"]))
    if "proposals" in told:
        return [
            Proposal(ColumnMap.from_json(map), int(proved), int(steps), _remarks(reasons))
            for map, proved, steps, reasons in told["proposals"]
        ]
    return _read_file(told["file"])


def _proposal(one: Proposal) -> list[Any]:
    return [one.map.to_json(), one.proved, one.steps, [reason.to_wire() for reason in one.reasons]]


def _file(file: ReadFile) -> list[Any]:
    warnings = [warning.to_wire() for warning in file.warnings]
    return [file.format, file.charset, [_statement(one) for one in file.statements], file.needs, file.sample, warnings]


def _statement(one: ReadStatement) -> list[Any]:
    return [
        one.identifier,
        one.bank_id,
        one.currency,
        one.number,
        _day(one.starts_on),
        _day(one.ends_on),
        one.opening_minor,
        one.closing_minor,
        [_line(line) for line in one.lines],
        [warning.to_wire() for warning in one.warnings],
        one.kind,
    ]


def _line(line: ReadLine) -> list[Any]:
    return [
        line.position,
        line.row,
        _day(line.dated_on),
        _day(line.valued_on),
        line.amount_minor,
        line.currency,
        line.payee,
        line.counterparty,
        line.description,
        line.reference,
        line.bank_id,
        line.balance_minor,
        line.raw,
    ]


def _read_file(row: Sequence[Any]) -> ReadFile:
    format, charset, statements, needs, sample, warnings = row
    return ReadFile(
        format,
        charset,
        tuple(_read_statement(one) for one in statements),
        needs,
        tuple(tuple(cells) for cells in sample),
        _remarks(warnings),
    )


def _read_statement(row: Sequence[Any]) -> ReadStatement:
    identifier, bank_id, currency, number, starts_on, ends_on, opening, closing, lines, warnings, kind = row
    return ReadStatement(
        identifier,
        bank_id,
        currency,
        number,
        _read_day(starts_on),
        _read_day(ends_on),
        opening,
        closing,
        tuple(_read_line(line) for line in lines),
        _remarks(warnings),
        kind,
    )


def _read_line(row: list[Any]) -> ReadLine:
    row[2], row[3] = date.fromisoformat(row[2]), _read_day(row[3])
    if not all(value is None or type(value) is int for value in (row[0], row[1], row[4], row[11])):
        raise TypeError("an amount that is no whole number")
    return ReadLine(*row)


def _remarks(rows: Sequence[list[Any]]) -> tuple[Remark, ...]:
    return tuple(Remark.from_wire(row) for row in rows)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
