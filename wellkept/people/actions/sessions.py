"""Ends sessions: at once, everywhere, whatever device they are on."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wellkept.core import live
from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import rules
from wellkept.people.models import Staff

SIGNED_OUT = "signed-out"  # what open streams of the person are told; the door closes them


class SessionOver(Refusal):
    """The session is not there any more."""


class NoSecondStep(Refusal):
    """There is nothing to remove."""


@transaction.atomic
def sign_out_everywhere(*, staff: Staff, by: Staff | None, at: datetime) -> Staff:
    """No session or open stream of the person is left. A door that wants to keep its own signs the person in again."""
    _allow(staff, by)
    end_sessions(staff)
    record("session.ended", at=at, by=by, staff=staff, everywhere=True)
    return staff


@transaction.atomic
def remove_second_step(*, staff: Staff, by: Staff, at: datetime) -> Staff:
    """For somebody who lost phone and keys: the password alone opens the account again, and every session ends."""
    if by.pk == staff.pk or not rules.may_manage_people(by):
        raise NotYours(_("Another administrator must do this; your own you change on your account page."))
    if not Authenticator.objects.filter(user=staff).delete()[0]:
        raise NoSecondStep(_("%(name)s has no second step.") % {"name": staff.name})
    end_sessions(staff)
    record("staff.second_step_removed", at=at, by=by, staff=staff)
    return staff


def _allow(staff: Staff, by: Staff | None) -> None:
    if by is not None and by.pk != staff.pk and not rules.may_manage_people(by):
        raise NotYours(_("You can sign out yourself; only an administrator can sign out others."))


def end_sessions(staff: Staff) -> None:
    """A new round ends also the sessions nobody listed; the listed rows go, and open streams are told."""
    Staff.objects.filter(pk=staff.pk).update(session_round=F("session_round") + 1)
    staff.refresh_from_db(fields=["session_round"])
    listed = UserSession.objects.filter(user_id=staff.pk)
    Session.objects.filter(session_key__in=list(listed.values_list("session_key", flat=True))).delete()
    listed.delete()
    live.tell([f"staff-{staff.pk}"], [SIGNED_OUT])


@transaction.atomic
def signed_in(*, staff: Staff, at: datetime) -> Staff:
    """Writes down that a session began."""
    record("session.started", at=at, by=staff, staff=staff)
    return staff


@transaction.atomic
def sign_in_refused(*, staff: Staff, at: datetime) -> Staff:
    """Writes down that somebody did not know this person's password."""
    record("session.refused", at=at, staff=staff)
    return staff


@transaction.atomic
def end_session(*, staff: Staff, session: int, by: Staff, at: datetime) -> Staff:
    """One session of the person ends, and with it that browser's open stream."""
    _allow(staff, by)
    listed = UserSession.objects.filter(user_id=staff.pk, pk=session).first()
    if listed is None:
        raise SessionOver(_("This session has ended already."))
    Session.objects.filter(session_key=listed.session_key).delete()
    listed.delete()
    record("session.ended", at=at, by=by, staff=staff, everywhere=False)
    return staff
