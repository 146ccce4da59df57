"""The coding page of a client: its sentence, the proof of the account, the lines, and the one at hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.banking.actions import batches
from wellkept.banking.models import Automation, BankAccount, BankLine, Coding, Undecided
from wellkept.banking.queries import accounts, reconciling
from wellkept.banking.queries import lines as reads
from wellkept.clients import queries as clients
from wellkept.core.money import Money
from wellkept.web.desk.coding.lines import Chart, Shown, needed, shown
from wellkept.web.shell.words import Reader

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.ledger.models import Book
    from wellkept.people.models import Staff

PAGE = 50


@dataclass(frozen=True)
class Proof:
    """opening + coded in + coded out + to decide + on its way = closing of the account's latest statement.

    On its way is what a person named when signing, until the bank tells of it.
    """

    on: date
    since: date
    opening: Money
    into: Money
    out: Money
    waiting: Money
    count: int
    on_its_way: Money
    closing: Money
    difference: Money

    @property
    def holds(self) -> bool:
        return self.difference.minor == 0


def proof(account: BankAccount) -> Proof | None:
    """How the account stands at the end of its latest statement with a balance; None before the first."""
    statement = reconciling.newest_with_balance(account)
    if statement is None:
        return None
    stands = reconciling.standing(statement)
    named = reconciling.outstanding(statement, postings=list(reconciling.carried(statement)))
    effect = sum(each.effect_minor for each in named)
    money = {name: Money(minor, account.currency) for name, minor in _parts(stands, effect).items()}
    return Proof(statement.ends_on, statement.starts_on, count=stands.undecided_count, **money)


def _parts(stands: reconciling.Standing, effect_minor: int) -> dict[str, int]:
    return {
        "opening": stands.opening_minor,
        "into": stands.in_minor,
        "out": stands.out_minor,
        "waiting": stands.undecided_minor,
        "on_its_way": -effect_minor,
        "closing": stands.bank_minor or 0,
        "difference": (stands.difference_minor or 0) + effect_minor,
    }


@dataclass(frozen=True)
class Progress:
    """How far the lines of an account (or of all) are, and who decided them."""

    coded: int
    by_machine: int
    waiting: int

    @property
    def total(self) -> int:
        return self.coded + self.waiting

    @property
    def share(self) -> str:
        return f"{self.coded / self.total:.3f}" if self.total else "1"


def listed(
    by: Staff, client: Client, book: Book, *, account: BankAccount | None, after: str, view: str, reader: Reader
) -> dict[str, Any]:
    """The rows of one page. `after` is the day and id of the last row before."""
    waiting = reads.undecided(by).filter(client=client, parked_at__isnull=view != "parked")
    if account is not None:
        waiting = waiting.filter(bank_account=account)
    count = waiting.count()
    rows = list(_after(waiting, after)[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    goal = needed(client.pk)
    sure = batches.sure_lines(client=client, bank_account=account.pk if account else None)
    found = shown(rows[:PAGE], Chart.of(book), goal, reader, sure)
    return {
        "client": client,
        "account": account,
        "view": view,
        "rows": found,
        "count": count,
        "sure": [each.line.pk for each in found if each.is_sure],
        "sure_everywhere": len(sure.lines),
        "sample_everywhere": len(sure.sample),
        "next": f"{last.dated_on.isoformat()}.{last.pk}" if last else "",
        "before": after,
        "goal": goal,
        "progress": progress(client, account),
        "automation": Automation.objects.filter(client=client).first(),
    }


def progress(client: Client, account: BankAccount | None) -> Progress:
    """Of the last statement's days, so that the counts stay small however long the history."""
    lines = BankLine.objects.filter(client=client)
    if account is not None:
        lines = lines.filter(bank_account=account)
    newest = lines.order_by("-dated_on").values_list("dated_on", flat=True).first()
    if newest is None:
        return Progress(0, 0, 0)
    month = lines.filter(dated_on__gte=newest.replace(day=1))
    counted = Coding.objects.filter(line__in=month, undone_at=None).aggregate(
        all=Count("id"), machine=Count("id", filter=Q(decided_by=None) | Q(how=Coding.How.RULE))
    )
    return Progress(counted["all"], counted["machine"], Undecided.objects.filter(line__in=month).count())


def sentence(context: dict[str, Any]) -> str:
    """Said from the very rows below."""
    said, sample = _what_waits(context), context["sample_everywhere"]
    if not sample or context["view"] == "parked":
        return said
    also = ngettext(
        "%(count)s sure line is a sample: decide it on its own, so that the measure stays honest.",
        "%(count)s sure lines are a sample: decide each on its own, so that the measure stays honest.",
        sample,
    )
    return f"{said} {also % {'count': sample}}"


def _what_waits(context: dict[str, Any]) -> str:
    count, sure = context["count"], context["sure_everywhere"]
    if context["view"] == "parked":
        return ngettext("%(count)s line stands aside.", "%(count)s lines stand aside.", count) % {"count": count}
    if not count:
        return _("Every line is coded.")
    need = ngettext("%(count)s line needs you", "%(count)s lines need you", count) % {"count": count}
    if not sure:
        return f"{need}."
    if sure == count:
        return _("%(need)s, only a nod.") % {"need": need}
    nod = ngettext("%(sure)s of them only a nod", "%(sure)s of them only a nod", sure) % {"sure": sure}
    return _("%(need)s, %(nod)s.") % {"need": need, "nod": nod}


def portfolio(by: Staff) -> list[Any]:
    """The clients of a person that have lines to decide or put aside, the most first."""
    rows = (
        Undecided.objects.filter(client__in=_clients(by))
        .values("client", "client__name")
        .annotate(
            count=Count("line", filter=Q(parked_at=None)),
            parked=Count("parked_at"),
            oldest=Min("line__dated_on", filter=Q(parked_at=None)),
        )
        .order_by("-count", "client__name")
    )
    return list(rows[:200])


def _clients(by: Staff) -> Any:
    return clients.current(by).order_by().values("pk")


def bank_accounts(client: Client) -> list[BankAccount]:
    return list(accounts.of_client(client))


def _after(waiting: Any, after: str) -> Any:
    day, _dot, pk = after.partition(".")
    if not (_dot and pk.isdecimal() and len(pk) < 16):
        return waiting
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return waiting
    return waiting.filter(Q(dated_on__lt=on) | Q(dated_on=on, pk__lt=int(pk)))


def at_hand(rows: list[Shown], wanted: str) -> Shown | None:
    """The row the address names, else the first."""
    return next((row for row in rows if str(row.line.pk) == wanted), rows[0] if rows else None)
