"""How much a conversation presses."""

NORMAL = ""
"""What every conversation begins with."""

PRIORITIES = ("urgent", "high", NORMAL, "low")
"""From what presses most to what presses least."""


def is_higher(one: str, other: str) -> bool:
    return PRIORITIES.index(one) < PRIORITIES.index(other)
