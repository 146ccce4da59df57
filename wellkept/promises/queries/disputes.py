"""Who decides a dispute, and which of them a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from wellkept.people import queries as people
from wellkept.promises.models import Dispute
from wellkept.promises.queries.lists import for_staff

if TYPE_CHECKING:
    from wellkept.people.models import Staff

DECIDES = ("quality", "administrator")


def disputes_for(by: Staff) -> QuerySet[Dispute]:
    """Disputes about promises the person may see, and those they asked for or owe a decision on."""
    seen = Dispute.objects.filter(promise__in=for_staff(by)) | Dispute.objects.filter(task__in=for_staff(by))
    return seen.distinct().select_related("promise__client", "asked_by", "decided_by", "task__owner")


def may_decide(by: Staff, dispute: Dispute) -> bool:
    """Whoever owes the decision, somebody above them, and quality; nobody decides what they disputed themselves."""
    if by.pk == dispute.asked_by_id or not by.is_active:
        return False
    owner = dispute.task.owner
    return by.has_role(*DECIDES) or (owner is not None and (owner.pk == by.pk or people.is_above(by, owner)))
