"""HTML mail to plain text, remembering where each piece came from.

`read` gives the text a person would see, and marks: the stretches that the writer's program declared to be quoted or a
signature. The tree keeps, for each piece of text, its place, so that spans over the text can be shown in the HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import lxml.etree
import lxml.html

LONGEST_HTML = 1_000_000
DEEPEST_HTML = 600
_MOST_PIECES = 100_000
_LONGEST_TAG = 8_000
_MOST_WORDS_IN_TAG = 1_000

_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_UNSEEN = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "meta",
        "link",
        "template",
        "noscript",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
    ]
)
_SPACE = re.compile(r"[ \t\n\f\r]+")
_NOT_SHOWN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_BORDER = re.compile(r"border-left(?:-style|-width)?\s*:[^;]*(?:solid|\d)|border-left-style\s*:\s*solid", re.IGNORECASE)
_TOP_BORDER = re.compile(r"border-top(?:-style)?\s*:[^;]*solid", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})(?:\s[^<>]{0,5000})?(/?)>")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_SIGNATURE_IDS = re.compile(r"^(?:x_)*(?:signature|applemailsignature|ms-outlook-mobile-signature)", re.IGNORECASE)
_SIGNATURE_CLASSES = frozenset(
    {"gmail_signature", "moz-signature", "yahoo-signature", "protonmail_signature_block-user"}
)

# Marks.
QUOTED = "quoted"
MAYBE_QUOTED = "maybe-quoted"
ATTRIBUTION = "attribution"
RULE = "rule"
SIGNED = "signed"
_CITE_CLASSES = frozenset({"gmail_quote", "protonmail_quote", "zmail_extra_quote", "yahoo_quoted"})
_PREFIX_CLASSES = frozenset({"moz-cite-prefix", "gmail_attr", "yahoo_quoted_header"})


@dataclass(slots=True)
class Piece:
    """A stretch of the text that is one text node: the text or the tail of an element."""

    start: int
    end: int
    element: lxml.etree._Element
    is_tail: bool


@dataclass(slots=True)
class HtmlText:
    text: str
    marks: list[tuple[int, int, str]] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    root: lxml.etree._Element | None = None


def too_deep(html: str) -> bool:
    """Whether the nesting is deeper than any honest mail: parsers stop reading there and lose text."""
    depth = 0
    for match in _TAG.finditer(html):
        if match[2].lower() in _VOID or match[3]:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > DEEPEST_HTML:
            return True
    return False


def overloaded(html: str) -> bool:
    """Whether one tag carries more attributes than any honest mail: comparing them all takes a parser minutes."""
    at = html.find("<")
    while at != -1:
        end = html.find(">", at)
        end = len(html) if end == -1 else end
        if end - at > _LONGEST_TAG and len(html[at:end].split(maxsplit=_MOST_WORDS_IN_TAG)) > _MOST_WORDS_IN_TAG:
            return True
        at = html.find("<", end)
    return False


def read(html: str) -> HtmlText:
    """The text of the HTML. What no parser can read is stripped of its tags instead: ugly, but no word is lost."""
    root = _tree(html)
    if root is None:
        return HtmlText(strip_tags(html))
    walk = _Walk()
    walk.run(root)
    return walk.result(root)


def strip_tags(html: str) -> str:
    import html as entities

    bare = re.sub(r"<(?:style|script)\b[^>]{0,2000}>.{0,200000}?</(?:style|script)\s*>", " ", html, flags=re.I | re.S)
    bare = re.sub(r"<(?:br|p|div|tr|li)\b[^<>]{0,5000}>", "\n", bare, flags=re.I)
    bare = entities.unescape(re.sub(r"<[!/?a-zA-Z][^<>]{0,5000}>", "", bare)).replace("\xa0", " ")
    return re.sub(r"[ \t]+", " ", re.sub(r"\n\s*\n\s*\n+", "\n\n", bare)).strip()


def _tree(html: str) -> lxml.etree._Element | None:
    if not html.strip() or too_deep(html) or overloaded(html):
        return None
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True, default_doctype=False
    )
    try:
        root = lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return None
    if any("depth" in entry.message for entry in parser.error_log):
        return None
    return root


class _Walk:
    """Goes through the tree without recursion, writing text as a browser would lay it out."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.size = 0
        self.pieces: list[Piece] = []
        self.marks: list[tuple[int, int, str]] = []
        self.newlines = 2  # how many line ends the text ends with; nothing is written before the first word
        self.space = False
        self.pre = 0

    def run(self, root: lxml.etree._Element) -> None:
        stack: list[tuple[lxml.etree._Element, bool, int, str | None]] = [(root, False, 0, None)]
        while stack and len(self.pieces) < _MOST_PIECES:
            element, leaving, start, mark = stack.pop()
            if leaving:
                self._leave(element, start, mark)
                self._piece(element, element.tail, is_tail=True)
                continue
            if not self._seen(element):
                self._piece(element, element.tail, is_tail=True)
                continue
            start, mark = self._enter(element)
            stack.append((element, True, start, mark))
            self._piece(element, element.text, is_tail=False)
            stack.extend((child, False, 0, None) for child in reversed(element))

    def result(self, root: lxml.etree._Element) -> HtmlText:
        text = "".join(self.out)
        size = len(text.rstrip())
        pieces = [piece for piece in self.pieces if piece.start < size]
        return HtmlText(text[:size], sorted(self.marks), pieces, root)

    def _seen(self, element: lxml.etree._Element) -> bool:
        if not isinstance(element.tag, str) or element.tag in _UNSEEN:
            return False
        return not _NOT_SHOWN.search(element.get("style") or "")

    def _enter(self, element: lxml.etree._Element) -> tuple[int, str | None]:
        tag = element.tag
        if tag == "br":
            self._line()
        elif tag in _BLOCK:
            self._break(_gap(element))
        elif tag in ("td", "th") and self.size and not self.newlines:
            self._write("\t")
        if tag == "li":
            self._write("- ")
        if tag == "hr":
            self.marks.append((self.size, self.size, RULE))
        if tag == "pre":
            self.pre += 1
        return self.size, mark_of(element)

    def _leave(self, element: lxml.etree._Element, start: int, mark: str | None) -> None:
        if mark:
            self.marks.append((start, self.size, mark))
        if element.tag == "pre":
            self.pre -= 1
        if element.tag in _BLOCK:
            self._break(_gap(element))

    def _piece(self, element: lxml.etree._Element, text: str | None, *, is_tail: bool) -> None:
        if not text:
            return
        if self.pre:
            words = text.replace("\xa0", " ").replace("\r", "")
        else:
            words = _SPACE.sub(" ", text).replace("\xa0", " ")
            if words.startswith(" ") and (self.newlines or self.space):
                words = words[1:] if not words.startswith("  ") or text[:1] != "\xa0" else words
        if not words:
            return
        start = self.size
        self._write(words)
        self.pieces.append(Piece(start, self.size, element, is_tail))

    def _write(self, words: str) -> None:
        self.out.append(words)
        self.size += len(words)
        bare = words.rstrip("\n")
        self.newlines = len(words) - len(bare) if bare.strip() else min(2, self.newlines + words.count("\n"))
        self.space = words[-1:] in (" ", "\t")

    def _line(self) -> None:
        if self.size:
            self.out.append("\n")
            self.size += 1
            self.newlines += 1

    def _break(self, wanted: int) -> None:
        if not self.size:
            return
        while self.newlines < wanted:
            self._line()


def _gap(element: lxml.etree._Element) -> int:
    """How many line ends part this block from its neighbours; Word gives its paragraphs no space."""
    if element.tag == "p":
        return 1 if "mso" in (element.get("class") or "").lower() else 2
    return 2 if element.tag in ("blockquote", "pre", "table", "ul", "ol") else 1


def mark_of(element: lxml.etree._Element) -> str | None:
    """What the writer's program says this element is; only marks that a person does not make by hand."""
    classes = set((element.get("class") or "").lower().split())
    style, identity = element.get("style") or "", element.get("id") or ""
    if element.tag == "blockquote":
        cited = element.get("type") == "cite" or element.get("cite") or classes & _CITE_CLASSES or _BORDER.search(style)
        indented = "border: none" in style or "border:none" in style
        return QUOTED if cited and not indented else MAYBE_QUOTED
    if classes & _PREFIX_CLASSES:
        return ATTRIBUTION
    if classes & _SIGNATURE_CLASSES or _SIGNATURE_IDS.match(identity) or element.get("data-signatureblock") == "true":
        return SIGNED
    if _TOP_BORDER.search(style) or identity.lower() in ("divrplyfwdmsg", "olk_src_body_section", "appendonsend"):
        return RULE
    return None
