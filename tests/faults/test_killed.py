"""Killed at two hundred random points, nothing is lost that was acknowledged, nothing stands half done, nothing doubles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("WELLKEPT_TEST_KILLS", "50"))  # of each kind of work
SEED = int(os.environ.get("WELLKEPT_TEST_SEED", "1"))


@pytest.fixture
def database(tmp_path: Path, transactional_db: None) -> Iterator[str]:
    """The address of a migrated, empty database that is nobody else's."""
    if connection.vendor == "sqlite":
        copy = tmp_path / "firm.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        yield f"sqlite:///{copy}"
        return
    original, name = connection.settings_dict["NAME"], f"{connection.settings_dict['NAME']}_killed"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
    yield urlsplit(os.environ["WELLKEPT_DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
@pytest.mark.req("B3", "W3")
def test_work_that_is_killed_at_random_points(database: str, tmp_path: Path) -> None:
    environment = {**os.environ, "WELLKEPT_DATABASE_URL": database, "WELLKEPT_DATA": str(tmp_path)}
    works = ("posting", "import", "approval", "closing")

    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.siege", str(KILLS), str(SEED), *works],
        cwd=ROOT,
        env={**environment, "WELLKEPT_SQLITE_SYNCHRONOUS": "FULL"},
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )

    assert ran.returncode == 0, ran.stderr[-4000:]
    told = json.loads(ran.stdout.splitlines()[-1])
    print(told)
    assert [report["complaints"] for report in told["reports"]] == [[]] * len(works)
    assert [report["kills"] for report in told["reports"]] == [KILLS] * len(works)
    for report in told["reports"]:
        assert report["within"] >= KILLS / 4, f"too few of the kills fell into an operation: {report}"
