from __future__ import annotations

from collections.abc import Iterator

import pytest

from wellkept.cli.tests.firms import SETUP, FirmInAFolder, empty_firm


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirmInAFolder]:
    """A firm that has just been set up; shared by the tests of a module."""
    with empty_firm(tmp_path_factory.mktemp("firm") / "data", "firm") as made:
        made.must(*SETUP)
        yield made


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirmInAFolder]:
    """An empty place for a firm."""
    with empty_firm(tmp_path_factory.mktemp("elsewhere") / "data", "elsewhere") as made:
        yield made
