"""Suggestions: made for lines that wait, made again when something was learned, and kept as they stood when decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import connection

from wellkept.banking.actions import remembering
from wellkept.banking.learning.counts import Counts, weight_of
from wellkept.banking.learning.keys import keys_of
from wellkept.banking.learning.memory import recall
from wellkept.banking.models import Automation, BankLine, Coding, Suggestion, Undecided
from wellkept.banking.queries.deciding import Thoughts, code_of, features, learned_on, thinking
from wellkept.banking.queries.memory import Recalled, ranker
from wellkept.core import bulk
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from wellkept.ledger.models import Account, TaxCode

AT_ONCE = 500
SUGGESTED = ("id", "line_id", "made_at", "source", "choices", "payee_seen", "threshold")
WAITING = ("line_id", "client_id", "bank_account_id", "dated_on", "suggestion_id", "confidence", "parked_because")
UNTAUGHT = frozenset({Coding.How.MACHINE, Coding.How.TRANSFER})
THOUGHT_AGAIN = 25  # waiting lines of the same payee that hear at once what was learned


@dataclass(frozen=True)
class Chosen:
    """A choice with its rows at hand."""

    account: Account
    tax_code: TaxCode | None
    confidence: int
    rule: int | None
    other: int | None


def put_to_decide(*, lines: Sequence[BankLine], at: datetime) -> None:
    """Lines that have just come in wait to be decided, each with what the machine thinks of it."""
    moment = connection.ops.adapt_datetimefield_value(at)
    for start in range(0, len(lines), AT_ONCE):
        part = lines[start : start + AT_ONCE]
        mind, threshold = thinking(part), needed(client=part[0].client_id)
        made, waiting = [], []
        for pk, line in zip(bulk.take_numbers(Suggestion, len(part)), part, strict=True):
            thoughts = mind.about(line)
            choices = json.dumps([choice.to_json() for choice in thoughts.choices])
            made.append((pk, line.pk, moment, thoughts.source, choices, thoughts.payee_seen, threshold))
            waiting.append(
                (line.pk, line.client_id, line.bank_account_id, line.dated_on.isoformat(), pk, thoughts.confidence, "")
            )
        bulk.insert_values(Suggestion, SUGGESTED, made)
        bulk.insert_values(Undecided, WAITING, waiting)


def think_again(*, waiting: Sequence[Undecided], at: datetime) -> None:
    """Suggestions of lines still waiting follow what was learned since."""
    if not waiting:
        return
    mind = thinking([each.line for each in waiting])
    for each in waiting:
        thoughts = mind.about(each.line)
        each.suggestion, each.confidence = each.suggestion or Suggestion(line=each.line), thoughts.confidence
        for name, value in {"made_at": at, **_values(thoughts)}.items():
            setattr(each.suggestion, name, value)
    thought = [cast(Suggestion, each.suggestion) for each in waiting]
    bulk.write_back([each for each in thought if each.pk], ["made_at", "source", "choices", "payee_seen"])
    bulk.insert_numbered([each for each in thought if not each.pk])
    for each in waiting:
        each.suggestion = each.suggestion  # it has its number now
    bulk.write_back(waiting, ["suggestion", "confidence"])


def learn(*, coding: Coding, at: datetime) -> None:
    """The memory knows this approval from now on, and so do waiting lines of the same payee.

    What the machine decided alone teaches nothing: nobody has said that it was right.
    """
    if coding.account_id is None or coding.how in UNTAUGHT:
        return
    client, on = coding.client_id, learned_on(coding)
    code, line = code_of(coding.account_id, coding.tax_code_id), features(coding.line)
    keys = [key.number for key in keys_of(line)]
    weighed = ranker(client)
    weighed.learn(recall(cast(Counts, Recalled(client, keys)), line, on), code)
    remembering.keep(client=client, ranker=weighed, coding=coding.pk, at=at)
    remembering.add(client=client, keys=keys, code=code, weight=weight_of(on), on=on)
    _hear(coding.line, at)


def forget(*, coding: Coding, at: datetime) -> None:
    """As if it had never been approved; the line thinks again as well."""
    if coding.account_id is not None and coding.how not in UNTAUGHT:
        remembering.take(
            client=coding.client_id,
            keys=[key.number for key in keys_of(features(coding.line))],
            code=code_of(coding.account_id, coding.tax_code_id),
            weight=weight_of(learned_on(coding)),
        )
    _hear(coding.line, at)


def current(*, line: BankLine) -> Suggestion | None:
    """What is thought of the line now, or was when it was decided."""
    found = Suggestion.objects.filter(line=line.pk).order_by("-id").first()
    if found is not None:
        found.line = line
    return found


def choices(*, suggestion: Suggestion) -> list[Chosen]:
    """Its choices, without accounts that have been put out of use since."""
    book = suggestion.line.bank_account.account.book_id
    accounts, taxes = ledger.chart_in_use(book), ledger.taxes_in_use(book)
    return [
        Chosen(
            accounts[row["account"]],
            taxes.get(cast(int, row["tax_code"])),
            row["confidence"],
            row.get("rule"),
            row.get("other"),
        )
        for row in suggestion.choices
        if row["account"] in accounts
    ]


def rank(*, suggestion: Suggestion | None, account: Account | None, tax_code: TaxCode | None) -> int | None:
    """Where what was decided stood among the suggestions, from 1."""
    decided = (None if account is None else account.pk, None if tax_code is None else tax_code.pk)
    rows = [] if suggestion is None else suggestion.choices
    return next(
        (place for place, row in enumerate(rows, start=1) if (row["account"], row["tax_code"]) == decided), None
    )


def confidence(*, suggestion: Suggestion | None) -> int:
    return 0 if suggestion is None else _first(suggestion)


def needed(*, client: int) -> int | None:
    """The confidence it takes to decide alone for this client, in millionths; nothing where it may not."""
    row = Automation.objects.filter(client=client, allowed_at__isnull=False).first()
    return None if row is None else row.threshold


def _values(thoughts: Thoughts) -> dict[str, object]:
    return {
        "source": thoughts.source,
        "choices": [choice.to_json() for choice in thoughts.choices],
        "payee_seen": thoughts.payee_seen,
    }


def _first(suggestion: Suggestion) -> int:
    return int(suggestion.choices[0]["confidence"]) if suggestion.choices else 0


def _hear(line: BankLine, at: datetime) -> None:
    alike = Undecided.objects.filter(client=line.client_id, line__payee=line.payee)
    found = alike.select_related("line__bank_account__account__book", "suggestion").order_by("-dated_on")
    think_again(waiting=list(found[:THOUGHT_AGAIN]), at=at)
