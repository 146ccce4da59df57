"""The score card: what was kept, late and missed, every figure with the promises it was counted from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wellkept.clients import queries as clients
from wellkept.insight import figures, queries, sentences
from wellkept.insight.queries import Lens
from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.promises import kinds
from wellkept.web import scorecard
from wellkept.web.scorelines import events_of
from wellkept.web.shell import commands
from wellkept.web.shell.reading import StaffRequest, reader, zone_of
from wellkept.web.shell.words import Reader, full, month

PAGE = 50
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
WORD = re.compile(r"[a-z_]{1,20}")
MONTHS_BACK = 365
MOST_CHOICES = 500
CHANNELS = ("email", "internal")
SEES_ALL = ("administrator", "quality")


@dataclass(frozen=True)
class Card:
    """Whose card this is and through which lens."""

    lens: Lens
    title: str
    person: Staff | None
    today: date


@require_GET
def score(request: StaffRequest) -> HttpResponse:
    card = _card(request)
    by, lens, eyes = request.staff, card.lens, reader(request)
    seen = queries.sight(by)
    read = queries.score(seen, lens)
    year = replace(lens, since=(lens.until - timedelta(days=MONTHS_BACK)).replace(day=1))
    parts = queries.by_client(seen, lens)
    bars = scorecard.clients_chart(parts)
    return render(
        request,
        "pages/score.html",
        {
            "card": card,
            "here": request.get_full_path(),
            "period": month(lens.since, eyes),
            "printed": full(eyes.now, eyes),
            "scripts": ("wellkept/js/score.js",),
            "score": read,
            "sentence": sentences.of_score(read),
            "rows": scorecard.figure_rows(read, queries.openings(seen, lens), by=by, reader=eyes),
            "kept": read.figure("kept"),
            "gauge": scorecard.gauge_of(read.figure("kept"), eyes),
            "days": scorecard.days_chart(read),
            "day_rows": scorecard.day_rows(read),
            "clients": bars,
            "clients_height": 4 + 24 * len(bars),
            "inbox": commands.INBOX.address,
            "tables": list(_tables(seen, lens, year, parts, eyes)),
            **_choices(request, card, seen, eyes),
        },
    )


@require_GET
def events(request: StaffRequest, name: str) -> HttpResponse:
    """All events of one figure, a page at a time."""
    card = _card(request)
    by, eyes = request.staff, reader(request)
    try:
        read = queries.figure(by, name, card.lens)
    except figures.UnknownFigure:
        raise Http404 from None
    page = _number(request.GET.get("after", "1"))
    first = (page - 1) * PAGE
    found = list(queries.events(by, name, card.lens)[first : first + PAGE + 1])
    row = scorecard.figure_row(read, events_of(found[:PAGE], by=by, reader=eyes), card.lens, eyes)
    return render(
        request,
        "pages/score_events.html",
        {
            "card": card,
            "here": request.get_full_path(),
            "row": row,
            "period": month(card.lens.since, eyes),
            "back": scorecard.address("score", card.lens),
            "before": page > 1,
            "next": page + 1 if len(found) > PAGE else None,
        },
    )


def _card(request: StaffRequest) -> Card:
    """Whose score, and of which month, from the address. What the viewer may not see is not found."""
    by, asked = request.staff, request.GET
    firm = people.firm()
    today = reader(request).now.astimezone(zone_of(firm.time_zone) if firm else ZoneInfo("UTC")).date()
    since = _month(asked.get("month", ""), today)
    lens = Lens(
        since=since,
        until=scorecard.next_month(since),
        kind=_word(asked.get("kind", "")),
        channel=_word(asked.get("channel", "")),
    )
    client = None
    if asked.get("client"):
        client = get_object_or_404(clients.for_staff(by), pk=_id(asked["client"]))
        lens = replace(lens, client=client.pk)
    if asked.get("team"):
        team = get_object_or_404(people.teams_of(by), pk=_id(asked["team"]))
        return Card(replace(lens, team=team.pk), _named(team.name, client), None, today)
    person = _person(request, everyone=asked.get("whose") == "all" or client is not None)
    if person is None:
        return Card(lens, client.name if client else _("Everyone"), None, today)
    return Card(replace(lens, person=person.pk), _named(person.name, client), person, today)


def _person(request: StaffRequest, *, everyone: bool) -> Staff | None:
    """The person asked for; else oneself, unless one keeps no promises but watches over all."""
    by, asked = request.staff, request.GET.get("person", "")
    if asked:
        seen = queries.people_of(by)
        id = _id(asked)
        if seen is not None and id not in seen:
            raise Http404
        return get_object_or_404(Staff, pk=id)
    watches = people.holds(by, *SEES_ALL) and not by.has_role("bookkeeper", "support")
    return None if everyone or watches else by


def _named(name: str, client: Any) -> str:
    return _("%(name)s for %(client)s") % {"name": name, "client": client} if client else name


def _choices(request: StaffRequest, card: Card, seen: queries.Sight, eyes: Reader) -> dict[str, object]:
    """Months, whose card, and what it can be narrowed to."""
    by, lens = request.staff, card.lens
    known = queries.days_known(seen)
    first = known[0].replace(day=1) if known else None
    staff = list(queries.people_to_choose(by)[:MOST_CHOICES])
    return {
        "months": scorecard.months_to_choose(first, card.today.replace(day=1), lens.since, lens, eyes),
        "whose": _whose(by, lens) if len(staff) > 1 else [],
        "staff_choices": staff if len(staff) > 1 else [],
        "client_choices": clients.current(by)[:MOST_CHOICES],
        "kind_choices": [(kind.name, kind.words) for kind in kinds.every()],
        "channel_choices": [(channel, scorecard.channel_words(channel)) for channel in CHANNELS],
        "month_value": lens.since.isoformat()[:7],
        "narrowed": bool(lens.kind or lens.channel or lens.client),
    }


def _whose(by: Staff, lens: Lens) -> list[dict[str, object]]:
    """Me, the teams I lead, everyone: the same card through another lens."""
    mine = replace(lens, person=by.pk, team=None)
    choices = [{"label": _("Me"), "address": scorecard.address("score", mine), "current": lens.person == by.pk}]
    for team in people.teams_of(by).filter(lead=by).order_by("name"):
        narrowed = replace(lens, person=None, team=team.pk)
        choices.append(
            {"label": team.name, "address": scorecard.address("score", narrowed), "current": lens.team == team.pk}
        )
    everyone = replace(lens, person=None, team=None)
    current = lens.person is None and lens.team is None
    return [*choices, {"label": _("Everyone"), "address": scorecard.address("score", everyone), "current": current}]


def _tables(
    by: queries.Sight, lens: Lens, year: Lens, parts: list[queries.Part], eyes: Reader
) -> Iterator[dict[str, object]]:
    """Kept, late and missed by everything the lens does not already narrow."""
    if lens.client is None:
        yield _table("client", _("By client"), _("Client"), scorecard.part_rows(parts, lens, "client", eyes))
    if lens.person is None:
        rows = scorecard.part_rows(queries.by_person(by, lens), lens, "person", eyes)
        yield _table("person", _("By person"), _("Person"), rows)
    if not lens.kind:
        yield _table(
            "kind", _("By kind"), _("Kind"), scorecard.part_rows(queries.by_kind(by, lens), lens, "kind", eyes)
        )
    if not lens.channel:
        rows = scorecard.part_rows(queries.by_channel(by, lens), lens, "channel", eyes)
        yield _table("channel", _("By channel"), _("Channel"), rows)
    yield _table("month", _("By month"), _("Month"), scorecard.month_rows(queries.by_month(by, year), lens, eyes))


def _table(name: str, title: str, column: str, rows: list[scorecard.PartRow]) -> dict[str, object]:
    return {"name": name, "title": title, "column": column, "rows": rows}


def _month(text: str, today: date) -> date:
    """The first day of the month named; this month when none or no sensible one is."""
    named = MONTH.fullmatch(text)
    return date(int(named[1]), int(named[2]), 1) if named else today.replace(day=1)


def _word(text: str) -> str:
    """A kind or channel is a short plain word; anything else narrows nothing."""
    return text if WORD.fullmatch(text) else ""


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)


def _number(text: str) -> int:
    return max(1, min(_id(text), 10_000))


urlpatterns = [
    path("score", score, name="score"),
    path("score/<slug:name>", events, name="score_figure"),
]
