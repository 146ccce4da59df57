"""A firm moves from SQLite to PostgreSQL: every row of every table, in one transaction, while nothing else runs.

Always true: the firm on SQLite is only read, and nobody can write there meanwhile; the new place has all of it or nothing,
so that a move that was cut off is simply begun again; the guards stand there as they stood here.
"""

from wellkept.core.moving.copying import Moved, copy
from wellkept.core.moving.places import (
    NotTheSameRelease,
    PlaceNotEmpty,
    StillAtWork,
    WrongPlace,
    make_ready,
    refuse_while_at_work,
)

__all__ = [
    "Moved",
    "NotTheSameRelease",
    "PlaceNotEmpty",
    "StillAtWork",
    "WrongPlace",
    "copy",
    "make_ready",
    "refuse_while_at_work",
]
