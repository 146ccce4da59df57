"""What the columns of a table probably are: found by their content, proved by the balance, named by their headers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise, permutations

from .amounts import Grammar
from .cells import Cell, Number, Row, Table
from .columns import DATE_ORDERS, DMY, MDY, ColumnMap
from .dates import orders_of, read_date, sorted_orders
from .refusals import Remark, Unreadable
from .refusals import mark as _
from .table import IN_WORDS, OUT_WORDS
from .words import BALANCE, MEANINGS, MONEY, VALUE_DATE, meant

MOST_PROPOSALS = 4
MOST_ROWS = 2_000
MOST_NUMBERS = 12
ENOUGH = 0.9
_PLACES = 4


@dataclass(frozen=True, slots=True)
class Proposal:
    """A map with how well it is proved: in `proved` of `steps` pairs of rows the balance follows from the amount."""

    map: ColumnMap
    proved: int
    steps: int
    reasons: tuple[Remark, ...]

    @property
    def certain(self) -> bool:
        return self.steps > 1 and self.proved == self.steps


@dataclass(slots=True)
class _Found:
    """The table as far as it is understood: rows with dates, and the columns that can be dates or numbers."""

    headers: tuple[str, ...]
    header_row: int
    body: tuple[Row, ...]
    width: int
    dates: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def column(self, index: int) -> list[Cell]:
        return [row.cells[index] if index < len(row.cells) else "" for row in self.body]


def propose(table: Table) -> list[Proposal]:
    """The likeliest maps, best first; none when no column holds dates beside one with amounts."""
    found = _understood(table)
    if found is None:
        return []
    date_column = _date_column(found)
    base = replace(_named(found, date_column), charset=table.charset, delimiter=table.delimiter, sheet=table.sheet)
    proposals: list[Proposal] = []
    for decimal in (".", ","):
        numbers = _numbers(found, decimal)
        proposals += _proved(replace(base, decimal=decimal), numbers, found)
    if not any(proposal.certain for proposal in proposals):
        proposals += _unproved(base, found)
    return _best(proposals)


def _best(proposals: list[Proposal]) -> list[Proposal]:
    """A proof is worth more than none, more rows more than fewer; of equal maps one."""
    ranked = sorted(
        proposals, key=lambda one: (-one.certain, -(one.proved / one.steps if one.steps else 0), -_hints(one.map))
    )
    kept: list[Proposal] = []
    for one in ranked:
        if one.map not in [other.map for other in kept]:
            kept.append(one)
    return kept[:MOST_PROPOSALS]


def _hints(map: ColumnMap) -> int:
    """How many money columns say in their header what they are taken for."""
    taken = {"amount": map.amount, "debit": map.debit, "credit": map.credit, "balance": map.balance}
    return sum(
        1
        for name, index in taken.items()
        if index is not None and index < len(map.headers) and meant(map.headers[index]) == name
    )


def _understood(table: Table) -> _Found | None:
    rows = [row for row in table.rows if not row.blank]
    first = next((index for index, row in enumerate(rows) if _is_movement(row)), None)
    if first is None:
        return None
    above = rows[first - 1] if first else None
    headed = above is not None and sum(1 for cell in above.cells if str(cell).strip()) > 1 and not _has_date(above)
    headers = tuple(str(cell) for cell in above.cells) if above is not None and headed else ()
    body = tuple(row for row in rows[first : first + MOST_ROWS] if _is_movement(row))
    found = _Found(headers, above.number if above is not None else 0, body, max(len(row.cells) for row in body))
    found.dates = {index: orders for index in range(found.width) if (orders := _orders(found.column(index)))}
    return found if found.dates else None


def _is_movement(row: Row) -> bool:
    return _has_date(row) and any(
        _number(cell, ".") is not None or _number(cell, ",") is not None for cell in row.cells
    )


def _has_date(row: Row) -> bool:
    return any(isinstance(cell, date) or (not isinstance(cell, Number) and _is_date(cell)) for cell in row.cells)


def _is_date(text: str) -> bool:
    return 6 <= len(text.strip()) <= 40 and any(_date_under(text, order) for order in DATE_ORDERS)


def _date_under(text: str, order: str) -> bool:
    try:
        read_date(text, order)
    except Unreadable:
        return False
    return True


def _orders(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The date orders under which a column holds dates in every row; one that needs none says year first."""
    texts = [cell for cell in cells if not isinstance(cell, date)]
    if not texts:
        return ("ymd",)
    return orders_of(texts) if all(not isinstance(text, Number) and text.strip() for text in texts) else ()


