from wellkept.core.apps import RoomConfig


class InsightConfig(RoomConfig):
    default = True
    name = "wellkept.insight"
    label = "insight"
