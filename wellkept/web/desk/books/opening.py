"""What a new book begins with: proposed from the client's country, read from the form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from wellkept.clients.models import Client
from wellkept.ledger import queries as ledger
from wellkept.ledger.rules.charts import template
from wellkept.web.desk.books.times import a_day
from wellkept.web.shell.words import Reader, names_of

BY_COUNTRY = {"AU": "au", "NZ": "nz", "GB": "uk", "US": "us"}
NAMES: dict[str, Lazy | str] = {
    "au": _("Australia"),
    "nz": _("New Zealand"),
    "uk": _("United Kingdom"),
    "us": _("United States"),
    "neutral": _("Any other country"),
}


def proposed(client: Client) -> dict[str, str]:
    """The chart of the client's country, with its usual currency and year."""
    name = BY_COUNTRY.get(client.country, "neutral")
    chart = template(name)
    return {
        "template": name,
        "base_currency": chart.base_currency,
        "fiscal_month": str(chart.fiscal_month),
        "opened_on": "",
    }


def read(posted: Mapping[str, str]) -> dict[str, Any]:
    month = posted.get("fiscal_month", "")
    return {
        "template": posted.get("template", ""),
        "base_currency": posted.get("base_currency", "").strip().upper(),
        "fiscal_month": int(month) if month.isdecimal() and len(month) < 3 else 0,
        "opened_on": _day(posted.get("opened_on", "")),
    }


def templates() -> list[tuple[str, str]]:
    return [(name, str(NAMES.get(name, name))) for name in ledger.template_names()]


def month_names(reader: Reader) -> list[tuple[int, str]]:
    return list(names_of(reader.language).long_months.items())


def _day(text: str) -> date | None:
    return a_day(text)
