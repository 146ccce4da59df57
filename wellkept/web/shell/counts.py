"""Small counts the frame shows; each is answered by a partial index and stops at a hundred."""

from __future__ import annotations

from wellkept.people.models import Notice, Staff

MOST = 100


def unread_notices(staff: Staff) -> int:
    return len(Notice.objects.filter(staff=staff, read_at=None).values_list("pk")[:MOST])
