"""A month of ordinary life in the small world, for counting: a fixed seed, every kind of ending."""

from __future__ import annotations

import random
from datetime import date, timedelta

from tests.world import World
from wellkept.core.refusals import Refusal
from wellkept.insight.models import Counted, DailyCount
from wellkept.insight.queries import Lens
from wellkept.promises import actions as promises
from wellkept.promises.models import OPEN, Promise

MARCH = Lens(date(2026, 3, 1), date(2026, 4, 1))


def live(world: World, *, seed: int = 7, days: int = 12) -> None:
    """Promises to two clients and between colleagues; kept, late, missed, extended, withdrawn, handed on."""
    draw = random.Random(seed)
    for day in range(days):
        for hour in (10, 14):
            at = world.start + timedelta(days=day, hours=hour - 8, minutes=draw.randrange(50))
            client, contact, owner = draw.choice(
                [(world.bakery, world.mina, world.ana), (world.cycles, world.sam, world.stranger)]
            )
            kind = draw.choice(["acknowledge", "resolve", "commitment"])
            due = {"due_at": at + timedelta(days=2)} if kind == "commitment" else {}
            named = {"title": f"{kind} {day}", "client": client, "owner": owner, "to_contact": contact}
            try:
                promises.make(
                    kind=kind, subject_kind="conversation", subject_id=day * 100 + hour, channel="email", by=owner, at=at, **named, **due
                )  # fmt: skip
                if draw.random() < 0.3:
                    promises.ask_colleague(
                        title=f"Look at {day}", of=world.leo, client=None, due_at=None, by=world.ana, at=at
                    )
            except Refusal:
                continue  # a date in a closed hour: nobody promised it
        _one_day(world, draw, day)
    world.run_reactions(at=world.start + timedelta(days=days + 1))


def _one_day(world: World, draw: random.Random, day: int) -> None:
    at = world.start + timedelta(days=day, hours=9)
    for promise in Promise.objects.filter(OPEN).order_by("pk"):
        chance = draw.random()
        by = promise.owner or world.ana
        if chance < 0.35:
            promises.keep(promise=promise, by=by, at=at)
        elif chance < 0.42:
            promises.withdraw(promise=promise, reason="Sent twice", by=by, at=at)
        elif chance < 0.5 and promise.kind == "commitment":
            promises.extend(
                promise=promise,
                due_at=at + timedelta(days=(7 - (at + timedelta(hours=13)).weekday()), hours=0),
                reason="The bank is late",
                by=by,
                at=at,
            )
        elif chance < 0.56 and promise.client_id == world.bakery.pk:
            promises.hand_over(promise=promise, to=world.leo if by != world.leo else world.ana, by=by, at=at)
    if draw.random() < 0.7:
        promises.sweep(at=at)
    if draw.random() < 0.5:
        world.run_reactions(at=at)


def cells() -> set[tuple[object, ...]]:
    """The roll-up without its empty cells."""
    names = (
        "day",
        "client",
        "owner",
        "channel",
        "kind",
        "open",
        "kept",
        "late",
        "missed",
        "extended",
        "withdrawn",
        "took_seconds",
    )
    return {row for row in DailyCount.objects.values_list(*names) if any(row[5:])}


def rows() -> set[tuple[object, ...]]:
    return set(
        Counted.objects.values_list("promise", "day", "client", "owner", "channel", "kind", "outcome", "took_seconds")
    )
