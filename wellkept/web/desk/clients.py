"""A client as the desk sees it: how it stands in the list, its people, and what is agreed, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.clients import queries as clients
from wellkept.clients.fields import phone_words
from wellkept.clients.models import Client, Contact, Target
from wellkept.conversations.wording import priority_words
from wellkept.promises import kinds
from wellkept.promises.models import OPEN, Promise
from wellkept.web.desk.items import channel_word, city, soon
from wellkept.web.settings.targets import long_time
from wellkept.web.shell.reading import zone_of
from wellkept.web.shell.words import Reader, clock, number, when


@dataclass(frozen=True)
class ClientLine:
    """One row of the client list."""

    id: int
    name: str
    address: str
    bookkeeper: str
    local: str
    open: int
    state: str
    said: str
    archived: bool


@dataclass(frozen=True)
class AddressLine:
    id: int
    kind: str
    value: str
    label: str

    @property
    def said(self) -> str:
        """The address as people read it."""
        return phone_words(self.value) if self.kind == "phone" else self.value


@dataclass(frozen=True)
class PersonLine:
    """One contact with every way to reach them."""

    id: int
    name: str
    what: str
    addresses: tuple[AddressLine, ...]
    verified: str
    source: str
    contact: Contact


@dataclass(frozen=True)
class TargetLine:
    """One target of an agreement, in words."""

    what: str
    where: str
    within: str
    share: str
    strict: str


def client_lines(found: Sequence[Client], *, reader: Reader) -> list[ClientLine]:
    """The clients in the order given, with what is open for each: one query for all of them."""
    late = Q(missed_at__isnull=False) | Q(due_at__lte=reader.now)
    owed = (
        Promise.objects.filter(OPEN, client__in=[client.pk for client in found], to_staff=None)
        .order_by()
        .values("client")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=late & Q(paused_at=None)),
            next=Min("due_at", filter=Q(paused_at=None) & ~late),
        )
    )
    by_client: dict[int, dict[str, object]] = {row["client"]: dict(row) for row in owed}
    return [_client_line(client, by_client.get(client.pk, {}), reader) for client in found]


def _client_line(client: Client, owed: dict[str, object], reader: Reader) -> ClientLine:
    there = zone_of(client.time_zone)
    same = reader.now.astimezone(there).utcoffset() == reader.now.astimezone(reader.zone).utcoffset()
    state, said = _standing(int(str(owed.get("open", 0))), int(str(owed.get("late", 0))), owed.get("next"), reader)
    return ClientLine(
        id=client.pk,
        name=client.name,
        address=reverse("client", args=[client.pk]),
        bookkeeper=str(client.bookkeeper),
        local=""
        if same
        else f"{city(client.time_zone)} {clock(reader.now, Reader(reader.language, there, reader.now))}",
        open=int(str(owed.get("open", 0))),
        state=state,
        said=said,
        archived=client.archived_at is not None,
    )


def _standing(open_count: int, late: int, following: object, reader: Reader) -> tuple[str, str]:
    """The mark and the words of how a client stands today."""
    if late:
        return "broken", ngettext("%(n)s broken", "%(n)s broken", late) % {"n": late}
    if isinstance(following, datetime):
        return "open", _("next %(time)s") % {"time": soon(following, reader)}
    return ("wait", _("waiting on them")) if open_count else ("none", _("nothing owed"))


def people_lines(found: Sequence[Contact], *, reader: Reader) -> list[PersonLine]:
    return [_person(contact, reader) for contact in found]


def _person(contact: Contact, reader: Reader) -> PersonLine:
    verified = (
        _("verified %(time)s by %(name)s") % {"time": when(contact.verified_at, reader), "name": contact.verified_by}
        if contact.verified_at
        else ""
    )
    return PersonLine(
        id=contact.pk,
        name=contact.name,
        what=", ".join(part for part in (contact.role, contact.department) if part),
        addresses=tuple(AddressLine(a.pk, a.kind, a.value, a.label) for a in contact.addresses.all()),
        verified=verified,
        source=contact.source,
        contact=contact,
    )


def agreement_of(client: Client) -> tuple[str, bool, Sequence[Target], object]:
    """Name, whether it is the client's own, its targets and its version; the firm's default where there is none."""
    own = getattr(client, "agreement", None)
    agreement = own or clients.default_agreement()
    version = clients.current_version(agreement) if agreement is not None else None
    return (
        agreement.name if agreement else "",
        own is not None,
        list(version.targets.all()) if version else [],
        version,
    )


def target_lines(targets: Sequence[Target], *, reader: Reader) -> list[TargetLine]:
    order = {kind.name: place for place, kind in enumerate(kinds.every())}
    return [
        _target(target, reader)
        for target in sorted(targets, key=lambda t: (order.get(t.kind, 99), t.channel, t.priority))
    ]


def _target(target: Target, reader: Reader) -> TargetLine:
    where = [channel_word(target.channel)] if target.channel else []
    where += [priority_words(target.priority).lower()] if target.priority else []
    strict = ""
    if target.strict_seconds or target.strict_share:
        strict = _("%(share)s within %(time)s") % {
            "share": _percent(target.strict_share or target.share, reader),
            "time": long_time(target.strict_seconds or target.seconds, target.clock),
        }
    return TargetLine(
        what=str(kinds.named(target.kind).words),
        where=", ".join(where) or _("anywhere"),
        within=long_time(target.seconds, target.clock),
        share=_percent(target.share, reader) if target.share is not None else _("every one"),
        strict=strict,
    )


def _percent(share: Decimal | None, reader: Reader) -> str:
    return "" if share is None else f"{number(share.normalize() if share == share.to_integral() else share, reader)}%"
