"""Small counts the frame shows; each is answered by a partial index and stops at a hundred."""

from __future__ import annotations

from wellkept.people import queries as people
from wellkept.people.models import Staff

MOST = 100


def unread_notices(staff: Staff) -> int:
    return len(people.unread_notices(staff).values_list("pk")[:MOST])
