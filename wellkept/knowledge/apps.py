from wellkept.core.apps import RoomConfig


class KnowledgeConfig(RoomConfig):
    default = True
    name = "wellkept.knowledge"
    label = "knowledge"
