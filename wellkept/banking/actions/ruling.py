"""Coding rules: of one client or of the firm, tried on past lines before they count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.banking.actions import suggesting
from wellkept.banking.actions.checks import allow_work_for, book_of
from wellkept.banking.models import Rule, Undecided
from wellkept.banking.rules.conditions import IN, OUT, Conditions
from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal, TakenByAnother
from wellkept.ledger import actions as ledger_actions
from wellkept.ledger import queries as ledger
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff

THOUGHT_AGAIN = 500
LONGEST_NAME, LONGEST_WHY = 80, 300


class RuleIncomplete(Refusal):
    """A rule says what it looks for, where the line goes, and why."""


class RuleUnknown(Refusal):
    """The account or tax code is not in the client's book."""


@dataclass(frozen=True)
class RuleDraft:
    """What a person wrote. Codes, not rows: a rule of the firm meets many books."""

    name: str
    why: str
    conditions: Conditions
    account_code: str
    tax_code: str = ""
    priority: int = 100


@transaction.atomic
def make_rule(*, client: Client | None, draft: RuleDraft, by: Staff, at: datetime) -> Rule:
    """In force at once: waiting lines hear of it. Without a client it counts for every client of the firm."""
    _allow(client, by)
    _check(client, draft)
    rule = Rule.objects.create(
        client=client,
        name=draft.name.strip(),
        why=draft.why.strip(),
        priority=draft.priority,
        conditions=draft.conditions.to_json(),
        account_code=draft.account_code,
        tax_code=draft.tax_code,
        made_at=at,
        made_by=by,
    )
    record("coding_rule.made", at=at, by=by, client=client, rule=rule)
    _hear(client, at)
    return rule


@transaction.atomic
def retire_rule(*, rule: Rule, by: Staff, at: datetime) -> Rule:
    """It no longer speaks; what it coded stays."""
    _allow(rule.client, by)
    if Rule.objects.filter(pk=rule.pk, retired_at=None).update(retired_at=at) != 1:
        raise TakenByAnother(_("This rule was taken out of force already."))
    rule.retired_at = at
    record("coding_rule.retired", at=at, by=by, client=rule.client_id, rule=rule)
    _hear(rule.client, at)
    return rule


def _allow(client: Client | None, by: Staff) -> None:
    if client is not None:
        allow_work_for(client=client, by=by)
    elif not people.may_manage_clients(by):
        raise NotYours(_("A rule for every client is made by a team lead or an administrator."))


def _check(client: Client | None, draft: RuleDraft) -> None:
    if not draft.name.strip() or len(draft.name.strip()) > LONGEST_NAME:
        raise RuleIncomplete(_("Name the rule in up to %(limit)s characters.") % {"limit": LONGEST_NAME}, field="name")
    if not draft.why.strip() or len(draft.why.strip()) > LONGEST_WHY:
        raise RuleIncomplete(_("Say why, so that the next person knows when it no longer holds."), field="why")
    if draft.conditions.is_empty:
        raise RuleIncomplete(_("Say what the line looks like: words, an amount, an account."), field="words")
    if draft.conditions.direction not in {"", IN, OUT}:
        raise RuleIncomplete(_("Choose money in, money out or both."), field="direction")
    least, most = draft.conditions.at_least_minor, draft.conditions.at_most_minor
    if least is not None and most is not None and least > most:
        raise RuleIncomplete(_("The smallest amount is larger than the largest."), field="at_least")
    if client is not None:
        _check_codes(client, draft)


def _check_codes(client: Client, draft: RuleDraft) -> None:
    book = book_of(client=client)
    account = ledger.account_by_code(book, draft.account_code)
    if account is None or not account.is_active:
        raise RuleUnknown(
            _("There is no account %(code)s in this book.") % {"code": draft.account_code[:20]}, field="account_code"
        )
    if draft.tax_code and draft.tax_code not in {code.code for code in ledger.tax_codes(book)}:
        raise RuleUnknown(
            _("There is no tax code %(code)s in this book.") % {"code": draft.tax_code[:20]}, field="tax_code"
        )


def _hear(client: Client | None, at: datetime) -> None:
    """Waiting lines of one client think again at once; those of the whole firm do so when they are next looked at."""
    if client is None:
        return
    ledger_actions.take(book=book_of(client=client))  # as whoever decides its lines does
    waiting = Undecided.objects.filter(client=client).select_related("line__bank_account__account__book")
    suggesting.think_again(waiting=list(waiting[:THOUGHT_AGAIN]), at=at)
