"""Seals credentials with keys that live outside the database, and hashes tokens that only their holder knows."""

from __future__ import annotations

import hashlib
import secrets as random

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal


class SealedElsewhere(Refusal):
    """A sealed value cannot be opened with the keys we hold."""


def seal(clear: str) -> str:
    return _box().encrypt(clear.encode()).decode()


def unseal(sealed: str) -> str:
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealedElsewhere(
            _("A stored password was sealed with another key. Restore the keys folder, or enter the password again.")
        ) from error


def new_token() -> str:
    """256 random bits, safe in an address."""
    return random.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token: sha256, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.KEYS.sealing])
