import pytest
from tests.world import at
from wellkept.people import actions, queries
WEEK = {"weekly": {d: [["09:00", "17:00"]] for d in ("mon", "tue", "wed", "thu", "fri")}}

@pytest.mark.django_db
def test_firm_and_people():
    now = at("2026-03-02 09:00")
    firm = actions.set_up_firm(name="Kept & Co", mail_address="desk@kept.example", language="en", time_zone="Pacific/Auckland", calendar_schedule=WEEK, admin_name="Ada", admin_email="ada@kept.example", admin_password="correct horse battery", at=now)
    ada = queries.by_email("ada@kept.example")
    inv, clear = actions.invite(email_address="leo@kept.example", name="Leo Marsh", roles=["leader"], by=ada, at=now)
    leo = actions.accept_invitation(token=clear, password=None, at=now)
    inv, clear = actions.invite(email_address="Ana@Kept.example", name="Ana", roles=["bookkeeper"], supervisor=leo, by=ada, at=now)
    ana = actions.accept_invitation(token=clear, password=None, at=now)
    assert queries.supervisor_of(ana) == leo
    assert set(queries.active().filter(pk__in=queries.below(leo))) == {leo, ana}
    tok, clear = actions.new_api_token(staff=ana, name="t", by=ana, at=now)
    assert queries.staff_of_token(clear, now) == ana
    actions.deactivate(staff=ana, taker=leo, by=ada, at=now)
    assert queries.staff_of_token(clear, now) is None
