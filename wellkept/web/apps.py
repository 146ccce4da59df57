from wellkept.core.apps import RoomConfig


class WebConfig(RoomConfig):
    default = True
    name = "wellkept.web"
    label = "web"
