"""What every test has: a database in a file or on PostgreSQL, and the world of tests/world.py."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest_plugins = ["tests.world"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What no database can change has been tried on SQLite: on PostgreSQL only tests that use one run again."""
    if not os.environ.get("WELLKEPT_TEST_DATABASE_URL"):
        return
    again = [item for item in items if _uses_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(again)])
    items[:] = again


def _uses_a_database(item: pytest.Item) -> bool:
    named = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    marked = any(item.get_closest_marker(name) for name in ("django_db", "process", "faults"))
    return bool(named) or marked


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """On SQLite the file is laid down before Django looks for it; its folder goes with the run."""
    return not os.environ.get("WELLKEPT_TEST_DATABASE_URL")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A copy of the migrated database: on SQLite in a real file, with the locks and the write-ahead log the firm runs on."""
    from django.conf import settings

    from tests import template

    database = settings.DATABASES["default"]
    test = database.setdefault("TEST", {})
    test["MIGRATE"] = False
    if database["ENGINE"].endswith("sqlite3"):
        test["NAME"] = str(Path(settings.DATA) / "test.sqlite3")
        shutil.copy(template.sqlite(), test["NAME"])
    else:
        test["TEMPLATE"] = template.postgresql(os.environ["WELLKEPT_TEST_DATABASE_URL"])


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    """A test that is rolled back gives its ids to the next one, so what was remembered under them is another's."""
    from wellkept.clients import terms

    terms.remembered.clear()


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
