"""A person's place in the firm: roles, supervisor, team."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.people import queries, rules
from wellkept.people.actions.checks import a_name, allow_managing_people
from wellkept.people.actions.joining import NoSuchRole, some_roles
from wellkept.people.actions.leaving import keep_an_administrator
from wellkept.people.models import Staff, Team

__all__ = [
    "ChainGoesRound",
    "NoSuchRole",
    "TeamNameTaken",
    "change_supervisor",
    "change_team",
    "grant_roles",
    "join_team",
    "make_team",
    "rename",
]


class ChainGoesRound(Refusal):
    """A supervisor may not stand below the person they supervise."""


class TeamNameTaken(Refusal):
    """Another team has this name."""


@transaction.atomic
def grant_roles(*, staff: Staff, roles: Iterable[str], by: Staff | None, at: datetime) -> Staff:
    """From now on exactly these roles. The last administrator stays one."""
    allow_managing_people(by)
    wanted = some_roles(roles)
    if rules.ADMINISTRATOR not in wanted:
        keep_an_administrator(without=staff)
    staff.roles = wanted
    staff.save(update_fields=["roles"])
    record("staff.roles_granted", at=at, by=by, staff=staff, roles=wanted)
    return staff


@transaction.atomic
def change_supervisor(*, staff: Staff, supervisor: Staff | None, by: Staff | None, at: datetime) -> Staff:
    """Who is told when this person's promises are in danger."""
    allow_managing_people(by)
    if supervisor is not None:
        _check_supervisor(staff, supervisor)
    staff.supervisor = supervisor
    staff.save(update_fields=["supervisor"])
    record("staff.supervisor_changed", at=at, by=by, staff=staff, supervisor=supervisor)
    return staff


@transaction.atomic
def make_team(*, name: str, lead: Staff | None, by: Staff | None, at: datetime) -> Team:
    allow_managing_people(by)
    team = Team.objects.create(name=_free_name(name), lead=_active(lead))
    record("team.made", at=at, by=by, team=team, lead=lead)
    return team


@transaction.atomic
def change_team(*, team: Team, name: str, lead: Staff | None, by: Staff | None, at: datetime) -> Team:
    allow_managing_people(by)
    team.name, team.lead = _free_name(name, besides=team), _active(lead)
    team.save()
    record("team.changed", at=at, by=by, team=team, lead=lead)
    return team


@transaction.atomic
def join_team(*, staff: Staff, team: Team | None, by: Staff | None, at: datetime) -> Staff:
    """The one team a person works in, or none."""
    allow_managing_people(by)
    staff.team = team
    staff.save(update_fields=["team"])
    record("staff.team_joined", at=at, by=by, staff=staff, team=team)
    return staff


@transaction.atomic
def rename(*, staff: Staff, name: str, by: Staff | None, at: datetime) -> Staff:
    """Their own name, or anybody's for an administrator."""
    if by is None or by.pk != staff.pk:
        allow_managing_people(by)
    staff.name = a_name(name)
    staff.save(update_fields=["name"])
    record("staff.renamed", at=at, by=by, staff=staff)
    return staff


def _check_supervisor(staff: Staff, supervisor: Staff) -> None:
    _active(supervisor)
    if supervisor.pk == staff.pk or any(above.pk == staff.pk for above in queries.chain(supervisor)):
        sentence = _("%(supervisor)s works under %(name)s. Choose somebody who does not.")
        raise ChainGoesRound(sentence % {"supervisor": supervisor.name, "name": staff.name}, field="supervisor")


def _active(person: Staff | None) -> Staff | None:
    if person is not None and not person.is_active:
        raise ChainGoesRound(_("%(name)s has left. Choose somebody who is still here.") % {"name": person.name})
    return person


def _free_name(text: str, besides: Team | None = None) -> str:
    name = a_name(text, longest=80)
    taken = Team.objects.filter(name__iexact=name)
    if (taken if besides is None else taken.exclude(pk=besides.pk)).exists():
        raise TeamNameTaken(_("There is a team named %(name)s already.") % {"name": name}, field="name")
    return name
