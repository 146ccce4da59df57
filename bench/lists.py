"""The list page: fifty rows of any view, by the whole road of a request, at every size."""

from __future__ import annotations

from bench import pages
from bench.figures import Context, Figure

SIZED = True
BAR_MS = 20
VIEWS = {
    "inbox, mine": "/inbox?view=mine",
    "inbox, all open of my clients": "/inbox?view=clients",
    "inbox, done": "/inbox?view=done",
    "inbox, searched": "/inbox?view=mine&words=payroll",
}


def run(context: Context) -> list[Figure]:
    visitor = pages.signed_in(context)
    floor = pages.floor(visitor)
    return [
        context.figure(f"list page: {name}", pages.cost(visitor, address), floor=floor, bar=BAR_MS)
        for name, address in VIEWS.items()
    ]
