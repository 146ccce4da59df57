"""The words of letters and reasons: questions to a client, reminders, what lines look like in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from babel.numbers import format_decimal
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from wellkept.core.money import exponent

if TYPE_CHECKING:
    from wellkept.banking.models import BankLine, Question
    from wellkept.clients.models import Contact

MOST_LINES_SHOWN = 40


def subject(lines: Sequence[BankLine]) -> str:
    return ngettext("A question about a bank line", "A question about %(count)s bank lines", len(lines)) % {
        "count": len(lines)
    }


def letter(*, text: str, lines: Sequence[BankLine], contact: Contact, address: str) -> str:
    """What the contact reads: the question in the bookkeeper's words, the facts of the lines, and where to answer."""
    greeting = _("Hello %(name)s,") % {"name": contact.name.split()[0] if contact.name else ""}
    facts = "\n".join(f"- {fact(line)}" for line in lines[:MOST_LINES_SHOWN])
    where = _("Answer this mail, or here, with a photo or file if you have one:")
    return f"{greeting}\n\n{text.strip()}\n\n{facts}\n\n{where}\n{address}"


def reminder(*, question: Question, address: str) -> str:
    asked = day(question.asked_at.date())
    first = _("On %(day)s we asked you about this and have not heard from you yet:") % {"day": asked}
    where = _("A short answer is enough. You can also answer here:")
    return f"{first}\n\n{question.text.strip()}\n\n{where}\n{address}"


def asked_by_default(lines: Sequence[BankLine]) -> str:
    """A first wording that fits one line or many; the bookkeeper may change it."""
    if len(lines) > 1:
        return _("What were these for? A word for each is enough.")
    if lines[0].amount_minor > 0:
        return _("What was this money for?")
    return _("What was this payment for? A photo of the receipt helps.")


def receipt_wanted(lines: Sequence[BankLine]) -> str:
    """What is asked about lines that have no document."""
    return ngettext(
        "Could you send us the receipt or bill for this payment? A photo is enough.",
        "Could you send us the receipts or bills for these payments? Photos are enough.",
        len(lines),
    )


def fact(line: BankLine) -> str:
    """`9 March 2026, FUELCO 8841 TE RAPA, NZD −115.00`."""
    return ", ".join(filter(None, (day(line.dated_on), line.payee or line.description, amount(line))))


def amount(line: BankLine) -> str:
    currency = line.bank_account.currency
    places = exponent(currency)
    digits = f"{abs(line.amount_minor):0{places + 1}d}"
    plain = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    shown = format_decimal(plain, format=f"#,##0.{'0' * places}" if places else "#,##0", locale=_locale())
    return f"{currency} {'−' if line.amount_minor < 0 else ''}{shown}"


def day(on: date) -> str:
    # Translators: how a day is written in a letter, in Django's date format letters, like 9 March 2026.
    return date_format(on, _("j F Y"))


def _locale() -> str:
    return to_locale(get_language() or "en")
