"""How the firm's letters look: with a simple HTML part or plain, and what stands under each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.connectors.email.models import Letterhead
from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.people.models import Staff

LONGEST_SIGNATURE = 1000
FORMS = ("html", "plain")


class LetterheadUnclear(Refusal):
    """How letters should leave cannot be read, or is too long."""


@transaction.atomic
def change_letterhead(*, form: str, signature: str, by: Staff | None, at: datetime) -> Letterhead:
    """From now on letters leave so. What is stored already leaves as it was."""
    if not people.may_manage_firm(by):
        raise NotYours(_("Only administrators change how letters look."))
    if form not in FORMS:
        raise LetterheadUnclear(_("Choose whether letters leave formatted or as plain text."), field="form")
    under = "\n".join(line.rstrip() for line in signature.replace("\x00", "").splitlines()).strip()
    if len(under) > LONGEST_SIGNATURE:
        raise LetterheadUnclear(
            _("The signature is longer than %(most)d signs. Shorten it.") % {"most": LONGEST_SIGNATURE},
            field="signature",
        )
    known = Letterhead.objects.filter(pk=1).first()
    plain_since = ((known.plain_since if known else None) or at) if form == "plain" else None
    letterhead, _new = Letterhead.objects.update_or_create(
        pk=1, defaults={"plain_since": plain_since, "signature": under, "changed_at": at}
    )
    record("letterhead.changed", at=at, by=by, form=form)
    return letterhead
