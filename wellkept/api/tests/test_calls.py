"""Calls over the API: promised within a day, and how they went."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wellkept.api.tests.caller import Callers, body
from wellkept.core.clock import now

pytestmark = pytest.mark.req("C2")


def test_a_call_is_promised_once_and_its_outcome_keeps_it(callers: Callers) -> None:
    path = f"/conversations/{callers.conversation.pk}/calls"
    sent = {"contact": callers.world.pele.pk, "number": "+6445550101", "what": "the lease"}

    first, again = (callers.ana.post(path, sent, Idempotency_Key="one") for _time in range(2))

    promise = body(first)
    assert (first.status_code, promise) == (201, body(again))
    assert (promise["kind"], promise["title"]) == ("call_back", "Call Pele Okafor (+6445550101): the lease")
    outcome = {"went": {"kind": "reached", "outcome": "It is a lease."}}
    went = callers.ana.post(f"{path}/{promise['id']}/outcome", outcome)
    assert (went.status_code, body(went)["text"], body(went)["promise"]) == (201, "It is a lease.", promise["id"])
    assert body(callers.ana.get(f"/promises/{promise['id']}"))["kept_at"] is not None
    assert callers.ana.post(f"{path}/{promise['id']}/outcome", outcome).status_code == 409


def test_a_call_after_more_than_a_day_is_refused_and_so_is_anothers(callers: Callers) -> None:
    path = f"/conversations/{callers.conversation.pk}/calls"
    late = callers.ana.post(path, {"due_at": (now() + timedelta(days=9)).isoformat()})

    assert (late.status_code, body(late)["code"]) == (422, "call-too-late")
    assert callers.ana.post(path, {"contact": callers.world.sam.pk}).status_code == 404
    assert (
        callers.stranger.post(
            f"{path}/{callers.promise.pk}/outcome", {"went": {"kind": "reached", "outcome": "x"}}
        ).status_code
        == 404
    )
    other = callers.ana.post(f"{path}/{callers.promise.pk}/outcome", {"went": {"kind": "reached", "outcome": "x"}})
    assert (other.status_code, body(other)["code"]) == (409, "not-a-call")
