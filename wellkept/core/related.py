"""Gives the rows of a list the rows they point to, which are mostly the same few and often at hand already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model


def join(rows: Sequence[Model], name: str, known: dict[int, Any]) -> None:
    """Each row gets what its foreign key `name` points to. What is not among `known` is read at once, and then known."""
    if not rows:
        return
    field: Any = rows[0]._meta.get_field(name)
    keys = [getattr(row, field.attname) for row in rows]
    if unknown := set(keys) - known.keys() - {None}:
        known.update(field.related_model._base_manager.in_bulk(unknown))
    for row, key in zip(rows, keys, strict=True):
        field.set_cached_value(row, None if key is None else known[key])
