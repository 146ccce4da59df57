"""What was given up is told to the people who can do something about it."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from wellkept.conversations.models import Message
from wellkept.core.models import Delivery, Fact
from wellkept.core.reactions import reacts_to
from wellkept.people import actions, queries
from wellkept.people.queries import Role


@reacts_to("delivery.died")
def tell_administrators(fact: Fact) -> None:
    """A dead letter waits for a person. Should this very reaction die, it stays in the list and tells nobody: no circle."""
    delivery = Delivery.objects.filter(pk=fact.data["delivery"]).first()
    if delivery is None or delivery.reaction == "jobs.tell_administrators":
        return
    for staff in queries.with_role(Role.ADMINISTRATOR):
        with translation.override(staff.language):
            text = _("Something that should have happened by itself was given up (%(reaction)s). Look at dead letters.")
            actions.notify(
                staff=staff,
                kind="delivery.died",
                subject_kind="delivery",
                subject_id=delivery.pk,
                text=text % {"reaction": delivery.reaction},
                at=fact.at,
                fact=fact,
            )


@reacts_to("outgoing.dead", "outgoing.unknown")
def tell_the_writer(fact: Fact) -> None:
    """A letter that did not leave, or perhaps did not arrive, is told to whoever wrote it: the client still waits."""
    letters = Message.objects.select_related("staff", "conversation", "conversation__owner", "outgoing")
    letter = letters.filter(outgoing=fact.data["outgoing"]).first()
    if letter is None or letter.outgoing is None:
        return
    staff = letter.staff if letter.staff is not None and letter.staff.is_active else letter.conversation.owner
    if staff is None or not staff.is_active:
        return
    with translation.override(staff.language):
        sentence = (
            _("Your letter “%(subject)s” was refused: %(reason)s")
            if fact.name == "outgoing.dead"
            else _("Your letter “%(subject)s” may not have arrived: %(reason)s")
        )
        actions.notify(
            staff=staff,
            kind=fact.name,
            subject_kind="conversation",
            subject_id=letter.conversation_id,
            client=letter.conversation.client_id,
            text=sentence % {"subject": letter.conversation.subject, "reason": letter.outgoing.reason},
            at=fact.at,
            fact=fact,
        )
