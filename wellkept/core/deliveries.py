"""How facts reach reactions: claimed by conditional update, run together with their own mark in one transaction.

A delivery is marked done in the transaction of the reaction's effect, so the effect happens exactly once, whoever runs
it and however often it is tried. A claim only spreads the work; losing one costs time, never correctness.
"""

from __future__ import annotations

import traceback
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from wellkept.core import facts, once, reactions
from wellkept.core.models import AT_ONCE, Delivery
from wellkept.core.refusals import Refusal

BATCH = 20
CLAIM = timedelta(minutes=2)
TRIES = 12
LONGEST_WAIT = timedelta(hours=1)
KEEP_DONE = timedelta(days=30)
OWED = Q(done_at=None, dead_at=None)


def claim(*, worker: str, at: datetime) -> list[Delivery]:
    """Take what is due, oldest first; then, one by one, what a vanished worker left behind."""
    due = Delivery.objects.filter(OWED, next_try_at__lte=at, claimed_until=None).order_by("next_try_at", "id")
    ids = list(due.values_list("id", flat=True)[:BATCH])
    if ids:
        Delivery.objects.filter(OWED, id__in=ids, claimed_until=None).update(
            claimed_until=at + CLAIM, claimed_by=worker
        )
        return _mine(ids, worker)
    return _left_behind(worker, at) or _from_the_future(at)


def run(delivery: Delivery, *, at: datetime) -> bool:
    """Run the reaction and mark it done, together. False when another worker was first."""
    with once.scope(), transaction.atomic():
        mark = Delivery.objects.filter(OWED, id=delivery.id)
        if mark.update(done_at=at, claimed_until=None, claimed_by="", error="") != 1:
            return False
        reactions.named(delivery.reaction)(delivery.fact)
    return True


@transaction.atomic
def fail(delivery: Delivery, *, error: Exception, at: datetime) -> bool:
    """Note a failed try: later again, or dead when it has been tried enough. True when it died."""
    attempts = delivery.attempts + 1
    dead = attempts >= TRIES or _is_gone(error, delivery.reaction)
    Delivery.objects.filter(OWED, id=delivery.id).update(
        attempts=attempts,
        next_try_at=at + wait(attempts),
        claimed_until=None,
        claimed_by="",
        dead_at=at if dead else None,
        error=_in_words(error, delivery.reaction),
    )
    if dead:
        facts.record(
            "delivery.died", at=at, client=delivery.fact.client, delivery=delivery.id, fact_seq=delivery.fact.seq
        )
    return dead


def release(*, worker: str) -> int:
    """Give back what this worker claimed and did not run: at a clean stop, or after the database was away."""
    return Delivery.objects.filter(OWED, claimed_by=worker).update(claimed_until=None, claimed_by="")


def wait(attempts: int) -> timedelta:
    """2 s, 6 s, 18 s, ... up to an hour."""
    return min(LONGEST_WAIT, timedelta(seconds=2 * 3 ** min(attempts - 1, 10)))


def forget_done(*, at: datetime, limit: int = 5000) -> int:
    """Drop the marks of deliveries done long ago; the facts themselves stay for ever."""
    old = Delivery.objects.filter(done_at__lt=at - KEEP_DONE).values_list("id", flat=True)[:limit]
    return Delivery.objects.filter(id__in=list(old)).delete()[0]


def _mine(ids: list[int], worker: str) -> list[Delivery]:
    return list(
        Delivery.objects.filter(OWED, id__in=ids, claimed_by=worker)
        .select_related("fact")
        .order_by("next_try_at", "id")
    )


def _left_behind(worker: str, at: datetime) -> list[Delivery]:
    """One claim that ran out: its worker vanished, perhaps because of this very delivery, so this counts as a try."""
    lost = Q(claimed_until__lt=at) | Q(claimed_until__gt=at + CLAIM * 2)
    left = Delivery.objects.filter(OWED, lost).order_by("id").values("id", "claimed_until", "attempts").first()
    if left is None:
        return []
    taken = Delivery.objects.filter(OWED, **left).update(
        claimed_until=at + CLAIM, claimed_by=worker, attempts=F("attempts") + 1
    )
    if not taken:
        return []
    if left["attempts"] + 1 >= TRIES:
        [delivery] = _mine([left["id"]], worker)
        fail(
            delivery,
            error=Refusal(
                _("It was started %(tries)d times and its process ended each time before it was done.")
                % {"tries": TRIES}
            ),
            at=at,
        )
        return []
    return _mine([left["id"]], worker)


def _from_the_future(at: datetime) -> list[Delivery]:
    """After the clock was set back, a retry may lie further ahead than any wait we give: it is due now."""
    late = Delivery.objects.filter(OWED, next_try_at__gt=at + LONGEST_WAIT, claimed_until=None)
    if late.exists():
        late.update(next_try_at=AT_ONCE)
    return []


def _in_words(error: Exception, reaction: str) -> str:
    if isinstance(error, Refusal):
        return str(error)[:1000]
    if _is_gone(error, reaction):
        return _("This release no longer has this reaction.")
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" ({last[0].filename.rpartition('/wellkept/')[2]}:{last[0].lineno})" if last else ""
    return f"{type(error).__name__}: {error}{where}"[:1000]


def _is_gone(error: Exception, reaction: str) -> bool:
    return isinstance(error, KeyError) and error.args == (reaction,)
