"""How a person leaves: nothing of theirs stays open, nothing they owed is forgotten."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother
from wellkept.people import rules
from wellkept.people.actions.checks import allow_managing_people
from wellkept.people.actions.sessions import end_sessions
from wellkept.people.handover import held_by
from wellkept.people.models import ApiToken, Firm, Invitation, Staff, Team


class LastAdministrator(Refusal):
    """The firm must keep somebody who can manage it."""


class WorkStillOpen(Refusal):
    """Somebody must take over what the person holds."""


class WrongTaker(Refusal):
    """Work goes to an active colleague."""


@transaction.atomic
def deactivate(*, staff: Staff, taker: Staff | None, by: Staff | None, at: datetime) -> Staff:
    """The person can do nothing from now on; `taker` gets the open work, which higher rooms move as they hear the fact."""
    allow_managing_people(by)
    keep_an_administrator(without=staff)
    _check_taker(staff, taker)
    if Staff.objects.filter(pk=staff.pk, deactivated_at=None).update(deactivated_at=at, taken_over_by=taker) != 1:
        raise TakenByAnother(_("%(name)s has left already.") % {"name": staff.name})
    staff.refresh_from_db()
    end_sessions(staff)
    ApiToken.objects.filter(staff=staff, revoked_at=None).update(revoked_at=at)
    Invitation.objects.filter(made_by=staff, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    _close_the_gap(staff, taker)
    record("staff.deactivated", at=at, by=by, staff=staff, taker=taker)
    return staff


@transaction.atomic
def welcome_back(*, staff: Staff, by: Staff | None, at: datetime) -> Staff:
    """The person may sign in again, with no session or token of before."""
    allow_managing_people(by)
    if (
        Staff.objects.filter(pk=staff.pk, deactivated_at__isnull=False).update(deactivated_at=None, taken_over_by=None)
        != 1
    ):
        raise TakenByAnother(_("%(name)s is here already.") % {"name": staff.name})
    staff.refresh_from_db()
    record("staff.returned", at=at, by=by, staff=staff)
    return staff


def keep_an_administrator(*, without: Staff) -> None:
    """Refuses when `without` is the only active administrator. Holds the firm's row, so that two cannot go at once."""
    list(Firm.objects.select_for_update().values_list("pk"))
    if not without.has_role(rules.ADMINISTRATOR):
        return
    others = Staff.objects.filter(deactivated_at=None).exclude(pk=without.pk).values_list("roles", flat=True)
    if not any(rules.ADMINISTRATOR in roles for roles in others):
        sentence = _("%(name)s is the last administrator. Make somebody else one first.")
        raise LastAdministrator(sentence % {"name": without.name})


def _check_taker(staff: Staff, taker: Staff | None) -> None:
    if taker is not None:
        if taker.pk == staff.pk or not taker.is_active:
            raise WrongTaker(_("Choose a colleague who is still here."), field="taker")
        return
    held = held_by(staff)
    if held:
        words = ", ".join(thing.words for thing in held)
        sentence = _("%(name)s still holds %(things)s. Choose who takes over.")
        raise WorkStillOpen(sentence % {"name": staff.name, "things": words}, field="taker")


def _close_the_gap(staff: Staff, taker: Staff | None) -> None:
    """Reports and teams of the person get the next one up, else the taker; nobody is left under somebody who is gone."""
    above = staff.supervisor if staff.supervisor is not None and staff.supervisor.is_active else taker
    reports = Staff.objects.filter(supervisor=staff)
    if above is not None:
        Staff.objects.filter(pk=above.pk, supervisor=staff).update(supervisor=None)
        reports = reports.exclude(pk=above.pk)
    reports.update(supervisor=above)
    Team.objects.filter(lead=staff).update(lead=taker or above)
