"""Loads the demo firm into an empty database: the cast, a month of life, and a desk that is alive now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal
from wellkept.demo import books, month, today
from wellkept.demo.cast import Cast, assemble
from wellkept.demo.life import Life, pretend_post
from wellkept.people import queries as people

SEED = 20
DAYS = 31
SET_UP_BEFORE = timedelta(days=3)


class FirmIsHere(Refusal):
    """The demo firm is never put beside another one."""


@transaction.atomic
def load(*, at: datetime, progress: Callable[[int, int], None] = lambda done, whole: None, days: int = DAYS) -> Cast:
    """The whole firm as of `at`, or nothing at all. The same moment gives the same firm."""
    if people.firm() is not None:
        raise FirmIsHere(_("This database has a firm already. The demo firm needs an empty one."))
    since = at - timedelta(days=days)
    with translation.override("en"), pretend_post(until=at):
        cast = assemble(at=since - SET_UP_BEFORE, now=at)
        life = Life(cast, seed=SEED, until=at)
        month.plan(life, since=since)
        books.plan(life, since=since)
        today.plan(life)
        life.run(progress=progress, since=since)
    return cast
