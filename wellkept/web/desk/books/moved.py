"""What moved: every account beside another time or the budget, flagged over a limit, with what somebody said about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wellkept.core.money import exponent, parse
from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger
from wellkept.web.desk.books.ledgers import account_address
from wellkept.web.desk.books.results import BUDGET, SECTIONS, Asked, said, share
from wellkept.web.exports.document import Cell, Column, Document, Kind, Row, heading, line
from wellkept.web.shell.words import Reader

if TYPE_CHECKING:
    from wellkept.ledger.models import VarianceNote
    from wellkept.web.desk.books.frame import Kept

AMOUNT_UNITS, PERCENT = 500, 10


@dataclass(frozen=True)
class Limit:
    """A change is flagged when it is over both: so much money, and such a share of what it was."""

    minor: int
    percent: int

    @classmethod
    def read(cls, asked: Mapping[str, str], currency: str) -> Limit:
        units = AMOUNT_UNITS * 10 ** exponent(currency)
        share_asked = asked.get("percent", "")
        percent = int(share_asked) if share_asked.isdecimal() and len(share_asked) < 4 else PERCENT
        try:
            minor = abs(parse(asked["limit"], currency).minor) if asked.get("limit") else units
        except Refusal:
            minor = units
        return cls(minor, percent)

    def crossed(self, change: int, other: int) -> bool:
        moved = share(change, other)
        return abs(change) >= self.minor and (moved is None or abs(moved) >= self.percent * 100)


def document(
    kept: Kept,
    read: ledger.ProfitAndLoss,
    asked: Asked,
    limit: Limit,
    notes: Mapping[int, VarianceNote],
    reader: Reader,
) -> Document:
    before = asked.before
    rows = tuple(_rows(kept, read, asked, limit, notes))
    return Document(
        name="what-moved",
        title=_("What moved"),
        client=kept.client.name,
        period=asked.stretch.words(reader),
        currency=kept.currency,
        columns=(
            Column(_("Account"), name="account", wide=True),
            Column(asked.stretch.short(reader), Kind.AMOUNT, name="amount"),
            Column(before.short(reader) if before else _("Budget"), Kind.AMOUNT, name="compared"),
            Column(pgettext("between two amounts", "Change"), Kind.AMOUNT, name="change"),
            Column("%", Kind.PERCENT, name="percent"),
            Column(_("Why"), name="why", wide=True),
        ),
        rows=rows,
        sentence=_sentence(rows),
        country=kept.client.country,
    )


def explain_address(kept: Kept, account: int, asked: Asked) -> str:
    """Where somebody says why this account moved in this time."""
    stretch = asked.stretch
    named = f"since={stretch.since.isoformat()}&until={stretch.last_on.isoformat()}&against={asked.against}"
    return f"{kept.address('book_explain', account)}?{named}"


def _rows(
    kept: Kept, read: ledger.ProfitAndLoss, asked: Asked, limit: Limit, notes: Mapping[int, VarianceNote]
) -> Iterator[Row]:
    for section in read.sections:
        rows = said(section, asked)
        if not rows:
            continue
        yield heading(str(SECTIONS[section.name]))
        for row in rows:
            yield _line(kept, row, asked, limit, notes.get(row.account.pk))


def _line(kept: Kept, row: ledger.ReportRow, asked: Asked, limit: Limit, note: VarianceNote | None) -> Row:
    other = (row.budget_minor if asked.against == BUDGET else row.previous_minor) or 0
    change = row.amount_minor - other
    crossed = limit.crossed(change, other)
    before = asked.before
    address = account_address(kept, row.account.pk, asked.stretch.since, asked.stretch.last_on)
    earlier = account_address(kept, row.account.pk, before.since, before.last_on) if before else ""
    why = note.text if note is not None else (_("Say why") if crossed else None)
    return line(
        Cell(str(row.account), address),
        Cell(row.amount_minor, address),
        Cell(other, earlier),
        Cell(change, flagged=crossed),
        share(change, other),
        Cell(why, explain_address(kept, row.account.pk, asked) if why else ""),
        level=1,
        key=f"account-{row.account.pk}",
    )


def _sentence(rows: tuple[Row, ...]) -> str:
    flagged = [row for row in rows if any(cell.flagged for cell in row.cells)]
    silent = sum(row.cells[-1].value == _("Say why") for row in flagged)
    if not flagged:
        return _("No account moved more than the limit.")
    moved = ngettext(
        "%(n)s account moved more than the limit.", "%(n)s accounts moved more than the limit.", len(flagged)
    ) % {"n": len(flagged)}
    if not silent:
        explained = _("Each is explained.")
    else:
        explained = ngettext("%(n)s is not explained yet.", "%(n)s are not explained yet.", silent) % {"n": silent}
    return f"{moved} {explained}"
