from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from wellkept.web.desk import bodies

KINDS = st.sampled_from(["visible", "quotation", "signature"])


def test_a_quotation_is_folded_and_the_answer_is_not() -> None:
    text = "Yes, do it.\n\n> Shall we?\n"

    html = bodies.body(text, [[0, 13, "visible"], [13, len(text), "quotation"]])

    assert html.index("Yes, do it.") < html.index("<details")
    assert "&gt; Shall we?" in html


def test_markup_in_a_mail_stays_text() -> None:
    html = bodies.body('<script>alert(1)</script> "x"', [])

    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_links_can_be_followed_and_nothing_else() -> None:
    html = bodies.body("See https://a.example/x?y=1&z=2. javascript:alert(1)", [])

    assert 'href="https://a.example/x?y=1&amp;z=2"' in html
    assert html.count("href") == 1


@given(
    st.text(alphabet="abc \n<>&'\"", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), KINDS), max_size=5),
)
def test_no_word_is_lost_whatever_the_spans(text: str, spans: list[tuple[int, int, str]]) -> None:
    pieces = bodies._pieces(text, spans)

    assert "".join(piece for _, piece in pieces) == text


def test_every_word_reaches_the_page() -> None:
    text = "One two\n-- \nAna\n> three"

    html = bodies.body(text, [[8, 15, "signature"], [16, 23, "quotation"]])

    assert re.sub(r"<[^>]+>", " ", html).split() == [
        "One",
        "two",
        "Show",
        "signature",
        "--",
        "Ana",
        "Show",
        "quoted",
        "text",
        "&gt;",
        "three",
    ]
