"""How much a conversation presses."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from wellkept.conversations import actions
from wellkept.conversations.wording import PRIORITIES, priority_words
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.pages.conversation import load
from wellkept.web.pages.conversation_acts import act, back, both
from wellkept.web.shell.reading import StaffRequest

NORMAL = "normal"
"""How a form says that nothing is chosen above or below what everything begins with."""


@both
def priority(request: StaffRequest, id: int) -> HttpResponse:
    """Raise or lower it; its clocks take the time the agreement promises for that priority."""
    found = load(request, id)
    fields = [
        Field(
            "chips",
            "priority",
            _("Priority"),
            options=[(code or NORMAL, priority_words(code)) for code in PRIORITIES],
            value=found.priority or NORMAL,
        )
    ]
    text = _(
        "What is open is counted again from its own start, by what is promised for that priority: a shorter time may be over already."
    )
    ask = Ask(_("How much does this press?"), _("Change it"), text, fields, back=back(found))
    if request.method == "GET":
        return asked(request, ask)
    chosen = request.POST.get("priority") or request.GET.get("to", "")
    return act(
        request,
        ask,
        actions.set_priority,
        conversation=found,
        priority="" if chosen == NORMAL else chosen,
        said=lambda done: _("The priority is %(priority)s now.") % {"priority": priority_words(done.priority).lower()},
        undo=f"{reverse('conversation_priority', args=[id])}?{urlencode({'to': found.priority or NORMAL})}",
    )


urlpatterns = [path("conversations/<int:id>/priority", priority, name="conversation_priority")]
