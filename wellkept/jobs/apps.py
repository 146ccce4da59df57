from wellkept.core.apps import RoomConfig


class JobsConfig(RoomConfig):
    default = True
    name = "wellkept.jobs"
    label = "jobs"
