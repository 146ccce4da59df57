"""Targets and promises count seconds; what was promised in minutes before is promised in the same time after."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from wellkept.clients.actions import HOUR, MINUTE, TargetDraft
from wellkept.promises import queries
from wellkept.promises.queries.words import span
from wellkept.promises.tests.owing import DUE, FRIDAY, World


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "20 s"),
        (60, "60 s"),
        (150, "2 min 30 s"),
        (48 * MINUTE, "48 min"),
        (3 * HOUR, "3 h"),
        (78 * MINUTE, "1 h 18"),
        (HOUR + 5, "1 h 5 s"),
    ],
)
def test_times_are_said_to_the_second(seconds: int, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(("seconds", "said"), [(20, "20 s"), (60, "60 s")])
def test_a_target_of_seconds_is_promised_and_explained(firm: World, seconds: int, said: str) -> None:
    firm.agree([TargetDraft("next_reply", seconds, channel="chat")])

    promise = firm.owe("next_reply", channel="chat", at=FRIDAY)

    assert promise.due_at == FRIDAY + timedelta(seconds=seconds)
    assert f"within {said} of working time" in queries.explain(promise, at=FRIDAY).rule_sentence


def test_what_was_promised_in_minutes_stays_what_it_was(firm: World) -> None:
    firm.agree([TargetDraft("acknowledge", 180, share=Decimal(90), strict_seconds=60)], mine=True)
    timed, dated = firm.owe(), firm.commit(DUE)
    assert timed.seconds == 180, "what a row of whole minutes holds"

    for room, migration in (("clients", "0002_seconds"), ("promises", "0003_seconds")):
        import_module(f"wellkept.{room}.migrations.{migration}").to_seconds(apps, connection.schema_editor())

    target = queries.for_staff(firm.ana).get(pk=timed.pk).target
    assert target is not None
    assert (target.seconds, target.strict_seconds, target.average_seconds) == (3 * HOUR, HOUR, None)
    assert list(queries.for_staff(firm.ana).order_by("pk").values_list("seconds", flat=True)) == [3 * HOUR, None]
    assert dated.seconds is None
