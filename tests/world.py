"""One small world for tests, demo and docs: named people, one owner, one team mate, one stranger who must see nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest


def at(text: str) -> datetime:
    """`2026-03-06 16:00` in UTC, or an ISO time with its own offset."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@pytest.fixture
def world(db: None) -> None:
    """Filled by the rooms' actions; see tests/world.py."""
