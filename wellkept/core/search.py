"""One search over everything: FTS5 on SQLite, tsvector and GIN on PostgreSQL, behind one function with the viewer's scope.

Words are folded here (lower case, no accents, no punctuation), so both databases find the same. Kind and client are
words of the index as well: a viewer of 3 clients never pays for the other 3,000. The newest change comes first.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from wellkept.core import bulk
from wellkept.core.models import SearchDocument

LONGEST_BODY = 20_000
LONGEST_WORD = 48
MOST_TERMS = 10
MOST_SCOPE_WORDS = 60
CLIENT = "wkc"
SNIPPET = 160
LOOKED_AT = 4_000  # of a body, for its snippet
TOKEN = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
TERM = re.compile(r'"(?P<phrase>[^"]*)"?|(?P<word>\S+)')
Span = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """One match. Marks are [start, end) over title and snippet; nothing is escaped or wrapped."""

    kind: str
    object_id: int
    client: int | None
    title: str
    title_marks: tuple[Span, ...]
    snippet: str
    snippet_marks: tuple[Span, ...]
    at: datetime


@dataclass(frozen=True)
class Term:
    """One word, or several that must stand side by side. A prefix term also matches longer words."""

    tokens: tuple[str, ...]
    prefix: bool


@transaction.atomic(savepoint=False)
def index(
    *, kind: str, object_id: int, client: int | None, title: str, body: str, names: str = "", at: datetime
) -> None:
    """Make the object findable as it is now, newest. It is found by its names as well, but they are not shown."""
    forget(kind=kind, object_id=object_id)
    add(kind=kind, object_id=object_id, client=client, title=title, body=body, names=names, at=at)


def add(*, kind: str, object_id: int, client: int | None, title: str, body: str, names: str = "", at: datetime) -> None:
    """Make an object findable that was made just now, in the same transaction."""
    title, body = _clean(title), _clean(body)[:LONGEST_BODY]
    document = SearchDocument(
        kind=kind,
        object_id=object_id,
        client=client,
        title=title,
        body=body,
        at=at,
        scope=f"{_kind(kind)} {_client(client)}",
        words=" ".join(token[:LONGEST_WORD] for token, _, _ in fold(f"{title} {_clean(names)} {body}")),
    )
    bulk.insert([document])


def forget(*, kind: str, object_id: int) -> None:
    SearchDocument.objects.filter(kind=kind, object_id=object_id).delete()


def find(
    words: str, *, clients: Collection[int] | None, without_client: bool, kinds: Collection[str] = (), limit: int = 50
) -> list[Found]:
    """The newest matches the viewer may see. `clients` None means every client; `without_client` adds firm-wide rows."""
    terms = understand(words)
    ids = _matching(terms, clients, without_client, kinds, limit)
    rows = SearchDocument.objects.in_bulk(ids)
    return [_shown(rows[id], terms) for id in ids if id in rows]


def find_ids(
    words: str, *, clients: Collection[int] | None, without_client: bool, kind: str, limit: int = 1000
) -> list[int]:
    """Only the object ids, newest first: for lists that are narrowed by words."""
    ids = _matching(understand(words), clients, without_client, (kind,), limit)
    objects = dict(SearchDocument.objects.filter(id__in=ids).values_list("id", "object_id"))
    return [objects[id] for id in ids if id in objects]


def understand(words: str) -> list[Term]:
    """Read what a person typed: words, "several words", beginn*. The last word may be unfinished. Never an error."""
    text = _clean(words)[:500]
    terms: list[Term] = []
    for match in TERM.finditer(text):
        phrase = match["phrase"]
        raw = phrase if phrase is not None else match["word"]
        tokens = tuple(token[:LONGEST_WORD] for token, _, _ in fold(raw))
        if tokens:
            typing = phrase is None and match.end() == len(text)
            terms.append(Term(tokens, prefix=phrase is None and (typing or raw.endswith("*"))))
    return terms[:MOST_TERMS]


def fold(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text as they are compared, each with its place in the text."""
    for match in TOKEN.finditer(text):
        word = match[0]
        if word.isascii():
            yield word.lower(), match.start(), match.end()
            continue
        plain = unicodedata.normalize("NFKD", word.casefold())
        folded = "".join(c for c in plain if c.isalnum())
        if folded:
            yield folded, match.start(), match.end()


def marks(text: str, terms: list[Term]) -> tuple[Span, ...]:
    """Where the words of `terms` stand in `text`."""
    return tuple(_hits(text, terms))


