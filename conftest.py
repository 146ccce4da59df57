"""Tests start from an empty data folder and SQLite, or PostgreSQL when WELLKEPT_TEST_DATABASE_URL names one."""

import os
import tempfile
from collections.abc import Iterator

import pytest

_folder = tempfile.mkdtemp(prefix="wellkept-tests-")
_url = os.environ.get("WELLKEPT_TEST_DATABASE_URL", "")
os.environ["WELLKEPT_DATA"] = _folder
os.environ["WELLKEPT_DATABASE_URL"] = f"{_url}{'&' if '?' in _url else '?'}pool=0" if _url else ""
os.environ["WELLKEPT_SQLITE_SYNCHRONOUS"] = "OFF"
for _name in ("WELLKEPT_DEMO", "WELLKEPT_REDIS_URL", "WELLKEPT_SMTP_URL", "WELLKEPT_PUBLIC_URL", "WELLKEPT_DEBUG"):
    os.environ.pop(_name, None)

pytest_plugins = ["tests.world"]


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
