"""The review of a month: its sentence, findings kind by kind, what was settled, and whose months need a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.banking.models import BankAccount, Finding, Silence
from wellkept.banking.queries import review as reads
from wellkept.banking.rules.review_kinds import FIRST, KINDS
from wellkept.banking.rules.review_words import Voice, remedy, sentence, title
from wellkept.ledger.models import Account, Entry
from wellkept.web.exports import figures
from wellkept.web.shell import words
from wellkept.web.shell.words import Reader

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff

FEW, PAGE = 10, 50


@dataclass(frozen=True)
class Shown:
    """A finding as a row: its sentence, where it can be put right, and what else can be opened."""

    finding: Finding
    sentence: str
    on: date
    place: str
    links: Sequence[tuple[str, str]]
    figure: str
    currency: str


@dataclass(frozen=True)
class Group:
    """The findings of one kind: how many there are, what putting them right means, and those shown."""

    kind: str
    count: int
    rows: list[Shown] = field(default_factory=list)

    @property
    def title(self) -> str:
        return title(self.kind)

    @property
    def remedy(self) -> str:
        return remedy(self.kind)

    @property
    def first(self) -> bool:
        return self.kind in FIRST

    @property
    def left(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True)
class Month:
    """A month in the row of months, with how many findings stand in it."""

    first: date
    count: int
    current: bool

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"


def page(by: Staff, client: Client, month: date, *, kind: str, start: int, reader: Reader) -> dict[str, Any]:
    """What stands in a month: all kinds with their first rows, or one kind page by page."""
    standing = reads.open_of(by, client, month)
    counts = Counter(dict(standing.order_by().values_list("kind").annotate(count=Count("pk"))))
    asked = [kind] if kind in KINDS else [each for each in KINDS if counts[each]]
    first = start if kind in KINDS else 0
    size = PAGE if kind in KINDS else FEW
    found = {each: list(standing.filter(kind=each)[first : first + size]) for each in asked}
    voice = voice_of(client, [row for rows in found.values() for row in rows], reader)
    groups = [Group(each, counts[each], _shown(client, found[each], voice, reader)) for each in asked]
    more = kind in KINDS and counts[kind] > start + PAGE
    return {
        "groups": groups,
        "sentence": said(counts, month, reads.reviewed(client, month), reader),
        "count": counts.total(),
        "kind": kind if kind in KINDS else "",
        "next": start + PAGE if more else None,
        "before": start if kind in KINDS else 0,
    }


def settled(by: Staff, client: Client, month: date, reader: Reader) -> dict[str, Any]:
    """What people accepted or put right in the month, and what is never raised again for the client."""
    rows = list(reads.settled_of(by, client, month)[:PAGE])
    quiet = list(reads.silences(by).filter(client=client)[: reads.MOST_SILENCES])
    voice = voice_of(client, rows, reader)
    return {
        "settled": _shown(client, rows, voice, reader),
        "silences": [{"silence": each, "title": title(each.kind), "about": subject(each, voice)} for each in quiet],
        "sentence": _settled_said(rows, quiet),
    }


def said(counts: Counter[str], month: date, looked: Any, reader: Reader) -> str:
    """Counted from the very rows below."""
    name = words.month(month, reader)
    count, first = counts.total(), sum(counts[kind] for kind in FIRST)
    if looked is None or looked.reviewed_at is None:
        return _("%(month)s has not been looked through yet.") % {"month": name}
    if not count:
        return _("Nothing stands out in %(month)s.") % {"month": name}
    there = ngettext("%(count)s finding in %(month)s", "%(count)s findings in %(month)s", count)
    there %= {"count": count, "month": name}
    if not first:
        return _("%(findings)s: none holds the month up.") % {"findings": there}
    need = ngettext("%(count)s needs you first", "%(count)s need you first", first) % {"count": first}
    return _("%(findings)s: %(need)s.") % {"findings": there, "need": need}


def portfolio(by: Staff, month: date, reader: Reader) -> dict[str, Any]:
    """Every client with a book beside what stands in its month."""
    rows = reads.portfolio(by, month)
    count, held = sum(row.count for row in rows), sum(row.first > 0 for row in rows)
    name = words.month(month, reader)
    there = ngettext("%(count)s finding in %(month)s", "%(count)s findings in %(month)s", count)
    there %= {"count": count, "month": name}
    clients = ngettext("%(count)s client needs somebody first", "%(count)s clients need somebody first", held)
    text = _("%(findings)s: %(clients)s.") % {"findings": there, "clients": clients % {"count": held}}
    quiet = _("Nothing stands out in %(month)s.") % {"month": name}
    return {"rows": rows, "sentence": text if count else quiet}


def months(client: Client, month: date, today: date) -> list[Month]:
    """The last six months, the one asked for, and every month in which something stands; newest first."""
    counts = reads.open_counts(client)
    this = today.replace(day=1)
    recent = [_earlier(this, back) for back in range(6)]
    shown = sorted({*recent, month, *sorted(counts, reverse=True)[:6]}, reverse=True)
    return [Month(each, counts.get(each, 0), each == month) for each in shown]


def last_month(today: date) -> date:
    return _earlier(today.replace(day=1), 1)


def voice_of(client: Client, findings: Iterable[Finding], reader: Reader) -> Voice:
    """The names the sentences need, in two statements."""
    asked: set[int] = set()
    for each in findings:
        asked |= {pk for pk in (each.account_id, _usual_account(each)) if pk}
    accounts = {each.pk: str(each) for each in Account.objects.filter(pk__in=asked, book__client=client)}
    banks = dict(BankAccount.objects.filter(client=client).values_list("pk", "name"))
    return Voice(
        money=lambda minor, currency: f"{currency} {figures.amount(minor, currency, reader.language)}",
        day=lambda on: words.short_day(on, reader),
        accounts=accounts,
        banks=banks,
    )


def subject(silence: Silence, voice: Voice) -> str:
    """What is not raised again: the payee by name, else the sentence of the last finding it ended."""
    last = silence.findings.order_by("-pk").first()
    if last is None:
        return silence.subject
    return str(last.data.get("name") or voice.banks.get(last.data.get("bank", 0)) or _account_name(last))


def place_of(finding: Finding, entry_number: int | None = None) -> str:
    """Where it is put right: the line, the entry, the account, or the lines that wait."""
    client, bank = finding.client_id, finding.data.get("bank")
    if finding.kind == "uncoded":
        return f"{reverse('coding_client', args=[client])}?account={bank}"
    if finding.line_id:
        return reverse("coding_line", args=[finding.line_id])
    if finding.entry_id:
        number = entry_number or Entry.objects.values_list("number", flat=True).get(pk=finding.entry_id)
        return reverse("book_entry", args=[client, number])
    return f"{reverse('book_account', args=[client, finding.account_id])}?span=month&month={finding.month:%Y-%m}"


def _shown(client: Client, findings: Sequence[Finding], voice: Voice, reader: Reader) -> list[Shown]:
    entries = [each.entry_id for each in findings if each.entry_id]
    numbers = dict(Entry.objects.filter(pk__in=entries).order_by().values_list("pk", "number"))
    return [_row(client, each, numbers.get(each.entry_id or 0), voice, reader) for each in findings]


def _row(client: Client, each: Finding, number: int | None, voice: Voice, reader: Reader) -> Shown:
    links = []
    if each.line_id:
        links.append((_("Line"), reverse("coding_line", args=[each.line_id])))
    if number:
        links.append((_("Entry %(number)s") % {"number": number}, reverse("book_entry", args=[client.pk, number])))
    if each.account_id:
        address = reverse("book_account", args=[client.pk, each.account_id])
        links.append((_("Account"), f"{address}?span=month&month={each.month:%Y-%m}"))
    currency = str(each.data["currency"])
    return Shown(
        each,
        sentence(each.kind, each.account_id, each.data, voice),
        date.fromisoformat(each.data["on"]),
        place_of(each, number),
        links,
        figures.amount(int(each.data["minor"]), currency, reader.language),
        currency,
    )


def _settled_said(rows: Sequence[Finding], quiet: Sequence[Silence]) -> str:
    if not rows and not quiet:
        return _("Nothing was accepted or silenced.")
    done = ngettext("%(count)s settled this month", "%(count)s settled this month", len(rows)) % {"count": len(rows)}
    never = ngettext("%(count)s never raised again", "%(count)s never raised again", len(quiet)) % {"count": len(quiet)}
    return _("%(done)s, %(never)s.") % {"done": done, "never": never}


def _usual_account(finding: Finding) -> int | None:
    return finding.data.get("usual") if finding.kind == "payee_differs" else None


def _account_name(finding: Finding) -> str:
    return "" if finding.account is None else str(finding.account)


def _earlier(month: date, back: int) -> date:
    for _step in range(back):
        month = (month - timedelta(days=1)).replace(day=1)
    return month
