"""One rendered form is sent once: a second Send of it answers like the first and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal
from wellkept.core.secrets import new_token
from wellkept.people import actions as people
from wellkept.web.shell.reading import StaffRequest

FIELD = "once"
LONGEST_KEY = 60
NOT_ASKED = ("csrfmiddlewaretoken", FIELD, "seen")


class SentAlready(Refusal):
    """The form was sent before, with other words."""


def new_key() -> str:
    """For a form that is being rendered."""
    return new_token()


def form_key(request: StaffRequest) -> str:
    """The key of the form that was sent, for an action that tells a second time by a key of its own."""
    return request.POST.get(FIELD, "")[:LONGEST_KEY] or new_key()


def once(request: StaffRequest, action: Callable[..., Any], *, again: Callable[[int], Any]) -> Callable[..., Any]:
    """`action`, done once for the key of the form; the second time `again(id)` finds what the first has made."""
    key = request.POST.get(FIELD, "")[:LONGEST_KEY]
    if not key:
        return action

    def run(**named: Any) -> Any:
        made: list[Any] = []

        def work() -> tuple[int, dict[str, Any]]:
            made.append(action(**named))
            return 200, {"id": made[0].pk}

        try:
            _status, answer = people.do_once(
                key=f"form-{key}", asked=_asked(request), by=request.staff, at=named["at"], work=work
            )
        except people.KeyUsedForAnother as used:
            sentence = _("This form was sent already. Copy your words, open the page again and send them from there.")
            raise SentAlready(sentence) from used
        return made[0] if made else again(int(answer["id"]))

    return run


def _asked(request: StaffRequest) -> bytes:
    """What the form says, but for what only makes it this form."""
    said = [(name, request.POST.getlist(name)) for name in sorted(request.POST) if name not in NOT_ASKED]
    files = [(name, each.name, each.size) for name in sorted(request.FILES) for each in request.FILES.getlist(name)]
    return repr((request.path, said, files)).encode()
