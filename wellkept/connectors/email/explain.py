"""What went wrong with a mail, a mailbox or a mail server, in a sentence a person can act on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from wellkept.connectors.email.models import SenderCheck

_LONGEST_SAID = 300
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([245]\d\d)(?=[ -])")

QUARANTINE: dict[str, str | Promise] = {
    "no-from": gettext_lazy("The mail has no From line, so nobody can tell who wrote it. Take it in under the right address, or discard it."),
    "two-from-headers": gettext_lazy("The mail has two From lines, which is how senders are forged. Check with the client, then take it in under the right address, or discard it."),
    "two-addresses": gettext_lazy("The From line names more than one sender. Check who wrote it, then take it in under that address, or discard it."),
    "no-address": gettext_lazy("The From line holds no address. Take the mail in under the right address, or discard it."),
    "not-an-address": gettext_lazy("The sender's address cannot be read without doubt. Take the mail in under the right address, or discard it."),
    "too-large": gettext_lazy("The mail is larger than we read. Ask the sender for smaller files, or download the mail here."),
    "too-large-on-server": gettext_lazy("The mail was too large to fetch; only its header is here. It is still in the mailbox on the server."),
    "too-slow": gettext_lazy("Reading the mail took too long, so it was stopped. Try it again, or download it."),
    "too-much-memory": gettext_lazy("Reading the mail took too much memory, so it was stopped. Try it again, or download it."),
    "crashed": gettext_lazy("The mail stopped the program that reads it. Nothing else was harmed. Download it with care, or discard it."),
    "parser-error": gettext_lazy("The mail is built in a way we cannot read. Download it, or try it again after an update."),
    "missing-bytes": gettext_lazy("The stored bytes of the mail are gone. Restore the files folder from a backup, then try again."),
    "program-error": gettext_lazy("Taking the mail in failed because of an error of ours. Try it again after an update; it is kept."),
    "not-possible-now": gettext_lazy("The mail could not be taken in several times. Mend the cause named beside it, then try again."),
}  # fmt: skip

_BY_ENHANCED: tuple[tuple[str, str | Promise], ...] = (
    ("5.1.1", gettext_lazy("There is no such mailbox. Check the address.")),
    ("5.1.2", gettext_lazy("The domain of the address does not exist or takes no mail. Check the address.")),
    ("5.1.3", gettext_lazy("The address is not written correctly.")),
    ("5.1.6", gettext_lazy("The mailbox has moved. Ask for the new address.")),
    ("5.1.10", gettext_lazy("There is no such mailbox. Check the address.")),
    ("5.2.1", gettext_lazy("The mailbox is switched off.")),
    ("5.2.2", gettext_lazy("The mailbox is full.")),
    ("4.2.2", gettext_lazy("The mailbox is full at the moment.")),
    ("5.2.3", gettext_lazy("The mail is too large for this mailbox. Send smaller files.")),
    ("5.3.4", gettext_lazy("The mail is too large for the other server. Send smaller files.")),
    ("5.4.1", gettext_lazy("The other server does not take mail for this address.")),
    ("4.4", gettext_lazy("The other server could not be reached.")),
    ("5.4", gettext_lazy("The way to the other server does not work.")),
    ("5.7", gettext_lazy("The other server refuses our mail (its rules, or it takes it for spam). Ask the person to allow our address.")),
    ("4.7", gettext_lazy("The other server puts our mail off for now, as many do with new senders.")),
)  # fmt: skip
_BY_CODE: dict[str, str | Promise] = {
    "421": gettext_lazy("The other server is busy."),
    "450": gettext_lazy("The mailbox cannot be reached at the moment."),
    "451": gettext_lazy("The other server has a problem at the moment."),
    "452": gettext_lazy("The other server or the mailbox is full at the moment."),
    "530": gettext_lazy("The mail server wants us to sign in. Check WELLKEPT_SMTP_URL."),
    "535": gettext_lazy("The mail server refused our user name or password. Check WELLKEPT_SMTP_URL."),
    "550": gettext_lazy("The other server does not take mail for this address."),
    "551": gettext_lazy("The mailbox is somewhere else. Ask for the new address."),
    "552": gettext_lazy("The mailbox is full, or the mail is too large for it."),
    "553": gettext_lazy("The other server does not accept one of the addresses."),
    "554": gettext_lazy("The other server refuses this mail."),
}


def quarantine(reason: str) -> str:
    """Why a mail waits in quarantine, and what to do."""
    return str(QUARANTINE.get(reason, QUARANTINE["program-error"]))


def sender(check: SenderCheck) -> str:
    """What the sender's own domain says about a mail."""
    words = {"domain": check.domain}
    return {
        "confirmed": _("The sender’s domain confirms this mail (%(domain)s).") % words,
        "denied": _("The domain says this is not from them (%(domain)s).") % words,
        "silent": _("The sender’s domain could not be asked (%(domain)s).") % words,
    }.get(check.verdict, _("The sender’s domain could not be confirmed (%(domain)s).") % words)


def warning(check: SenderCheck | None) -> str:
    """What a reader must know before they act on the mail; nothing unless its domain disowns it."""
    if check is None or check.verdict != "denied":
        return ""
    return _(
        "The domain %(domain)s says this mail is not from them. Lists and forwarding can cause that too: call the "
        "sender at a number you know before you act on it."
    ) % {"domain": check.domain}


def reply(said: str) -> str:
    """What a mail server's answer means, with its own words behind it."""
    words = " ".join(said.split())[:_LONGEST_SAID]
    meaning = _meaning(words)
    if not words:
        return meaning
    return _("%(meaning)s The server said: %(words)s") % {"meaning": meaning, "words": words}


def failed_recipient(reason: str, *, permanent: bool) -> str:
    """What a delivery report means."""
    words = " ".join(reason.split())[:_LONGEST_SAID]
    fallback = (
        _("The mail could not be delivered.") if permanent else _("The mail is delayed; the other side still tries.")
    )
    meaning = _meaning(words, fallback)
    return _("%(meaning)s The server said: %(words)s") % {"meaning": meaning, "words": words} if words else meaning


def _meaning(words: str, fallback: str = "") -> str:
    enhanced = _ENHANCED.search(words)
    if enhanced:
        status = ".".join(enhanced.groups())
        for start, meaning in _BY_ENHANCED:
            if status == start or (start.count(".") == 1 and status.startswith(f"{start}.")):
                return str(meaning)
    code = _CODE.search(words)
    if code and code[1] in _BY_CODE:
        return str(_BY_CODE[code[1]])
    return fallback or _("The other server did not take the mail.")
