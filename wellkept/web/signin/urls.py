"""allauth's addresses, without the pages that would let people in or change an address by themselves."""

from __future__ import annotations

from collections.abc import Callable

from allauth import urls as allauth_urls
from allauth.account.views import login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver

from wellkept.people import queries

CLOSED = {
    "account_signup",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "socialaccount_signup",
    "socialaccount_connections",
}
LISTS = ("mfa_index", "mfa_list_webauthn", "usersessions_list")
View = Callable[..., HttpResponseBase]


def closed(request: HttpRequest, **_named: object) -> HttpResponse:
    """A name allauth leads to, and nothing behind it."""
    return render(request, "account/signup_closed.html", status=403)


def first(request: HttpRequest, **named: object) -> HttpResponseBase:
    """The sign-in page, once there is somebody who could sign in."""
    if queries.firm() is None:
        return redirect("setup")
    return login(request, **named)


def to_account(request: HttpRequest, **_named: object) -> HttpResponse:
    """allauth's lists of keys and sessions are parts of our account page."""
    return redirect("account")


REPLACED: dict[str, View] = dict.fromkeys(CLOSED, closed) | dict.fromkeys(LISTS, to_account) | {"account_login": first}


def kept(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The same tree with every closed page replaced."""
    return [_kept(pattern) for pattern in patterns]


def _kept(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    if isinstance(pattern, URLResolver):
        inner = kept(list(pattern.url_patterns))
        return URLResolver(pattern.pattern, inner, pattern.default_kwargs, pattern.app_name, pattern.namespace)
    view = REPLACED.get(pattern.name or "")
    return pattern if view is None else URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)


urlpatterns = kept(list(allauth_urls.urlpatterns))
