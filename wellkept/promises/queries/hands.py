"""Who may change a promise. Asked once for a whole page, and not at all for what is a person's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wellkept.people import queries as people
from wellkept.promises.rules.hands import Place, above, near

if TYPE_CHECKING:
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

CHANGES_ALL = ("administrator",)


def may_change(by: Staff, promise: Promise) -> bool:
    """Whether the person may keep, extend, withdraw or hand over a promise they see.

    Its owner, whoever asked for it, the people above the owner, the client's bookkeeper and whoever is above them, and
    administrators. What nobody owes, or somebody who left, is for anybody who sees it.
    """
    if not by.is_active:
        return False
    owner, client = promise.owner, promise.client
    place = Place(
        owner=owner.pk if owner is not None and owner.is_active else None,
        to_staff=promise.to_staff_id,
        bookkeeper=client.bookkeeper_id if client is not None else None,
        team=client.team_id if client is not None else None,
    )
    if near(by.pk, place) or by.has_role(*CHANGES_ALL):
        return True
    return above(people.reports_of(by), people.leads(by), place)
