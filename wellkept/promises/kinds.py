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
    by_hand: bool = True
    """Whether a person may say at the promise itself that it is kept; where not, only what `keeps` names keeps it."""
    ends: str | Lazy = ""
    """Where it ends with what it is about: how it ends there, as a sentence. It is then not withdrawn at the promise."""
    moves: str | Lazy = ""
    """Where it goes with what it is about: how that is handed over. It is then not handed over at the promise."""
    told: bool = False
    """Whether the client was given its date: taken back by hand, they are told why, and so is the owner's supervisor."""


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
    by_hand: bool = True,
    ends: str | Lazy = "",
    moves: str | Lazy = "",
    told: bool = False,
) -> Kind:
    _kinds[name] = Kind(name, words, keeps, pausable, single, extendable, seconds, by_hand, ends, moves, told)
    return _kinds[name]


def named(name: str) -> Kind:
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def every() -> list[Kind]:
    return list(_kinds.values())


ANSWERED = _(
    "Somebody waits for this answer. Open the conversation and reply, or resolve it and say why none is needed."
)
OFFERED = _("This clock goes with its conversation. Open the conversation and hand it over there.")

register(
    "acknowledge",
    words=_("Acknowledge"),
    keeps=_("Any reply that sets a follow-up time keeps it."),
    single=True,
    extendable=False,
    by_hand=False,
    ends=ANSWERED,
    moves=OFFERED,
)
register(
    "next_reply",
    words=_("Reply"),
    keeps=_("The next answer to the client keeps it."),
    pausable=True,
    single=True,
    extendable=False,
    by_hand=False,
    ends=ANSWERED,
    moves=OFFERED,
)
register(
    "resolve",
    words=_("Resolve"),
    keeps=_("Resolving the request keeps it."),
    pausable=True,
    single=True,
    by_hand=False,
    ends=_("This ends with its conversation. Open the conversation and resolve it."),
    moves=OFFERED,
)
register("commitment", words=_("Commitment"), keeps=_("Giving the client what was promised keeps it."), told=True)
register(
    "progress",
    words=_("Progress update"),
    keeps=_("Telling the client how far things are keeps it."),
    by_hand=False,
    ends=_("This update is one of several. Open the conversation and end the regular updates there."),
    moves=OFFERED,
    told=True,
)
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
