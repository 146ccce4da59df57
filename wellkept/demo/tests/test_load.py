"""The demo firm: believable, alive at the moment asked, and never beside a real firm."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client as Browser

from tests.world import World
from wellkept.clients.models import Client
from wellkept.connectors.email import transports
from wellkept.connectors.email.models import RawMail
from wellkept.conversations.models import Conversation, Handover, Message, Rhythm
from wellkept.core import outbox
from wellkept.core.models import Delivery, Fact, Outgoing
from wellkept.demo import load as demo
from wellkept.demo.cast import Cast
from wellkept.insight import actions as insight
from wellkept.insight.models import Counted
from wellkept.insight.tests.living import cells
from wellkept.people.models import Notice, Staff
from wellkept.promises.models import OPEN, Promise

THURSDAY = datetime(2026, 11, 12, 10, 42, tzinfo=ZoneInfo("Pacific/Auckland")).astimezone(UTC)


def test_the_firm_is_alive_at_the_moment_asked(db: None) -> None:
    """Nine days instead of a month: the same scenes, fewer letters. One load for everything, because it takes seconds."""
    told: list[tuple[int, int]] = []

    firm = demo.load(at=THURSDAY, days=9, progress=lambda done, whole: told.append((done, whole)))

    assert told == sorted(told) and told[-1][0] == told[-1][1]
    _the_desk_is_full(firm)
    _everything_is_as_the_actions_leave_it()
    _pages_open(firm)
    assert outbox._ways["email"].send is transports.send_letter


def _the_desk_is_full(firm: Cast) -> None:
    assert Client.objects.count() == 14
    assert Client.objects.values("time_zone").distinct().count() >= 3
    assert {role for person in Staff.objects.all() for role in person.roles} == {
        "administrator", "leader", "bookkeeper", "support", "operator", "quality",
    }  # fmt: skip
    outcomes = set(Counted.objects.values_list("outcome", flat=True))
    assert {"kept", "late", "missed", "open"} <= outcomes
    ana = firm.staff["ana"]
    mine = Promise.objects.filter(OPEN, owner=ana)
    assert mine.filter(missed_at__isnull=False).exists()
    assert mine.filter(paused_at__isnull=False).exists()
    assert mine.filter(due_at__gt=THURSDAY, due_at__lt=datetime(2026, 11, 12, 4, 30, tzinfo=UTC)).count() >= 3
    assert Handover.objects.filter(taker=ana, accepted_at=None).exists()
    assert Rhythm.objects.filter(ended_at=None).exists()
    assert Conversation.objects.filter(client=None).count() == 1
    assert RawMail.objects.filter(quarantined_at__isnull=False).count() == 1
    assert Message.objects.filter(automatic="reply").exists()
    assert Client.objects.get(language="pt-br").conversations.filter(subject="Folha de pagamento").exists()
    assert 0 < Notice.objects.filter(staff=ana, read_at=None).count() < 20


def _everything_is_as_the_actions_leave_it() -> None:
    assert not Delivery.objects.filter(done_at=None).exists()
    assert not Outgoing.objects.exclude(state="sent").filter(not_before__lte=THURSDAY).exists()
    assert not Fact.objects.filter(at__gt=THURSDAY).exists()
    assert not Message.objects.filter(at__gt=THURSDAY).exists()
    assert RawMail.objects.filter(taken_in_at__isnull=False).count() >= Message.objects.filter(kind="in").count()
    kept = cells()
    insight.rebuild()
    assert cells() == kept


def test_a_firm_is_never_overwritten(world: World) -> None:
    before = Fact.objects.count()

    with pytest.raises(demo.FirmIsHere):
        demo.load(at=THURSDAY)

    assert Fact.objects.count() == before
    assert not Client.objects.filter(name="Kestrel Freight").exists()


def _pages_open(firm: Cast) -> None:
    for key, paths in {
        "ana": ("/", "/score", "/promises"),
        "bruno": ("/score",),
        "grace": ("/score?whose=all",),
    }.items():
        browser = Browser()
        browser.force_login(firm.staff[key])
        for path in paths:
            assert browser.get(path, follow=True).status_code == 200, (key, path)
