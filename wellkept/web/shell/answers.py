"""How a page answers an action: a Refusal in the right place, a sentence when it is done, and a way to take it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from wellkept.core.refusals import Refusal

Text = str | Callable[[Any], str]


def answer(
    request: HttpRequest,
    action: Callable[..., Any],
    *,
    then: Text = "",
    said: Text = "",
    undo: Text = "",
    fragment: Callable[[Any], HttpResponse] | None = None,
    refresh: Iterable[str] = (),
    refused: Callable[[Refusal], HttpResponse] | None = None,
    **named: Any,
) -> HttpResponse:
    """Run one action. `then` is the next address (default: back); `said`, `undo` and `then` may be made from its result.

    To htmx: `fragment(result)` if given, else the fragments named in `refresh` are read again, else the page moves on.
    """
    try:
        result = action(**named)
    except Refusal as refusal:
        return refuse(request, refusal, page=refused)
    text, back = _of(said, result), _of(undo, result)
    if wants_fragment(request) and (fragment or refresh):
        response = fragment(result) if fragment else HttpResponse(status=204)
        trigger: dict[str, object] = {}
        if text:
            trigger["toast"] = {"target": "body", "text": text, **({"undo": back, "seconds": 10} if back else {})}
        if refresh:
            trigger["refresh"] = {"target": "body", "ids": list(refresh)}
        return with_events(response, trigger)
    if text:
        messages.success(request, text, extra_tags=back)
    return go(request, _of(then, result) or back_from(request))


def refuse(
    request: HttpRequest, refusal: Refusal, *, page: Callable[[Refusal], HttpResponse] | None = None
) -> HttpResponse:
    """Show the sentence beside the form that asked; without scripts on `page(refusal)`, else on a page of its own."""
    if wants_fragment(request):
        response = HttpResponse(status=422, headers={"HX-Reswap": "none"})
        return with_events(response, {"refused": {"target": "body", "text": str(refusal), "field": refusal.field}})
    if page is not None:
        response = page(refusal)
        response.status_code = 422
        return response
    return render(request, "refused.html", {"refusal": refusal, "back": back_from(request)}, status=422)


def go(request: HttpRequest, address: str) -> HttpResponse:
    """Move the whole page on, whoever asked."""
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def wants_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def with_events(response: HttpResponse, events: dict[str, object]) -> HttpResponse:
    """Events for the page, as one header (plain ASCII), beside those it carries already."""
    if events:
        response["HX-Trigger"] = json.dumps({**json.loads(response.get("HX-Trigger", "{}")), **events})
    return response


def back_from(request: HttpRequest) -> str:
    """Where the person came from, if that was one of our own pages."""
    came = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(came, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return came if safe else "/"


def _of(text: Text, result: Any) -> str:
    return text(result) if callable(text) else str(text)