def _date_column(found: _Found) -> int:
    """The first column of dates that does not call itself the value date."""
    plain = [
        index for index in found.dates if not (index < len(found.headers) and meant(found.headers[index]) == VALUE_DATE)
    ]
    return (plain or list(found.dates))[0]


def _named(found: _Found, date_column: int) -> ColumnMap:
    """What the headers say of the columns that hold words, and what the content says of the dates."""
    named: dict[str, list[int]] = {}
    for index, header in enumerate(found.headers):
        if meaning := meant(header):
            named.setdefault(meaning, []).append(index)
    single = {meaning: named[meaning][0] for meaning in MEANINGS if meaning in named}
    descriptions = tuple(named.get("description", ())) or _longest_words(found, {*single.values(), *found.dates})
    valued = next((index for index in found.dates if index != date_column), None)
    order, _reason = _order(found, date_column)
    return ColumnMap(
        headers=found.headers,
        header_row=found.header_row,
        date=date_column,
        date_order=order,
        valued=valued,
        payee=single.get("payee"),
        description=descriptions,
        reference=single.get("reference"),
        counterparty=single.get("counterparty"),
        bank_id=single.get("bank_id"),
        account=single.get("account"),
        currency_column=single.get("currency"),
    )


def _longest_words(found: _Found, taken: set[int]) -> tuple[int, ...]:
    """Without headers the column with the longest texts is what the line is about."""
    lengths = {
        index: sum(len(str(cell)) for cell in found.column(index))
        for index in range(found.width)
        if index not in taken and any(character.isalpha() for character in str(found.column(index)[0]))
    }
    return (max(lengths, key=lambda index: lengths[index]),) if lengths else ()


def _order(found: _Found, column: int) -> tuple[str, Remark | None]:
    orders = found.dates[column]
    if len(orders) == 1:
        return orders[0], None
    texts = [cell for cell in found.column(column) if isinstance(cell, str)]
    proved = sorted_orders(texts, orders)
    if len(proved) == 1:
        said = {
            DMY: _("The rows are in order of time only when the day is read first."),
            MDY: _("The rows are in order of time only when the month is read first."),
        }.get(proved[0], _("The rows are in order of time only when the year is read first."))
        return proved[0], Remark(said)
    return "", Remark(_("Whether day or month comes first cannot be told from these dates."))


def _number(cell: Cell, decimal: str) -> int | None:
    if isinstance(cell, date) or not cell.strip():
        return None
    try:
        return Grammar("." if isinstance(cell, Number) else decimal, places=_PLACES).read(cell)
    except Unreadable:
        return None


def _numbers(found: _Found, decimal: str) -> dict[int, list[int | None]]:
    """Columns whose every filled cell is a number under this decimal sign, with at least one number."""
    numbers: dict[int, list[int | None]] = {}
    for index in range(found.width):
        if index in found.dates or len(numbers) == MOST_NUMBERS:
            continue
        cells = found.column(index)
        values = [_number(cell, decimal) for cell in cells]
        filled = [value for value, cell in zip(values, cells, strict=True) if not isinstance(cell, str) or cell.strip()]
        if filled and None not in filled:
            numbers[index] = values
    return numbers


def _proved(base: ColumnMap, numbers: dict[int, list[int | None]], found: _Found) -> Iterator[Proposal]:
    """Every way to read the numbers under which the balance follows almost everywhere."""
    for balance, balances in numbers.items():
        whole = [value for value in balances if value is not None]
        if len(whole) != len(balances):
            continue
        for map, amounts in _amounts(replace(base, balance=balance), numbers, found):
            proved, steps = _follows(whole, amounts, found, base)
            if steps and proved >= steps * ENOUGH:
                yield Proposal(map, proved, steps, _reasons(proved, steps, found, base))


