"""Settings, each part by one who may and one who may not; refusals keep what was typed."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from tests.world import World
from wellkept.calendars import queries as calendars
from wellkept.calendars.models import CalendarVersion
from wellkept.clients import queries as clients
from wellkept.clients.models import Client
from wellkept.connectors.email.models import Mailbox
from wellkept.knowledge import queries as knowledge
from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.web.settings import targets

pytestmark = pytest.mark.django_db
CSV = "client,bookkeeper,contact,email\nLighthouse Café,ana@lantern.example,Ida Moe,ida@lighthouse.example\nNo one,,,\n"


@pytest.fixture
def admin(world: World) -> Browser:
    return as_(world.admin)


def as_(staff: Staff) -> Browser:
    browser = Browser()
    browser.force_login(staff)
    return browser


def text(answer: Any) -> str:
    return answer.content.decode()


def test_settings_open_on_the_first_part_one_may_see(world: World) -> None:
    assert as_(world.admin).get("/settings/")["Location"] == "/settings/firm"
    assert as_(world.lead).get("/settings/")["Location"] == "/settings/clients"
    assert as_(world.ana).get("/settings/")["Location"] == "/me/preferences"
    assert as_(world.ana).get("/settings/people").status_code == 403


def test_the_firm_is_changed_or_refused_with_what_was_typed(world: World, admin: Browser) -> None:
    form = {
        "name": "Lantern & Co",
        "mail_address": "hello@lantern.example",
        "language": "pt-br",
        "time_zone": "America/Sao_Paulo",
        "calendar": str(world.office.pk),
    }
    refused = admin.post("/settings/firm", {**form, "time_zone": "Mars/Base"})
    assert (
        refused.status_code == 422
        and 'value="Lantern &amp; Co"' in text(refused)
        and "not a time zone" in text(refused)
    )

    assert admin.post("/settings/firm", form).status_code == 302
    firm = people.firm()
    assert firm is not None and (firm.name, firm.language) == ("Lantern & Co", "pt-br")


def test_a_person_is_placed(world: World, admin: Browser) -> None:
    person = f"/settings/people/{world.leo.pk}"
    admin.post(f"{person}/roles", {"roles": ["support", "quality"]})
    admin.post(f"{person}/team", {"team": str(world.other_team.pk)})
    admin.post(f"{person}/supervisor", {"supervisor": ""})
    admin.post(f"{person}/name", {"name": "Leo M. Marsh"})

    world.leo.refresh_from_db()
    assert (world.leo.roles, world.leo.team, world.leo.supervisor, world.leo.name) == (
        ["support", "quality"],
        world.other_team,
        None,
        "Leo M. Marsh",
    )
    round_trip = admin.post(f"/settings/people/{world.lead.pk}/supervisor", {"supervisor": str(world.ana.pk)})
    assert round_trip.status_code == 422 and "works under" in text(round_trip)
    assert admin.post(f"{person}/roles", {}).status_code == 422


def test_leaving_asks_who_takes_over(world: World, admin: Browser) -> None:
    address = f"/settings/people/{world.ana.pk}/deactivate"
    assert "1 client" in text(admin.get(address))
    assert "Choose who takes over" in text(admin.post(address, {"taker": ""}))
    assert admin.post(address, {"taker": "99999"}).status_code == 404

    assert admin.post(address, {"taker": str(world.leo.pk)}).status_code == 302
    world.ana.refresh_from_db()
    assert not world.ana.is_active and "No longer here" in text(admin.get("/settings/people"))
    admin.post(f"/settings/people/{world.ana.pk}/welcome-back")
    world.ana.refresh_from_db()
    assert world.ana.is_active


def test_the_last_administrator_cannot_be_deactivated(world: World, admin: Browser) -> None:
    page = admin.post(f"/settings/people/{world.admin.pk}/deactivate", {"taker": str(world.ana.pk)})

    assert page.status_code == 422 and "last administrator" in text(page)


def test_teams_are_made_and_changed(world: World, admin: Browser) -> None:
    assert admin.post("/settings/teams/new", {"name": "Hill team", "lead": str(world.leo.pk)}).status_code == 302
    assert admin.post("/settings/teams/new", {"name": "hill TEAM", "lead": ""}).status_code == 422
    team = people.teams().get(name="Hill team")
    admin.post(f"/settings/teams/{team.pk}", {"name": "Hill and dale", "lead": ""})
    team.refresh_from_db()
    assert (team.name, team.lead) == ("Hill and dale", None)


def client_form(world: World, **changes: str) -> dict[str, str]:
    given = {
        "name": "Lighthouse Café",
        "bookkeeper": str(world.ana.pk),
        "team": "",
        "calendar": str(world.office.pk),
        "time_zone": "Pacific/Auckland",
        "country": "nz",
        "language": "en",
        "since_on": "2026-04-01",
        "source": "engagement letter",
    }
    return {**given, **changes}


def test_a_client_is_taken_on_changed_and_handed_over(world: World) -> None:
    lead = as_(world.lead)
    nobody = lead.post("/settings/clients/new", client_form(world, bookkeeper=""))
    assert nobody.status_code == 422 and "every client has one by name" in text(nobody)
    undated = lead.post("/settings/clients/new", client_form(world, since_on="soon"))
    assert undated.status_code == 422 and "not a date" in text(undated) and "Lighthouse Café" in text(undated)

    lead.post("/settings/clients/new", client_form(world))
    client = Client.objects.get(name="Lighthouse Café")
    assert (client.bookkeeper, client.country, client.source) == (world.ana, "NZ", "engagement letter")
    lead.post(f"/settings/clients/{client.pk}", client_form(world, name="Lighthouse", language="pt-br"))
    lead.post(f"/settings/clients/{client.pk}/hand-over", {"bookkeeper": str(world.leo.pk)})
    client.refresh_from_db()
    assert (client.name, client.language, client.bookkeeper) == ("Lighthouse", "pt-br", world.leo)
    lead.post(f"/settings/clients/{client.pk}/archive")
    client.refresh_from_db()
    assert client.archived_at is not None


def test_a_lead_changes_no_client_of_another_team(world: World) -> None:
    lead = as_(world.lead)

    assert lead.get(f"/settings/clients/{world.cycles.pk}").status_code == 404
    assert lead.post(f"/settings/clients/{world.cycles.pk}", client_form(world)).status_code == 404
    assert world.cycles.name not in text(lead.get("/settings/clients"))
    assert world.cycles.name not in text(lead.get("/settings/clients/export.csv"))


def upload(content: str | bytes, name: str = "clients.csv") -> io.BytesIO:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    return file


def test_an_import_shows_then_writes_once(world: World, admin: Browser) -> None:
    preview = admin.post("/settings/clients/import", {"file": upload(CSV)})
    page = text(preview)
    assert "It would take on 1 client and add 1 contact. 1 row is left out." in page and "every client has one" in page
    assert not Client.objects.filter(name="Lighthouse Café").exists()
    [sha256] = re.findall(r'name="file" value="([0-9a-f]{64})"', page)

    for _press in range(2):
        assert admin.post("/settings/clients/import/confirm", {"file": sha256}).status_code == 302
    assert Client.objects.filter(name="Lighthouse Café").count() == 1
    assert clients.by_address("email", "ida@lighthouse.example") is not None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"name\nA\n", b"client\n" + b"x\n" * 2001])
def test_a_file_that_is_no_table_is_refused(world: World, admin: Browser, content: bytes) -> None:
    page = admin.post("/settings/clients/import", {"file": upload(content)})

    assert page.status_code in (200, 422) and "data-refusal" in text(page)
    assert admin.post("/settings/clients/import").status_code == 422
    assert admin.post("/settings/clients/import/confirm", {"file": "../../etc/passwd"}).status_code == 404


def agreement_form(*lines: dict[str, str], **also: str) -> dict[str, Any]:
    form: dict[str, Any] = {"name": "Standard", **also}
    blank = dict.fromkeys(targets.COLUMNS, "") | {"kind": "acknowledge", "clock": "business"}
    for name in targets.COLUMNS:
        form[name] = [{**blank, **line}[name] for line in [*lines, {}]]
    return form


@pytest.mark.req("P6")
def test_an_agreement_shows_what_changes_before_it_counts(world: World, admin: Browser) -> None:
    form = agreement_form({"time": "2 h", "share": "95", "strict_time": "45 min", "average": "1 h"}, pauses="on")

    looked = text(admin.post("/settings/agreements/default", {**form, "step": "look"}))
    assert "every one within 3 h of office time" in looked and "95% within 2 h of office time; stricter" in looked
    assert "nothing promised" in looked  # the other targets would end
    assert "2 h" in text(admin.post("/settings/agreements/default", {**form, "step": "edit"}))
    agreement = clients.default_agreement()
    assert agreement is not None and agreement.versions.count() == 1

    assert admin.post("/settings/agreements/default", {**form, "step": "keep"}).status_code == 302
    version = clients.current_version(agreement)
    assert version is not None and version.number == 2
    [target] = version.targets.all()
    assert (target.seconds, target.share, target.strict_seconds, target.average_seconds) == (
        7200,
        Decimal(95),
        2700,
        3600,
    )
    assert version.pauses_while_waiting and not version.machine_may_acknowledge
    assert "3 h" in text(admin.get(f"/settings/agreements/{agreement.pk}/versions/1"))


def test_a_kind_the_agreement_holds_stays_what_it_is_in_the_editor(world: World, admin: Browser) -> None:
    """A line for commitments is not offered, and one that stands is not turned into the first kind of the list."""
    assert 'value="commitment"' not in text(admin.get("/settings/agreements/default"))
    form = agreement_form({"kind": "commitment", "time": "1 d", "share": "95"})
    admin.post("/settings/agreements/default", {**form, "step": "keep"})

    shown = text(admin.get("/settings/agreements/default"))

    assert shown.count('<option value="commitment" selected>') == 1


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"time": "0 min"}, "above zero"),
        ({"time": "soon"}, "is not a time"),
        ({"time": "3 h", "share": "0"}, "above 0"),
        ({"time": "3 h", "share": "120"}, "above 0"),
        ({"time": "3 h", "share": "many"}, "is not a share"),
        ({"time": "3 h", "strict_time": "4 h"}, "quicker"),
        ({"share": "90"}, "above zero"),
    ],
)
def test_a_target_nobody_could_keep_is_refused(
    world: World, admin: Browser, line: dict[str, str], sentence: str
) -> None:
    page = admin.post("/settings/agreements/default", {**agreement_form(line), "step": "keep"})

    assert page.status_code == 422 and sentence in text(page)
    assert all(f'value="{value}"' in text(page) for value in line.values())


@pytest.mark.req("P6")
def test_one_client_gets_an_agreement_of_its_own(world: World, admin: Browser) -> None:
    started = admin.get("/settings/agreements/new", {"client": str(world.bakery.pk)})
    assert started["Location"] == f"/settings/agreements/clients/{world.bakery.pk}"
    assert 'value="3 h"' in text(admin.get(started["Location"]))  # it starts from everybody's

    admin.post(started["Location"], {**agreement_form({"time": "1 h"}), "step": "keep"})
    mine, theirs = (clients.target_for(client, "acknowledge", "email") for client in (world.bakery, world.cycles))
    assert mine and theirs and (mine.target.seconds, theirs.target.seconds) == (3600, 10800)


def test_a_calendar_is_drawn_up_changed_and_shown_as_a_month(world: World, admin: Browser) -> None:
    made = admin.post("/settings/calendars/new", {"name": "Night", "time_zone": "UTC", "hours_mon": "22–6"})
    calendar = calendars.all_calendars().get(name="Night")
    assert made["Location"] == f"/settings/calendars/{calendar.pk}"
    address = made["Location"]

    assert admin.post(f"{address}/week", {"time_zone": "UTC"}).status_code == 422  # never open
    admin.post(f"{address}/week", {"time_zone": "UTC", "hours_mon": "9-12, 13-17", "hours_tue": "0:00–24:00"})
    admin.post(f"{address}/exceptions", {"on": "2030-12-24", "hours": "9–12", "note": "Christmas Eve"})
    admin.post(f"{address}/holidays", {"on": "2030-12-25", "name": "Christmas"})
    page = text(admin.get(f"{address}?month=2030-12"))
    assert "December 2030" in page and "Christmas Eve" in page and "9–12, 13–17" in page
    admin.post(f"{address}/remove", {"part": "holidays", "on": "2030-12-25"})
    schedule = calendars.current(calendar).schedule
    assert schedule["weekly"]["mon"] == [["09:00", "12:00"], ["13:00", "17:00"]] and schedule["holidays"] == {}
    assert CalendarVersion.objects.filter(calendar=calendar).count() == 5
    assert admin.get(f"{address}?month=rubbish").status_code == 200


def test_holidays_count_only_when_confirmed(world: World, admin: Browser) -> None:
    address = f"/settings/calendars/{world.office.pk}"
    proposed = text(admin.get(f"{address}/propose", {"country": "NZ", "region": "WGN", "year": "2030"}))
    assert "Waitangi Day" in proposed and calendars.current(world.office).schedule["holidays"] == {}
    by_name = text(admin.get(f"{address}/propose", {"country": "new zealand", "year": "2030"}))
    assert "Waitangi Day" in by_name and '<option value="WGN">Greater Wellington</option>' in by_name
    assert '<option value="New Zealand">' in text(admin.get(address))

    admin.post(f"{address}/confirm", {"dates": ["2030-02-06"], "name-2030-02-06": "Waitangi Day"})
    assert calendars.current(world.office).schedule["holidays"] == {"2030-02-06": "Waitangi Day"}
    assert admin.get(f"{address}/propose", {"country": "QQ"}).status_code == 422
    assert admin.post(f"{address}/confirm", {"dates": ["soon"]}).status_code == 422
    assert admin.post(f"{address}/confirm").status_code == 422


def test_an_ical_file_is_shown_before_it_counts(world: World, admin: Browser) -> None:
    ical = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20301225\r\nSUMMARY:Christmas\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nDTSTART:20301224T100000Z\r\nSUMMARY:Lunch\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    address = f"/settings/calendars/{world.office.pk}/file"

    page = text(admin.post(address, {"file": upload(ical, "days.ics")}))

    assert "Christmas" in page and "1 event is left out" in page
    assert calendars.current(world.office).schedule["holidays"] == {}
    assert admin.post(address, {"file": upload("not a calendar", "x.ics")}).status_code == 422
    assert admin.post(address).status_code == 422


def mailbox_form(**changes: str) -> dict[str, str]:
    given = {
        "address": "desk@lantern.example",
        "host": "imap.lantern.example",
        "port": "993",
        "security": "tls",
        "username": "desk",
        "secret": "hush hush",
        "sign_in": "password",
        "folder": "INBOX",
        "since_on": "2026-03-01",
    }
    return {**given, **changes}


def test_a_mailbox_is_added_paused_changed_and_removed(world: World, admin: Browser) -> None:
    plain = admin.post("/settings/mailboxes/new", mailbox_form(security="plain"))
    assert plain.status_code == 422 and "Without encryption" in text(plain) and "hush hush" not in text(plain)
    assert admin.post("/settings/mailboxes/new", mailbox_form(port="many")).status_code == 422

    admin.post("/settings/mailboxes/new", mailbox_form())
    mailbox = Mailbox.objects.get()
    assert "hush" not in mailbox.sealed_secret and "hush" not in text(admin.get(f"/settings/mailboxes/{mailbox.pk}"))
    admin.post(f"/settings/mailboxes/{mailbox.pk}", mailbox_form(host="mail.lantern.example", secret=""))
    admin.post(f"/settings/mailboxes/{mailbox.pk}/pause")
    mailbox.refresh_from_db()
    assert mailbox.host == "mail.lantern.example" and mailbox.paused_at is not None
    assert "paused since" in text(admin.get("/settings/mailboxes"))
    admin.post(f"/settings/mailboxes/{mailbox.pk}/resume")
    admin.post(f"/settings/mailboxes/{mailbox.pk}/remove")
    assert not Mailbox.objects.exists()


@pytest.mark.req("A3")
def test_a_template_is_looked_at_kept_and_retired(world: World) -> None:
    lead = as_(world.lead)
    form = {"name": "Thanks", "language": "en", "body": "Hello {contact.first_name}, by [FILL IN: when]. {staff.name}"}

    looked = text(lead.post("/settings/templates/new", {**form, "step": "look"}))
    assert "Hello Mina, by" in looked and "[FILL IN: when]" in looked and not knowledge.current().exists()
    unknown = lead.post("/settings/templates/new", {**form, "body": "Dear {customer}"})
    assert unknown.status_code == 422 and "There is no field" in text(unknown)
    assert lead.post("/settings/templates/new", {**form, "language": "xx"}).status_code == 422

    lead.post("/settings/templates/new", form)
    template = knowledge.current().get()
    lead.post(f"/settings/templates/{template.pk}", {"subject": "Thank you", "body": "Hello."})
    newest = knowledge.current().get()
    assert (newest.version, newest.subject) == (2, "Thank you")
    lead.post(f"/settings/templates/{newest.pk}/retire")
    assert not knowledge.current().exists()
    assert as_(world.ana).get("/settings/templates").status_code == 403


@pytest.mark.parametrize(("typed", "kept"), [("50, 80", [50, 80]), ("25 % 90%", [25, 90]), ("", [])])
def test_the_firm_chooses_when_owners_are_warned(world: World, typed: str, kept: list[int]) -> None:
    admin = as_(world.admin)

    assert admin.post("/settings/firm/warnings", {"warn_percents": typed}).status_code == 302

    world.firm.refresh_from_db()
    assert world.firm.warn_percents == kept
    refused = admin.post("/settings/firm/warnings", {"warn_percents": "0.5, soon"})
    assert refused.status_code == 422 and "0.5, soon" in refused.content.decode()
    assert as_(world.ana).post("/settings/firm/warnings", {"warn_percents": typed}).status_code == 403
