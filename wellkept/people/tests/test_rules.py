"""Roles and chains, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from wellkept.core.addresses import NotAnAddress, email
from wellkept.people import rules


@dataclass
class Someone:
    roles: list[str] = field(default_factory=list)
    is_active: bool = True


MAY = {
    rules.may_manage_firm: {"administrator"},
    rules.may_manage_people: {"administrator"},
    rules.may_manage_agreements: {"administrator"},
    rules.may_manage_clients: {"administrator", "leader"},
    rules.may_write_templates: {"administrator", "quality", "leader"},
    rules.may_see_everything: {"administrator", "quality", "operator"},
    rules.may_triage: {"administrator", "operator", "leader", "support"},
    rules.may_see_health: {"administrator", "leader"},
}


@pytest.mark.parametrize("predicate", MAY, ids=lambda p: p.__name__)
def test_roles_decide(predicate: object) -> None:
    allowed = {role for role in rules.ROLES if predicate(Someone([role]))}  # type: ignore[operator]

    assert allowed == MAY[predicate]  # type: ignore[index]
    assert predicate(None) is True  # type: ignore[operator]
    assert predicate(Someone(list(rules.ROLES), is_active=False)) is False  # type: ignore[operator]


@pytest.mark.parametrize(
    ("supervisors", "chain"),
    [
        ({1: None}, []),
        ({1: 2, 2: 3, 3: None}, [2, 3]),
        ({1: 2, 2: 1}, [2]),
        ({1: 2, 2: 3, 3: 2}, [2, 3]),
        ({1: 1}, []),
        ({1: 9}, [9]),
    ],
)
def test_chain_above_ends(supervisors: dict[int, int | None], chain: list[int]) -> None:
    assert rules.chain_above(1, supervisors) == chain


def test_roles_keep_the_order_of_the_firm() -> None:
    assert rules.in_order(["leader", "bookkeeper", "leader"]) == ["bookkeeper", "leader"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Mina@HarbourLane.example", "mina@harbourlane.example"),
        (" a.b+c@x-y.example ", "a.b+c@x-y.example"),
        ("mina@bücher.example", "mina@xn--bcher-kva.example"),
        ("o'neil@x.example", "o'neil@x.example"),
    ],
)
def test_addresses_are_plain(text: str, plain: str) -> None:
    assert email(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mina",
        "@x.example",
        "mina@",
        "mina@localhost",
        "mina@x..example",
        "mina@-x.example",
        "mina@1.2.3.4",
        "a@b@c.example",
        "mina <mina@x.example>",
        '"mina"@x.example',
        "mina(comment)@x.example",
        "a@x.example, b@x.example",
        "a b@x.example",
        ".a@x.example",
        "a..b@x.example",
        "a@x.example\r\nBcc: b@x.example",
        "a@x.example\0",
        "mína@x.example",
        "a" * 65 + "@x.example",
        "a@" + "b" * 64 + ".example",
        "a@" + ".".join(["b" * 60] * 5) + ".example",
    ],
)
def test_anything_else_is_no_address(text: str) -> None:
    with pytest.raises(NotAnAddress):
        email(text)
