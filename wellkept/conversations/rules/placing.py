"""Where a message from outside belongs. Each step is weighed in order, and each thing noticed is kept as a reason.

A signed token is proof that the sender got our mail. References count inside the client's own conversations, a number
in the subject only for somebody who takes part. Everything else begins a new conversation. No step shows anybody
what was said before they took part.
"""

from __future__ import annotations

from dataclasses import dataclass, field

FORGED_TOKEN = "forged_token"  # noqa: S105 - the name of a reason
TOKEN_OF_ANOTHER_CLIENT = "token_elsewhere"  # noqa: S105 - the name of a reason
REFERENCES_ELSEWHERE = "references_elsewhere"
NUMBER_OF_STRANGER = "number_stranger"
STAFF_ADDRESS = "staff_address"
NEWCOMER = "newcomer"
SAME_MESSAGE_ID = "same_message_id"


@dataclass(frozen=True, slots=True)
class Known:
    """A conversation a clue leads to, whose it is, and who takes part."""

    conversation: int
    client: int | None
    participants: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clues:
    """What a message says about where it belongs. `sender_client` is None for somebody we do not know."""

    sender: str
    sender_client: int | None = None
    is_staff_address: bool = False
    token_given: bool = False
    by_token: Known | None = None
    by_references: tuple[Known, ...] = ()  # the nearest message first
    number_given: bool = False
    by_number: Known | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """The conversation (None: a new one), the step that decided, and everything noticed on the way."""

    conversation: int | None
    how: str  # token, references, number, new
    noticed: tuple[str, ...] = field(default=())

    @property
    def reason(self) -> str:
        return " ".join((self.how, *self.noticed))


def place(clues: Clues) -> Placement:
    noticed = [STAFF_ADDRESS] if clues.is_staff_address else []
    known, how = _decide(clues, noticed)
    if known is not None and clues.sender not in known.participants:
        noticed.append(NEWCOMER)
    return Placement(known.conversation if known else None, how, tuple(noticed))


def _decide(clues: Clues, noticed: list[str]) -> tuple[Known | None, str]:
    for how, step in (("token", _by_token), ("references", _by_references), ("number", _by_number)):
        known = step(clues, noticed)
        if known is not None:
            return known, how
    return None, "new"


def _by_token(clues: Clues, noticed: list[str]) -> Known | None:
    if not clues.token_given:
        return None
    if clues.by_token is None:
        noticed.append(FORGED_TOKEN)
        return None
    if _of_another_client(clues, clues.by_token):
        noticed.append(TOKEN_OF_ANOTHER_CLIENT)
        return None
    return clues.by_token


def _by_references(clues: Clues, noticed: list[str]) -> Known | None:
    for known in clues.by_references:
        if _within_the_client(clues, known):
            return known
    if clues.by_references:
        noticed.append(REFERENCES_ELSEWHERE)
    return None


def _by_number(clues: Clues, noticed: list[str]) -> Known | None:
    if clues.by_number is not None and clues.sender in clues.by_number.participants:
        return clues.by_number
    if clues.number_given:
        noticed.append(NUMBER_OF_STRANGER)
    return None


def _of_another_client(clues: Clues, known: Known) -> bool:
    return None not in (clues.sender_client, known.client) and clues.sender_client != known.client


def _within_the_client(clues: Clues, known: Known) -> bool:
    same_client = clues.sender_client is not None and clues.sender_client == known.client
    return same_client or (clues.sender in known.participants and not _of_another_client(clues, known))
