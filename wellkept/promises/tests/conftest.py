import pytest

from wellkept.promises.tests.owing import World


@pytest.fixture
def firm(db: None) -> World:
    return World()
