"""How a room starts: its guards are known and its reactions loaded so that they hear facts."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """Every room's AppConfig. Loads `guards` and `reactions` where the room has any."""

    default = False
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("guards", "reactions", "transports", "schedules"):
            if find_spec(f"{self.name}.{module}"):
                import_module(f"{self.name}.{module}")


class CoreConfig(RoomConfig):
    default = True
    name = "wellkept.core"
    label = "core"
