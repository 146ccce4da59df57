from __future__ import annotations

import pytest

from wellkept.connectors.email.parse import html_text, visible
from wellkept.connectors.email.parse.result import QUOTATION, SIGNATURE, VISIBLE

OUTLOOK = "From: Ana Lima\nSent: Friday, 6 March 2026 16:00\nTo: Mina Ito\nSubject: RE: Hosting\n\nWhich account?\n"
CASES: list[tuple[str, str, str]] = [
    ("a plain mail", "Hello Ana,\n\nplease see.\n", "Hello Ana,\n\nplease see."),
    ("attribution and quote", "Yes.\n\nOn 6 Mar 2026, at 16:00, Ana <ana@f.example> wrote:\n\n> Is it?\n", "Yes."),
    ("wrapped attribution", "Yes.\n\nOn Fri, Mar 6, 2026 at 4:00 PM Ana Lima from the Firm\n<ana@f.example> wrote:\n> Is it?", "Yes."),
    ("portuguese", "Sim.\n\nEm sex., 6 de mar. de 2026 às 16:00, Ana <ana@f.example> escreveu:\n\n> É?", "Sim."),
    ("german", "Ja.\n\nAm 06.03.2026 um 16:00 schrieb Ana <ana@f.example>:\n> Ist es?", "Ja."),
    ("quote first", "On 6 Mar 2026 16:00, Ana wrote:\n> Is it?\nYes.", "Yes."),
    ("answers between", "> One?\nFirst.\n> Two?\nSecond.", "First.\nSecond."),
    ("outlook header", f"Yes.\n\n{OUTLOOK}", "Yes."),
    ("original message", "Yes.\n\n-----Original Message-----\nFrom: a@b.example\nSubject: x\n\nold", "Yes."),
    ("mensagem original", "Sim.\n\n-----Mensagem original-----\nDe: a@b.example\n\nvelho", "Sim."),
    ("signature", "Yes.\n\n-- \nMina Ito\nClient Ltd\n", "Yes."),
    ("phone", "Yes.\n\nSent from my iPhone", "Yes."),
    ("telefone", "Sim.\n\nEnviado do meu iPhone", "Sim."),
    ("unmarked quote after a certain attribution", "Yes.\n\nOn 6 Mar 2026, at 16:00, Ana <ana@f.example> wrote:\n\nIs it?", "Yes."),
]  # fmt: skip
KEPT: list[tuple[str, str]] = [
    ("nothing above the header: the sender wrote below or forwards", OUTLOOK),
    (
        "an itinerary is not a mail header",
        "Please book:\n\nFrom: Lisbon\nTo: Porto\nDate: 3 May 2026 14:30\nClass: second\n",
    ),
    ("figures after an angle", "Overdue:\n\n>30 days: 1,200\nthe rest is paid"),
    (
        "a sentence that ends in wrote",
        "On Monday 3/4/2026 I spoke to Ana and this is what she wrote:\n\nPay the invoice.\n\nShall I?",
    ),
    ("somebody's words in one's own mail", "On Monday, the bank wrote:\n\nPlease pay.\n\nWhat do I answer?"),
    ("the sender says the answers are below", f"My answers are below in red.\n\n{OUTLOOK}Account 6400 please.\n"),
    ("as respostas", f"Respostas abaixo.\n\n{OUTLOOK}Conta 6400.\n"),
    ("a forward with its mark", "Please pay this.\n\n---------- Forwarded message ---------\n" + OUTLOOK),
    ("dashes between sections", "One\n\n--\n\nTwo: can you pay it?\n\nThree\n\nFour\n"),
    ("a list with one point", "Missing:\n\n- Receipts\n"),
    ("a list with one name", "Send it to\n- Ana Lima\n- Bo\n"),
    ("only a signature", "-- \nMina"),
    ("sent from a place", "Sent from my desk, is much easier then my mobile phone."),
]


def kinds(text: str, kind: str, **more: object) -> str:
    spans = visible.spans(text, **more)  # type: ignore[arg-type]
    assert "".join(text[span.start : span.end] for span in spans) == text
    return "".join(text[span.start : span.end] for span in spans if span.kind == kind).strip()


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_newly_written_words(text: str, expected: str) -> None:
    assert kinds(text, VISIBLE) == expected


@pytest.mark.parametrize("text", [case[1] for case in KEPT], ids=[case[0] for case in KEPT])
def test_no_word_of_the_sender_is_hidden(text: str) -> None:
    assert kinds(text, VISIBLE, sender=("mina", "ito")) == text.strip()


def test_a_forward_by_its_subject_hides_nothing() -> None:
    text = f"Please pay.\n\n{OUTLOOK}"

    assert kinds(text, VISIBLE, forwarded=True) == text.strip()


def test_the_sender_may_sign_with_a_dash_and_their_name_only() -> None:
    assert kinds("Yes.\n\n-Mina", SIGNATURE, sender=("mina", "ito")) == "-Mina"
    assert kinds("Yes.\n\n-Bank Statement", VISIBLE, sender=("mina", "ito")) == "Yes.\n\n-Bank Statement"


def test_text_below_a_quoted_outlook_header_stays_the_senders() -> None:
    header, _, words = OUTLOOK.partition("\n\n")
    text = f"See.\n\n{header}\n\n> {words}\nAccount 6400.\n"

    assert kinds(text, VISIBLE) == "See.\n\nAccount 6400."


HTML: list[tuple[str, str, str]] = [
    ("gmail", '<div>Yes.</div><div class="gmail_quote"><div class="gmail_attr">On Fri, 6 Mar 2026 at 16:00, Ana &lt;<a>a@f.example</a>&gt;'
     ' wrote:<br></div><blockquote class="gmail_quote">Is it?</blockquote></div>', "Yes."),
    ("gmail, answers between", '<div class="gmail_quote"><blockquote class="gmail_quote">One?</blockquote><div>First.</div>'
     '<blockquote class="gmail_quote">Two?</blockquote><div>Second.</div></div>', "First. Second."),
    ("an indent of one's own", "<p>See:</p><blockquote style='margin:0 0 0 40px;border:none'>Account 6400</blockquote>", "See: Account 6400"),
    ("a bare quote", "<p>See:</p><blockquote>Account 6400</blockquote>", "See: Account 6400"),
    ("outlook", "<p class=MsoNormal>Yes.</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:</b> Ana<br>"
     "<b>Sent:</b> Friday<br><b>To:</b> Mina<br><b>Subject:</b> x</p></div><p>Is it?</p>", "Yes."),
    ("signature", "<p>Yes.</p><div class=gmail_signature>Mina<br>Client</div>", "Yes."),
]  # fmt: skip


@pytest.mark.parametrize(("html", "expected"), [case[1:] for case in HTML], ids=[case[0] for case in HTML])
def test_html_replies(html: str, expected: str) -> None:
    read = html_text.read(html)

    assert " ".join(kinds(read.text, VISIBLE, marks=read.marks).split()) == expected


def test_quotation_is_marked_in_the_safe_html() -> None:
    from wellkept.connectors.email.parse.message import parse

    raw = (
        b"From: m@c.example\r\nContent-Type: text/html\r\n\r\n<div>Yes.</div><blockquote type=cite>Is it?</blockquote>"
    )

    assert parse(raw).safe_html.strip() == '<div>Yes.</div><blockquote class="wk-quotation">Is it?</blockquote>'
    assert QUOTATION in {span.kind for span in parse(raw).spans}
