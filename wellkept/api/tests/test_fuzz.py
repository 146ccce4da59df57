"""Everything the schema allows, and much it does not, thrown at the API as three roles: never a 5xx, always as described.

WELLKEPT_FUZZ sets how many calls of each kind; four by default, so that the suite stays quick.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from wellkept.api.tests.caller import Caller, Callers

ROLES = ("ana", "leo", "admin")  # bookkeeper, support, administrator
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
example_settings = settings(
    max_examples=int(os.environ.get("WELLKEPT_FUZZ", "4")),
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
schema = schemathesis.openapi.from_wsgi(
    "/api/v1/openapi.json", get_wsgi_application()
)  # eagerly: lazy fixtures break on pytest 9
known: dict[str, list[int]] = {}


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """A call ends with its connection; here all of them are inside the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any]) -> dict[str, Any]:
    """Half of the ids are those of rows that exist."""
    id = (path_parameters or {}).get("id")
    path = context.operation.path
    rows = next((rows for noun, rows in known.items() if f"/{noun}/" in path), [])
    if isinstance(id, int) and rows and id % 2:
        return {**path_parameters, "id": rows[id // 2 % len(rows)]}
    return path_parameters


@pytest.mark.parametrize("role", ROLES)
def test_no_call_breaks_the_api(role: str, callers: Callers, settings: Any) -> None:
    settings.API_REQUESTS_A_MINUTE = 10**9
    world = callers.world
    known.update(
        clients=[world.bakery.pk, world.cycles.pk],
        contacts=[world.mina.pk, world.sam.pk],
        conversations=[callers.conversation.pk, callers.other_conversation.pk],
        promises=[callers.promise.pk, callers.other_promise.pk],
    )
    headers = {"Authorization": f"Bearer {Caller(getattr(world, role), callers.at).token}"}
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) == 24

    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode is GenerationMode.POSITIVE or operation.path_parameters or operation.query or operation.body:
                throw(operation, mode, headers)


def throw(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> None:
    @example_settings
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=list(CHECKS))

    call()
