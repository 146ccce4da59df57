"""What a person must know, kept until they have read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core import live
from wellkept.core.facts import draft, note_all, record
from wellkept.core.models import Fact
from wellkept.core.refusals import NotYours
from wellkept.people.models import Notice, Staff

FRAGMENT = "notices"


@transaction.atomic
def notify(
    *,
    staff: Staff,
    kind: str,
    subject_kind: str,
    subject_id: int,
    text: str,
    at: datetime,
    client: int | None = None,
    fact: Fact | int | None = None,
) -> Notice:
    """Tell a person once for each fact and kind; telling again returns the first notice."""
    number = fact.seq if isinstance(fact, Fact) else fact
    said = {"subject_kind": subject_kind, "subject_id": subject_id, "client": client, "text": text, "at": at}
    if number is None:
        notice, made = Notice.objects.create(staff=staff, kind=kind, **said), True
    else:
        notice, made = Notice.objects.get_or_create(staff=staff, fact=number, kind=kind, defaults=said)
    if made:
        record("notice.given", at=at, client=client, staff=staff, notice=notice)
        live.tell([f"staff-{staff.pk}"], [FRAGMENT])
    return notice


@dataclass(frozen=True, slots=True)
class Telling:
    """What one person is told of one fact."""

    staff: Staff
    kind: str
    subject_kind: str
    subject_id: int
    client: int | None
    text: str
    fact: Fact


@transaction.atomic
def notify_all(*, tellings: Sequence[Telling], at: datetime) -> list[Notice]:
    """Tell many things at once, each of a fact recorded in this very transaction: nobody can have been told of it before."""
    notices = Notice.objects.bulk_create(
        Notice(
            staff=one.staff,
            kind=one.kind,
            subject_kind=one.subject_kind,
            subject_id=one.subject_id,
            client=one.client,
            text=one.text,
            at=at,
            fact=one.fact.seq,
        )
        for one in tellings
    )
    note_all([draft("notice.given", at=at, client=n.client, staff=n.staff_id, notice=n.pk) for n in notices])
    live.tell({f"staff-{notice.staff_id}" for notice in notices}, [FRAGMENT])
    return notices


@transaction.atomic
def read_notice(*, notice: Notice, by: Staff, at: datetime) -> Notice:
    """Marks it read; reading twice changes nothing."""
    if notice.staff_id != by.pk:
        raise NotYours(_("This notice is for somebody else."))
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at)
    notice.refresh_from_db(fields=["read_at"])
    live.tell([f"staff-{by.pk}"], [FRAGMENT])
    return notice


@transaction.atomic
def read_all_notices(*, by: Staff, at: datetime) -> int:
    """Marks everything read that the person had been told by now; says how many."""
    count = Notice.objects.filter(staff=by, read_at=None, at__lte=at).update(read_at=at)
    live.tell([f"staff-{by.pk}"], [FRAGMENT])
    return count
