"""What a person sees when a page fails: that the disk is full, that the database is busy, or that the fault is ours.

Shown without asking the database.
"""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from wellkept.core import busy, room
from wellkept.web.shell.answers import wants_fragment, with_events

AGAIN_AFTER_SECONDS = "60"


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler of every error nobody caught; it runs while the error is at hand."""
    error = sys.exc_info()[1]
    if room.is_full(error):
        ask = _("Tell whoever looks after the machine. What you typed is still there when you go back.")
        return not_now(request, _("The disk is full"), room.sentence(), ask, AGAIN_AFTER_SECONDS)
    if sentence := busy.sentence(error):
        ask = _("What you typed is still there when you go back.")
        return not_now(request, _("Busy just now"), sentence, ask, busy.AGAIN_AFTER_SECONDS)
    return HttpResponse(loader.get_template("500.html").render(), status=500)


def not_now(request: HttpRequest, title: str, sentence: str, ask: str, again_after: str) -> HttpResponse:
    """503: the same thing may work later. The form stays as it was typed."""
    headers = {"Retry-After": again_after}
    if wants_fragment(request):
        response = HttpResponse(status=503, headers={**headers, "HX-Reswap": "none"})
        return with_events(response, {"refused": {"target": "body", "text": sentence, "field": None}})
    page = loader.get_template("full.html").render({"title": title, "sentence": sentence, "ask": ask})
    return HttpResponse(page, status=503, headers=headers)
