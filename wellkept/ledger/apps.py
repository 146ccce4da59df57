from wellkept.core.apps import RoomConfig


class LedgerConfig(RoomConfig):
    default = True
    name = "wellkept.ledger"
    label = "ledger"
