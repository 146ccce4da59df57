from wellkept.core.apps import RoomConfig


class FolderConfig(RoomConfig):
    default = True
    name = "wellkept.connectors.folder"
    label = "folder"
