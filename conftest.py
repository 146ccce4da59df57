"""What every test has: a database in a file or on PostgreSQL, and the world of tests/world.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest_plugins = ["tests.world"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a real file, with the locks and the write-ahead log the firm runs on; never the shared memory of one process."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(Path(settings.DATA) / "test.sqlite3")


@pytest.fixture(autouse=True)
def _service_book_can_be_emptied(request: pytest.FixtureRequest, _django_db_marker: None) -> Iterator[None]:
    """Tests over real commits end by emptying every table, which the service book refuses. It has its guards while they run."""
    marker = request.node.get_closest_marker("django_db")
    committing = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(request.fixturenames)
    if not committing and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    for name in committing:
        request.getfixturevalue(name)
    from django.db import connection

    from wellkept.core import guards

    guards.install(connection)
    yield
    guards.remove(connection)
