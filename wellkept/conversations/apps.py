from wellkept.core.apps import RoomConfig


class ConversationsConfig(RoomConfig):
    default = True
    name = "wellkept.conversations"
    label = "conversations"
