"""Reads: the staff, their place in the firm, what they may do, what waits to be told to them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from wellkept.core import once, secrets
from wellkept.people.handover import Held, held_by
from wellkept.people.models import ApiToken, Firm, Invitation, Notice, Role, Staff, Team, usual_warnings
from wellkept.people.rules import (
    chain_above,
    holds,
    may_manage_agreements,
    may_manage_clients,
    may_manage_firm,
    may_manage_people,
    may_see_everything,
    may_see_health,
    may_triage,
    may_write_templates,
)

__all__ = [
    "Held",
    "Role",
    "active",
    "below",
    "by_email",
    "by_id",
    "chain",
    "firm",
    "for_staff",
    "held_by",
    "holds",
    "invitation_of",
    "invitations",
    "is_above",
    "leads",
    "may_manage_agreements",
    "may_manage_clients",
    "may_manage_firm",
    "may_manage_people",
    "may_see_everything",
    "may_see_health",
    "may_triage",
    "may_write_templates",
    "notices",
    "own_address",
    "reports_of",
    "setup_code",
    "staff_of_token",
    "successor_of",
    "supervisor_of",
    "team_mates",
    "team_of",
    "teams",
    "teams_of",
    "tokens_of",
    "unread_notices",
    "warn_percents",
    "with_role",
]
MOST_NOTICES = 100
LONGEST_HANDOVER = 20
BELOW = """
WITH RECURSIVE below(id) AS (
    SELECT CAST(%s AS bigint)
    UNION
    SELECT report.id FROM people_staff report JOIN below ON report.supervisor_id = below.id
) SELECT id FROM below"""


def active() -> QuerySet[Staff]:
    """Everybody who works here today, by name."""
    return Staff.objects.filter(deactivated_at=None)


def for_staff(by: Staff) -> QuerySet[Staff]:
    """Colleagues are no secret inside the firm; administrators also see who has left."""
    if not by.is_active:
        return Staff.objects.none()
    return Staff.objects.all() if may_manage_people(by) else active()


def with_role(*roles: str) -> list[Staff]:
    """Active people with one of `roles`. Roles are a list inside a row, so the few rows are sifted here."""
    return [staff for staff in active() if staff.has_role(*roles)]


def by_email(email: str) -> Staff | None:
    return active().filter(email=email.strip().lower()).first()


def by_id(pk: int) -> Staff | None:
    """A person past or present, for whoever follows a fact."""
    return Staff.objects.filter(pk=pk).first()


@once.read("firm", "calendar")
def firm() -> Firm | None:
    """The firm, once it is set up."""
    return Firm.objects.first()


def warn_percents() -> tuple[int, ...]:
    """At which shares of a promised time its owner is warned, lowest first; the usual ones before there is a firm."""
    known = firm()
    return tuple(usual_warnings() if known is None else known.warn_percents)


def own_address() -> str:
    """The firm's own mail address; "" before there is a firm."""
    known = firm()
    return known.mail_address if known is not None else ""


def setup_code() -> str:
    """What somebody at another machine must know to set the first firm up: twelve letters from the installation's key."""
    return hmac.new(settings.SECRET_KEY.encode(), b"wellkept.setup", hashlib.sha256).hexdigest()[:12]


def supervisor_of(staff: Staff) -> Staff | None:
    """Who is told when things go wrong: the first active supervisor upwards, else the team's lead, else an administrator."""
    for person in chain(staff):
        return person
    lead = team_lead(staff)
    if lead is not None:
        return lead
    return next((person for person in with_role(Role.ADMINISTRATOR) if person.pk != staff.pk), None)


def chain(staff: Staff) -> list[Staff]:
    """Active supervisors above a person, nearest first."""
    if staff.supervisor_id is None:
        return []
    above = chain_above(staff.pk, dict(Staff.objects.order_by().values_list("pk", "supervisor_id")))
    people = active().select_related("team").in_bulk(above)
    return [people[pk] for pk in above if pk in people]


