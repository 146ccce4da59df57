"""A small firm for this room's and the next room's tests, made through actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.world import at
from wellkept.people import actions, queries
from wellkept.people.models import Firm, Staff, Team

NOW = at("2026-03-02 09:00")
WEEK = {"weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}
PASSWORD = "heron copper lantern"


@dataclass
class Desk:
    """Ada administers; Leo leads the harbour team with Ana and Ben; Sam supports; Zoe is of another team and sees nothing."""

    firm: Firm
    ada: Staff
    leo: Staff
    ana: Staff
    ben: Staff
    sam: Staff
    zoe: Staff
    harbour: Team
    support: Team
    hills: Team


def open_desk() -> Desk:
    firm = actions.set_up_firm(
        name="Harbour & Hill",
        mail_address="desk@kept.example",
        language="en",
        time_zone="Pacific/Auckland",
        calendar_schedule=WEEK,
        admin_name="Ada Stone",
        admin_email="ada@kept.example",
        admin_password=None,
        at=NOW,
    )
    ada = queries.by_email("ada@kept.example")
    assert ada is not None
    leo = join(ada, "Leo Marsh", ["leader"])
    harbour = actions.make_team(name="Harbour", lead=leo, by=ada, at=NOW)
    support = actions.make_team(name="Support", lead=None, by=ada, at=NOW)
    hills = actions.make_team(name="Hills", lead=None, by=ada, at=NOW)
    return Desk(
        firm=firm,
        ada=ada,
        leo=leo,
        ana=join(ada, "Ana Reyes", ["bookkeeper"], team=harbour, supervisor=leo),
        ben=join(ada, "Ben Okoro", ["bookkeeper"], team=harbour, supervisor=leo),
        sam=join(ada, "Sam Field", ["support"], team=support),
        zoe=join(ada, "Zoe Hart", ["bookkeeper"], team=hills),
        harbour=harbour,
        support=support,
        hills=hills,
    )


def join(
    by: Staff,
    name: str,
    roles: Iterable[str],
    *,
    team: Team | None = None,
    supervisor: Staff | None = None,
    password: str | None = None,
) -> Staff:
    address = f"{name.split()[0].lower()}@kept.example"
    _invitation, link = actions.invite(
        email_address=address, name=name, roles=roles, team=team, supervisor=supervisor, by=by, at=NOW
    )
    return actions.accept_invitation(token=link, password=password, at=NOW)
