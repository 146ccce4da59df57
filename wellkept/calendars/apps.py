from wellkept.core.apps import RoomConfig


class CalendarsConfig(RoomConfig):
    default = True
    name = "wellkept.calendars"
    label = "calendars"
