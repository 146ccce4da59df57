"""What a template says the same way on every page, made once: a sentence for each language, a pattern for each address.

`{% load shell %}` puts these in the place of Django's `translate` and `url`, which work both out anew each time.
"""

from __future__ import annotations

from functools import cache
from typing import cast

from django.template.base import Node, Parser, Token, Variable
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

FIRST_MARK = 7_310_000_000_001  # stands for an id in an address that is taken as a pattern


class Sentence(Node):
    """A literal sentence: the catalogues do not change while we run."""

    def __init__(self, made_by: TranslateNode) -> None:
        self.made_by = made_by
        self._said: dict[str | None, str] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        if language not in self._said:
            self._said[language] = self.made_by.render(context)
        return cast(SafeString, self._said[language])


class Address(Node):
    """The address of a page whose name stands in the template; other addresses than those by ids are Django's."""

    def __init__(self, name: str, made_by: URLNode) -> None:
        self.name, self.made_by = name, made_by

    def render(self, context: Context) -> str:
        ids = [asked.resolve(context) for asked in self.made_by.args]
        if all(type(id) is int for id in ids):
            return address(self.name, *ids)
        return self.made_by.render(context)


def translate(parser: Parser, token: Token) -> Node:
    node = do_translate(parser, token)
    asked = node.filter_expression
    literal = isinstance(asked.var, Variable) and asked.var.literal is not None and not asked.filters
    return Sentence(node) if literal and node.asvar is None and node.message_context is None else node


def url(parser: Parser, token: Token) -> Node:
    node = django_url(parser, token)
    name = node.view_name.var
    plain = isinstance(name, str) and not node.view_name.filters and not node.kwargs and node.asvar is None
    return Address(str(name), node) if plain else node


def address(name: str, *ids: int) -> SafeString:
    """Where the page `name` of these ids is, as a template prints it."""
    return cast(SafeString, _pattern(name, len(ids)) % ids)


@cache
def _pattern(name: str, count: int) -> str:
    marks = range(FIRST_MARK, FIRST_MARK + count)
    pattern = escape(reverse(name, args=list(marks))).replace("%", "%%")
    for mark in marks:
        pattern = pattern.replace(str(mark), "%d")
    return str(pattern)
