"""Rows as the schemas show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from wellkept.clients.models import Client, Contact
from wellkept.conversations.models import Conversation, Message
from wellkept.core.models import Fact
from wellkept.insight import sentences
from wellkept.insight.models import NOBODY, Counted
from wellkept.insight.queries import Read
from wellkept.people.models import Staff
from wellkept.promises import queries as promises
from wellkept.promises.models import Promise

Shown = dict[str, Any]


def person(staff: Staff | None) -> Shown | None:
    return {"id": staff.pk, "name": staff.name} if staff is not None else None


def client(row: Client) -> Shown:
    return {
        "id": row.pk, "name": row.name, "bookkeeper": person(row.bookkeeper), "team": row.team_id, "country": row.country,
        "language": row.language, "time_zone": row.time_zone, "since_on": row.since_on, "archived_at": row.archived_at,
    }  # fmt: skip


def contact(row: Contact) -> Shown:
    addresses = [{"kind": a.kind, "value": a.value, "label": a.label} for a in row.addresses.all()]
    return {
        "id": row.pk, "client": row.client_id, "name": row.name, "department": row.department, "role": row.role,
        "language": row.language, "preferred_channel": row.preferred_channel, "verified_at": row.verified_at,
        "left_at": row.left_at, "addresses": addresses,
    }  # fmt: skip


def promise(row: Promise, at: datetime) -> Shown:
    return drawn(promises.drawn([row], at=at)[0])


def promise_list(rows: Sequence[Promise], at: datetime) -> list[Shown]:
    return [drawn(row) for row in promises.drawn(rows, at=at)]


def drawn(row: promises.Drawn) -> Shown:
    p = row.promise
    return {
        "id": p.pk, "kind": p.kind, "title": p.title, "state": str(row.state), "client": p.client_id,
        "owner": person(p.owner), "to_contact": p.to_contact_id, "to_staff": p.to_staff_id,
        "subject_kind": p.subject_kind, "subject_id": p.subject_id, "channel": p.channel, "made_at": p.made_at,
        "due_at": p.due_at, "seconds_left": round(row.seconds_left), "over_seconds": round(row.over_seconds),
        "waiting_for": p.waiting_for, "missed_at": p.missed_at, "kept_at": p.kept_at, "withdrawn_at": p.withdrawn_at,
        "replaced_by": p.replaced_by_id,
    }  # fmt: skip


def explanation(row: Promise, at: datetime) -> Shown:
    trail = promises.explain(row, at=at)
    lines = [{"at": l.at, "kind": l.kind, "sentence": l.sentence, "ahead": l.ahead} for l in trail.lines]  # noqa: E741
    return {
        "promise": promise(row, at), "rule": trail.rule_sentence, "keeps": trail.keeps, "lines": lines,
        "affordable": trail.affordable,
    }  # fmt: skip


def conversation(row: Conversation) -> Shown:
    return {
        "id": row.pk, "subject": row.subject, "channel": row.channel, "priority": row.priority, "client": row.client_id,
        "contact": row.contact_id, "owner": person(row.owner), "opened_at": row.opened_at,
        "last_message_at": row.last_message_at, "snippet": row.snippet, "unanswered_since": row.unanswered_since,
        "waiting_since": row.waiting_since, "waiting_for": row.waiting_for, "snoozed_until": row.snoozed_until,
        "next_due_at": row.next_due_at, "resolved_at": row.resolved_at, "merged_into": row.merged_into_id,
    }  # fmt: skip


def message(row: Message) -> Shown:
    files = [{"name": a.name, "media_type": a.media_type, "size": a.file.size} for a in row.attachments.all()]
    return {
        "id": row.pk, "kind": row.kind, "at": row.at, "author": row.author_name, "staff": row.staff_id,
        "contact": row.contact_id, "address": row.address, "to": row.to, "cc": row.cc, "text": row.text,
        "promise": row.promise_id, "withdrawn_at": row.withdrawn_at, "attachments": files,
    }  # fmt: skip


def facts(rows: Iterable[Fact]) -> list[Shown]:
    names = ("seq", "name", "at", "by", "on_behalf_of", "client", "data")
    return [{name: getattr(row, name) for name in names} for row in rows]


def figure(read: Read) -> Shown:
    return {
        "name": read.figure.name, "words": str(read.figure.words), "measure": str(read.figure.measure),
        "definition": str(read.figure.definition), "value": read.value,
        "goal": read.goal / 10_000 if read.goal is not None else None, "standing": str(read.standing),
        "affordable": read.affordable, "counted": read.counted, "kept": read.tally.kept, "late": read.tally.late,
        "missed": read.tally.missed, "sentence": sentences.of_figure(read),
    }  # fmt: skip


def event(row: Counted) -> Shown:
    p = row.promise
    return {
        "promise": p.pk, "title": p.title, "day": row.day, "outcome": row.outcome, "kind": row.kind,
        "client": None if row.client == NOBODY else row.client, "owner": None if row.owner == NOBODY else row.owner,
        "made_at": p.made_at, "due_at": p.due_at, "kept_at": p.kept_at, "subject_kind": p.subject_kind,
        "subject_id": p.subject_id,
    }  # fmt: skip
