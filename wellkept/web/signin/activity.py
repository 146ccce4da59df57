"""When each session was last used, noted every few minutes instead of at every request: a page read should write nothing."""

from __future__ import annotations

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase

from wellkept.core import busy, room

NOTED_EVERY_SECONDS = 300


class SessionActivity:
    """Keeps the list of sessions on the account page right to within five minutes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = request.session.session_key
        if key and request.user.is_authenticated and cache.add(f"session-noted-{key}", True, NOTED_EVERY_SECONDS):
            self._note(request)
        return self.get_response(request)

    def _note(self, request: HttpRequest) -> None:
        """Neither a full disk nor somebody who writes for long may keep anybody from reading."""
        try:
            UserSession.objects.create_from_request(request)
        except DatabaseError as error:
            if not room.is_full(error) and not busy.is_locked(error):
                raise
