"""A PostgreSQL connection beside Django's: for what must not share its pool, its transactions or its patience."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection

DJANGOS_OWN = {"cursor_factory", "context", "prepare_threshold"}


def connect(*, autocommit: bool = False, **more: Any) -> psycopg.Connection[tuple[Any, ...]]:
    """To the database of the settings."""
    options: dict[str, Any] = {k: v for k, v in connection.get_connection_params().items() if k not in DJANGOS_OWN}
    return psycopg.connect(autocommit=autocommit, **(options | more))
