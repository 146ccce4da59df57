from __future__ import annotations

import pytest

from tests.world import World, office
from wellkept.core.refusals import NotYours
from wellkept.knowledge import actions, queries
from wellkept.knowledge.actions import TemplateIncomplete, TemplateRetired, UnknownField
from wellkept.knowledge.models import Template

BODY = "Hi {contact.first_name}, we have it."


def write(world: World, name: str = "Acknowledge", body: str = BODY) -> Template:
    return actions.write_template(name=name, body=body, by=world.lead, at=office("mon 9:00"))


@pytest.mark.req("A3")
def test_a_template_is_written_filled_and_listed(world: World) -> None:
    template = write(world)

    assert list(queries.current("en")) == [template]
    assert queries.render(template, {"contact.first_name": "Mina"}).text == "Hi Mina, we have it."
    assert queries.render(template, {}).unfilled == ["{contact.first_name}"]


def test_an_edit_is_a_new_version_and_the_old_one_stays_as_it_was(world: World) -> None:
    first = write(world)
    second = write(world, body="Hello {contact.name}.")
    first.refresh_from_db()

    assert (first.body, second.version) == (BODY, 2)
    assert list(queries.current()) == [second]
    assert list(queries.versions(second)) == [second, first]


def test_a_retired_template_leaves_the_picker_and_may_be_written_again(world: World) -> None:
    template = write(world)
    actions.retire_template(template=template, by=world.lead, at=office("mon 9:30"))
    assert not queries.current().exists()
    with pytest.raises(TemplateRetired):
        actions.retire_template(template=template, by=world.lead, at=office("mon 9:31"))
    assert write(world).version == 2


def test_a_field_nobody_can_fill_is_refused_with_the_ones_that_exist(world: World) -> None:
    with pytest.raises(UnknownField, match=r"no field \{contact.frist_name\}.*\{contact.first_name\}") as no:
        write(world, body="Hi {contact.frist_name}")
    assert no.value.field == "body"


@pytest.mark.parametrize(("name", "body"), [("", BODY), ("x" * 81, BODY), ("Name", "  "), ("Name", "x" * 20_001)])
def test_an_incomplete_template_is_refused(world: World, name: str, body: str) -> None:
    with pytest.raises(TemplateIncomplete):
        write(world, name=name, body=body)


def test_bookkeepers_use_templates_and_do_not_write_them(world: World) -> None:
    with pytest.raises(NotYours):
        actions.write_template(name="Mine", body=BODY, by=world.ana, at=office("mon 9:00"))
