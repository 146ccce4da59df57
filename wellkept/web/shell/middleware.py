"""Closed by default: pages are for signed-in, active staff; strangers meet the sign-in page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone, translation

from wellkept.core import once
from wellkept.core.clock import now
from wellkept.web.shell.reading import zone_of

View = Callable[..., HttpResponseBase]
PAGES = "wellkept.web.pages"


def open_to_all(view: View) -> View:
    """Marks the rare page a stranger may see."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


class StaffDoor:
    """Sets `request.staff`, speaks the person's language and refuses strangers at every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = getattr(request, "user", None)
        staff = user if user is not None and user.is_authenticated and user.is_active else None
        request.staff = staff  # type: ignore[attr-defined]
        request.began_at = now()  # type: ignore[attr-defined]
        language = staff.language if staff is not None else translation.get_language_from_request(request)
        zone = zone_of(staff.time_zone) if staff is not None else zone_of("UTC")
        with translation.override(language), timezone.override(zone), once.scope():
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        response.headers["Server-Now"] = str(
            int(now().timestamp() * 1000)
        )  # clocks on the page never trust the browser
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if not view.__module__.startswith(PAGES) or getattr(view, "open_to_all", False):
            return None
        if cast(Any, request).staff is not None:
            return None
        return to_sign_in(request)


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """A whole page goes to sign-in and back; a fragment tells its page to do so."""
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
    return HttpResponseRedirect(address)
