"""Who calls: the person of a personal token, at most so many times a minute."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from ninja.errors import Throttled
from ninja.security import HttpBearer

from wellkept.core import secrets
from wellkept.core.allowance import Allowance
from wellkept.core.clock import now
from wellkept.people import actions as people
from wellkept.people.models import Staff

A_MINUTE = 600
LONGEST_TOKEN = 200


class PersonalToken(HttpBearer):
    """`request.auth` becomes the person; words are in their language."""

    def authenticate(self, request: HttpRequest, token: str) -> Staff | None:
        if not token or len(token) > LONGEST_TOKEN:
            return None
        wait = allowance.take(secrets.digest(token), getattr(settings, "API_REQUESTS_A_MINUTE", A_MINUTE))
        if wait:
            raise Throttled(wait=wait)
        staff = people.use_api_token(clear=token, at=now())
        if staff is not None:
            translation.activate(staff.language)
            timezone.activate(staff.time_zone)
        return staff


allowance = Allowance()
