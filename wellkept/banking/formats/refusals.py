"""Why a bank file cannot be read, and what is odd in one that can: facts here, sentences when they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wellkept.core.refusals import Refusal

Value = str | int
LONGEST_VALUE = 60


def mark(text: str) -> str:
    """Imported as `_`, so that translators find the sentence; Django's own marker wants settings, which a reader has not."""
    return text


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence about a file, kept untranslated: readers run in a process that knows no language.

    `text` passes through `mark` where it is written; `row` counts from one as an editor or a spreadsheet does.
    """

    text: str
    row: int | None = None
    column: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        from django.utils.translation import gettext as _

        said = _(self.text) % {name: _shown(value) for name, value in self.values.items()}
        if self.row is None:
            return said
        if not self.column:
            return _("Row %(row)s: %(said)s") % {"row": self.row, "said": said}
        return _("Row %(row)s, %(column)s: %(said)s") % {"row": self.row, "column": self.column[:40], "said": said}

    def to_wire(self) -> list[Any]:
        return [self.text, self.row, self.column, dict(self.values)]

    @classmethod
    def from_wire(cls, row: list[Any]) -> Remark:
        text, number, column, values = row
        return cls(str(text), None if number is None else int(number), str(column), dict(values))


def _shown(value: Value) -> Value:
    """Foreign text inside a sentence: one line, short, no control characters."""
    if isinstance(value, int):
        return value
    line = "".join(character if character.isprintable() else "·" for character in value[: LONGEST_VALUE + 1])
    return line if len(value) <= LONGEST_VALUE else line[:LONGEST_VALUE] + "…"


class Unreadable(Refusal):
    """The file cannot be read, so nothing of it is taken in. Says the row and the column where there is one."""

    def __init__(self, text: str, /, *, row: int | None = None, column: str = "", **values: Value) -> None:
        self.remark = Remark(text, row, column, {name: _shown(value) for name, value in values.items()})
        super().__init__(text)

    @property
    def row(self) -> int | None:
        return self.remark.row

    @property
    def column(self) -> str:
        return self.remark.column

    @property
    def reason(self) -> str:
        """The sentence without its place."""
        return str(Remark(self.remark.text, values=self.remark.values))

    def at(self, row: int, column: str = "") -> Unreadable:
        """The same reason, placed."""
        return Unreadable(self.remark.text, row=row, column=column or self.column, **self.remark.values)

    def __str__(self) -> str:
        return str(self.remark)

    @classmethod
    def of(cls, remark: Remark) -> Unreadable:
        return cls(remark.text, row=remark.row, column=remark.column, **remark.values)
