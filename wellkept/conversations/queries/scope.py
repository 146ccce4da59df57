"""Who sees which conversation: whoever sees the client, whoever owns it, and triage for what belongs to nobody yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from wellkept.clients import queries as clients
from wellkept.conversations.models import UNRESOLVED, Conversation

if TYPE_CHECKING:
    from wellkept.people.models import Staff

NAMES = ("client", "contact", "owner")


def for_staff(by: Staff) -> QuerySet[Conversation]:
    """Every conversation the person may open, merged ones included so that an old address still leads somewhere."""
    if not by.is_active:
        return Conversation.objects.none()
    return Conversation.objects.filter(visible_to(by)).select_related(*NAMES)


def visible_to(by: Staff) -> Q:
    """The condition behind `for_staff`."""
    scope = clients.scope(by)
    if scope.everything:
        return Q() if scope.without_client else Q(client__isnull=False) | Q(owner=by)
    return scope.q("client") | Q(owner=by)


def one(by: Staff, pk: int) -> Conversation:
    """The conversation, if the person may open it; else it does not exist."""
    found = Conversation.objects.select_related(*NAMES).get(pk=pk)
    if not may_see(by, found):
        raise Conversation.DoesNotExist
    return found


def may_see(staff: Staff, conversation: Conversation) -> bool:
    """Whether the person may open this one. What they own needs no look at their clients."""
    mine = staff.is_active and conversation.owner_id == staff.pk
    return mine or clients.may_see(staff, conversation.client)


def owned_by(staff: Staff) -> QuerySet[Conversation]:
    """Open conversations whose owner the person is."""
    return Conversation.objects.filter(UNRESOLVED, owner=staff)
