from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests import template
from wellkept.cli.tests.firms import SERVER, SETUP, FirmInAFolder, empty_firm


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirmInAFolder]:
    """A firm that has just been set up, as every other one begins."""
    tables = template.postgresql(SERVER) if SERVER else "template1"
    with empty_firm(tmp_path_factory.mktemp("origin") / "data", "origin", database_like=tables) as made:
        if not SERVER:
            shutil.copy(template.sqlite(), made.data / "wellkept.sqlite3")
        made.must(*SETUP)
        yield made


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory, origin: FirmInAFolder) -> Iterator[FirmInAFolder]:
    """A firm that has just been set up; shared by the tests of a module."""
    with empty_firm(tmp_path_factory.mktemp("firm") / "data", "firm", like=origin) as made:
        yield made


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirmInAFolder]:
    """An empty place for a firm."""
    with empty_firm(tmp_path_factory.mktemp("elsewhere") / "data", "elsewhere") as made:
        yield made
