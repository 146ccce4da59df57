"""The list page: fifty rows of any view, by the whole road of a request, at every size."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from bench import pages
from bench.figures import Context, Figure
from wellkept.conversations import queries

SIZED = True
BAR_MS = 20


def run(context: Context) -> list[Figure]:
    staff = context.shared["staff"]
    bookkeeper, lead, admin = staff[-1], staff[1], staff[0]
    client = context.shared["clients"][-1][0].pk
    views = [
        ("mine", bookkeeper, "/inbox?view=mine"),
        ("all open of my clients", bookkeeper, "/inbox?view=clients"),
        ("waiting", bookkeeper, "/inbox?view=waiting"),
        ("done", bookkeeper, "/inbox?view=done"),
        ("searched", bookkeeper, "/inbox?view=mine&words=payroll"),
        ("of one client", bookkeeper, f"/inbox?view=clients&client={client}"),
        ("a lead’s team", lead, "/inbox?view=team"),
        ("everybody’s", admin, "/inbox?view=team"),
        ("everybody’s, searched", admin, "/inbox?view=team&words=payroll"),
        ("everybody’s, third page", admin, f"/inbox?view=team&after={_third_page(admin)}"),
        ("done, third page", bookkeeper, f"/inbox?view=done&after={_third_page(bookkeeper, view='done')}"),
        ("search page", admin, "/search?q=freight+refund"),
    ]
    floor = pages.floor(pages.signed_in(context))
    return [
        context.figure(
            f"list page: {name}",
            pages.cost(pages.signed_in(context, by), address),
            floor=floor,
            bar=BAR_MS,
            note=_filters(address),
        )
        for name, by, address in views
    ]


def _third_page(by: object, view: str = "team") -> str:
    place = None
    for _ in range(2):
        place = queries.listing(by, view=view, after=place).next  # type: ignore[arg-type]
    return (place or "").replace("+", "%2B")


def _filters(address: str) -> str:
    asked = parse_qs(urlsplit(address).query)
    return "whole request" + (f", words “{asked['words'][0]}”" if "words" in asked else "")
