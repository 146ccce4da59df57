from wellkept.core.apps import RoomConfig


class PromisesConfig(RoomConfig):
    default = True
    name = "wellkept.promises"
    label = "promises"
