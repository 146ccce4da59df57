"""How a person wants Wellkept to look and speak."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import rules
from wellkept.people.actions.checks import a_language, a_zone
from wellkept.people.models import Staff


class UnknownChoice(Refusal):
    """The choice is not one of those offered."""


class KeyUnclear(Refusal):
    """A shortcut is one key."""


class KeyTaken(Refusal):
    """One key cannot mean two things."""


@transaction.atomic
def change_preferences(
    *,
    staff: Staff,
    by: Staff | None,
    at: datetime,
    language: str | None = None,
    time_zone: str | None = None,
    theme: str | None = None,
    density: str | None = None,
    shortcuts: bool | None = None,
    calendar: Any | None = None,
) -> Staff:
    """Sets what is given and leaves the rest."""
    if by is not None and by.pk != staff.pk and not rules.may_manage_people(by):
        raise NotYours(_("People choose their own preferences."))
    wanted = {
        "language": None if language is None else a_language(language),
        "time_zone": None if time_zone is None else a_zone(time_zone),
        "theme": None if theme is None else _one_of(theme, rules.THEMES, "theme"),
        "density": None if density is None else _one_of(density, rules.DENSITIES, "density"),
        "shortcuts": shortcuts,
        "calendar": calendar,
    }
    changed = [name for name, value in wanted.items() if value is not None and getattr(staff, name) != value]
    for name in changed:
        setattr(staff, name, wanted[name])
    if changed:
        staff.save(update_fields=changed)
        record("staff.preferences_changed", at=at, by=by, staff=staff, changed=changed)
    return staff


@transaction.atomic
def choose_keys(*, staff: Staff, keys: Mapping[str, str], usual: Mapping[str, str], by: Staff, at: datetime) -> Staff:
    """The person's own shortcuts, by name; `usual` is how Wellkept came, and what equals it is not kept."""
    if by.pk != staff.pk:
        raise NotYours(_("People choose their own keys."))
    whole = {name: keys.get(name, key) for name, key in usual.items()}
    for name, key in whole.items():
        if not rules.is_key(key):
            raise KeyUnclear(_("A shortcut is one letter, digit or sign. Choose a single key."), field=name)
    taken = rules.same_key(whole)
    if taken is not None:
        sentence = _("“%(key)s” is chosen twice. Give one of the two another key.")
        raise KeyTaken(sentence % {"key": whole[taken[1]]}, field=taken[1])
    chosen = {name: key for name, key in whole.items() if key != usual[name]}
    if chosen != staff.keys:
        staff.keys = chosen
        staff.save(update_fields=["keys"])
        record("staff.keys_chosen", at=at, by=by, staff=staff, changed=sorted(chosen))
    return staff


def _one_of(value: str, choices: tuple[str, ...], field: str) -> str:
    if value not in choices:
        raise UnknownChoice(_("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)}, field=field)
    return value
