"""Tells open screens what changed, after commit. Subscribers are the live streams of this process; Redis carries to others.

Groups are strings such as `staff-7`, `client-3`, `conversation-12`, `firm`; ids name page fragments (`promise-812`).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from wellkept.core import hub

MOST_IDS = 200


def tell(groups: Iterable[str], ids: Iterable[str]) -> None:
    """After commit, tell every screen in `groups` to refresh the fragments `ids`; so many that it may as well reload."""
    told, named = sorted(set(groups)), sorted(set(ids))
    message: hub.Message = {"ids": named} if len(named) <= MOST_IDS else hub.RELOAD
    transaction.on_commit(lambda: hub.publish(told, message), robust=True)
