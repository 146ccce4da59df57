"""What every route says about itself, and how a write is done once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError

from wellkept.api.schemas import Problem
from wellkept.core.clock import now
from wellkept.people.actions import do_once
from wellkept.people.models import Staff

LONGEST_KEY = 100
Answer = tuple[int, dict[str, Any]]


def reads(model: Any) -> dict[Any, Any]:
    return {200: model, frozenset({401, 404, 422, 429}): Problem}


def writes(model: Any, status: int = 200) -> dict[Any, Any]:
    return {status: model, frozenset({400, 401, 403, 404, 409, 422, 429}): Problem}


def staff_of(request: HttpRequest) -> Staff:
    staff: Staff = request.auth  # type: ignore[attr-defined]
    return staff


def once(request: HttpRequest, model: type[Any], status: int, work: Callable[[], dict[str, Any]]) -> Answer:
    """Do the work; under an Idempotency-Key once only. What is remembered is the answer as it was sent."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return status, work()
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise HttpError(422, f"An Idempotency-Key is at most {LONGEST_KEY} plain characters.")

    def remembered() -> Answer:
        return status, model.model_validate(work()).model_dump(mode="json")

    asked = b"\n".join([str(request.method).encode(), request.path.encode(), request.body])
    return do_once(key=key, asked=asked, by=staff_of(request), at=now(), work=remembered)
