"""What a person decides about a mail that could not be read: again, under a named sender, or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.connectors.email import queries
from wellkept.connectors.email.actions.reading import GROUPS, read_one
from wellkept.connectors.email.models import QUARANTINED, RawMail
from wellkept.connectors.email.parse.result import Mailbox as Named
from wellkept.core import addresses, live
from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.people.models import Staff


class NotInQuarantine(Refusal):
    """The mail does not wait for a person."""


class OnlyHeader(Refusal):
    """The mail itself was never fetched."""


def retry(*, raw: RawMail, by: Staff | None, at: datetime) -> RawMail:
    """Read the mail again, now. It goes back to quarantine when that fails again."""
    if raw.reason == "too-large-on-server":
        raise OnlyHeader(
            _("Only the header of this mail is here. Fetch the mail from the mailbox with a mail program.")
        )
    _let_out(raw, "mail.retried", by, at)
    return read_one(raw=queries.raw_of(raw.pk), at=at)


def take_in_as(*, raw: RawMail, sender: str, by: Staff | None, at: datetime) -> RawMail:
    """Take the mail in as written by `sender`, which a person has found out."""
    named = Named(addresses.email(sender, field="sender"))
    _let_out(raw, "mail.sender_named", by, at)
    return read_one(raw=queries.raw_of(raw.pk), at=at, sender=named)


@transaction.atomic
def discard(*, raw: RawMail, by: Staff | None, at: datetime) -> RawMail:
    """The mail is not wanted. Its bytes stay until files are cleared out."""
    _may(by)
    if RawMail.objects.filter(QUARANTINED, pk=raw.pk).update(discarded_at=at) != 1:
        raise NotInQuarantine(_("This mail no longer waits in quarantine. Reload the page."))
    record("mail.discarded", at=at, by=by, raw=raw)
    live.tell(GROUPS, GROUPS)
    raw.refresh_from_db()
    return raw


@transaction.atomic
def _let_out(raw: RawMail, fact: str, by: Staff | None, at: datetime) -> None:
    _may(by)
    if RawMail.objects.filter(QUARANTINED, pk=raw.pk).update(quarantined_at=None, attempts=1, reading_until=None) != 1:
        raise NotInQuarantine(_("This mail no longer waits in quarantine. Reload the page."))
    record(fact, at=at, by=by, raw=raw)
    live.tell(GROUPS, GROUPS)


def _may(by: Staff | None) -> None:
    if not people.may_see_health(by):
        raise NotYours(_("Only administrators and team leads decide about mail in quarantine."))
