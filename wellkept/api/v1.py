"""Version 1 of the API, put together."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from wellkept.api import problems
from wellkept.api.routes import clients, conversations, facts, figures, promises, reports, senders
from wellkept.api.tokens import PersonalToken

KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Names this write. Repeating it under the same key gives the first answer and changes nothing.",
    "schema": {"type": "string", "maxLength": 100},
}


class Api(NinjaAPI):
    """Says in its schema what it does: problems have their own media type, writes take an idempotency key."""

    def get_openapi_schema(self, **named: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**named)
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                _describe(method, operation)
        return schema


def _describe(method: str, operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        content = answer.get("content", {})
        if int(status) >= 400 and "application/json" in content:
            content[problems.MEDIA_TYPE] = content.pop("application/json")
    if method == "post":
        operation.setdefault("parameters", []).append(KEY)


api = Api(
    title="Wellkept",
    version="1.0",
    description=(
        "What your token's person may see and do, nothing more. Send `Authorization: Bearer wk_…`. Lists come in pages: "
        "pass `next` back as `after`. Times carry their offset. A no is an RFC 9457 problem with a stable `code`."
    ),
    docs_url=None,
    urls_namespace="api-v1",
    auth=PersonalToken(),
)
problems.install(api)
for module in (clients, conversations, senders, promises, facts, figures, reports):
    api.add_router("", module.router)


def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address of the API that does not exist answers as the API does."""
    return problems.not_found()
