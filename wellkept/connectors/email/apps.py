from wellkept.core.apps import RoomConfig


class EmailConfig(RoomConfig):
    default = True
    name = "wellkept.connectors.email"
    label = "email"
