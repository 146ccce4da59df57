"""HTML mail made safe to show: nothing runs, nothing is fetched, nothing leaves the frame.

Two steps. First a tree of our own: quotation and signature get a class, the address of a remote image moves out of
`src`, so that the page decides whether it is loaded. Then nh3 with our own filter over every attribute has the last
word: whatever the first step did, only what is listed here comes out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import lxml.etree
import lxml.html
import nh3

from . import cards
from .html_text import LONGEST_HTML, HtmlText, Piece
from .result import QUOTATION, SIGNATURE, Span

LONGEST_SAFE = LONGEST_HTML
_MOST_IMAGES = 300
_CLASSES = {QUOTATION: "wk-quotation", SIGNATURE: "wk-signature"}
_TAG_NAMES = (
    "a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup dd del details div dl dt em"
    " figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s samp section small"
    " span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr"
)
_TAGS = frozenset(_TAG_NAMES.split())
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"align", "class", "dir", "lang", "style", "title", "valign", "bgcolor"},
    "a": {"href", "target"},
    "img": {"src", "alt", "width", "height", "data-remote-src"},
    "table": {"border", "cellpadding", "cellspacing", "width", "summary"},
    "td": {"colspan", "rowspan", "width", "height", "nowrap"},
    "th": {"colspan", "rowspan", "width", "height", "scope", "nowrap"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "time": {"datetime"},
}
_STYLE_NAMES = (
    "background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width border-collapse"
    " border-color border-left border-left-color border-left-style border-left-width border-right border-right-color"
    " border-right-style border-right-width border-spacing border-style border-top border-top-color border-top-style"
    " border-top-width border-width color direction font font-family font-size font-style font-variant font-weight height"
    " letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right margin-top max-width"
    " min-width padding padding-bottom padding-left padding-right padding-top text-align text-decoration text-indent"
    " text-transform vertical-align white-space width word-break word-spacing"
)
_STYLES = frozenset(_STYLE_NAMES.split())
_COLOUR_FUNCTION = re.compile(r"\b(?:rgba?|hsla?)\([\d\s.,%/deg-]{1,60}\)", re.IGNORECASE)
_BAD_VALUE = re.compile(r"[\\(<>@{}]|url|expression|/\*|-moz-|behaviou?r|var-", re.IGNORECASE)
_NEGATIVE = re.compile(r"-\s*\d")
_DATA_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]{1,400000}\Z", re.IGNORECASE)
_CONTENT_ID = re.compile(r"cid:[!-~]{1,250}\Z", re.IGNORECASE)
_REMOTE = re.compile(r"https?://[!-~]{1,2000}\Z", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f\"<>`]{1,4000}\Z", re.IGNORECASE)
_DIGITS = re.compile(r"\d{4}")
_IMAGE = re.compile(r"<img\b[^>]*>")
_REMOTE_ATTRIBUTE = re.compile(r'\sdata-remote-src="(https?://[^"]+)"', re.IGNORECASE)
_CID_ATTRIBUTE = re.compile(r'\ssrc="cid:([^"]+)"', re.IGNORECASE)


def safe(read: HtmlText, spans: Sequence[Span] = ()) -> tuple[str, tuple[str, ...]]:
    """The mail's HTML, safe, and the hosts its images would be fetched from. Uses up the tree in `read`."""
    if read.root is None:
        return "", ()
    _strip(read.root)
    _mark(read, spans)
    hosts = _park_images(read.root)
    markup = lxml.html.tostring(read.root, encoding="unicode")
    if len(markup) > LONGEST_SAFE * 2:
        return "", ()
    return _clean(markup), tuple(sorted(hosts))


def with_images(html: str, *, attached: Mapping[str, str], remote: bool) -> str:
    """Already safe HTML with its attached images at the given addresses, and remote ones only where asked for."""

    def image(match: re.Match[str]) -> str:
        tag = _CID_ATTRIBUTE.sub(lambda found: _attached(found[1], attached), match[0])
        return _REMOTE_ATTRIBUTE.sub(r' src="\1" referrerpolicy="no-referrer"', tag) if remote else tag

    return _IMAGE.sub(image, html)


