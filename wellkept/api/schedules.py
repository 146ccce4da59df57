"""What the door tidies up by the clock."""

from __future__ import annotations

from datetime import datetime

from wellkept.core.schedules import every
from wellkept.people import actions


@every(name="api.forget_old_keys", cron="17 3 * * *")
def forget_old_keys(at: datetime) -> None:
    actions.forget_old_keys(at=at)
