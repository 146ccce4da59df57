"""Personal tokens of the API: shown once, kept as a digest."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core import secrets
from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import queries, rules
from wellkept.people.actions.checks import a_name
from wellkept.people.models import ApiToken, Staff

PREFIX = "wk_"
MOST_TOKENS = 20


class TokenOver(Refusal):
    """The token was revoked already."""


class TooManyTokens(Refusal):
    """A person keeps a handful of tokens, not a drawer full."""


@transaction.atomic
def new_api_token(
    *, staff: Staff, name: str, by: Staff | None, at: datetime, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """The row and the clear text, which nobody can read again."""
    _own(staff, by)
    if not staff.is_active:
        raise NotYours(_("%(name)s has left and gets no token.") % {"name": staff.name})
    if queries.tokens_of(staff).count() >= MOST_TOKENS:
        raise TooManyTokens(_("You have %(limit)s tokens. Revoke one first.") % {"limit": MOST_TOKENS})
    clear = PREFIX + secrets.new_token()
    digest = secrets.digest(clear)
    token = ApiToken.objects.create(
        staff=staff, name=a_name(name, longest=80), digest=digest, made_at=at, expires_at=expires_at
    )
    record("token.made", at=at, by=by, staff=staff, token=token)
    return token, clear


@transaction.atomic
def revoke_api_token(*, token: ApiToken, by: Staff | None, at: datetime) -> ApiToken:
    _own(token.staff, by)
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at) != 1:
        raise TokenOver(_("This token was revoked already."))
    token.revoked_at = at
    record("token.revoked", at=at, by=by, staff=token.staff_id, token=token)
    return token


def use_api_token(*, clear: str, at: datetime) -> Staff | None:
    """Whose token this is. Notes the day of use, so at most one write a day."""
    staff = queries.staff_of_token(clear, at)
    if staff is not None:
        today = at.date()
        ApiToken.objects.filter(digest=secrets.digest(clear)).exclude(last_used_on=today).update(last_used_on=today)
    return staff


def _own(staff: Staff, by: Staff | None) -> None:
    if by is not None and by.pk != staff.pk and not rules.may_manage_people(by):
        raise NotYours(_("A token belongs to one person; you can only manage your own."))
