"""An expected no: a sentence that says what to do. Anything else that is raised is a bug."""

from __future__ import annotations


class Refusal(Exception):
    """Raised by actions. `str(refusal)` is shown to the person; `field` names the input to correct, if there is one."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field

    @property
    def code(self) -> str:
        """Stable name for API problems: `PeriodLocked` becomes `period-locked`."""
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


class NotYours(Refusal):
    """The person may see this but not do it."""


class TakenByAnother(Refusal):
    """Somebody else changed the row first."""
