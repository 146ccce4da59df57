"""Reads: the templates in use, and texts filled or checked."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from wellkept.knowledge import rules
from wellkept.knowledge.models import Template
from wellkept.knowledge.rules import FIELDS, Rendered, first_name

__all__ = ["FIELDS", "Rendered", "current", "first_name", "render", "unfilled", "versions"]


def current(language: str = "") -> QuerySet[Template]:
    """The templates in use, by name; of one language when it is named."""
    templates = Template.objects.filter(retired_at=None).order_by("name", "language")
    return templates.filter(language=language) if language else templates


def versions(template: Template) -> QuerySet[Template]:
    """Every edition of a template, newest first."""
    return Template.objects.filter(name=template.name, language=template.language).order_by("-version")


def render(template: Template, fields: Mapping[str, str]) -> Rendered:
    """The template's body filled, and which fields had no value."""
    return rules.render(template.body, fields)


def unfilled(text: str) -> list[str]:
    """What in a text to be sent still waits to be filled."""
    return rules.unfilled(text)
