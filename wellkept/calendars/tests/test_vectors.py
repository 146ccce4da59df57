import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from wellkept.calendars.rules import Compiled, read

CORPORA = os.environ.get("WELLKEPT_CORPORA", "")
VECTORS = Path(CORPORA) / "business_time" / "vectors.json" if CORPORA else None


def vectors() -> list[Any]:
    if VECTORS is None or not VECTORS.exists():
        return [pytest.param(None, marks=pytest.mark.skip("WELLKEPT_CORPORA names no folder with business_time"))]
    cases = json.loads(VECTORS.read_text())["vectors"]
    return [pytest.param(case, id=f"{case['id']}-{case['note'][:40]}") for case in cases]


def answer(case: dict[str, Any]) -> object:
    calendar = Compiled(read(case["schedule"]))
    start = datetime.fromisoformat(case["start"])
    match case["op"]:
        case "between":
            return calendar.between(start, datetime.fromisoformat(case["end"]))
        case "is_open":
            return calendar.is_open(start)
        case "next_open":
            return calendar.next_open(start)
        case "sub":
            return calendar.sub(start, case["minutes"])
        case _:
            return calendar.add(start, case["minutes"])


def expected(case: dict[str, Any]) -> object:
    if "expect_minutes" in case:
        return case["expect_minutes"]
    return case["expect_open"] if "expect_open" in case else datetime.fromisoformat(case["expect"])


@pytest.mark.corpora
@pytest.mark.parametrize("case", vectors())
def test_business_time_as_others_counted_it(case: dict[str, Any]) -> None:
    assert answer(case) == expected(case)
