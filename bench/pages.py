"""What a page costs, by the whole road of a request; the floor is an empty view on the same road."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.test import Client as Visitor
from django.test import override_settings
from django.urls import path

from bench.figures import Context, Figure, cpu_ms
from wellkept.people.models import Staff

TIMES = 15


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("empty")


urlpatterns = [path("bench-empty", empty)]


def signed_in(context: Context, staff: Staff | None = None) -> Visitor:
    """A browser that is signed in; by default as a bookkeeper who leads nobody."""
    visitor = Visitor(headers={"host": "127.0.0.1"})
    visitor.force_login(staff or context.shared["staff"][-1])
    return visitor


def floor(visitor: Visitor) -> float:
    with override_settings(ROOT_URLCONF="bench.pages"):
        return cost(visitor, "/bench-empty")


def cost(visitor: Visitor, address: str) -> float:
    """Median CPU milliseconds of one GET that answers 200."""

    def get() -> None:
        answer = visitor.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}.")
        answer.getvalue() if answer.streaming else answer.content

    return cpu_ms(get, times=TIMES)


def run(context: Context) -> list[Figure]:
    visitor = signed_in(context)
    return [
        context.figure("empty page behind every middleware", floor(visitor), note="the floor of all pages"),
    ]
