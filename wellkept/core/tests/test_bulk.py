"""Rows written past the ORM are kept or refused as those it writes."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tests.world import office
from wellkept.core import bulk
from wellkept.core.models import StoredFile

COLUMNS = ("sha256", "size", "media_type", "stored_at")


def rows(*names: str) -> list[tuple[str, int, str, str]]:
    return [(name * 64, 3, "text/plain", office("mon 9:00").isoformat()) for name in names]


@pytest.mark.django_db
def test_a_few_rows_and_many_are_all_there() -> None:
    names = "0123456789abcdefghijklmnopqrstuvwxyz"

    with transaction.atomic(), bulk.together(2):
        bulk.insert_values(StoredFile, COLUMNS, rows(*names[:2]))
    with transaction.atomic(), bulk.together(len(names) - 2):
        bulk.insert_values(StoredFile, COLUMNS, rows(*names[2:]))

    assert StoredFile.objects.count() == len(names)
    assert StoredFile.objects.get(sha256="z" * 64).size == 3


@pytest.mark.django_db
def test_more_rows_than_were_told_of_travel_together_all_the_same() -> None:
    with transaction.atomic(), bulk.together(2):
        bulk.insert_values(StoredFile, COLUMNS, rows(*"0123456789abcdefghijklmnopqrstuvwxyz"))

    assert StoredFile.objects.count() == 36


@pytest.mark.django_db
def test_what_travels_together_is_refused_with_the_same_error_and_leaves_nothing() -> None:
    bulk.insert_values(StoredFile, COLUMNS, rows("a"))

    with pytest.raises(IntegrityError), transaction.atomic(), bulk.together(2):
        bulk.insert_values(StoredFile, COLUMNS, rows("b"))
        bulk.insert_values(StoredFile, COLUMNS, rows("a"))

    assert list(StoredFile.objects.values_list("sha256", flat=True)) == ["a" * 64]


@pytest.mark.django_db
def test_values_are_written_back_by_key() -> None:
    bulk.insert_values(StoredFile, COLUMNS, rows("a", "b"))
    first, second = StoredFile.objects.order_by("sha256")

    bulk.write_values(StoredFile, ("size",), [(4, first.pk), (5, second.pk)])

    assert list(StoredFile.objects.order_by("sha256").values_list("size", flat=True)) == [4, 5]