def _attached(content_id: str, attached: Mapping[str, str]) -> str:
    import html

    address = attached.get(html.unescape(content_id))
    return f' src="{html.escape(address)}"' if address else ""


def _clean(markup: str) -> str:
    return nh3.clean(
        markup,
        tags=set(_TAGS),
        clean_content_tags={"script", "style", "title", "noscript", "template", "head"},
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
        generic_attribute_prefixes=set(),
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    )


def _attribute(element: str, name: str, value: str) -> str | None:
    """The value to show for this attribute, or None for none: the post-filter every attribute must pass."""
    if name == "style":
        return _style(value)
    if name == "class":
        return value if value in _CLASSES.values() else None
    if name == "href":
        return value if _LINK.match(value.strip()) else None
    if name == "src":
        return value if _CONTENT_ID.match(value) or _DATA_IMAGE.match(value) else None
    if name == "data-remote-src":
        return value if _REMOTE.match(value) else None
    if name == "target":
        return "_blank" if element == "a" else None
    return value if len(value) <= 500 else None


def _style(value: str) -> str | None:
    kept = []
    for declaration in value[:4_000].split(";")[:60]:
        name, _, text = declaration.partition(":")
        name, text = name.strip().lower(), text.replace("!important", "").strip()
        if name not in _STYLES or not text or len(text) > 200 or _BAD_VALUE.search(_COLOUR_FUNCTION.sub("", text)):
            continue
        if name.startswith("margin") and _NEGATIVE.search(text):
            continue
        kept.append(f"{name}: {text}")
    return "; ".join(kept) or None


def _strip(root: lxml.etree._Element) -> None:
    for element in root.iter():
        if element.text and _DIGITS.search(element.text):
            element.text = cards.masked(element.text)
        if element.tail and _DIGITS.search(element.tail):
            element.tail = cards.masked(element.tail)
        if isinstance(element.tag, str):
            element.attrib.pop("class", None)
            if element.tag == "a":
                element.set("target", "_blank")


def _park_images(root: lxml.etree._Element) -> set[str]:
    hosts: set[str] = set()
    for number, image in enumerate(root.iter("img")):
        source = (image.get("src") or "").strip()
        image.attrib.pop("data-remote-src", None)
        if source.startswith("//"):
            source = f"https:{source}"
        if not _REMOTE.match(source):
            continue
        del image.attrib["src"]
        host = _host(source)
        if host and number < _MOST_IMAGES:
            image.set("data-remote-src", source)
            hosts.add(host)
    return hosts


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _mark(read: HtmlText, spans: Sequence[Span]) -> None:
    """Gives every piece of text in a quotation or signature its class, on the highest element it fills."""
    stretches = [(span.start, span.end, _CLASSES[span.kind]) for span in spans if span.kind in _CLASSES]
    if not stretches:
        return
    marked: dict[lxml.etree._Element, list[tuple[Piece, str]]] = {}
    plain: set[lxml.etree._Element] = set()
    for piece in read.pieces:
        middle = (piece.start + piece.end) // 2
        name = next((kind for start, end, kind in stretches if start <= middle < end), "")
        holder = piece.element.getparent() if piece.is_tail else piece.element
        if name:
            marked.setdefault(holder, []).append((piece, name))
        else:
            plain.update(_upward(holder))
    for holder, pieces in marked.items():
        if holder in plain:
            for piece, name in pieces:
                _wrap(piece, name)
        else:
            top = holder
            while (
                (parent := top.getparent()) is not None and parent not in plain and parent.tag not in ("body", "html")
            ):
                top = parent
            top.set("class", pieces[0][1])


def _upward(element: lxml.etree._Element | None) -> list[lxml.etree._Element]:
    found = []
    while element is not None:
        found.append(element)
        element = element.getparent()
    return found


def _wrap(piece: Piece, name: str) -> None:
    wrapper = lxml.html.Element("span")
    wrapper.set("class", name)
    if piece.is_tail:
        wrapper.text, piece.element.tail = piece.element.tail, None
        parent = piece.element.getparent()
        if parent is not None:
            parent.insert(parent.index(piece.element) + 1, wrapper)
    else:
        wrapper.text, piece.element.text = piece.element.text, None
        piece.element.insert(0, wrapper)
