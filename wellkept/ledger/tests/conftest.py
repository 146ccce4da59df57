import pytest

from tests.world import World
from wellkept.ledger.tests.books import Desk, open_bakery


@pytest.fixture
def desk(world: World) -> Desk:
    return open_bakery(world)
