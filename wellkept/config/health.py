"""For whoever watches over the machine: is the process alive, can it work, and its figures."""

from __future__ import annotations

import hmac
import ipaddress

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from wellkept.config import metrics
from wellkept.core import files, guards, queries
from wellkept.core.clock import now
from wellkept.core.heartbeats import SILENT_AFTER

_migrated = False


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when requests can be served; 503 with the reasons otherwise."""
    reasons = not_ready()
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Prometheus figures, for this machine or for whoever holds WELLKEPT_METRICS_TOKEN."""
    if not (_is_local(request) or _has_token(request)):
        return HttpResponse(
            "Figures are for this machine, or for the bearer of WELLKEPT_METRICS_TOKEN.\n",
            status=403,
            content_type="text/plain",
        )
    return HttpResponse(generate_latest(metrics.REGISTRY), content_type=CONTENT_TYPE_LATEST)


def not_ready() -> list[str]:
    """Why this process cannot serve, one sentence each."""
    try:
        reasons = _database()
        if not reasons:
            reasons = _worker()
    except DatabaseError:
        return [_("The database does not answer.")]
    if files.free_bytes() < settings.DISK_RESERVE_BYTES:
        reasons.append(
            _("Less than %(megabytes)d MB are free where the data folder is.")
            % {"megabytes": settings.DISK_RESERVE_BYTES // 1024 // 1024}
        )
    return reasons


def _database() -> list[str]:
    global _migrated
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return [_("The database belongs to an older release. Run: wellkept migrate")]
        if not guards.present(connection):
            return [_("The triggers that guard the service book are missing. Run: wellkept migrate --guards")]
        _migrated = True
    return []


def _worker() -> list[str]:
    age = queries.worker_age(at=now())
    if age is None:
        return [_("No worker runs. Start one: wellkept work")]
    if age > SILENT_AFTER:
        return [_("No worker has been heard for %(seconds)d s.") % {"seconds": int(age.total_seconds())}]
    return []


def _is_local(request: HttpRequest) -> bool:
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    expected = settings.ENV.metrics_token
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())
