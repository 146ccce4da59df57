"""The keyboard: the list of shortcuts, and the page on which a person gives them keys of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import actions as people
from wellkept.web.shell import commands
from wellkept.web.shell.answers import answer, wants_fragment
from wellkept.web.shell.keys import AFTER_GO, FIXED, GO, ON_PAGE, Shortcut, keys_of, shortcuts
from wellkept.web.shell.reading import StaffRequest


@dataclass(frozen=True)
class Line:
    """One shortcut in the form."""

    name: str
    label: str
    key: str
    usual: str
    wrong: bool

    @property
    def own(self) -> bool:
        return self.key != self.usual


@require_GET
def keys(request: StaffRequest) -> HttpResponse:
    """The shortcuts, as a dialog or as a page."""
    by, mine = request.staff, keys_of(request.staff)
    shown = {
        "here": [*((mine.of(each.name), each.label) for each in ON_PAGE), *FIXED],
        "go": [(mine.shown(c.key), c.label) for c in commands.for_staff(commands.GO, by) if c.key],
        "do": [(mine.shown(c.key), c.label) for c in commands.for_staff(commands.DO, by) if c.key],
    }
    return render(request, "parts/keys.html" if wants_fragment(request) else "pages/keys.html", shown)


@require_http_methods(["GET", "POST"])
def my_keys(request: StaffRequest) -> HttpResponse:
    """Another key for each shortcut, or none."""
    usual = {each.name: each.key for each in offered(request)}
    if request.method == "GET":
        return _page(request, {name: keys_of(request.staff).of(name) for name in usual})
    chosen = {name: request.POST.get(name, key).strip() for name, key in usual.items()}
    return answer(
        request,
        people.choose_keys,
        staff=request.staff,
        keys=chosen,
        usual=usual,
        by=request.staff,
        at=now(),
        said=_("Your keys are kept."),
        then=request.path,
        refused=lambda refusal: _page(request, chosen, refusal),
    )


@require_POST
def usual_keys(request: StaffRequest) -> HttpResponse:
    """Back to the keys Wellkept came with."""
    return answer(
        request,
        people.choose_keys,
        staff=request.staff,
        keys={},
        usual={each.name: each.key for each in offered(request)},
        by=request.staff,
        at=now(),
        said=_("Every shortcut has its usual key again."),
        then=reverse("my_keys"),
    )


def offered(request: StaffRequest) -> list[Shortcut]:
    """The shortcuts of what this person may do."""
    may = {each.name for each in commands.for_staff((*commands.GO, *commands.DO), request.staff)}
    on_page = {GO, *ON_PAGE}
    return [each for each in shortcuts() if each in on_page or each.name.removeprefix(AFTER_GO) in may]


def _page(request: StaffRequest, chosen: Mapping[str, str], refusal: Refusal | None = None) -> HttpResponse:
    wrong = _wrong(chosen, refusal)
    lines = [Line(e.name, str(e.label), chosen[e.name], e.key, e.name in wrong) for e in offered(request)]
    shown = {
        "alone": [line for line in lines if not line.name.startswith(AFTER_GO)],
        "after": [line for line in lines if line.name.startswith(AFTER_GO)],
        "go": chosen[GO.name],
        "changed": any(line.own for line in lines),
        "tabs": tabs(request.path),
        "refusal": refusal,
    }
    return render(request, "pages/my_keys.html", shown)


def _wrong(chosen: Mapping[str, str], refusal: Refusal | None) -> set[str]:
    """The field refused, and whichever other one has the same key."""
    if refusal is None or refusal.field is None or refusal.field not in chosen:
        return set()
    after, key = refusal.field.startswith(AFTER_GO), chosen[refusal.field]
    return {name for name, other in chosen.items() if other == key and name.startswith(AFTER_GO) == after}


def tabs(path: str) -> list[dict[str, object]]:
    """What is the person's own: how it looks, and its keys."""
    both = ((_("Preferences"), reverse("preferences")), (_("Keys"), reverse("my_keys")))
    return [{"label": label, "address": address, "current": address == path} for label, address in both]


urlpatterns = [
    path("keys", keys, name="keys"),
    path("me/keys", my_keys, name="my_keys"),
    path("me/keys/usual", usual_keys, name="usual_keys"),
]
