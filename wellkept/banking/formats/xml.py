"""XML as strangers send it: no document type, no entity, no network, limited depth. Read as text first, then by lxml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from .refusals import Unreadable
from .refusals import mark as _
from .text import decode, known, refuse_types

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,300}\?>")


def safe_text(data: bytes) -> tuple[str, str]:
    """The text without its declaration, and its charset. A document type is refused wherever it stands."""
    told = _DECLARED.search(data[:400])
    name = told[1].decode() if told else ""
    if name and not known(name) and not name.upper().startswith("UTF-16"):
        raise Unreadable(_("The file says it is written in %(charset)s, which no bank uses."), charset=name)
    text, charset = decode(data, name)
    refuse_types(text)
    return _DECLARATION.sub(lambda declaration: "\n" * declaration[0].count("\n"), text), charset


def elements(text: str, tags: tuple[str, ...]) -> Iterator[tuple[str, etree._Element]]:
    """Events of these local names, `start` and `end`, as the parser reaches them."""
    wanted = [f"{{*}}{tag}" for tag in tags]
    events = etree.iterparse(
        BytesIO(text.encode()),
        events=("start", "end"),
        tag=wanted,
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        yield from events
    except etree.XMLSyntaxError as problem:
        raise _broken(problem) from None


@dataclass(slots=True)
class Part:
    """An element without its schema's name: cheap to walk a hundred thousand times. `node` is the element itself."""

    tag: str
    text: str
    node: etree._Element
    parts: tuple[Part, ...]

    @property
    def row(self) -> int:
        return self.node.sourceline or 0

    @property
    def currency(self) -> str:
        return self.node.get("Ccy") or ""

    def all(self, tag: str) -> Iterator[Part]:
        return (part for part in self.parts if part.tag == tag)

    def part(self, *path: str) -> Part | None:
        found = self
        for tag in path:
            for one in found.parts:
                if one.tag == tag:
                    found = one
                    break
            else:
                return None
        return found

    def value(self, *path: str) -> str:
        """The text at a path; empty where there is none."""
        found = self.part(*path)
        return "" if found is None else found.text


def part(node: etree._Element) -> Part:
    """The element and all below it; the parser lets no more than 256 levels through."""
    name, text = node.tag, node.text
    return Part(
        name[name.find("}") + 1 :],
        text.strip() if text else "",
        node,
        tuple([part(child) for child in node]) if len(node) else (),
    )


def _broken(problem: etree.XMLSyntaxError) -> Unreadable:
    row = problem.lineno or None
    if "depth" in str(problem):
        return Unreadable(_("The tags are nested deeper than any statement is."), row=row)
    return Unreadable(_("The XML is broken here: %(said)s"), row=row, said=str(problem.msg).partition(", line")[0])
