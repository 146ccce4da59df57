"""Reads: clients and contacts within a person's scope, what was agreed, what everyone must know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet

from wellkept.clients import rules, terms
from wellkept.clients.models import Agreement, AgreementVersion, Client, Contact, ContactAddress, Nuance, Target
from wellkept.clients.rules import TargetDraft
from wellkept.clients.scope import EVERYTHING, NOTHING, Scope
from wellkept.core import once
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.people.models import Staff

MOST_FOUND = 50


@dataclass(frozen=True)
class TargetChoice:
    """The target that counts, and what its agreement says around it."""

    target: Target
    version: AgreementVersion
    pauses_while_waiting: bool
    machine_may_acknowledge: bool


def scope(by: Staff) -> Scope:
    """What `by` may see, in one query.

    Everything for those who watch over the firm. Otherwise the clients whose bookkeeper they are, supervise at any
    distance, or share a team with (as a member or its lead), and those their team supports.
    """
    if not by.is_active:
        return NOTHING
    if people.may_see_everything(by):
        return EVERYTHING
    return Scope(
        everything=False,
        ids=_ids(by),
        without_client=people.may_triage(by),
    )


@once.read("client", "staff", "team")
def _ids(by: Staff) -> frozenset[int]:
    return frozenset(_mine(by).values_list("pk", flat=True))


def may_see(by: Staff, client: Client | None) -> bool:
    """Whether this client (or what belongs to none yet) is within the person's scope. Their own is, without asking."""
    if client is not None and client.bookkeeper_id == by.pk and by.is_active:
        return True
    return scope(by).holds(client.pk if client is not None else None)


def who_sees(client: Client) -> list[Staff]:
    """Everybody here whose scope holds the client, by name: `may_see`, asked the other way round."""
    keeper = client.bookkeeper
    teams = [pk for pk in (client.team_id, keeper.team_id) if pk is not None]
    supporting = {team.pk: team.lead_id for team in people.teams().filter(pk__in=teams)}
    near = {keeper.pk, *(person.pk for person in people.chain(keeper)), *supporting.values()}
    return [
        person
        for person in people.active()
        if person.pk in near or person.team_id in supporting or people.may_see_everything(person)
    ]


def for_staff(by: Staff) -> QuerySet[Client]:
    """The clients a person may see, by name, archived ones included."""
    if not by.is_active:
        return Client.objects.none()
    return Client.objects.all() if people.may_see_everything(by) else _mine(by).order_by("name")


def current(by: Staff) -> QuerySet[Client]:
    """Those whose books we keep today."""
    return for_staff(by).filter(archived_at=None)


def kept(pk: int) -> Client | None:
    """A client whose books we keep today, for a room that was told of it."""
    return Client.objects.filter(pk=pk, archived_at=None).first()


def by_number(public_id: str) -> Client | None:
    """A client whose books we keep today, by the number it is known under outside."""
    return Client.objects.filter(public_id=public_id, archived_at=None).first()


def portfolio(staff: Staff) -> QuerySet[Client]:
    """The clients whose named bookkeeper this person is."""
    return Client.objects.filter(bookkeeper=staff, archived_at=None)


def contacts_for(by: Staff) -> QuerySet[Contact]:
    """Contacts of the clients a person may see, with their addresses."""
    contacts = Contact.objects.select_related("client").prefetch_related("addresses")
    return contacts.filter(client__in=for_staff(by).order_by())


def contacts_of(client: Client) -> QuerySet[Contact]:
    """People at the client today, with their addresses."""
    return client.contacts.filter(left_at=None).prefetch_related("addresses")


def by_address(kind: str, value: str) -> Contact | None:
    """Whose address this is. None when nobody's, when they have left, or when several share it."""
    wanted = value.strip().lower() if kind == ContactAddress.Kind.EMAIL else value.strip()
    rows = (
        ContactAddress.objects.filter(kind=kind, value=wanted, contact__left_at=None)
        .select_related("contact__client__bookkeeper")
        .order_by("pk")[:2]
    )
    found = list(rows)
    return found[0].contact if len(found) == 1 else None


def email_of(contact: Contact) -> str:
    """The address we write to, or "" when we have none."""
    first = min(
        (a for a in contact.addresses.all() if a.kind == ContactAddress.Kind.EMAIL), key=lambda a: a.pk, default=None
    )
    return first.value if first else ""


def nuances(client: Client | int) -> QuerySet[Nuance]:
    """What everyone who works for this client must know today, oldest first."""
    return Nuance.objects.filter(client=client, retired_at=None).select_related("written_by")


def default_agreement() -> Agreement | None:
    """What is promised to every client that has nothing better."""
    return Agreement.objects.filter(client=None).first()


def agreements_for(by: Staff) -> QuerySet[Agreement]:
    """The firm's default and the agreements of the clients a person may see."""
    mine = Q(client=None) | Q(client__in=for_staff(by).order_by())
    return Agreement.objects.filter(mine).select_related("client").order_by("client__name")


def check_targets(targets: Sequence[TargetDraft]) -> None:
    """Refuses what `draw_up_agreement` would refuse, for a form that shows what would change first."""
    rules.check_targets(targets)


def current_version(agreement: Agreement) -> AgreementVersion | None:
    """The newest edition, with its targets."""
    return versions(agreement).first()


def versions(agreement: Agreement) -> QuerySet[AgreementVersion]:
    """Every edition, newest first."""
    return agreement.versions.order_by("-number").prefetch_related(Prefetch("targets"))


def target_for(client: Client | int | None, kind: str, channel: str = "", priority: str = "") -> TargetChoice | None:
    """What is promised: the client's own agreement before the firm's default, the most specific target in it.

    None when neither promises anything of this kind.
    """
    owner = client.pk if isinstance(client, Client) else client
    own, default = terms.in_force(owner, kind)
    chosen = rules.most_specific(own, channel=channel, priority=priority) or rules.most_specific(
        default, channel=channel, priority=priority
    )
    return None if chosen is None else _choice(chosen)


def bookkeeper_of(client: Client | int) -> Staff:
    """The named bookkeeper, or whoever took over when they left."""
    row = client if isinstance(client, Client) else Client.objects.select_related("bookkeeper").get(pk=client)
    return people.successor_of(row.bookkeeper) or row.bookkeeper


def names(ids: Iterable[int]) -> dict[int, str]:
    """Clients' names by id."""
    return dict(Client.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def _mine(by: Staff) -> QuerySet[Client]:
    teams = people.teams_of(by).values("pk")
    return Client.objects.filter(
        Q(bookkeeper__in=people.below(by)) | Q(team__in=teams) | Q(bookkeeper__team__in=teams)
    ).order_by()


def _choice(target: Target) -> TargetChoice:
    version = target.version
    return TargetChoice(target, version, version.pauses_while_waiting, version.machine_may_acknowledge)
