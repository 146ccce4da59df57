"""The door of the demo firm: one click as each of its people, in demo mode only."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from wellkept.people import queries as people
from wellkept.web.shell.middleware import open_to_all


@open_to_all
@require_POST
def demo_sign_in(request: HttpRequest, id: int) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    person = get_object_or_404(people.active(), pk=id)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if safe else "/")


urlpatterns = [path("demo/sign-in/<int:id>", demo_sign_in, name="demo_sign_in")]
