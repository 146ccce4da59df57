"""The firm itself: set up once, changed by administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellkept.calendars import actions as calendars
from wellkept.core.addresses import email
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.people import rules
from wellkept.people.actions.checks import a_language, a_name, a_zone, allow_managing_firm
from wellkept.people.actions.joining import admit, check_password
from wellkept.people.models import Firm, Staff

MOST_WARNINGS = 5


class FirmIsSetUp(Refusal):
    """This installation has its firm."""


class WarningsUnclear(Refusal):
    """Warnings come one after another before time is up, and not too many."""


class FirmMissing(Refusal):
    """Nothing can be done before the firm is set up."""


@transaction.atomic
def set_up_firm(
    *,
    name: str,
    mail_address: str,
    language: str,
    time_zone: str,
    calendar_schedule: Mapping[str, Any],
    admin_name: str,
    admin_email: str,
    admin_password: str | None,
    at: datetime,
) -> Firm:
    """The firm, its calendar and its first administrator, all or nothing. Works once."""
    if Firm.objects.exists():
        raise FirmIsSetUp(_("This firm is set up already. Sign in instead."))
    firm_name, zone, spoken = a_name(name), a_zone(time_zone), a_language(language)
    address = email(mail_address, field="mail_address")
    schedule = {"tz": zone, **calendar_schedule}
    calendar = calendars.draw_up(name=firm_name[:80], schedule=schedule, by=None, at=at)
    firm = _first_row(
        Firm(
            pk=1, name=firm_name, mail_address=address, language=spoken, time_zone=zone, calendar=calendar, set_up_at=at
        )
    )
    administrator = admit(
        address=email(admin_email, field="admin_email"),
        name=a_name(admin_name, field="admin_name"),
        password=check_password(admin_password, field="admin_password"),
        roles=[rules.ADMINISTRATOR],
        firm=firm,
        at=at,
    )
    record("firm.set_up", at=at, by=administrator, firm=firm, calendar=calendar)
    return firm


@transaction.atomic
def change_firm(
    *, name: str, mail_address: str, language: str, time_zone: str, calendar: Any, by: Staff | None, at: datetime
) -> Firm:
    """Name, address, language, zone and the calendar that counts where a client has none of its own."""
    allow_managing_firm(by)
    firm = Firm.objects.first()
    if firm is None:
        raise FirmMissing(_("Set up the firm first."))
    firm.name, firm.mail_address = a_name(name), email(mail_address, field="mail_address")
    firm.language, firm.time_zone, firm.calendar = a_language(language), a_zone(time_zone), calendar
    firm.save()
    record("firm.changed", at=at, by=by, firm=firm)
    return firm


@transaction.atomic
def set_warnings(*, percents: Sequence[int], by: Staff | None, at: datetime) -> Firm:
    """When the owner of a promise is warned, in percent of its time. That time is up is always told."""
    allow_managing_firm(by)
    firm = Firm.objects.first()
    if firm is None:
        raise FirmMissing(_("Set up the firm first."))
    chosen = list(percents)
    if len(chosen) > MOST_WARNINGS or chosen != sorted(set(chosen)) or not all(0 < each < 100 for each in chosen):
        sentence = _(
            "Write at most %(most)s percentages from 1 to 99, each higher than the one before, such as 50, 80."
        )
        raise WarningsUnclear(sentence % {"most": MOST_WARNINGS}, field="warn_percents")
    firm.warn_percents = chosen
    firm.save(update_fields=["warn_percents"])
    record("firm.warnings_set", at=at, by=by, firm=firm, percents=chosen)
    return firm


def _first_row(firm: Firm) -> Firm:
    try:
        with transaction.atomic():
            firm.save(force_insert=True)
    except IntegrityError as problem:
        raise FirmIsSetUp(_("This firm is set up already. Sign in instead.")) from problem
    return firm
