"""When promises are swept: as soon as one comes due, and two seconds later again while there is more to do."""

from datetime import datetime

from wellkept.core import schedules
from wellkept.promises import actions, queries


@schedules.every(name="promises.sweep", seconds=2, next_at=lambda at: queries.next_check_at(at))
def sweep(at: datetime) -> None:
    actions.sweep(at=at, limit=10_000)
