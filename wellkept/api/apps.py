from wellkept.core.apps import RoomConfig


class ApiConfig(RoomConfig):
    default = True
    name = "wellkept.api"
    label = "api"