def _hits(text: str, terms: list[Term]) -> Iterator[Span]:
    whole = {token for term in terms for token in (term.tokens[:-1] if term.prefix else term.tokens)}
    begun = tuple(term.tokens[-1] for term in terms if term.prefix)
    for token, start, end in fold(text):
        if token in whole or (begun and token.startswith(begun)):
            yield start, end


def _matching(
    terms: list[Term], clients: Collection[int] | None, without_client: bool, kinds: Collection[str], limit: int
) -> list[int]:
    if not terms or (clients is not None and not clients and not without_client):
        return []
    narrow = [tokens for tokens in ([_kind(kind) for kind in sorted(kinds)], _scope(clients, without_client)) if tokens]
    asked = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    statement, values = asked(terms, narrow)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, limit])
        return [id for (id,) in cursor.fetchall()]


def _on_postgresql(terms: list[Term], narrow: list[list[str]]) -> tuple[str, list[str]]:
    asked = " & ".join([_group(tokens, " | ") for tokens in narrow] + [_tsquery(term) for term in terms])
    return "SELECT id FROM core_searchdocument WHERE found @@ %s::tsquery ORDER BY id DESC LIMIT %s", [asked]


def _on_sqlite(terms: list[Term], narrow: list[list[str]]) -> tuple[str, list[str]]:
    """Few scope words are looked up in the index; for many it is cheaper to look at each match, newest first."""
    few = [tokens for tokens in narrow if len(tokens) <= MOST_SCOPE_WORDS]
    scope = [f"scope : ({' OR '.join(tokens)})" for tokens in few]
    values = [" AND ".join([*scope, *(f"words : {_fts5(term)}" for term in terms)])]
    statement = "SELECT i.rowid FROM core_searchindex i"
    many = [tokens for tokens in narrow if len(tokens) > MOST_SCOPE_WORDS]
    if many:
        statement += " JOIN core_searchdocument d ON d.id = i.rowid"
        values.append(json.dumps([token.removeprefix(CLIENT) for token in many[0]]))
    statement += " WHERE core_searchindex MATCH %s"
    if many:
        statement += " AND coalesce(d.client, 0) IN (SELECT CAST(value AS INTEGER) FROM json_each(%s))"
    return statement + " ORDER BY i.rowid DESC LIMIT %s", values


def _scope(clients: Collection[int] | None, without_client: bool) -> list[str]:
    if clients is None:
        return []
    return [_client(client) for client in sorted(clients)] + ([_client(None)] if without_client else [])


def _fts5(term: Term) -> str:
    return f'"{" ".join(term.tokens)}"{" *" if term.prefix else ""}'


def _tsquery(term: Term) -> str:
    quoted = [f"'{token}'" for token in term.tokens]
    return _group([" <-> ".join(quoted) + (":*" if term.prefix else "")], "")


def _group(parts: list[str], between: str) -> str:
    return f"({between.join(parts)})"


def _kind(kind: str) -> str:
    return f"wkk{''.join(c for c in kind.casefold() if c.isalnum())}"


def _client(client: int | None) -> str:
    return f"{CLIENT}{client or 0}"


def _shown(row: SearchDocument, terms: list[Term]) -> Found:
    snippet = _snippet(row.body, terms)
    return Found(
        kind=row.kind,
        object_id=row.object_id,
        client=row.client,
        title=row.title,
        title_marks=marks(row.title, terms),
        snippet=snippet,
        snippet_marks=marks(snippet, terms),
        at=row.at,
    )


def _snippet(body: str, terms: list[Term]) -> str:
    """A line of the body around its first match, cut between words."""
    flat = " ".join(body[:LOOKED_AT].split())
    first = _first(flat, terms)
    start = 0 if first < SNIPPET // 2 else flat.rfind(" ", 0, first - SNIPPET // 3) + 1
    whole = len(flat) - start <= SNIPPET
    end = len(flat) if whole else max(flat.rfind(" ", start, start + SNIPPET), start + SNIPPET // 2)
    return f"{'… ' if start else ''}{flat[start:end]}{' …' if end < len(flat) else ''}"


def _first(text: str, terms: list[Term]) -> int:
    """Where the first match begins; 0 without one. Plain text is searched by one expression, the rest word by word."""
    if not text.isascii():
        return next(_hits(text, terms), (0, 0))[0]
    whole = [f"{token}(?![a-z0-9])" for term in terms for token in (term.tokens[:-1] if term.prefix else term.tokens)]
    begun = [term.tokens[-1] for term in terms if term.prefix]
    found = re.search(f"(?<![a-z0-9])(?:{'|'.join(whole + begun)})", text.lower())
    return found.start() if found else 0


def _clean(text: str) -> str:
    return text.replace("\x00", " ")
