"""What insight does when a promise changes: it counts it where it belongs now."""

from __future__ import annotations

from wellkept.core.models import Fact
from wellkept.core.reactions import reacts_to
from wellkept.insight import actions
from wellkept.insight.models import NOBODY


@reacts_to(
    "promise.made",
    "promise.kept",
    "promise.unkept",
    "promise.extended",
    "promise.withdrawn",
    "promise.handed_over",
    "promise.moved",
)
def count_the_promise(fact: Fact) -> None:
    actions.count(promise_id=fact.data["promise"])


@reacts_to("promise.missed")
def count_the_miss(fact: Fact) -> None:
    actions.count(promise_id=fact.data["promise"], missed_by=fact.data.get("owner") or NOBODY)


@reacts_to("firm.changed")
def cut_the_days(fact: Fact) -> None:
    actions.recut_days()
