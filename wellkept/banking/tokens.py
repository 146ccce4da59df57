"""Signed addresses of the page on which a contact answers one question, and nothing else can be read."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer

PATH = "/answer/"


def address(question: int) -> str:
    """Always the same for the same question and signing key, so that every reminder leads to the same page."""
    return f"{settings.ENV.public_url}{PATH}{make(question)}"


def make(question: int) -> str:
    return _signer().sign(str(question))


def read(token: str) -> int | None:
    """The question the token was signed for; None for anything we did not sign."""
    try:
        return int(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None


def offer(question: int, line: int, account: int) -> str:
    """An account offered on the page of a question for one of its lines; only what was offered comes back as an answer."""
    return _offers().sign(f"{question}-{line}-{account}")


def read_offer(text: str) -> tuple[int, int, int] | None:
    """Question, line and account of an offer; None for anything we did not sign."""
    try:
        question, line, account = _offers().unsign(text).split("-")
    except (BadSignature, ValueError):
        return None
    return int(question), int(line), int(account)


def _offers() -> Signer:
    return Signer(sep=".", salt="wellkept.banking.offer")


def _signer() -> Signer:
    return Signer(sep=".", salt="wellkept.banking.question")
