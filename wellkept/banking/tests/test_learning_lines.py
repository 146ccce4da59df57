"""How lines are read before they are remembered."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellkept.banking.learning.keys import BROAD, KINDS, keys_of, series_of, size_of
from wellkept.banking.learning.lines import Features, card_of, payee_name, words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TESCO STORES 3421 OXFORD GB", "tesco stores"),
        ("Tesco Stores 6190", "tesco stores"),
        ("SQ *BLUE BOTTLE 123 SAN FRANCISCO CA", "blue bottle"),
        ("PAYPAL *SPOTIFY", "spotify"),
        ("CARD PURCHASE 12/03 Café Müller", "cafe muller"),
        ("CAFE MULLER LTD", "cafe muller"),
        ("Sainsbury's S/MKTS 12MAR", "sainsburys s mkts"),
        ("J.P. Morgan", "jp morgan"),
        ("A1 TAXIS LTD", "a1 taxis"),
        ("123456", ""),
        ("", ""),
        ("東京電力 2024", "東京電力"),
    ],
)
def test_a_payee_has_one_name_however_the_bank_dresses_it(text: str, name: str) -> None:
    assert payee_name(text) == name


def test_words_leave_out_numbers_and_dressing_and_count_once() -> None:
    assert words("POS 4471 coffee beans coffee 12MAR") == ("coffee", "beans")


@pytest.mark.parametrize(
    ("reference", "series"),
    [("60048278_1", "600#8"), ("60059888 - 1", "600#8"), ("1024120_1", "102#7"), ("rent", ""), ("", "")],
)
def test_references_of_one_origin_share_a_series(reference: str, series: str) -> None:
    assert series_of(reference) == series


def test_sizes_keep_money_in_and_out_apart() -> None:
    assert size_of(-10_000) == size_of(-10_500) != size_of(10_000)
    assert size_of(-10_000) != size_of(-100_000)
    assert size_of(0) == "-0"


def test_what_is_not_known_gives_no_key() -> None:
    kinds = [key.kind for key in keys_of(Features(amount_minor=-500))]

    assert kinds == ["sign", "size", "amount"]


def test_keys_go_from_general_to_particular() -> None:
    line = Features("Tesco 12", -500, date(2026, 3, 4), "weekly shop", "DE1", "kitchen", "20%", "7", "60048278")
    kinds = [key.kind for key in keys_of(line)]

    assert set(kinds) == set(KINDS)
    assert kinds == sorted(kinds, key=KINDS.index)
    assert set(KINDS) > BROAD


@given(st.text(max_size=600), st.integers(-(10**15), 10**15), st.text(max_size=50))
def test_any_text_gives_keys_that_a_database_can_hold(text: str, amount: int, reference: str) -> None:
    keys = keys_of(Features(payee=text, description=text, amount_minor=amount, reference=reference))

    assert all(0 <= key.number < 2**63 for key in keys)
    assert len({key.number for key in keys}) == len(keys)


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("FUELCO TE RAPA CARD 4821", "card 4821"),
        ("Card no. 4821 FUELCO", "card 4821"),
        ("VISA 4821 03/05 FUELCO", "card 4821"),
        ("FUELCO xx4821", "card 4821"),
        ("EFTPOS **** **** **** 4821", "card 4821"),
        ("<CardTx><Card><PlainCardData><PAN>5412751234564821</PAN></PlainCardData></Card></CardTx>", "card 4821"),
        ("<ns:MskdPAN>XXXXXXXXXXXX4821</ns:MskdPAN>", "card 4821"),
        ("GIFT CARD SHOP 4821", ""),
        ("FUELCO 4821", ""),
        ("CARD 48213", ""),
        ("", ""),
    ],
)
def test_the_card_says_who_spent(text: str, card: str) -> None:
    assert card_of("nothing here", text) == card
