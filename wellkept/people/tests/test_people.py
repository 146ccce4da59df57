"""Joining, place in the firm, leaving."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import at
from wellkept.core.models import Fact
from wellkept.core.refusals import NotYours, TakenByAnother
from wellkept.people import actions, handover, queries
from wellkept.people.actions.checks import NameMissing
from wellkept.people.tests.desk import NOW, PASSWORD, WEEK, Desk, join, open_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return open_desk()


def facts(name: str) -> list[dict]:
    return list(Fact.objects.filter(name=name).values_list("data", flat=True))


def test_a_firm_is_set_up_once(desk: Desk) -> None:
    with pytest.raises(actions.FirmIsSetUp):
        actions.set_up_firm(
            name="Second",
            mail_address="a@b.example",
            language="en",
            time_zone="UTC",
            calendar_schedule=WEEK,
            admin_name="X",
            admin_email="x@b.example",
            admin_password=PASSWORD,
            at=NOW,
        )
    assert queries.firm() == desk.firm


def test_an_invitation_works_once(desk: Desk) -> None:
    _row, link = actions.invite(email_address="New@Kept.example", name="New", roles=["support"], by=desk.ada, at=NOW)

    joined = actions.accept_invitation(token=link, password=PASSWORD, name="Nia New", at=NOW)

    assert (joined.email, joined.name, joined.roles) == ("new@kept.example", "Nia New", ["support"])
    assert joined.check_password(PASSWORD) and joined.password.startswith("argon2")
    with pytest.raises(actions.InvitationOver):
        actions.accept_invitation(token=link, password=PASSWORD, at=NOW)


def test_an_invitation_ends_after_72_hours(desk: Desk) -> None:
    _row, link = actions.invite(email_address="new@kept.example", name="New", roles=["support"], by=desk.ada, at=NOW)

    assert queries.invitation_of(link, NOW + timedelta(hours=71, minutes=59)) is not None
    assert queries.invitation_of(link, NOW + timedelta(hours=72)) is None
    with pytest.raises(actions.InvitationOver):
        actions.accept_invitation(token=link, password=PASSWORD, at=NOW + timedelta(hours=72))


def test_only_the_digest_of_an_invitation_is_kept(desk: Desk) -> None:
    row, link = actions.invite(email_address="new@kept.example", name="New", roles=["support"], by=desk.ada, at=NOW)

    assert link not in str(vars(row))


def test_a_second_invitation_replaces_the_first(desk: Desk) -> None:
    said = {"email_address": "new@kept.example", "name": "New", "roles": ["support"], "by": desk.ada, "at": NOW}
    _row, first = actions.invite(**said)
    _row, second = actions.invite(**said)

    assert queries.invitation_of(first, NOW) is None and queries.invitation_of(second, NOW) is not None


def test_a_withdrawn_invitation_is_over(desk: Desk) -> None:
    row, link = actions.invite(email_address="new@kept.example", name="New", roles=["support"], by=desk.ada, at=NOW)
    actions.withdraw_invitation(invitation=row, by=desk.ada, at=NOW)

    with pytest.raises(actions.InvitationOver):
        actions.accept_invitation(token=link, password=PASSWORD, at=NOW)
    with pytest.raises(actions.InvitationOver):
        actions.withdraw_invitation(invitation=row, by=desk.ada, at=NOW)


@pytest.mark.parametrize("password", ["short", "password1234", "new@kept.example"])
def test_a_weak_password_leaves_the_invitation_unused(desk: Desk, password: str) -> None:
    _row, link = actions.invite(email_address="new@kept.example", name="New", roles=["support"], by=desk.ada, at=NOW)

    with pytest.raises(actions.WeakPassword):
        actions.accept_invitation(token=link, password=password, at=NOW)
    assert queries.invitation_of(link, NOW) is not None


def test_only_administrators_manage_people(desk: Desk) -> None:
    for refused in (
        lambda: actions.invite(email_address="x@kept.example", name="X", roles=["support"], by=desk.leo, at=NOW),
        lambda: actions.grant_roles(staff=desk.leo, roles=["administrator"], by=desk.leo, at=NOW),
        lambda: actions.deactivate(staff=desk.ana, taker=desk.ben, by=desk.leo, at=NOW),
        lambda: actions.change_supervisor(staff=desk.ana, supervisor=None, by=desk.ana, at=NOW),
        lambda: actions.make_team(name="Mine", lead=None, by=desk.zoe, at=NOW),
        lambda: actions.rename(staff=desk.ana, name="Ann", by=desk.zoe, at=NOW),
        lambda: actions.sign_out_everywhere(staff=desk.ana, by=desk.zoe, at=NOW),
        lambda: actions.new_api_token(staff=desk.ana, name="t", by=desk.zoe, at=NOW),
        lambda: actions.change_preferences(staff=desk.ana, theme="dark", by=desk.zoe, at=NOW),
    ):
        with pytest.raises(NotYours):
            refused()


@pytest.mark.parametrize("roles", [[], ["owner"], ["support", "root"]])
def test_unknown_roles_are_refused(desk: Desk, roles: list[str]) -> None:
    with pytest.raises(actions.NoSuchRole):
        actions.grant_roles(staff=desk.ana, roles=roles, by=desk.ada, at=NOW)


def test_the_last_administrator_stays(desk: Desk) -> None:
    with pytest.raises(actions.LastAdministrator):
        actions.deactivate(staff=desk.ada, taker=desk.leo, by=desk.ada, at=NOW)
    with pytest.raises(actions.LastAdministrator):
        actions.grant_roles(staff=desk.ada, roles=["bookkeeper"], by=desk.ada, at=NOW)

    actions.grant_roles(staff=desk.leo, roles=["leader", "administrator"], by=desk.ada, at=NOW)
    actions.deactivate(staff=desk.ada, taker=desk.leo, by=desk.leo, at=NOW)
    assert not desk.ada.is_active


@pytest.mark.req("A12")
def test_supervisors_are_found_upwards_and_past_who_left(desk: Desk) -> None:
    assert queries.supervisor_of(desk.ana) == desk.leo
    actions.change_supervisor(staff=desk.leo, supervisor=desk.ada, by=desk.ada, at=NOW)
    assert [person.name for person in queries.chain(desk.ana)] == ["Leo Marsh", "Ada Stone"]
    assert queries.supervisor_of(desk.zoe) == desk.ada  # nobody above, no lead: an administrator

    actions.deactivate(staff=desk.leo, taker=desk.ben, by=desk.ada, at=NOW)
    desk.ana.refresh_from_db()
    assert queries.supervisor_of(desk.ana) == desk.ada


def test_a_chain_never_goes_round(desk: Desk) -> None:
    for above in (desk.leo, desk.ana):
        with pytest.raises(actions.ChainGoesRound):
            actions.change_supervisor(staff=desk.leo, supervisor=above, by=desk.ada, at=NOW)


def test_below_is_transitive(desk: Desk) -> None:
    actions.change_supervisor(staff=desk.leo, supervisor=desk.sam, by=desk.ada, at=NOW)

    under_sam = queries.active().filter(pk__in=queries.below(desk.sam))
    assert {person.name for person in under_sam} == {"Sam Field", "Leo Marsh", "Ana Reyes", "Ben Okoro"}
    assert [person.name for person in queries.active().filter(pk__in=queries.below(desk.zoe))] == ["Zoe Hart"]


def test_leaving_asks_who_takes_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "_questions", {})
    handover.asks("promises", lambda count: f"{count} open promises")(lambda staff: 3 if staff == desk.ana else 0)

    with pytest.raises(actions.WorkStillOpen, match="Ana Reyes still holds 3 open promises"):
        actions.deactivate(staff=desk.ana, taker=None, by=desk.ada, at=NOW)
    with pytest.raises(actions.WrongTaker):
        actions.deactivate(staff=desk.ana, taker=desk.ana, by=desk.ada, at=NOW)

    actions.deactivate(staff=desk.ana, taker=desk.ben, by=desk.ada, at=NOW)
    assert facts("staff.deactivated") == [{"staff": desk.ana.pk, "taker": desk.ben.pk}]
    assert queries.successor_of(desk.ana) == desk.ben
    with pytest.raises(TakenByAnother):
        actions.deactivate(staff=desk.ana, taker=desk.ben, by=desk.ada, at=NOW)


def test_work_follows_along_a_row_of_leavers(desk: Desk) -> None:
    actions.deactivate(staff=desk.ana, taker=desk.ben, by=desk.ada, at=NOW)
    actions.deactivate(staff=desk.ben, taker=desk.leo, by=desk.ada, at=NOW)
    desk.ana.refresh_from_db()

    assert queries.successor_of(desk.ana) == desk.leo


def test_who_left_is_seen_by_administrators_only(desk: Desk) -> None:
    actions.deactivate(staff=desk.ana, taker=desk.ben, by=desk.ada, at=NOW)

    assert desk.ana in queries.for_staff(desk.ada)
    assert desk.ana not in queries.for_staff(desk.leo)
    assert not queries.for_staff(desk.ana).exists()
    assert queries.by_email(desk.ana.email) is None


def test_coming_back_brings_no_old_session_or_token(desk: Desk) -> None:
    _row, clear = actions.new_api_token(staff=desk.ana, name="report", by=desk.ana, at=NOW)
    before = desk.ana.get_session_auth_hash()
    actions.deactivate(staff=desk.ana, taker=desk.ben, by=desk.ada, at=NOW)
    back = actions.welcome_back(staff=desk.ana, by=desk.ada, at=NOW)

    assert back.is_active and queries.staff_of_token(clear, NOW) is None
    assert back.get_session_auth_hash() != before


def test_a_team_has_one_name_and_an_active_lead(desk: Desk) -> None:
    with pytest.raises(actions.TeamNameTaken):
        actions.make_team(name="harbour", lead=None, by=desk.ada, at=NOW)
    actions.change_team(team=desk.hills, name="Hills and vales", lead=desk.zoe, by=desk.ada, at=NOW)
    assert queries.teams_of(desk.zoe).get() == desk.hills


def test_names_are_one_tidy_line(desk: Desk) -> None:
    assert actions.rename(staff=desk.ana, name="  Ana \n Reyes ", by=desk.ana, at=NOW).name == "Ana Reyes"
    with pytest.raises(NameMissing):
        actions.rename(staff=desk.ana, name="   ", by=desk.ana, at=NOW)


@pytest.mark.parametrize(
    "choice", [{"theme": "pink"}, {"density": "huge"}, {"language": "xx"}, {"time_zone": "Mars/Base"}]
)
def test_preferences_are_chosen_from_what_there_is(desk: Desk, choice: dict) -> None:
    from wellkept.core.refusals import Refusal

    with pytest.raises(Refusal) as refused:
        actions.change_preferences(staff=desk.ana, by=desk.ana, at=NOW, **choice)
    assert refused.value.field == next(iter(choice))


def test_preferences_change_only_what_is_given(desk: Desk) -> None:
    changed = actions.change_preferences(staff=desk.ana, language="pt-br", shortcuts=False, by=desk.ana, at=NOW)

    assert (changed.language, changed.shortcuts, changed.theme) == ("pt-br", False, "system")
    assert facts("staff.preferences_changed") == [{"staff": desk.ana.pk, "changed": ["language", "shortcuts"]}]


def test_a_token_is_kept_as_a_digest_and_ends(desk: Desk) -> None:
    row, clear = actions.new_api_token(
        staff=desk.ana, name="report", by=desk.ana, at=NOW, expires_at=NOW + timedelta(days=1)
    )

    assert clear.startswith("wk_") and clear not in str(vars(row))
    assert actions.use_api_token(clear=clear, at=NOW) == desk.ana
    row.refresh_from_db()
    assert row.last_used_on == NOW.date()
    assert queries.staff_of_token(clear, NOW + timedelta(days=1)) is None
    assert queries.staff_of_token(clear + "x", NOW) is None
    actions.revoke_api_token(token=row, by=desk.ana, at=NOW)
    assert queries.staff_of_token(clear, NOW) is None
    with pytest.raises(actions.TokenOver):
        actions.revoke_api_token(token=row, by=desk.ana, at=NOW)


def test_a_notice_is_given_once_for_a_fact(desk: Desk) -> None:
    said = {"kind": "escalation", "subject_kind": "promise", "subject_id": 7, "text": "Late", "at": NOW, "fact": 12}

    first = actions.notify(staff=desk.leo, **said)
    again = actions.notify(staff=desk.leo, **said)

    assert first == again and facts("notice.given") == [{"staff": desk.leo.pk, "notice": first.pk}]
    assert list(queries.unread_notices(desk.leo)) == [first]
    with pytest.raises(NotYours):
        actions.read_notice(notice=first, by=desk.ana, at=NOW)
    assert actions.read_notice(notice=first, by=desk.leo, at=at("2026-03-02 10:00")).read_at == at("2026-03-02 10:00")
    assert not queries.unread_notices(desk.leo).exists()


def test_notices_without_a_fact_are_each_given(desk: Desk) -> None:
    for _turn in range(2):
        actions.notify(staff=desk.leo, kind="mention", subject_kind="conversation", subject_id=1, text="See", at=NOW)

    assert actions.read_all_notices(by=desk.leo, at=NOW) == 2


def test_an_address_belongs_to_one_person(desk: Desk) -> None:
    with pytest.raises(actions.AlreadyHere):
        join(desk.ada, "Ana Other", ["support"])
