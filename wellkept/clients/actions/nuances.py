"""What everyone who works for a client must know, written once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.clients.actions.checks import allow_work_for
from wellkept.clients.models import Client, Nuance
from wellkept.core import live
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother

if TYPE_CHECKING:
    from wellkept.people.models import Staff

LONGEST_TEXT = 2000


class NuanceEmpty(Refusal):
    """A nuance says something, briefly."""


@transaction.atomic
def note_nuance(*, client: Client, text: str, by: Staff, at: datetime) -> Nuance:
    """Shown from now on beside everything of this client."""
    allow_work_for(client, by)
    said = text.strip()
    if not said or len(said) > LONGEST_TEXT:
        raise NuanceEmpty(
            _("Write what others must know, in up to %(limit)s characters.") % {"limit": LONGEST_TEXT}, field="text"
        )
    nuance = Nuance.objects.create(client=client, text=said, written_by=by, written_at=at)
    record("nuance.noted", at=at, by=by, client=client, nuance=nuance)
    _tell(client.pk)
    return nuance


@transaction.atomic
def retire_nuance(*, nuance: Nuance, by: Staff | None, at: datetime) -> Nuance:
    """No longer true; kept on record."""
    allow_work_for(nuance.client, by)
    if Nuance.objects.filter(pk=nuance.pk, retired_at=None).update(retired_at=at) != 1:
        raise TakenByAnother(_("This note was taken down already."))
    nuance.retired_at = at
    record("nuance.retired", at=at, by=by, client=nuance.client_id, nuance=nuance)
    _tell(nuance.client_id)
    return nuance


def _tell(client: int) -> None:
    live.tell([f"client-{client}"], [f"nuances-{client}"])
