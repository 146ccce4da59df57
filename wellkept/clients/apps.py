from wellkept.core.apps import RoomConfig


class ClientsConfig(RoomConfig):
    default = True
    name = "wellkept.clients"
    label = "clients"
