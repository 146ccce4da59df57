from __future__ import annotations

import pytest

from wellkept.knowledge import rules

MINA = {"contact.first_name": "Mina", "client.name": "Harbour Lane Bakery"}


@pytest.mark.parametrize(
    ("body", "text", "unfilled"),
    [
        ("Hi {contact.first_name},", "Hi Mina,", []),
        ("Hi {{ contact.first_name }},", "Hi Mina,", []),
        ("Hi {Contact.First_Name},", "Hi Mina,", []),
        ("{contact.first_name} of {client.name}", "Mina of Harbour Lane Bakery", []),
        ("Hi {staff.name}", "Hi {staff.name}", ["{staff.name}"]),
        ("Due [FILL IN: date], {staff.name}", "Due [FILL IN: date], {staff.name}", ["{staff.name}", "[FILL IN: date]"]),
        ("No fields at all", "No fields at all", []),
        ("An empty {} brace", "An empty {} brace", []),
    ],
)
@pytest.mark.req("A3")
def test_a_template_is_filled(body: str, text: str, unfilled: list[str]) -> None:
    assert rules.render(body, MINA) == rules.Rendered(text, unfilled)


def test_a_value_with_braces_is_not_filled_again() -> None:
    rendered = rules.render("Hi {contact.first_name}", {"contact.first_name": "{client.name}", "client.name": "secret"})

    assert rendered.text == "Hi {client.name}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hi {contact.first_name}, we have it.", ["{contact.first_name}"]),
        ("The total is [fill in amount] by [FILL IN: date].", ["[fill in amount]", "[FILL IN: date]"]),
        ("Hi {{name}}", ["{{name}}"]),
        ("The set {1, 2} and [note 4] stay.", []),
        ("All filled.", []),
    ],
)
@pytest.mark.req("A3")
def test_what_is_unfilled_is_named(text: str, found: list[str]) -> None:
    assert rules.unfilled(text) == found


def test_a_field_nobody_can_fill_is_named() -> None:
    assert rules.unknown_fields("Hi {contact.frist_name}, {client.name}") == ["{contact.frist_name}"]
