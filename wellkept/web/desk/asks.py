"""A question asked before something is done: the same form in a dialog, or as a page of its own without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal
from wellkept.web.shell import once
from wellkept.web.shell.answers import wants_fragment
from wellkept.web.shell.reading import StaffRequest

Option = tuple[object, str]


@dataclass(frozen=True)
class Field:
    """One thing to fill in. `kind` is text, area, when, select, pick (typed, with a list to choose from), chips, checks,
    date, number or file. `checked` are the options of checks that are on."""

    kind: str
    name: str
    label: str
    value: str = ""
    hint: str = ""
    options: Sequence[Option] = ()
    optional: bool = False
    client: int | None = None
    promised: bool = False
    most: int = 200
    checked: Sequence[str] = ()

    def chosen(self, option: object) -> bool:
        return str(option) == self.value


@dataclass(frozen=True)
class Ask:
    """What is asked: the thing by name, the consequence in a sentence, the fields, and the verb on the button.

    Without a verb there is nothing to do, and the text says why."""

    title: str
    act: str
    text: str = ""
    fields: Iterable[Field] = field(default=())
    stop: bool = False
    back: str = ""


def asked(request: StaffRequest, ask: Ask, *, refusal: Refusal | None = None) -> HttpResponse:
    """The form in a dialog for htmx, on a page for everybody else; after a refusal with what was typed."""
    fields = [_refilled(request, each) for each in ask.fields] if request.method == "POST" else list(ask.fields)
    context: dict[str, Any] = {
        "ask": ask,
        "fields": fields,
        "address": request.get_full_path(),
        "refusal": refusal,
        "once": request.POST.get(once.FIELD) or once.new_key(),
        "wrong": refusal.field if refusal else "",
    }
    name = "pages/ask/inside.html" if wants_fragment(request) else "pages/ask.html"
    return render(request, name, context)


def _refilled(request: StaffRequest, each: Field) -> Field:
    if each.kind == "checks":
        return replace(each, value="", checked=request.POST.getlist(each.name))
    return replace(each, value=request.POST.get(each.name, each.value))


def people_options(people: Iterable[Any], *, nobody: str = "") -> list[Option]:
    """Names to choose from, with an empty first line that says what to do."""
    return [("", nobody or _("Choose a colleague")), *((person.pk, str(person)) for person in people)]
