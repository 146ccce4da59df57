"""Suggestions: made for lines that wait, made again when something was learned, and kept as they stood when decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import connection, transaction

from wellkept.banking.actions import remembering
from wellkept.banking.learning.counts import Counts, weight_of
from wellkept.banking.learning.keys import keys_of
from wellkept.banking.learning.memory import recall
from wellkept.banking.learning.ranker import Ranker
from wellkept.banking.models import Automation, BankAccount, BankLine, Coding, Suggestion, Undecided
from wellkept.banking.queries import lines as reads
from wellkept.banking.queries.deciding import Thoughts, code_of, features, in_use, learned_on, thinking
from wellkept.banking.queries.memory import Recalled, ranker
from wellkept.banking.queries.refunds import waiting_refunds
from wellkept.core import bulk
from wellkept.ledger import actions as ledger_actions
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from wellkept.ledger.models import Account, TaxCode

AT_ONCE = 500
THOUGHT = ("made_at", "source", "choices", "payee_seen")
SUGGESTED = ("id", "line_id", "threshold", *THOUGHT)
WAITING = (
    "line_id", "client_id", "bank_account_id", "dated_on", "payee", "suggestion_id", "confidence", "parked_because",
)  # fmt: skip
UNTAUGHT = frozenset({Coding.How.MACHINE, Coding.How.TRANSFER})
THOUGHT_AGAIN = 25  # waiting lines of the same payee that hear at once what was learned
MOST_OF_CLIENT = 20_000  # waiting lines that hear of a change to the chart


@dataclass(frozen=True)
class Chosen:
    """A choice with its rows at hand."""

    account: Account
    tax_code: TaxCode | None
    confidence: int
    rule: int | None
    other: int | None
    answered: bool  # the client said so
    doubt: str
    is_first: bool  # as it was thought, nothing moved up into its place


def put_to_decide(*, lines: Sequence[BankLine], at: datetime) -> None:
    """Lines that have just come in wait to be decided, each with what the machine thinks of it."""
    moment = connection.ops.adapt_datetimefield_value(at)
    for start in range(0, len(lines), AT_ONCE):
        part = lines[start : start + AT_ONCE]
        mind, threshold = thinking(part), needed(client=part[0].client_id)
        made, waiting = [], []
        for pk, line in zip(bulk.take_numbers(Suggestion, len(part)), part, strict=True):
            thoughts = mind.about(line)
            day = line.dated_on.isoformat()
            made.append((pk, line.pk, threshold, moment, *_told(thoughts)))
            waiting.append(
                (line.pk, line.client_id, line.bank_account_id, day, line.payee, pk, thoughts.confidence, "")
            )
        bulk.insert_values(Suggestion, SUGGESTED, made)
        bulk.insert_values(Undecided, WAITING, waiting)


def think_again(*, waiting: Sequence[Undecided], at: datetime, weighed: Ranker | None = None) -> None:
    """Suggestions of lines still waiting follow what was learned since; `weighed` is the client's ranker, if at hand."""
    if not waiting:
        return
    mind, moment = thinking([each.line for each in waiting], weighed), connection.ops.adapt_datetimefield_value(at)
    thoughts = [mind.about(each.line) for each in waiting]
    first = [each for each in waiting if each.suggestion_id is None]
    numbers = iter(bulk.take_numbers(Suggestion, len(first)) if first else ())
    made, again, changed = [], [], []
    for each, now in zip(waiting, thoughts, strict=True):
        if each.suggestion_id is None:
            each.suggestion_id = next(numbers)
            made.append((each.suggestion_id, each.pk, None, moment, *_told(now)))
        else:
            again.append((moment, *_told(now), each.suggestion_id))
        if each.confidence != now.confidence or each in first:
            each.confidence = now.confidence
            changed.append(each)
    bulk.insert_values(Suggestion, SUGGESTED, made)
    bulk.write_values(Suggestion, THOUGHT, again)
    bulk.write_back(changed, ["suggestion", "confidence"])


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
    _hear(coding.line, at, weighed)


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


