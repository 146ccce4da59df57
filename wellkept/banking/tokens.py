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


def _signer() -> Signer:
    return Signer(sep=".", salt="wellkept.banking.question")
