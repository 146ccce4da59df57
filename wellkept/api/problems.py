"""Every no, as an RFC 9457 problem: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.log import log_response
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from wellkept.core import busy, room
from wellkept.core.refusals import NotYours, Refusal, TakenByAnother
from wellkept.people.actions import KeyUsedForAnother

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 20


def problem(
    status: int, code: str, detail: str, *, errors: Iterable[dict[str, str]] = (), headers: dict[str, str] | None = None
) -> HttpResponse:
    """`code` is stable; `detail` is a sentence for a person; `errors` name the fields to correct."""
    body: dict[str, Any] = {
        "type": f"urn:wellkept:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if fields := list(errors):
        body["errors"] = fields[:MOST_ERRORS]
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, headers=headers)


def install(api: NinjaAPI) -> None:
    """Teach the API to answer every expected no."""

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        errors = [{"field": refusal.field, "detail": str(refusal)}] if refusal.field else []
        return problem(_status(refusal), refusal.code, str(refusal), errors=errors)

    @api.exception_handler(ObjectDoesNotExist)
    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Exception) -> HttpResponse:
        return not_found()

    @api.exception_handler(ValidationError)
    def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
        sentence = _("Some of what was sent cannot be used. See the fields named in “errors”.")
        return problem(422, "not-valid", sentence, errors=[_field(found) for found in error.errors])

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        sentence = _("Send a personal token of an active person: “Authorization: Bearer wk_…”.")
        return problem(401, "no-token", sentence, headers={"WWW-Authenticate": 'Bearer realm="wellkept"'})

    @api.exception_handler(Throttled)
    def hurried(request: HttpRequest, error: Throttled) -> HttpResponse:
        wait = max(1, int(error.wait or 1))
        sentence = _("Too many requests with this token. Try again in %(seconds)s s.") % {"seconds": wait}
        return problem(429, "too-many-requests", sentence, headers={"Retry-After": str(wait)})

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
        return problem(error.status_code, code, str(error))

    @api.exception_handler(Exception)
    def broken(request: HttpRequest, error: Exception) -> HttpResponse:
        return _not_now(error) or _our_fault(api, request, error)


def _not_now(error: Exception) -> HttpResponse | None:
    """What passes by itself: the same request may work later."""
    if room.is_full(error):
        return problem(503, "disk-full", room.sentence(), headers={"Retry-After": "60"})
    if sentence := busy.sentence(error):
        return problem(503, "busy", sentence, headers={"Retry-After": busy.AGAIN_AFTER_SECONDS})
    return None


def _our_fault(api: NinjaAPI, request: HttpRequest, error: Exception) -> HttpResponse:
    """A bug: told to the log as Django tells it, and to the caller without its insides."""
    got_request_exception.send(sender=type(api), request=request)
    answer = problem(500, "our-fault", _("Something broke on our side. Nothing was changed; try again."))
    log_response("%s: %s", answer.reason_phrase, request.path, response=answer, request=request, exception=error)
    return answer


def not_found() -> HttpResponse:
    return problem(404, "not-found", _("Nothing you may see is here. Check the address."))


def _status(refusal: Refusal) -> int:
    if isinstance(refusal, NotYours):
        return 403
    if isinstance(refusal, TakenByAnother):
        return 409
    return 422 if refusal.field or isinstance(refusal, KeyUsedForAnother) else 409


def _field(found: dict[str, Any]) -> dict[str, str]:
    place = [str(part) for part in found.get("loc", ())]
    return {"field": ".".join(place[1:] or place), "detail": str(found.get("msg", ""))}
