"""Writes what was learned: one approval more, or one less, under every key of a line; and how far each kind is believed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from wellkept.banking.learning.ranker import Ranker
from wellkept.banking.models import Learned, Remembered

ADD = """
INSERT INTO banking_remembered (client_id, key, code, hits, weight, last_on) VALUES (%s, %s, %s, 1, %s, %s)
ON CONFLICT (client_id, key, code) DO UPDATE SET
    hits = banking_remembered.hits + 1,
    weight = banking_remembered.weight + excluded.weight,
    last_on = CASE WHEN excluded.last_on > banking_remembered.last_on THEN excluded.last_on
                   ELSE banking_remembered.last_on END
"""
TAKE = """
UPDATE banking_remembered SET hits = hits - 1, weight = CASE WHEN weight > %s THEN weight - %s ELSE 0 END
WHERE client_id = %s AND key = %s AND code = %s AND hits > 0
"""
JUDGE = """
INSERT INTO banking_ruletally (rule_id, client_id, decided, "right") VALUES (%s, %s, %s, %s)
ON CONFLICT (rule_id, client_id) DO UPDATE SET
    decided = banking_ruletally.decided + %s, "right" = banking_ruletally."right" + %s
"""


def add(*, client: int, keys: Sequence[int], code: str, weight: float, on: date) -> None:
    """Keys are written in order, so that two approvals of one client never wait for each other crosswise."""
    with connection.cursor() as cursor:
        cursor.executemany(ADD, [(client, key, code, weight, on) for key in sorted(keys)])


def take(*, client: int, keys: Sequence[int], code: str, weight: float) -> None:
    """Take back what `add` gave; what nothing is left of goes."""
    with connection.cursor() as cursor:
        cursor.executemany(TAKE, [(weight, weight, client, key, code) for key in sorted(keys)])
    Remembered.objects.filter(client=client, key__in=list(keys), hits=0).delete()


def rule_decided(*, rule: int, client: int) -> None:
    """The rule decided a line, and so far it was right."""
    _judge(rule, client, 1, 1)


def rule_was_wrong(*, rule: int, client: int) -> None:
    """What it decided was undone."""
    _judge(rule, client, 0, -1)


def _judge(rule: int, client: int, decided: int, right: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(JUDGE, [rule, client, decided, max(right, 0), decided, right])


def keep(*, client: int, ranker: Ranker, coding: int, at: datetime) -> None:
    """The ranker of a client as it stands after this coding. Whoever posts holds the client's book, so nobody overtakes."""
    state = Learned(client_id=client, state=ranker.to_json(), learned_until=coding, learned_at=at)
    Learned.objects.bulk_create(
        [state],
        update_conflicts=True,
        unique_fields=["client"],
        update_fields=["state", "learned_until", "learned_at"],
    )
