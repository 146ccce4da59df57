"""Who calls: the person of a personal token, at most so many times a minute."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from ninja.errors import Throttled
from ninja.security import HttpBearer

from wellkept.core import secrets
from wellkept.core.clock import now
from wellkept.people import actions as people
from wellkept.people.models import Staff

A_MINUTE = 600
LONGEST_TOKEN = 200
MOST_CALLERS = 10_000


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


class Allowance:
    """A bucket of requests for each token, refilled evenly. It is of this process: several processes allow more."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, caller: str, a_minute: int) -> int:
        """Take one; 0 when it was there, else the seconds until there is one."""
        each = a_minute / 60
        with self._lock:
            clock = time.monotonic()
            left, since = self._buckets.pop(caller, (float(a_minute), clock))
            left = min(float(a_minute), left + (clock - since) * each)
            granted = left >= 1
            self._buckets[caller] = (left - 1 if granted else left, clock)
            while len(self._buckets) > MOST_CALLERS:
                self._buckets.popitem(last=False)
        return 0 if granted else int((1 - left) / each) + 1


allowance = Allowance()
