"""Two clients of the small firm, made through actions."""

from __future__ import annotations

from dataclasses import dataclass

from wellkept.clients import actions
from wellkept.clients.models import Client, Contact
from wellkept.people.tests.desk import NOW, Desk, open_desk


@dataclass
class Books:
    """Ana keeps the bakery's books and Sam's team supports it; Zoe keeps the vineyard's."""

    desk: Desk
    bakery: Client
    vineyard: Client
    mina: Contact


def open_books() -> Books:
    desk = open_desk()
    bakery = actions.take_on(
        name="Harbour Lane Bakery",
        bookkeeper=desk.ana,
        team=desk.support,
        country="nz",
        source="test",
        by=desk.ada,
        at=NOW,
    )
    return Books(
        desk=desk,
        bakery=bakery,
        vineyard=actions.take_on(name="Hill Vineyard", bookkeeper=desk.zoe, country="AU", by=desk.ada, at=NOW),
        mina=actions.add_contact(
            client=bakery,
            name="Mina Okafor",
            emails=["Mina@HarbourLane.example"],
            phones=["09 555 0123"],
            department="Front of house",
            role="Owner",
            source="engagement letter",
            by=desk.ana,
            at=NOW,
        ),
    )
