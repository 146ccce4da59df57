"""The only writers of templates: an edit is a new version, and no version ever changes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal, TakenByAnother
from wellkept.knowledge import rules
from wellkept.knowledge.models import Template
from wellkept.people.queries import may_write_templates

if TYPE_CHECKING:
    from wellkept.people.models import Staff

NAME_LENGTH = 80
SUBJECT_LENGTH = 200
BODY_LENGTH = 20_000


class TemplateIncomplete(Refusal):
    """A template needs a name and a text of a sensible length."""


class UnknownField(Refusal):
    """The text asks for a field nobody can fill."""


class TemplateRetired(Refusal):
    """It is out of use already."""


@transaction.atomic
def write_template(
    *, name: str, body: str, by: Staff | None, at: datetime, language: str = "en", subject: str = ""
) -> Template:
    """The next version of the template of this name and language; the first when there is none."""
    _may(by)
    name, subject = name.strip(), subject.strip()
    _refuse_incomplete(name, subject, body)
    if unknown := rules.unknown_fields(f"{subject}\n{body}"):
        known = ", ".join(f"{{{field}}}" for field in rules.FIELDS)
        sentence = _(
            "There is no field %(unknown)s. Use one of %(known)s, or [FILL IN: what] for a blank to fill by hand."
        )
        raise UnknownField(sentence % {"unknown": unknown[0], "known": known}, field="body")
    template = _next_version(name, language, subject, body, by, at)
    record("template.written", at=at, by=by, template=template, version=template.version)
    return template


@transaction.atomic
def retire_template(*, template: Template, by: Staff | None, at: datetime) -> Template:
    """Take a template out of the picker; what was sent with it stays as it was sent."""
    _may(by)
    if Template.objects.filter(pk=template.pk, retired_at=None).update(retired_at=at) != 1:
        raise TemplateRetired(_("%(name)s is out of use already.") % {"name": template.name})
    template.retired_at = at
    record("template.retired", at=at, by=by, template=template)
    return template


def _may(by: Staff | None) -> None:
    if not may_write_templates(by):
        raise NotYours(_("Templates are written by team leads, quality managers and administrators. Ask one of them."))


def _refuse_incomplete(name: str, subject: str, body: str) -> None:
    if not name or len(name) > NAME_LENGTH:
        sentence = _("Give the template a name of up to %(limit)s characters.") % {"limit": NAME_LENGTH}
        raise TemplateIncomplete(sentence, field="name")
    if len(subject) > SUBJECT_LENGTH:
        sentence = _("Shorten the subject to %(limit)s characters.") % {"limit": SUBJECT_LENGTH}
        raise TemplateIncomplete(sentence, field="subject")
    if not body.strip() or len(body) > BODY_LENGTH:
        sentence = _("Write the text of the template, up to %(limit)s characters.") % {"limit": BODY_LENGTH}
        raise TemplateIncomplete(sentence, field="body")


def _next_version(name: str, language: str, subject: str, body: str, by: Staff | None, at: datetime) -> Template:
    Template.objects.filter(name=name, language=language, retired_at=None).update(retired_at=at)
    newest = Template.objects.filter(name=name, language=language).order_by("-version").first()
    try:
        with transaction.atomic():
            return Template.objects.create(
                name=name,
                language=language,
                version=newest.version + 1 if newest else 1,
                subject=subject,
                body=body,
                made_at=at,
                made_by=by,
            )
    except IntegrityError as problem:
        raise TakenByAnother(_("Somebody else has just written this template. Load it again.")) from problem
