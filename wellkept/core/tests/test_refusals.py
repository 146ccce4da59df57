from __future__ import annotations

import pytest
from django.test import override_settings

from wellkept.core import secrets
from wellkept.core.refusals import NotYours, Refusal


class PeriodLocked(Refusal):
    """An example."""


def test_a_refusal_is_a_sentence_with_a_stable_name_and_a_place() -> None:
    refusal = PeriodLocked("March is closed. Reopen it first.", field="period")
    assert (str(refusal), refusal.code, refusal.field) == (
        "March is closed. Reopen it first.",
        "period-locked",
        "period",
    )
    assert NotYours("x").code == "not-yours"


def test_what_is_sealed_is_opened_only_with_our_keys(settings: object) -> None:
    from cryptography.fernet import Fernet

    from wellkept.config.keys import Keys

    sealed = secrets.seal("hunter2")
    assert "hunter2" not in sealed
    assert secrets.unseal(sealed) == "hunter2"
    with override_settings(KEYS=Keys("x", (Fernet.generate_key().decode(),))), pytest.raises(secrets.SealedElsewhere):
        secrets.unseal(sealed)


def test_a_new_key_in_front_still_opens_what_the_old_one_sealed(settings: object) -> None:
    from cryptography.fernet import Fernet
    from django.conf import settings as ours

    from wellkept.config.keys import Keys

    sealed = secrets.seal("hunter2")
    with override_settings(KEYS=Keys("x", (Fernet.generate_key().decode(), *ours.KEYS.sealing))):
        assert secrets.unseal(sealed) == "hunter2"


def test_tokens_are_long_and_kept_as_digests() -> None:
    token = secrets.new_token()
    assert len(token) >= 43 and token != secrets.new_token()
    assert len(secrets.digest(token)) == 64