def is_above(person: Staff, staff: Staff) -> bool:
    """True when `person` supervises `staff`, at any distance, or leads their team."""
    leads = staff.team is not None and staff.team.lead_id == person.pk
    return leads or any(above.pk == person.pk for above in chain(staff))


@once.read("staff", "team")
def reports_of(staff: Staff) -> frozenset[int]:
    """Everybody below a person: `is_above`, for a whole page of people at once."""
    below_them = Q(pk__in=below(staff)) | Q(team__lead=staff)
    return frozenset(Staff.objects.filter(below_them).exclude(pk=staff.pk).order_by().values_list("pk", flat=True))


@once.read("team")
def leads(staff: Staff) -> frozenset[int]:
    """The teams a person leads."""
    return frozenset(Team.objects.filter(lead=staff).order_by().values_list("pk", flat=True))


def team_lead(staff: Staff) -> Staff | None:
    lead = staff.team.lead if staff.team is not None else None
    return lead if lead is not None and lead.is_active and lead.pk != staff.pk else None


def team_of(staff: Staff) -> Team | None:
    return staff.team


def team_mates(staff: Staff) -> QuerySet[Staff]:
    """Active people of the teams a person belongs to or leads, without the person."""
    return active().filter(team__in=teams_of(staff)).exclude(pk=staff.pk)


def teams() -> QuerySet[Team]:
    return Team.objects.select_related("lead").order_by("name")


def teams_of(staff: Staff) -> QuerySet[Team]:
    """The team a person belongs to and every team they lead."""
    return Team.objects.filter(Q(pk=staff.team_id) | Q(lead=staff)).order_by()


def below(staff: Staff) -> RawSQL:
    """The person and everybody they supervise at any distance, as a subquery: `filter(owner__in=below(by))`."""
    return RawSQL(BELOW, [staff.pk])  # noqa: S611 - a constant statement with a bound id


def successor_of(staff: Staff) -> Staff | None:
    """Who holds the work of a person who left, followed until somebody is still here."""
    person: Staff | None = staff
    for _step in range(LONGEST_HANDOVER):
        if person is None or person.is_active:
            return person
        person = person.taken_over_by
    return None


def staff_of_token(clear: str, at: datetime) -> Staff | None:
    """Whose token this is, while it is neither revoked nor expired and its person is active."""
    living = Q(expires_at=None) | Q(expires_at__gt=at)
    token = (
        ApiToken.objects.filter(living, digest=secrets.digest(clear), revoked_at=None, staff__deactivated_at=None)
        .select_related("staff")
        .first()
    )
    return token.staff if token else None


def tokens_of(staff: Staff) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(staff=staff, revoked_at=None).order_by("-id")


def invitation_of(clear: str, at: datetime) -> Invitation | None:
    """The invitation a link stands for, while it can still be used."""
    return open_invitations(at).filter(digest=secrets.digest(clear)).first()


def invitations(at: datetime) -> QuerySet[Invitation]:
    """Invitations nobody has used, newest first."""
    return open_invitations(at).select_related("team", "supervisor", "made_by").order_by("-id")


def open_invitations(at: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, withdrawn_at=None, expires_at__gt=at)


def unread_notices(staff: Staff) -> QuerySet[Notice]:
    """What a person has not read yet, newest first."""
    return Notice.objects.filter(staff=staff, read_at=None)


def notices(staff: Staff, *, before: int | None = None, limit: int = 50) -> list[Notice]:
    """A page of everything a person was told, newest first."""
    told = Notice.objects.filter(staff=staff)
    if before is not None:
        told = told.filter(pk__lt=before)
    return list(told[: min(limit, MOST_NOTICES)])


def named(ids: Iterable[int]) -> dict[int, str]:
    """Names by id, of people past and present."""
    return dict(Staff.objects.filter(pk__in=set(ids)).values_list("pk", "name"))
