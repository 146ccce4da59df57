"""What a first visit brings beside the page itself: every script and style it names, compressed."""

from __future__ import annotations

import gzip
import re

from django.contrib.staticfiles import finders
from django.test import Client as Visitor

from bench import pages
from bench.figures import Context, Figure

BAR_KB = 60
PLACES = {"today": "/", "inbox": "/inbox", "promises": "/promises", "score card": "/score", "search": "/search"}
NAMED = re.compile(r'(?:<link rel="stylesheet" href|<script defer src|<script src)="/static/([^"?]+)')


def run(context: Context) -> list[Figure]:
    visitor = pages.signed_in(context)
    return [
        context.figure(f"first load: {name}", weight(visitor, address), unit="kB", bar=BAR_KB, note="JS + CSS, gzip")
        for name, address in PLACES.items()
    ]


def weight(visitor: Visitor, address: str) -> float:
    html = visitor.get(address, follow=True).content.decode()
    return sum(compressed(path) for path in sorted(set(NAMED.findall(html)))) / 1024


def compressed(path: str) -> int:
    found = finders.find(path)
    if not isinstance(found, str):
        raise RuntimeError(f"{path} is named by a page and is not there.")
    with open(found, "rb") as file:
        return len(gzip.compress(file.read(), 6))
