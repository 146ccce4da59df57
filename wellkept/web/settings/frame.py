"""What every settings page stands in: the tabs a person may open, and the guard before each page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.web.shell.reading import StaffRequest

May = Callable[[Staff], bool]
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Section:
    """One tab of the settings."""

    name: str
    label: Lazy | str
    may: May


@dataclass(frozen=True)
class Tab:
    label: str
    address: str
    current: bool
    count: str = ""


SECTIONS = (
    Section("settings_firm", _("Firm"), people.may_manage_firm),
    Section("settings_people", _("People"), people.may_manage_people),
    Section("settings_clients", _("Clients"), people.may_manage_clients),
    Section("settings_agreements", _("Agreements"), people.may_manage_agreements),
    Section("settings_calendars", _("Calendars"), people.may_manage_firm),
    Section("settings_mailboxes", _("Mailboxes"), people.may_manage_firm),
    Section("settings_templates", _("Templates"), people.may_write_templates),
)


def only(may: May) -> Callable[[View], View]:
    """The page is for those `may` allows; others are told so. The action behind it asks again."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, **named: Any) -> HttpResponseBase:
            if not may(request.staff):
                raise PermissionDenied
            return view(request, *args, **named)

        return guarded

    return guard


def open_to(staff: Staff) -> list[Section]:
    return [section for section in SECTIONS if section.may(staff)]


def page(request: StaffRequest, section: str, template: str, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    """A settings page under its tabs."""
    tabs = [Tab(str(each.label), reverse(each.name), each.name == section) for each in open_to(request.staff)]
    return render(request, f"pages/settings/{template}.html", {"tabs": tabs, **shown}, status=status)


def chosen(among: Any, given: str | None) -> Any:
    """The row picked from a list; nothing when nothing was picked; 404 for what was not on the list."""
    if not given:
        return None
    return get_object_or_404(among, pk=given if given.isdecimal() and len(given) < 18 else 0)
