"""Settings: prepared texts with fields, in every language the firm writes in. Every edit is a new version."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.knowledge import actions, queries
from wellkept.knowledge.models import Template
from wellkept.people import queries as people
from wellkept.web.desk.asks import Ask, asked
from wellkept.web.settings.frame import only, page
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest

SECTION = "settings_templates"
MOST = 500
MOST_VERSIONS = 20
SAMPLE = {
    "contact.name": "Mina Okafor",
    "contact.first_name": "Mina",
    "client.name": "Harbour Lane Bakery",
    "conversation.subject": "GST on the second-hand oven",
}
may = only(people.may_write_templates)
both = require_http_methods(["GET", "POST"])


@require_GET
@may
def listed(request: StaffRequest) -> HttpResponse:
    templates = list(queries.current()[:MOST])
    languages = dict(settings.LANGUAGES)
    shown = {"lines": [(each, str(languages.get(each.language, each.language))) for each in templates]}
    return page(request, SECTION, "templates", shown)


@both
@may
def new(request: StaffRequest) -> HttpResponse:
    if request.method == "GET":
        firm = people.firm()
        return _form(request, None, {"language": firm.language if firm else "en", "name": request.GET.get("name", "")})
    return _write(request, None, name=request.POST.get("name", ""), language=request.POST.get("language", ""))


@both
@may
def change(request: StaffRequest, id: int) -> HttpResponse:
    template = get_object_or_404(queries.current(), pk=id)
    if request.method == "GET":
        given = {
            "name": template.name,
            "language": template.language,
            "subject": template.subject,
            "body": template.body,
        }
        return _form(request, template, given)
    return _write(request, template, name=template.name, language=template.language)


@both
@may
def retire(request: StaffRequest, id: int) -> HttpResponse:
    template = get_object_or_404(queries.current(), pk=id)
    ask = Ask(
        _("Take “%(name)s” out of use?") % {"name": template.name},
        _("Take out of use"),
        _("Nobody can choose it any more. What was sent with it stays as it was sent."),
        stop=True,
        back=reverse("template", args=[id]),
    )
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request,
        actions.retire_template,
        template=template,
        by=request.staff,
        at=now(),
        said=_("The template is out of use."),
        then=reverse(SECTION),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


def _write(request: StaffRequest, template: Template | None, *, name: str, language: str) -> HttpResponse:
    posted = request.POST
    given = {**posted.dict(), "name": name, "language": language}
    if language not in dict(settings.LANGUAGES):
        return _form(request, template, given, Refusal(_("Choose one of the languages."), field="language"))
    if posted.get("step") == "look":
        return _form(request, template, given, look=True)
    return answer(
        request,
        actions.write_template,
        name=name,
        language=language,
        subject=posted.get("subject", ""),
        body=posted.get("body", ""),
        by=request.staff,
        at=now(),
        said=_("The template is kept; it is offered from now on."),
        then=reverse(SECTION),
        refused=lambda refusal: _form(request, template, given, refusal),
    )


def _form(
    request: StaffRequest,
    template: Template | None,
    given: dict[str, Any],
    refusal: Refusal | None = None,
    look: bool = False,
) -> HttpResponse:
    versions = list(queries.versions(template)[:MOST_VERSIONS]) if template else []
    shown = {
        "template": template,
        "given": given,
        "fields": [f"{{{name}}}" for name in queries.FIELDS],
        "languages": settings.LANGUAGES,
        "versions": versions,
        "look": _looked(request, given) if look else None,
        "refusal": refusal,
    }
    return page(request, SECTION, "template", shown, 422 if refusal else 200)


def _looked(request: StaffRequest, given: dict[str, Any]) -> dict[str, Any]:
    """The text as a letter to an invented client, and what would wait to be filled by hand."""
    firm, staff = people.firm(), request.staff
    known = {
        **SAMPLE,
        "staff.name": staff.name,
        "staff.first_name": queries.first_name(staff.name),
        "firm.name": firm.name if firm else "",
    }
    drawn = Template(body=given.get("body", ""))
    rendered = queries.render(drawn, known)
    return {"text": rendered.text, "unfilled": rendered.unfilled}


urlpatterns = [
    path("settings/templates", listed, name=SECTION),
    path("settings/templates/new", new, name="template_new"),
    path("settings/templates/<int:id>", change, name="template"),
    path("settings/templates/<int:id>/retire", retire, name="template_retire"),
]
