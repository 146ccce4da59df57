"""What the machine thinks of lines: rules first, then transfers, then what was learned. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from wellkept.banking.learning.coder import Basis, Coder
from wellkept.banking.learning.counts import Counts
from wellkept.banking.learning.keys import keys_of
from wellkept.banking.learning.lines import Features, card_of
from wellkept.banking.learning.ranker import Ranker
from wellkept.banking.models import BankLine, Coding, Rule
from wellkept.banking.queries import lines as reads
from wellkept.banking.queries import questions
from wellkept.banking.queries.memory import Recalled, ranker
from wellkept.banking.queries.refunds import Refunded, refunds_of
from wellkept.banking.rules.conditions import MILLION, Conditions, confidence
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from wellkept.ledger.models import Account, Book, TaxCode

RULE, TRANSFER, MEMORY, ANSWER, REFUND = "rule", "transfer", "memory", "answer", "refund"
TAX_RETIRED = "tax_retired"
GATED = frozenset(
    {TRANSFER, REFUND, ANSWER}
)  # sorts that the machine takes alone only where they were measured themselves
MOST_CHOICES = 3
MOST_RULES = 1_000
TRANSFER_SAME_DAY, TRANSFER_NEAR = 970_000, 900_000
REFUND_WHOLE, REFUND_PART = 900_000, 600_000
ANSWERED = 900_000
MOST_DOUBTED = 500_000  # how sure a choice can be that would lose its tax


@dataclass(frozen=True)
class Thought:
    """One choice: an account by id, how sure in millionths, and what it rests on. `other` is the leg of a transfer.

    `doubt` says why nobody may take it without a look, however sure the rest is.
    """

    account: int
    tax_code: int | None
    confidence: int
    basis: tuple[dict[str, Any], ...]
    rule: int | None = None
    other: int | None = None
    answer: int | None = None
    refund: int | None = None
    doubt: str | None = None

    def to_json(self) -> dict[str, Any]:
        row = {
            "account": self.account,
            "tax_code": self.tax_code,
            "confidence": self.confidence,
            "basis": list(self.basis),
        }
        named = ("rule", "other", "answer", "refund", "doubt")
        more = {name: getattr(self, name) for name in named}
        return row | {name: value for name, value in more.items() if value is not None}


@dataclass(frozen=True)
class Thoughts:
    """Best first, three at most."""

    source: str
    choices: tuple[Thought, ...]
    payee_seen: bool

    @property
    def confidence(self) -> int:
        return self.choices[0].confidence if self.choices else 0


@dataclass
class Thinking:
    """Everything needed to think about some lines of one client, read in a few statements."""

    book: Book
    rules: Sequence[tuple[Rule, Conditions, int]]
    recalled: Recalled
    ranker: Ranker
    legs: Mapping[int, Sequence[reads.Leg]]
    refunds: Mapping[int, Refunded]
    answered: Mapping[int, questions.Chosen]
    accounts: Mapping[int, Account]
    tax_codes: Mapping[int, TaxCode]
    by_code: Mapping[str, Account] = field(init=False)

    def __post_init__(self) -> None:
        self.by_code = {account.code: account for account in self.accounts.values()}

    def about(self, line: BankLine) -> Thoughts:
        """What the client said comes first, then rules, then a transfer's other leg.

        Memory fills the places left, with what the line gives back among it.
        """
        ruled = self._ruled(line)
        legs = [] if ruled else self._transfers(line)
        heard = Coder(cast(Counts, self.recalled), self.ranker).suggest(features(line), on=line.dated_on)
        all_learned = (self._learned(choice.code, choice.confidence, choice.basis) for choice in heard.choices)
        learned = self._with_refund(line, _undoubted_first(each for each in all_learned if each))
        thought = [*ruled, *legs, *learned]
        answered = self._answered(line, thought)
        chosen = list(_each_once([*answered, *thought]))[:MOST_CHOICES]
        return Thoughts(kind_of(chosen[0].to_json()) if chosen else MEMORY, tuple(chosen), heard.payee_seen)

    def _answered(self, line: BankLine, thought: Sequence[Thought]) -> list[Thought]:
        """The account the client named, with the tax it is known with, else the one usual there."""
        said = self.answered.get(line.pk)
        account = None if said is None else self.accounts.get(said.account)
        if said is None or account is None:
            return []
        known = next((each for each in thought if each.account == account.pk and each.other is None), None)
        usual = account.tax_code_id if account.tax_code_id in self.tax_codes else None
        heard = known or Thought(account.pk, usual, 0, ())
        why = {"kind": ANSWER, "name": said.name, "on": said.on.isoformat()}
        sure = ANSWERED if heard.doubt is None else heard.confidence
        return [replace(heard, confidence=sure, basis=(why, *heard.basis), rule=None, answer=said.answer)]

    def _ruled(self, line: BankLine) -> list[Thought]:
        for rule, conditions, sure in self.rules:
            account = self.by_code.get(rule.account_code)
            if account is not None and conditions.hold(line):
                tax = next((each.pk for each in self.tax_codes.values() if each.code == rule.tax_code), None)
                said = Thought(account.pk, tax, sure, ({"kind": RULE, "rule": rule.pk},), rule=rule.pk)
                return [_without_tax(said, rule.tax_code) if rule.tax_code and tax is None else said]
        return []

    def _transfers(self, line: BankLine) -> list[Thought]:
        return [
            Thought(
                leg.account,
                None,
                TRANSFER_SAME_DAY if leg.dated_on == line.dated_on else TRANSFER_NEAR,
                ({"kind": TRANSFER, "line": leg.line, "on": leg.dated_on.isoformat()},),
                other=leg.line,
            )
            for leg in self.legs.get(line.pk, ())[:1]
        ]

    def _with_refund(self, line: BankLine, learned: list[Thought]) -> list[Thought]:
        """What the line gives back goes where it came from, with its tax; as sure as memory where memory says the same."""
        given = self.refunds.get(line.pk)
        if given is None or given.account not in self.accounts:
            return learned
        whole = given.amount_minor == -line.amount_minor
        why = {
            "kind": REFUND,
            "says": given.text,
            "amount": given.amount_minor,
            "currency": given.currency,
            "on": given.dated_on.isoformat(),
        }
        tax = given.tax_code if given.tax_code in self.tax_codes else None
        said = Thought(given.account, tax, REFUND_WHOLE if whole else REFUND_PART, (why,), refund=given.line)
        if given.tax_code is not None and tax is None:
            said = _without_tax(said, "")
        for each in learned:
            if (each.account, each.tax_code, each.doubt) == (said.account, said.tax_code, said.doubt):
                sure = max(said.confidence, each.confidence)
                said = replace(said, confidence=sure, basis=(*said.basis, *each.basis))
        others = [each for each in learned if each.account != said.account]
        return sorted([said, *others], key=lambda each: -each.confidence)

    def _learned(self, code: str, sure: float, basis: Iterable[Basis]) -> Thought | None:
        account, _slash, tax = code.partition("/")
        found = self.accounts.get(int(account))
        if found is None:
            return None
        known = int(tax) if tax and int(tax) in self.tax_codes else None
        said = Thought(found.pk, known, round(sure * MILLION), tuple(_told(each) for each in basis))
        return _without_tax(said, "") if tax and known is None else said


def thinking(lines: Sequence[BankLine], weighed: Ranker | None = None) -> Thinking:
    """For lines of one client, at least one; `weighed` is its ranker, where it is at hand."""
    book = lines[0].bank_account.account.book
    keys = {key.number for line in lines for key in keys_of(features(line))}
    return Thinking(
        book,
        rules_of(book.client_id),
        Recalled(book.client_id, keys),
        weighed or ranker(book.client_id),
        reads.legs_of(lines),
        refunds_of(lines),
        questions.chosen([line.pk for line in lines]),
        ledger.chart_in_use(book.pk),
        ledger.taxes_in_use(book.pk),
    )


def stands(row: Mapping[str, Any], accounts: Mapping[int, Account], taxes: Mapping[int, TaxCode]) -> bool:
    """Whether a choice can be taken without a look as it was thought: nothing it names went out of use."""
    return in_use(row, accounts, taxes) and "doubt" not in row


def in_use(row: Mapping[str, Any], accounts: Mapping[int, Account], taxes: Mapping[int, TaxCode]) -> bool:
    """Whether what a choice names can still be posted to."""
    return row["account"] in accounts and (row["tax_code"] is None or row["tax_code"] in taxes)


def kind_of(row: Mapping[str, Any]) -> str:
    """What sort of choice it is, which is how it is measured."""
    named = {ANSWER: ANSWER, "other": TRANSFER, RULE: RULE, REFUND: REFUND}
    return next((kind for key, kind in named.items() if key in row), MEMORY)


def features(line: BankLine) -> Features:
    """The line as the learner sees it."""
    return Features(
        payee=line.payee or line.description,
        amount_minor=line.amount_minor,
        dated_on=line.dated_on,
        description=line.description,
        counterparty=line.counterparty,
        account=str(line.bank_account_id),
        reference=line.reference,
        area=card_of(line.payee, line.description, line.reference, line.raw),
    )


def code_of(account: int, tax_code: int | None) -> str:
    """What the memory counts: an account with its tax."""
    return f"{account}" if tax_code is None else f"{account}/{tax_code}"


def rules_of(client: int) -> list[tuple[Rule, Conditions, int]]:
    """The rules in force for a client, its own and the firm's, in the order they speak, and how far each is believed."""
    found = Rule.objects.filter(Q(client=client) | Q(client=None), retired_at=None)
    counted = found.annotate(decided=Coalesce(Sum("tallies__decided"), 0), right=Coalesce(Sum("tallies__right"), 0))
    return [
        (rule, Conditions.from_json(rule.conditions), confidence(rule.right, rule.decided))
        for rule in counted.order_by("priority", "id")[:MOST_RULES]
    ]


def learned_on(coding: Coding) -> date:
    """The day that counts for forgetting."""
    return coding.line.dated_on


def _each_once(thoughts: Iterable[Thought]) -> Iterable[Thought]:
    seen: set[int] = set()
    for thought in thoughts:
        if thought.account not in seen:
            seen.add(thought.account)
            yield thought


def _undoubted_first(learned: Iterable[Thought]) -> list[Thought]:
    """In their order, without those that lost their tax where the same account is known with one that is in use."""
    found = list(learned)
    undoubted = {each.account for each in found if each.doubt is None}
    return [each for each in found if each.doubt is None or each.account not in undoubted]


def _without_tax(said: Thought, code: str) -> Thought:
    """The choice lost its tax: the account may be right still, what is posted would not be."""
    why = {"kind": TAX_RETIRED, "code": code}
    return replace(said, confidence=min(said.confidence, MOST_DOUBTED), basis=(why, *said.basis), doubt=TAX_RETIRED)


def _told(basis: Basis) -> dict[str, Any]:
    return {
        "kind": basis.kind,
        "says": basis.says,
        "hits": basis.hits,
        "total": basis.total,
        "on": basis.last_on.isoformat(),
    }
