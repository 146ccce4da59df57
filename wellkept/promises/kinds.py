"""The kinds of promises. Higher rooms register theirs when they start; the engine asks a kind, never compares names."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

HOUR = 3_600
Words = str | Lazy | Callable[[], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """How promises of one kind behave."""

    name: str
    words: str | Lazy
    keeps: str | Lazy
    """What keeps it, as a sentence."""
    pausable: bool = False
    """Whether waiting on the client may stop its clock (where the agreement says so)."""
    single: bool = False
    """Whether one subject can have only one open: the first starts the clock, a second does not restart it."""
    extendable: bool = True
    """Whether a new date can be given; an answer that is due cannot be put off, only given."""
    seconds: int | None = None
    """The time promised where no agreement says anything; None: nothing is promised then."""


class UnknownKind(LookupError):
    """A kind nobody registered: a bug, not a refusal."""


_kinds: dict[str, Kind] = {}


def register(
    name: str,
    *,
    words: str | Lazy,
    keeps: str | Lazy,
    pausable: bool = False,
    single: bool = False,
    extendable: bool = True,
    seconds: int | None = None,
) -> Kind:
    _kinds[name] = Kind(name, words, keeps, pausable, single, extendable, seconds)
    return _kinds[name]


def named(name: str) -> Kind:
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def every() -> list[Kind]:
    return list(_kinds.values())


register(
    "acknowledge",
    words=_("Acknowledge"),
    keeps=_("Any reply that sets a follow-up time keeps it."),
    single=True,
    extendable=False,
)
register(
    "next_reply",
    words=_("Reply"),
    keeps=_("The next answer to the client keeps it."),
    pausable=True,
    single=True,
    extendable=False,
)
register("resolve", words=_("Resolve"), keeps=_("Resolving the request keeps it."), pausable=True, single=True)
register("commitment", words=_("Commitment"), keeps=_("Giving the client what was promised keeps it."))
register("progress", words=_("Progress update"), keeps=_("Telling the client how far things are keeps it."))
register(
    "colleague",
    words=_("For a colleague"),
    keeps=_("Giving your colleague what they asked for keeps it."),
    seconds=8 * HOUR,
)
register(
    "escalation",
    words=_("Help with an escalation"),
    keeps=_("Answering the person who asked for help keeps it."),
    seconds=2 * HOUR,
)
