"""Reads of coding rules, and the tester: what a rule would have said about lines already decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from wellkept.banking.models import BankLine, Coding, Rule
from wellkept.banking.queries.lines import counted
from wellkept.banking.rules.conditions import Conditions
from wellkept.clients import queries as clients
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff

LOOKED_AT = 5_000
SHOWN = 50


@dataclass(frozen=True)
class Tried:
    """Of the latest lines: how many fit, how many of the decided ones went to the same account, and the others."""

    looked_at: int
    fits: int
    same: int
    others: Sequence[Coding]
    waiting: Sequence[BankLine]


def for_staff(by: Staff) -> QuerySet[Rule]:
    """The rules a person may take out of force: those of their clients, and the firm's for who manages clients."""
    scoped = Q(client__in=clients.for_staff(by).order_by().values("pk"))
    if people.may_manage_clients(by):
        scoped |= Q(client=None)
    return Rule.objects.filter(scoped, retired_at=None).select_related("client")


def in_force(client: Client) -> QuerySet[Rule]:
    """What speaks about this client's lines, in order, with how often each was right."""
    found = Rule.objects.filter(Q(client=client) | Q(client=None), retired_at=None).select_related("made_by", "client")
    return found.annotate(
        decided=Coalesce(Sum("tallies__decided", filter=Q(tallies__client=client)), 0),
        right=Coalesce(Sum("tallies__right", filter=Q(tallies__client=client)), 0),
    ).order_by("priority", "id")


def may_make_for_firm(by: Staff) -> bool:
    return people.may_manage_clients(by)


def tried(client: Client, conditions: Conditions, account_code: str) -> Tried:
    """Hold the conditions against the client's latest lines."""
    lines = list(counted().filter(client=client).order_by("-dated_on", "-id")[:LOOKED_AT])
    fitting = [line for line in lines if conditions.hold(line)]
    codings = Coding.objects.filter(line__in=[line.pk for line in fitting[:LOOKED_AT]], undone_at=None)
    decided = {coding.line_id: coding for coding in codings.select_related("account", "line__bank_account")}
    same = [each for each in decided.values() if each.account is not None and each.account.code == account_code]
    others = [each for each in decided.values() if each not in same]
    waiting = [line for line in fitting if line.pk not in decided]
    return Tried(len(lines), len(fitting), len(same), others[:SHOWN], waiting[:SHOWN])
