"""What is promised: every edit is a new version, and no version ever changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from wellkept.clients import queries, rules
from wellkept.clients.fields import a_line
from wellkept.clients.models import Agreement, AgreementVersion, Client, Target
from wellkept.clients.rules import DAY, HOUR, TargetDraft
from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, TakenByAnother
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.people.models import Staff

WORKING_DAY = 8 * HOUR
# What a new firm starts with; every figure can be changed on the agreements page.
FIRST_TARGETS = (
    TargetDraft("acknowledge", 3 * HOUR, share=Decimal(95)),
    TargetDraft("next_reply", DAY, clock=rules.ELAPSED, channel="email", share=Decimal(90), average_seconds=DAY),
    TargetDraft("next_reply", WORKING_DAY, share=Decimal(80)),
    TargetDraft("resolve", 5 * WORKING_DAY, share=Decimal(90), average_seconds=12 * HOUR),
    TargetDraft("colleague", WORKING_DAY, share=Decimal(90)),
)


@transaction.atomic
def draw_up_agreement(
    *,
    client: Client | None,
    name: str,
    targets: Sequence[TargetDraft],
    pauses_while_waiting: bool = True,
    machine_may_acknowledge: bool = False,
    by: Staff | None,
    at: datetime,
) -> AgreementVersion:
    """The next version of the client's agreement, or of the firm's default when `client` is None."""
    if not people.may_manage_agreements(by):
        raise NotYours(_("Only an administrator can change what is promised. Ask one of yours."))
    drafts = rules.check_targets(targets)
    agreement = _agreement(client, a_line(name, longest=80))
    version = _next_version(agreement, pauses_while_waiting, machine_may_acknowledge, by=by, at=at)
    Target.objects.bulk_create([Target(version=version, **vars(draft)) for draft in drafts])
    record("agreement.changed", at=at, by=by, client=client, agreement=agreement, version=version)
    return version


@transaction.atomic
def draw_up_first_agreement(*, at: datetime) -> AgreementVersion | None:
    """The firm's default with our usual targets, unless it has one."""
    if queries.default_agreement() is not None:
        return None
    return draw_up_agreement(client=None, name=_("What we promise everyone"), targets=FIRST_TARGETS, by=None, at=at)


def _agreement(client: Client | None, name: str) -> Agreement:
    try:
        with transaction.atomic():
            agreement, made = Agreement.objects.get_or_create(client=client, defaults={"name": name})
    except IntegrityError as problem:
        raise _changed_meanwhile() from problem
    if not made and agreement.name != name:
        agreement.name = name
        agreement.save(update_fields=["name"])
    return agreement


def _next_version(
    agreement: Agreement, pauses: bool, machine: bool, *, by: Staff | None, at: datetime
) -> AgreementVersion:
    newest = agreement.versions.aggregate(newest=Max("number"))["newest"] or 0
    try:
        with transaction.atomic():
            return AgreementVersion.objects.create(
                agreement=agreement,
                number=newest + 1,
                made_at=at,
                made_by=by.pk if by is not None else None,
                pauses_while_waiting=pauses,
                machine_may_acknowledge=machine,
            )
    except IntegrityError as problem:
        raise _changed_meanwhile() from problem


def _changed_meanwhile() -> TakenByAnother:
    return TakenByAnother(_("Somebody else has just changed this agreement. Load it again."))
