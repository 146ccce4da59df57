"""Paper: which size a country prints on, and what stands in the foot of every sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LETTER_COUNTRIES = frozenset(["US", "CA", "MX", "CL", "CO", "CR", "DO", "GT", "NI", "PA", "PH", "PR", "SV", "VE"])


@dataclass(frozen=True, slots=True)
class Printed:
    """Who printed it, and when, in the reader's words. `at` is in the reader's zone."""

    by: str
    at: datetime
    when: str
    language: str

    @property
    def naive_at(self) -> datetime:
        """Files of spreadsheets know no zones."""
        return self.at.replace(tzinfo=None)


def is_letter(country: str) -> bool:
    return country in LETTER_COUNTRIES
