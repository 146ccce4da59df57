"""What a paper says, and which line it proves: by tables, without database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellkept.banking.reading import BANK, PAPER, kind_of
from wellkept.banking.rules.documents import facts_of
from wellkept.banking.rules.matching import AMOUNT, DATE, PAYEE, REVERSED, TEXT, Movement, Paper, compare, rank, sure
from wellkept.banking.rules.words import words

DAY = date(2026, 3, 9)
TOTALS = [
    ("TOTAL NZD 16.50", 1650, "NZD"),
    ("Subtotal 14.35\nGST 2.15\nTotal 16.50", 1650, ""),
    ("Amount due: £1,204.50", 120450, "GBP"),
    ("Total\n45.00", 4500, ""),
    ("Total 2 45.00", 4500, ""),
    ("Total (incl. GST) $45.00\nTotal GST 5.87", 4500, ""),
    ("Total excl GST 39.13\nTotal 45.00", 4500, ""),
    ("Total IVA 3,45\nTotal a pagar 1.234,56 €", 123456, "EUR"),
    ("Valor total R$ 89,90", 8990, "BRL"),
    ("Total da fatura 12,00 EUR", 1200, "EUR"),
    ("Net à payer 1 234,50 €", 123450, "EUR"),
    ("Zwischensumme 10,00\nGesamtbetrag 11,90 EUR", 1190, "EUR"),
    ("Summe 11,90\nZu zahlen 12,90", 1290, ""),
    ("Importe total 8,20 €", 820, "EUR"),
    ("Totale da pagare EUR 15,00", 1500, "EUR"),
    ("Te betalen € 7,95", 795, "EUR"),
    ("TOTAL JPY 1,200", 1200, "JPY"),
    ("Credit note\nTotal -45.00", -4500, ""),
    ("Total 16.50\nEFTPOS 20.00\nChange 3.50", 1650, ""),
    ("Flat white 5.50\nThank you", 550, ""),  # the only sum there is
    ("Flat white 5.50\nScone 4.00", None, ""),
    ("Total 45", None, ""),
    ("Total 1,234", None, ""),  # a thousand, or one and a bit
    ("Total 1.234", None, ""),
    ("Total 0.00", None, ""),
    ("Total 12.5%", None, ""),
    ("", None, ""),
]


@pytest.mark.parametrize(("text", "minor", "currency"), TOTALS)
def test_the_total_of_a_paper(text: str, minor: int | None, currency: str) -> None:
    told = facts_of(text, received_on=DAY)
    assert (told.amount_minor, told.currency) == (minor, currency)


DATES = [
    ("09/03/2026", "NZ", date(2026, 3, 9)),
    ("03/09/2026", "US", date(2026, 3, 9)),
    ("13/02/2026", "US", date(2026, 2, 13)),  # there is no thirteenth month
    ("2026-03-01", "", date(2026, 3, 1)),
    ("Invoice date: 1 March 2026\nDue date: 8 March 2026", "", date(2026, 3, 1)),
    ("Vencimento 01/03/2026\nData de emissão 20/02/2026", "PT", date(2026, 2, 20)),
    ("5 de março de 2026", "BR", date(2026, 3, 5)),
    ("March 3rd, 2026", "US", date(2026, 3, 3)),
    ("Ship by 10/03/2026", "NZ", None),  # still to come on the ninth
    ("31/02/2026", "NZ", None),
    ("Order 12/34/5678", "NZ", None),
    ("1/1/1971", "NZ", None),
]


@pytest.mark.parametrize(("text", "country", "day"), DATES)
def test_the_day_of_a_paper(text: str, country: str, day: date | None) -> None:
    assert facts_of(text, received_on=DAY, country=country).dated_on == day


PAYEES = [
    ("KOWHAI CAFE LTD\nTax invoice", "KOWHAI CAFE LTD"),
    ("TAX INVOICE\nInvoice 77\nKowhai Cafe\n12 Quay St", "Kowhai Cafe"),
    ("Harbour Lane Bakery\nNorthgate Panel", "Northgate Panel"),  # the client is not who it pays
    ("From: Paperworks <till@paperworks.example>\nHello", "Paperworks"),
    ("Recibo\nPanificadora Boa Vista Ltda", "Panificadora Boa Vista Ltda"),
    ("09/03/2026\n16.50", ""),
]


@pytest.mark.parametrize(("text", "payee"), PAYEES)
def test_who_is_paid(text: str, payee: str) -> None:
    assert facts_of(text, received_on=DAY, own_names=("Harbour Lane Bakery",)).payee == payee


@given(st.text(max_size=3000))
def test_no_text_is_too_odd(text: str) -> None:
    told = facts_of(text, received_on=DAY)
    assert told.dated_on is None or told.dated_on <= DAY
    assert told.amount_minor is None or told.amount_minor != 0


@given(st.integers(1, 10**10), st.sampled_from((",", ".")))
def test_every_total_is_read_to_the_cent(minor: int, group: str) -> None:
    whole, part = divmod(minor, 100)
    said = f"{whole:,}".replace(",", group) + ("." if group == "," else ",") + f"{part:02d}"
    assert facts_of(f"Total due EUR {said}", received_on=DAY).amount_minor == minor


def line(id: int = 1, amount: int = -1650, day: date = DAY, said: str = "KOWHAI CAFE WELLIN", currency: str = "NZD"):
    return Movement(id, amount, currency, day, words(said))


def paper(**more: object) -> Paper:
    told = {"amount_minor": 1650, "currency": "NZD", "dated_on": DAY, "payee": words("Kowhai Cafe Ltd")}
    return Paper(**{**told, **more})


COMPARED = [
    (paper(), line(), (AMOUNT, DATE, PAYEE)),
    (paper(), line(said="POS 8841"), (AMOUNT, DATE)),
    (paper(), line(day=DAY + timedelta(40)), (AMOUNT, PAYEE)),
    (paper(), line(day=DAY + timedelta(5), said=""), (AMOUNT, DATE)),
    (paper(), line(day=DAY + timedelta(6), said=""), (AMOUNT,)),
    (paper(payee=frozenset(), text=words("thanks from the kowhai cafe in wellin")), line(), (AMOUNT, DATE, TEXT)),
    (paper(currency=""), line(currency="AUD"), (AMOUNT, DATE, PAYEE)),
    (paper(currency="USD"), line(), (DATE, PAYEE)),  # paid in another currency: a person may see that
    (paper(), line(amount=-1700), (DATE, PAYEE)),  # with a tip
    (paper(), line(amount=1650), (REVERSED, DATE, PAYEE)),
    (paper(amount_minor=-1650), line(amount=1650), (AMOUNT, DATE, PAYEE)),  # a refund
    (paper(), line(amount=-9900, said="FUELCO"), None),
    (Paper(), line(), None),
]


@pytest.mark.req("B5")
@pytest.mark.parametrize(("given_paper", "movement", "reasons"), COMPARED)
def test_what_agrees(given_paper: Paper, movement: Movement, reasons: tuple[str, ...] | None) -> None:
    match = compare(given_paper, movement)
    assert (match.reasons if match else None) == reasons


SURE = [
    ([line()], 1),
    ([line(said="POS 8841")], 1),
    ([line(day=DAY + timedelta(6), said="")], None),  # the amount alone
    ([line(amount=-1700)], None),  # everything but the amount
    ([line(amount=1650)], None),  # the money came in
    ([line(1), line(2)], None),  # two equal coffees
    ([line(1), line(2, day=DAY + timedelta(1))], None),  # too near to each other
    ([line(1, said="FUELCO"), line(2)], 2),
    ([line(1), line(2, day=DAY + timedelta(30), said="")], 1),
    ([], None),
]


@pytest.mark.req("B5")
@pytest.mark.parametrize(("movements", "id"), SURE)
def test_two_keys_agree_and_nothing_else_comes_near(movements: list[Movement], id: int | None) -> None:
    match = sure(rank(paper(), movements))
    assert (match.id if match else None) == id


@given(
    st.lists(
        st.builds(
            Movement,
            st.integers(1, 99),
            st.sampled_from((-1650, 1650, -1700)),
            st.sampled_from(("NZD", "USD")),
            st.dates(date(2026, 3, 1), date(2026, 3, 20)),
            st.sampled_from((words("kowhai cafe"), words("fuelco"), frozenset())),
        ),
        max_size=8,
        unique_by=lambda each: each.id,
    )
)
def test_a_sure_match_always_has_the_amount_and_the_order_never_counts(movements: list[Movement]) -> None:
    match = sure(rank(paper(), movements))
    assert match == sure(rank(paper(), movements[::-1]))
    if match is not None:
        assert AMOUNT in match.reasons and len(match.reasons) > 1
        twins = [each for each in rank(paper(), movements, most=99) if each.agrees and each.score == match.score]
        assert [each.id for each in twins] == [match.id]


KINDS = [
    (b"%PDF-1.7", "application/pdf", "x.csv", PAPER),
    (b"\xff\xd8\xff", "image/jpeg", "photo.jpg", PAPER),
    (b"OFXHEADER:100\nDATA:OFXSGML", "text/plain", "receipt.txt", BANK),
    (b":20:REF\n:25:123\n:60F:C260301EUR0,00\n", "text/plain", "", BANK),
    (b"<Document><BkToCstmrStmt>", "application/xml", "camt.xml", BANK),
    (b"<Invoice><ID>1</ID></Invoice>", "application/xml", "bill.xml", ""),
    (b"Date,Amount\n2026-03-01,5.00\n", "text/csv", "bank.csv", BANK),
    (b"Dear Mina,\nthanks, really\n", "text/plain", "letter.txt", PAPER),
    (b"From: a@b.example\n\nhello", "message/rfc822", "fw.eml", PAPER),
    (b"PK\x03\x04", "application/zip", "all.zip", ""),
    (b"MZ\x90", "application/vnd.microsoft.portable-executable", "setup.exe", ""),
    (b"", "application/octet-stream", "empty", ""),
]


@pytest.mark.parametrize(("head", "media_type", "name", "kind"), KINDS)
def test_what_a_file_is(head: bytes, media_type: str, name: str, kind: str) -> None:
    assert kind_of(head, media_type=media_type, name=name) == kind
