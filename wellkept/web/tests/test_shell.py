from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.test import Client, RequestFactory

from wellkept.core.refusals import Refusal
from wellkept.web.shell.answers import answer, back_from
from wellkept.web.shell.assets import FIRST, SCRIPTS, STYLES

STATIC = Path(__file__).parent.parent / "static"
TEMPLATES = Path(__file__).parent.parent / "templates"


class BoxIsShut(Refusal):
    pass


def shut(**named: object) -> None:
    raise BoxIsShut("The box is shut. Open it first.", field="lid")


def test_first_load_stays_small() -> None:
    whole = sum(len(gzip.compress((STATIC / path).read_bytes(), 9)) for path in (*STYLES, *FIRST, *SCRIPTS))
    assert whole <= 60 * 1024


def test_no_template_carries_a_script_or_a_handler() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text()
        assert "<script>" not in text and "javascript:" not in text, template
        assert "hx-on" not in text and 'hx-vals="js:' not in text and " onclick=" not in text, template
        if template.name != "original.html":  # the letter itself, in its own sandboxed frame
            assert "<style" not in text, template


def test_a_refusal_reaches_the_form_that_asked() -> None:
    request = RequestFactory().post("/x", headers={"hx-request": "true"})
    response = answer(request, shut)
    assert response.status_code == 422
    assert json.loads(response["HX-Trigger"]) == {
        "refused": {"target": "body", "text": "The box is shut. Open it first.", "field": "lid"}
    }


def test_without_scripts_a_refusal_shows_the_form_again() -> None:
    request = RequestFactory().post("/x")
    response = answer(request, shut, refused=lambda refusal: HttpResponse(f"form: {refusal}"))
    assert response.status_code == 422 and response.content == b"form: The box is shut. Open it first."


def test_what_is_done_is_said_with_a_way_back() -> None:
    request = RequestFactory().post("/x", headers={"hx-request": "true"})
    response = answer(
        request, lambda **named: 7, said="Done.", undo=lambda made: f"/undo/{made}", refresh=["promise-7"]
    )
    events = json.loads(response["HX-Trigger"])
    assert response.status_code == 204
    assert events["toast"] == {"target": "body", "text": "Done.", "undo": "/undo/7", "seconds": 10}
    assert events["refresh"]["ids"] == ["promise-7"]


@pytest.mark.parametrize(
    ("came", "back"),
    [("http://testserver/inbox?x=1", "http://testserver/inbox?x=1"), ("https://evil.example/", "/"), ("", "/")],
)
def test_back_never_leaves_the_house(came: str, back: str) -> None:
    request: HttpRequest = RequestFactory().get("/x", headers={"referer": came})
    assert back_from(request) == back


@pytest.mark.django_db
def test_scripts_and_styles_travel_compressed_and_are_kept() -> None:
    for path in (*STYLES, *FIRST, *SCRIPTS):
        address = static(path)
        answer = Client().get(address, headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200 and answer["Content-Encoding"] == "gzip", address
        assert "max-age=31536000" in answer["Cache-Control"] and "?v=" in address
        assert gzip.decompress(answer.content) == (STATIC / path).read_bytes()
