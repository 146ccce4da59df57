"""The only writers of clients: one module for each noun."""

from wellkept.clients.actions.agreements import draw_up_agreement, draw_up_first_agreement
from wellkept.clients.actions.clients import (
    ClientArchived,
    NameTaken,
    NeedsBookkeeper,
    archive,
    change_client,
    hand_everything_over,
    hand_portfolio,
    take_on,
)
from wellkept.clients.actions.contacts import (
    AddressTaken,
    ContactLeft,
    add_address,
    add_contact,
    change_contact,
    contact_left,
    remove_address,
    verify_contact,
)
from wellkept.clients.actions.imports import Imported, import_clients
from wellkept.clients.actions.nuances import NuanceEmpty, note_nuance, retire_nuance
from wellkept.clients.rules import DAY, HOUR, MINUTE, TargetDraft, TargetUnclear

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "AddressTaken",
    "ClientArchived",
    "ContactLeft",
    "Imported",
    "NameTaken",
    "NeedsBookkeeper",
    "NuanceEmpty",
    "TargetDraft",
    "TargetUnclear",
    "add_address",
    "add_contact",
    "archive",
    "change_client",
    "change_contact",
    "contact_left",
    "draw_up_agreement",
    "draw_up_first_agreement",
    "hand_everything_over",
    "hand_portfolio",
    "import_clients",
    "note_nuance",
    "remove_address",
    "retire_nuance",
    "take_on",
    "verify_contact",
]
