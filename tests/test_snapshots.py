"""What is put back is what was written, to the last value."""

from __future__ import annotations

from tests import snapshots
from tests.world import World, build
from wellkept.clients.models import Client
from wellkept.core import verifying


def rows() -> dict[str, object]:
    return {each.table: each.rows for each in map(snapshots._taken, snapshots._kept()) if each.rows}


def test_rows_come_back_as_they_were_written(world: World) -> None:
    """Whether this world was built or put back, its tables hold what the snapshot holds."""
    kept = {each.table: each.rows for each in snapshots._snapshots["world"].tables}

    assert {table: found for table, found in rows().items() if table in kept} == kept
    assert kept["core_fact"] and verifying.verify() == []


def test_a_world_built_by_hand_is_the_same(db: None) -> None:
    assert build().bakery.name == Client.objects.get(name="Harbour Lane Bakery").name
