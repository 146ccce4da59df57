"""Why an account moved, in the words of whoever looked into it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.ledger.actions.taking import allow
from wellkept.ledger.models import Account, VarianceNote

if TYPE_CHECKING:
    from wellkept.people.models import Staff

LONGEST_WHY = 500


class WhyMissing(Refusal):
    """An explanation says something, and fits."""


class NothingCompared(Refusal):
    """A figure moves against another one."""


@transaction.atomic
def explain_variance(
    *, account: Account, since: date, until: date, against: str, text: str, by: Staff | None, at: datetime
) -> VarianceNote:
    """Keep why an account moved from `since` to before `until`. What was said before stays on record."""
    allow(book=account.book, by=by)
    said = text.strip()
    if not said or len(said) > LONGEST_WHY:
        sentence = _("Say why in a few words, up to %(limit)s characters.")
        raise WhyMissing(sentence % {"limit": LONGEST_WHY}, field="text")
    if against not in VarianceNote.Against.values or since >= until:
        raise NothingCompared(_("Choose what the figure is compared with."))
    note = VarianceNote.objects.create(
        account=account, since=since, until=until, against=against, text=said, at=at, by=None if by is None else by.pk
    )
    record("variance.explained", at=at, by=by, client=account.book.client_id, account=account.pk, note=note.pk)
    return note
