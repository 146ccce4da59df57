"""What a person sees when a page fails: that the disk is full, or that the fault is ours. Shown without asking the database."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template import loader

from wellkept.core import room
from wellkept.web.shell.answers import wants_fragment, with_events

AGAIN_AFTER_SECONDS = "60"


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler of every error nobody caught; it runs while the error is at hand."""
    if room.is_full(sys.exc_info()[1]):
        return full(request)
    return HttpResponse(loader.get_template("500.html").render(), status=500)


def full(request: HttpRequest) -> HttpResponse:
    """503: the same thing may work later. The form stays as it was typed."""
    headers = {"Retry-After": AGAIN_AFTER_SECONDS}
    if wants_fragment(request):
        response = HttpResponse(status=503, headers={**headers, "HX-Reswap": "none"})
        return with_events(response, {"refused": {"target": "body", "text": room.sentence(), "field": None}})
    page = loader.get_template("full.html").render({"sentence": room.sentence()})
    return HttpResponse(page, status=503, headers=headers)