def hear_legs(*, lines: Sequence[BankLine], at: datetime) -> None:
    """Waiting lines that could be the other leg of one of these think again: a leg came, or was taken, or is free."""
    _think_of(_legs_waiting(lines), at)


@transaction.atomic
def hear_answer(*, question: int, at: datetime) -> None:
    """The lines a client answered about think again: what they chose stands first, for the bookkeeper to decide."""
    lines = BankLine.objects.filter(questions__question=question).select_related("bank_account__account__book")
    if first := lines.first():
        ledger_actions.take(book=first.bank_account.account.book)
        _think_of(list(lines.values_list("pk", flat=True)), at)


@transaction.atomic
def hear_file(*, file: int, at: datetime) -> None:
    """Lines that waited for their other leg hear of the legs this file brought."""
    new = BankLine.objects.filter(file=file).select_related("bank_account__account__book").order_by("pk")
    for start in range(0, MOST_OF_CLIENT, AT_ONCE):
        if not (lines := list(new[start : start + AT_ONCE])):
            return
        ledger_actions.take(book=lines[0].bank_account.account.book)
        hear_legs(lines=lines, at=at)


@transaction.atomic
def hear_chart(*, client: int, at: datetime) -> None:
    """An account or a tax code went out of use or came back: every waiting line thinks again, the newest first."""
    book = ledger.book_of(client)
    if book is None:
        return
    ledger_actions.take(book=book)
    waiting = Undecided.objects.filter(client=client).order_by("-dated_on", "-line").values_list("pk", flat=True)
    numbers = list(waiting[:MOST_OF_CLIENT])
    for start in range(0, len(numbers), AT_ONCE):
        _think_of(numbers[start : start + AT_ONCE], at)


def current(*, line: BankLine) -> Suggestion | None:
    """What is thought of the line now, or was when it was decided."""
    found = Suggestion.objects.filter(line=line.pk).order_by("-id").first()
    if found is not None:
        found.line = line
    return found


def choices(*, suggestion: Suggestion) -> list[Chosen]:
    """Its choices, without those whose account or tax code has been put out of use since."""
    book = suggestion.line.bank_account.account.book_id
    accounts, taxes = ledger.chart_in_use(book), ledger.taxes_in_use(book)
    return [
        Chosen(
            accounts[row["account"]],
            taxes.get(cast(int, row["tax_code"])),
            row["confidence"],
            row.get("rule"),
            row.get("other"),
            "answer" in row,
            row.get("doubt", ""),
            place == 0,
        )
        for place, row in enumerate(suggestion.choices)
        if in_use(row, accounts, taxes)
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


def _told(thoughts: Thoughts) -> tuple[str, str, bool]:
    """Source, choices and whether the payee is known, as the database takes them."""
    choices = json.dumps([choice.to_json() for choice in thoughts.choices])
    return thoughts.source, choices, thoughts.payee_seen


def _first(suggestion: Suggestion) -> int:
    return int(suggestion.choices[0]["confidence"]) if suggestion.choices else 0


def _hear(line: BankLine, at: datetime, weighed: Ranker | None = None) -> None:
    """Waiting lines of the same payee think again at once, and those that could be the other leg or give it back."""
    alike = Undecided.objects.filter(client=line.client_id, payee=line.payee).order_by("-dated_on")
    numbers = [*alike.values_list("pk", flat=True)[:THOUGHT_AGAIN], *_legs_waiting([line])]
    _think_of([*numbers, *waiting_refunds(line)], at, weighed)


def _legs_waiting(lines: Sequence[BankLine]) -> list[int]:
    return sorted({leg.line for legs in reads.legs_of(lines).values() for leg in legs if leg.waits})


def _think_of(numbers: Sequence[int], at: datetime, weighed: Ranker | None = None) -> None:
    if not numbers:
        return
    waiting = Undecided.objects.filter(pk__in=numbers).select_related("line").order_by("-dated_on")
    found = list(waiting)
    banks = BankAccount.objects.select_related("account__book").in_bulk({each.bank_account_id for each in found})
    for each in found:
        each.line.bank_account = banks[each.bank_account_id]
    think_again(waiting=found, at=at, weighed=weighed)
