"""Why a suggestion is made, as sentences about this client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wellkept.banking.models import Rule
from wellkept.banking.queries.deciding import TAX_RETIRED
from wellkept.web.exports import figures
from wellkept.web.shell.words import Reader, day

SENTENCES = {
    "payee_area_amount": gettext_noop("The same payee and amount: coded so %(hits)s of %(total)s times, last %(day)s."),
    "payee_amount": gettext_noop("The same payee and amount: coded so %(hits)s of %(total)s times, last %(day)s."),
    "payee_area_size": gettext_noop("This payee at amounts like this: coded so %(hits)s of %(total)s times."),
    "area": gettext_noop("Lines of this card: coded so %(hits)s of %(total)s times."),
    "payee_size": gettext_noop("This payee at amounts like this: coded so %(hits)s of %(total)s times."),
    "payee_area": gettext_noop("This payee with this card: coded so %(hits)s of %(total)s times, last %(day)s."),
    "payee_day": gettext_noop("This payee at this time of the month: coded so %(hits)s of %(total)s times."),
    "payee_series": gettext_noop("This payee with references like this: coded so %(hits)s of %(total)s times."),
    "payee": gettext_noop("This payee: coded so %(hits)s of %(total)s times, last %(day)s."),
    "payee_start": gettext_noop("Payees that begin with “%(says)s”: coded so %(hits)s of %(total)s times."),
    "counterparty_amount": gettext_noop("The same account and amount on the other side: %(hits)s of %(total)s times."),
    "counterparty": gettext_noop("The same account on the other side: coded so %(hits)s of %(total)s times."),
    "word": gettext_noop("Lines with “%(says)s”: coded so %(hits)s of %(total)s times."),
    "series": gettext_noop("References like this: coded so %(hits)s of %(total)s times."),
    "amount": gettext_noop("This very amount: coded so %(hits)s of %(total)s times."),
    "size": gettext_noop("Amounts like this: coded so %(hits)s of %(total)s times."),
    "account": gettext_noop("Lines of this bank account: coded so %(hits)s of %(total)s times."),
}
MOST = 3
TOLD_APART = {"answer", "refund", "rule", "transfer", TAX_RETIRED}
ANYTHING = gettext_noop("Lines like it in general: coded so %(hits)s of %(total)s times.")


def reasons(basis: Iterable[Mapping[str, Any]], reader: Reader) -> list[str]:
    """One sentence for each thing the choice rests on, the most particular first; what only speaks in general last."""
    told = sorted(basis, key=lambda each: each["kind"] not in SENTENCES and each["kind"] not in TOLD_APART)
    return list(dict.fromkeys(_sentence(each, reader) for each in told))[:MOST]


def _sentence(basis: Mapping[str, Any], reader: Reader) -> str:
    if basis["kind"] == "rule":
        return _rule(int(basis["rule"]))
    if basis["kind"] == "transfer":
        return _("The other leg is there: the same amount the other way on %(day)s.") % {
            "day": day(date.fromisoformat(basis["on"]), reader)
        }
    if basis["kind"] == "answer":
        return _("Answered so by %(name)s on %(day)s.") % {
            "name": basis["name"],
            "day": day(date.fromisoformat(basis["on"]), reader),
        }
    if basis["kind"] == "refund":
        return _("Refund of %(payee)s %(amount)s of %(day)s.") % {
            "payee": basis["says"],
            "amount": figures.amount(abs(basis["amount"]), basis["currency"], reader.language),
            "day": day(date.fromisoformat(basis["on"]), reader),
        }
    if basis["kind"] == TAX_RETIRED:
        return _tax_retired(basis["code"])
    said = SENTENCES.get(basis["kind"], ANYTHING)
    return _(said) % {
        "hits": basis["hits"],
        "total": basis["total"],
        "says": basis["says"],
        "day": day(date.fromisoformat(basis["on"]), reader),
    }


def _tax_retired(code: str) -> str:
    if code:
        return _("Its tax code %(code)s is out of use. Choose the tax yourself.") % {"code": code}
    return _("Its tax code is out of use. Choose the tax yourself.")


def _rule(pk: int) -> str:
    rule = Rule.objects.filter(pk=pk).first()
    if rule is None:
        return _("A rule that is no longer in force.")
    return _("Rule “%(name)s”: %(why)s") % {"name": rule.name, "why": rule.why}
