"""How the machinery does: who works, what runs by the clock, what waits, and what a person must look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_GET, require_POST

from wellkept.connectors.email import queries as mail
from wellkept.core import actions, queries
from wellkept.core.clock import now
from wellkept.core.models import Delivery, Heartbeat, ScheduledRun
from wellkept.people import queries as people
from wellkept.web.desk import history
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import Reader, ago, duration, when

PAGE = 50
LATE = 120
SCHEDULES = {
    "promises.sweep": gettext_noop("Warns of what falls due and records what was missed"),
    "promises.recount": gettext_noop("Counts open promises anew after a change"),
    "conversations.wake_up": gettext_noop("Brings back what was put aside"),
    "conversations.look_again": gettext_noop("Brings back what waits for a client and is looked at again"),
    "core.seal": gettext_noop("Seals the service book"),
    "core.verify": gettext_noop("Verifies the service book"),
    "core.clean": gettext_noop("Clears out what is no longer needed"),
    "email.read": gettext_noop("Reads mail that has arrived"),
    "email.poll": gettext_noop("Fetches mail from the mailboxes"),
    "api.forget_old_keys": gettext_noop("Forgets old keys of the API"),
}


@dataclass(frozen=True)
class Beat:
    """One process that works for the firm."""

    name: str
    kind: str
    state: str
    heard: str
    since: str
    note: str


@dataclass(frozen=True)
class Run:
    """One thing that runs by the clock."""

    name: str
    words: str
    state: str
    last: str
    took: str
    following: str
    error: str


@dataclass(frozen=True)
class Dead:
    """A reaction that was given up."""

    id: int
    what: str
    fact: str
    time: str
    tries: int
    error: str
    address: str


def only_those_who_may(request: StaffRequest) -> None:
    if not people.may_see_health(request.staff):
        raise Http404


@require_GET
def health(request: StaffRequest) -> HttpResponse:
    only_those_who_may(request)
    at = reader(request)
    beats = [_beat(row, at) for row in queries.beating()]
    runs = [_run(row, at) for row in queries.scheduled_runs()]
    backlog = queries.backlog(at=at.now)
    unread = mail.quarantine(request.staff)[:100].count()
    context = {
        "beats": beats,
        "runs": runs,
        "figures": _figures(backlog, unread, at),
        "sentence": _sentence(beats, runs, backlog, unread),
    }
    return render(request, "pages/health.html", context)


@require_GET
def dead_letters(request: StaffRequest) -> HttpResponse:
    only_those_who_may(request)
    rows = queries.dead_deliveries()
    after = request.GET.get("after", "")
    start = min(int(after), 10_000) if after.isdecimal() and len(after) < 6 else 0
    found = list(rows[start : start + PAGE + 1])
    context = {
        "rows": _dead(found[:PAGE], reader(request)),
        "next": start + PAGE if len(found) > PAGE else None,
        "before": start,
    }
    return render(request, "pages/dead_letters.html", context)


@require_POST
def run_again(request: StaffRequest, id: int) -> HttpResponse:
    only_those_who_may(request)
    delivery = get_object_or_404(queries.dead_deliveries(), pk=id)
    return answer(
        request,
        actions.retry_delivery,
        delivery=delivery,
        by=request.staff,
        at=now(),
        said=_("It runs again now."),
        then=reverse("dead_letters"),
        refresh=["dead"],
    )


def _beat(row: Heartbeat, at: Reader) -> Beat:
    silent = queries.is_silent(row, at=at.now)
    return Beat(
        name=row.name,
        kind={"worker": _("worker"), "scheduler": _("scheduler"), "web": _("pages"), "mail": _("mail intake")}.get(
            row.kind, row.kind
        ),
        state="broken" if silent else "kept",
        heard=_("silent since %(time)s") % {"time": when(row.beat_at, at)}
        if silent
        else _("heard %(time)s") % {"time": ago(row.beat_at, at)},
        since=when(row.started_at, at),
        note=row.note,
    )


def _run(row: ScheduledRun, at: Reader) -> Run:
    late = (at.now - row.due_at).total_seconds() > LATE and row.claimed_until is None
    return Run(
        name=row.name,
        words=_(SCHEDULES[row.name]) if row.name in SCHEDULES else row.name,
        state="broken" if row.error else ("risk" if late else "open"),
        last=when(row.finished_at, at) if row.finished_at else _("not yet"),
        took="–"
        if row.finished_at is None
        else f"{row.took_ms} ms"
        if row.took_ms < 1000
        else duration(row.took_ms / 1000),
        following=when(row.due_at, at),
        error=row.error,
    )


def _figures(backlog: queries.Backlog, unread: int, at: Reader) -> list[dict[str, Any]]:
    waiting = backlog.outgoing.get("pending", 0) + backlog.outgoing.get("sending", 0)
    stuck = backlog.outgoing.get("dead", 0) + backlog.outgoing.get("unknown", 0)
    oldest = _("oldest %(time)s") % {"time": duration(backlog.oldest.total_seconds())} if backlog.deliveries else ""
    return [
        {"label": _("Reactions owed"), "value": backlog.deliveries, "note": oldest, "address": ""},
        {
            "label": _("Dead letters"),
            "value": backlog.dead,
            "note": _("given up, waiting for a person"),
            "address": reverse("dead_letters"),
            "bad": backlog.dead,
        },
        {
            "label": _("Mail in quarantine"),
            "value": unread,
            "note": _("could not be read"),
            "address": reverse("quarantine"),
            "bad": unread,
        },
        {"label": _("Letters on their way"), "value": waiting, "note": "", "address": reverse("outbox")},
        {
            "label": _("Letters in the box"),
            "value": backlog.outgoing.get("held", 0),
            "note": _("no mail server is set up") if backlog.outgoing.get("held") else "",
            "address": reverse("outbox"),
        },
        {
            "label": _("Letters in trouble"),
            "value": stuck,
            "note": "",
            "address": f"{reverse('outbox')}?view=trouble",
            "bad": stuck,
        },
    ]


def _sentence(beats: list[Beat], runs: list[Run], backlog: queries.Backlog, unread: int) -> str:
    silent = [beat for beat in beats if beat.state == "broken"]
    if not beats:
        return _("No worker is heard: nothing leaves and no reaction runs. Start “wellkept serve” or “wellkept work”.")
    if silent:
        return ngettext("One process has fallen silent.", "%(n)s processes have fallen silent.", len(silent)) % {
            "n": len(silent)
        }
    wants = backlog.dead + unread + backlog.outgoing.get("dead", 0) + sum(bool(run.error) for run in runs)
    if wants:
        return ngettext(
            "Everything runs; one thing waits for a person.", "Everything runs; %(n)s things wait for a person.", wants
        ) % {"n": wants}
    return _("Everything runs and nothing waits for a person.")


def _dead(found: list[Delivery], at: Reader) -> list[Dead]:
    lines = history.lines([row.fact for row in found], reader=at)
    return [
        Dead(
            id=row.pk,
            what=row.reaction,
            fact=line.text,
            time=when(row.dead_at, at) if row.dead_at else "",
            tries=row.attempts,
            error=row.error.strip().splitlines()[-1][:400] if row.error.strip() else "",
            address=line.address,
        )
        for row, line in zip(found, lines, strict=True)
    ]


urlpatterns = [
    path("health", health, name="health"),
    path("health/dead-letters", dead_letters, name="dead_letters"),
    path("health/dead-letters/<int:id>/run-again", run_again, name="delivery_retry"),
]
