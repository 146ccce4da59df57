from wellkept.core.apps import RoomConfig


class BankingConfig(RoomConfig):
    default = True
    name = "wellkept.banking"
    label = "banking"
