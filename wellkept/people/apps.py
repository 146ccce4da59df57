from wellkept.core.apps import RoomConfig


class PeopleConfig(RoomConfig):
    default = True
    name = "wellkept.people"
    label = "people"
