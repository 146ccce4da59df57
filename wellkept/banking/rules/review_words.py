"""What a finding says, and what putting it right means, in the language of whoever reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

FEW = 5  # postings an account has a habit from


@dataclass(frozen=True)
class Voice:
    """How the reader writes money and days, and what accounts and bank accounts are called."""

    money: Callable[[int, str], str]
    day: Callable[[date], str]
    accounts: Mapping[int, str]
    banks: Mapping[int, str]


def sentence(kind: str, account: int | None, data: Mapping[str, Any], voice: Voice) -> str:
    """One plain sentence, complete without the row around it."""
    words = _words(account, data, voice)
    if kind == "uncoded":
        text = ngettext(
            "%(count)s line of %(bank)s is not coded yet, of %(day)s.",
            "%(count)s lines of %(bank)s are not coded yet, the oldest of %(day)s.",
            int(data["count"]),
        )
    elif kind == "negative_cash":
        text = ngettext(
            "By the book %(bank)s holds %(amount)s on %(day)s, below zero on %(days)s day.",
            "By the book %(bank)s holds %(amount)s on %(day)s, below zero on %(days)s days.",
            int(data["days"]),
        )
    elif kind == "no_tax" and int(data["count"]) < FEW:
        text = _("%(name)s carries no tax on %(account)s, where tax is usual.")
    elif kind == "no_tax":
        text = _("%(name)s carries no tax on %(account)s, where %(taxed)s of %(count)s in a year do.")
    else:
        text = _sentences()[kind]
    return text % words


def title(kind: str) -> str:
    """The heading its findings stand under."""
    return {
        "uncoded": _("Lines not coded"),
        "parked": _("Lines put aside"),
        "negative_cash": _("Money below zero"),
        "suspense": _("Suspense is not empty"),
        "one_leg": _("Transfers with one leg"),
        "clearing": _("Clearing does not come out even"),
        "duplicate": _("Perhaps twice"),
        "parent": _("Coded to an account with others beneath it"),
        "payee_differs": _("Coded differently than in twelve months"),
        "no_tax": _("Without tax where tax is usual"),
        "far_amount": _("Far from the usual amount"),
        "no_document": _("No document"),
        "no_payee": _("Nobody is named"),
        "round_sum": _("Large round sums"),
        "closed_day": _("On closed days"),
    }[kind]


def remedy(kind: str) -> str:
    """What putting it right means."""
    return {
        "uncoded": _("Code the lines."),
        "parked": _("Decide the line, or ask the client."),
        "negative_cash": _("Look for a line that is missing, coded twice or dated wrongly."),
        "suspense": _("Move each amount to where it belongs."),
        "one_leg": _("Pair it with the line of the other account, or undo it."),
        "clearing": _("Look for the leg that is missing."),
        "duplicate": _("If they are the same, undo one and put it aside."),
        "parent": _("Undo it and choose an account beneath."),
        "payee_differs": _("Undo it and code it as usual, or accept that it differs."),
        "no_tax": _("Undo it and code it with its tax."),
        "far_amount": _("Check amount and account; undo it and code it again."),
        "no_document": _("Attach the document, or ask the client for it."),
        "no_payee": _("Undo it and code it with the payee's name."),
        "round_sum": _("Compare it with its paper."),
        "closed_day": _("Check the day."),
    }[kind]


def _sentences() -> dict[str, str]:
    return {
        "parked": _("%(name)s is put aside: “%(because)s”"),
        "suspense": _("%(account)s still holds %(amount)s at the end of the month."),
        "one_leg": _("%(name)s moved between %(bank)s and %(other_bank)s, and its other leg is missing."),
        "clearing": _("%(account)s still holds %(amount)s at the end of the month: a leg is missing."),
        "duplicate": _("%(name)s, %(amount)s, stands on %(other_day)s as well."),
        "parent": _("%(name)s is coded to %(account)s, which has accounts of its own beneath it."),
        "payee_differs": _(
            "%(name)s is coded to %(account)s; in a year it was %(usual_account)s %(times)s of %(count)s times."
        ),
        "far_amount": _("%(name)s is %(amount)s on %(account)s, where %(usual_amount)s is usual."),
        "no_document": _("%(name)s, %(amount)s, has no document."),
        "no_payee": _("%(amount)s of %(day)s at %(bank)s names nobody."),
        "round_sum": _("%(name)s is a round sum, %(amount)s."),
        "closed_day": _("%(name)s is dated %(day)s, a closed day, where hardly anything ever is."),
    }


def _words(account: int | None, data: Mapping[str, Any], voice: Voice) -> dict[str, Any]:
    """Everything a sentence may name; what a kind does not know stays empty."""
    currency = str(data["currency"])
    usual = data.get("usual")
    other_on = data.get("other_on")
    return {
        "name": data.get("name") or _("A movement without text"),
        "amount": voice.money(int(data["minor"]), currency),
        "day": voice.day(date.fromisoformat(data["on"])),
        "account": voice.accounts.get(account or 0, ""),
        "bank": voice.banks.get(data.get("bank", 0), ""),
        "other_bank": voice.banks.get(data.get("other", 0), ""),
        "other_day": voice.day(date.fromisoformat(other_on)) if other_on else "",
        "usual_account": voice.accounts.get(usual or 0, ""),
        "usual_amount": voice.money(usual, currency) if isinstance(usual, int) else "",
        "because": data.get("because", ""),
        **{name: data.get(name, 0) for name in ("count", "times", "taxed", "days")},
    }
