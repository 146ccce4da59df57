from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellkept.core.money import LARGEST, Money, NotAnAmount, exponent, parse

amounts = st.integers(-LARGEST, LARGEST)
currencies = st.sampled_from(["NZD", "EUR", "BRL", "JPY", "KWD"])


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("6900", "NZD", 690000),
        ("6,900.00", "NZD", 690000),
        ("−12.5", "NZD", -1250),
        ("-12.50", "NZD", -1250),
        ("+0.01", "NZD", 1),
        ("6.9k", "NZD", 690000),
        ("1,234,567", "JPY", 1234567),
        ("1.234", "KWD", 1234),
        ("0", "NZD", 0),
        ("12.500", "NZD", 1250),
        (" 7 ", "NZD", 700),
        ("1.5k", "JPY", 1500),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, currency: str, minor: int) -> None:
    assert parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NaN",
        "inf",
        "1_000",
        "1e9",
        "1e999999",
        "٣٤",
        "1,00",
        "1,0000",
        "12,345,6",
        ".5",
        "5.",
        "1 000",
        "$5",
        "--5",
        "5-",
        "0x10",
        "12.345",
        "1.2.3",
        "9" * 30,
        "1k.5",
        "１２",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse(text, "NZD")


@given(minor=amounts, currency=currencies)
def test_what_is_written_is_read_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert parse(str(money), currency) == money


@given(text=st.text(max_size=20))
def test_any_text_is_an_amount_or_a_refusal(text: str) -> None:
    try:
        assert abs(parse(text, "NZD").minor) <= LARGEST
    except NotAnAmount as refusal:
        assert str(refusal)


@given(a=amounts, b=amounts, currency=currencies)
def test_adding_is_exact_and_undone_by_subtracting(a: int, b: int, currency: str) -> None:
    one, other = Money(a, currency), Money(b, currency)
    assert (one + other) - other == one
    assert one + -one == Money(0, currency)
    assert one + other == other + one


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        Money(1, "NZD") + Money(1, "AUD")
    with pytest.raises(ValueError, match="cannot be compared"):
        _ = Money(1, "NZD") < Money(2, "AUD")
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, "nzd")
    with pytest.raises(TypeError):
        Money(1.5, "NZD")  # type: ignore[arg-type]


@pytest.mark.parametrize(("currency", "places"), [("NZD", 2), ("JPY", 0), ("KWD", 3)])
def test_each_currency_has_its_places(currency: str, places: int) -> None:
    assert exponent(currency) == places