def _amounts(
    base: ColumnMap, numbers: dict[int, list[int | None]], found: _Found
) -> Iterator[tuple[ColumnMap, list[int]]]:
    """Signed amounts under each reading: one column, one with its sign turned, one with a mark beside it, two columns."""
    others = {index: values for index, values in numbers.items() if index != base.balance}
    marks = _marks(found)
    for index, values in others.items():
        if None not in values:
            whole = [value or 0 for value in values]
            yield replace(base, amount=index), whole
            yield replace(base, amount=index, outwards=True), [-value for value in whole]
            for mark, signs in marks.items():
                signed = [value * sign for value, sign in zip(whole, signs, strict=True)]
                yield replace(base, amount=index, mark=mark), signed
    for debit, credit in permutations(others, 2):
        pairs = [(abs(out or 0), into or 0) for out, into in zip(others[debit], others[credit], strict=True)]
        if not any(out and into for out, into in pairs):
            yield replace(base, debit=debit, credit=credit), [into - out for out, into in pairs]


def _marks(found: _Found) -> dict[int, list[int]]:
    marks = {}
    for index in range(found.width):
        words = [str(cell).strip().casefold() for cell in found.column(index)]
        if words and set(words) <= OUT_WORDS | IN_WORDS:
            marks[index] = [-1 if word in OUT_WORDS else 1 for word in words]
    return marks


def _follows(balances: list[int], amounts: list[int], found: _Found, base: ColumnMap) -> tuple[int, int]:
    """In how many steps the balance follows, the better way round; a way against the dates does not count."""
    steps = len(balances) - 1
    down = sum(1 for (old, new), amount in zip(pairwise(balances), amounts[1:], strict=True) if old + amount == new)
    up = sum(1 for (new, old), amount in zip(pairwise(balances), amounts, strict=False) if old + amount == new)
    days = [_day(cell, base.date_order) for cell in (found.column(base.date)[0], found.column(base.date)[-1])]
    if days[0] is not None and days[1] is not None and days[0] != days[1]:
        return (down if days[0] < days[1] else up), steps
    return max(down, up), steps


def _day(cell: Cell, order: str) -> date | None:
    if isinstance(cell, date):
        return cell
    return read_date(cell, order) if order else None


def _reasons(proved: int, steps: int, found: _Found, base: ColumnMap) -> tuple[Remark, ...]:
    if proved == steps:
        proof = Remark(
            _("The balance follows from the amount in all %(steps)s steps from row to row."), values={"steps": steps}
        )
    else:
        text = _("The balance follows from the amount in %(proved)s of %(steps)s steps from row to row.")
        proof = Remark(text, values={"proved": proved, "steps": steps})
    _chosen, about_dates = _order(found, base.date)
    return (proof,) if about_dates is None else (proof, about_dates)


def _unproved(base: ColumnMap, found: _Found) -> Iterator[Proposal]:
    """By the headers alone, under the decimal sign that fits."""
    named = {name: index for index, header in enumerate(found.headers) if (name := meant(header)) in {*MONEY, BALANCE}}
    for decimal in (".", ","):
        numbers = _numbers(found, decimal)
        money = _money({name: index for name, index in named.items() if index in numbers}, list(numbers))
        if money is None:
            continue
        amount, debit, credit = money
        map = replace(base, decimal=decimal, amount=amount, debit=debit, credit=credit)
        balance = named.get(BALANCE)
        said = Remark(_("Nothing proves these columns: no balance follows from an amount. Look at the first lines."))
        _chosen, about_dates = _order(found, base.date)
        reasons = (said,) if about_dates is None else (said, about_dates)
        yield Proposal(replace(map, balance=balance if balance in numbers else None), 0, 0, reasons)
        return


def _money(named: dict[str, int], numbers: list[int]) -> tuple[int | None, int | None, int | None] | None:
    """The columns of amount, debit and credit: as named, else the first number that is no balance."""
    if "amount" in named:
        return named["amount"], None, None
    if {"debit", "credit"} <= named.keys():
        return None, named["debit"], named["credit"]
    free = [index for index in numbers if index != named.get(BALANCE)]
    return (free[0], None, None) if free else None
