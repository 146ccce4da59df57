import pytest

from tests.world import World
from wellkept.api.tests.caller import Callers


@pytest.fixture
def callers(world: World) -> Callers:
    return Callers(world)
