"""How a person comes in: by an invitation, once, within 72 hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from wellkept.core import live, secrets
from wellkept.core.addresses import email
from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import rules
from wellkept.people.actions.checks import a_name, allow_managing_people
from wellkept.people.actions.mail import mail
from wellkept.people.models import Firm, Invitation, Staff, Team

LIFE = timedelta(hours=72)


class AlreadyHere(Refusal):
    """Somebody with this address works here."""


class InvitationOver(Refusal):
    """The link was used, withdrawn, or has run out."""


class WeakPassword(Refusal):
    """The password is too easy to guess."""


class NoSuchRole(Refusal):
    """A person needs at least one role, and only roles the firm has."""


@transaction.atomic
def invite(
    *,
    email_address: str,
    name: str,
    roles: Iterable[str],
    team: Team | None = None,
    supervisor: Staff | None = None,
    link: str = "",
    by: Staff,
    at: datetime,
) -> tuple[Invitation, str]:
    """An invitation and the clear text of its token, which is shown now and never kept. A second one replaces the first.

    `link` is the address it is used at, with `{token}` in it: given, the person gets it by mail.
    """
    allow_managing_people(by)
    address = email(email_address)
    if Staff.objects.filter(email=address).exists():
        raise AlreadyHere(_("Somebody with the address %(email)s is here already.") % {"email": address}, field="email")
    Invitation.objects.filter(email=address, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    clear = secrets.new_token()
    invitation = Invitation.objects.create(
        email=address,
        name=a_name(name),
        roles=some_roles(roles),
        team=team,
        supervisor=supervisor,
        digest=secrets.digest(clear),
        made_at=at,
        made_by=by,
        expires_at=at + LIFE,
    )
    record("invitation.made", at=at, by=by, invitation=invitation)
    if link:
        _mail_link(invitation, link.replace("{token}", clear), at)
    return invitation, clear


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Staff, at: datetime) -> Invitation:
    """The link stops working."""
    allow_managing_people(by)
    if Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None).update(withdrawn_at=at) != 1:
        raise InvitationOver(_("This invitation was used or withdrawn already."))
    invitation.withdrawn_at = at
    record("invitation.withdrawn", at=at, by=by, invitation=invitation)
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, password: str | None, at: datetime, name: str = "") -> Staff:
    """The person joins with the roles they were invited to. `password` None: they sign in through the firm's provider."""
    invitation = Invitation.objects.filter(digest=secrets.digest(token)).first()
    if invitation is None:
        raise _over()
    checked = check_password(password, field="password", like=(invitation.email, name or invitation.name))
    taken = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None, expires_at__gt=at).update(
        used_at=at
    )
    if taken != 1:
        raise _over()
    return _joined(invitation, name=name or invitation.name, password=checked, at=at)


@transaction.atomic
def join_by_provider(*, email_address: str, at: datetime) -> Staff:
    """The invited person joins because the firm's own provider vouches for their address."""
    address = email(email_address)
    invitation = Invitation.objects.filter(email=address, used_at=None, withdrawn_at=None, expires_at__gt=at).first()
    if invitation is None or Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=at) != 1:
        raise _over()
    return _joined(invitation, name=invitation.name, password=None, at=at)


@transaction.atomic
def change_password(*, staff: Staff, password: str, by: Staff | None, at: datetime) -> Staff:
    """A new password; every other session ends because it was tied to the old one."""
    if by is not None and by.pk != staff.pk:
        raise NotYours(_("People choose their own password."))
    staff.set_password(check_password(password, field="password", like=(staff.email, staff.name)))
    staff.save(update_fields=["password"])
    record("staff.password_changed", at=at, by=by, staff=staff)
    live.tell([f"staff-{staff.pk}"], ["signed-out"])
    return staff


def admit(
    *,
    address: str,
    name: str,
    password: str | None,
    roles: list[str],
    firm: Firm,
    at: datetime,
    team: Team | None = None,
    supervisor: Staff | None = None,
) -> Staff:
    """The rows of a new person. Their address counts as verified: they came through a link sent to it, or set the firm up."""
    staff = Staff(
        email=address,
        name=name,
        roles=some_roles(roles),
        team=team,
        supervisor=supervisor,
        language=firm.language,
        time_zone=firm.time_zone,
        joined_at=at,
    )
    if password is None:
        staff.set_unusable_password()
    else:
        staff.set_password(password)
    if Staff.objects.filter(email=address).exists():
        raise AlreadyHere(_("Somebody with the address %(email)s is here already.") % {"email": address}, field="email")
    staff.save(force_insert=True)
    EmailAddress.objects.create(user=staff, email=address, verified=True, primary=True)
    return staff


def check_password(password: str | None, *, field: str, like: tuple[str, ...] = ()) -> str | None:
    """The password, or a refusal that says what to change. `like` are texts it may not resemble."""
    if password is None:
        return None
    person = Staff(email=like[0] if like else "", name=like[1] if len(like) > 1 else "")
    try:
        validate_password(password, person)
    except ValidationError as problem:
        raise WeakPassword(" ".join(problem.messages), field=field) from problem
    return password


def some_roles(roles: Iterable[str]) -> list[str]:
    wanted = list(roles)
    strange = [role for role in wanted if role not in rules.ROLES]
    if not wanted or strange:
        raise NoSuchRole(_("Choose at least one role from the list."), field="roles")
    return rules.in_order(wanted)


def _joined(invitation: Invitation, *, name: str, password: str | None, at: datetime) -> Staff:
    firm = Firm.objects.first()
    if firm is None:
        raise NotYours(_("Set up the firm first."))
    staff = admit(
        address=invitation.email,
        name=a_name(name),
        password=password,
        roles=invitation.roles,
        team=invitation.team,
        supervisor=invitation.supervisor,
        firm=firm,
        at=at,
    )
    record("staff.joined", at=at, by=staff, staff=staff, invitation=invitation)
    return staff


def _mail_link(invitation: Invitation, link: str, at: datetime) -> None:
    firm = Firm.objects.first()
    with translation.override(firm.language if firm else "en"):
        subject = _("%(inviter)s invites you to %(firm)s") % {
            "inviter": invitation.made_by.name,
            "firm": firm.name if firm else "Wellkept",
        }
        text = _(
            "Hello %(name)s,\n\n%(inviter)s invites you to work with us in Wellkept. Open this link to choose your password:\n\n%(link)s\n\nIt works once and for 72 hours."
        )
        mail(
            to=invitation.email,
            subject=subject,
            text=text % {"name": invitation.name, "inviter": invitation.made_by.name, "link": link},
            at=at,
        )


def _over() -> InvitationOver:
    return InvitationOver(_("This invitation was used, withdrawn or is older than 72 hours. Ask for a new one."))
