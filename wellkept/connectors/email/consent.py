"""How a mailbox's owner lets us read it: the question to the provider, the way back, and access from then on.

Always true: a way back is taken once, within ten minutes, in the session that asked (state), and is worth nothing to
whoever only saw the address of it (PKCE).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets as random
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.connectors.email import oauth
from wellkept.core import addresses, secrets
from wellkept.core.refusals import Refusal

if TYPE_CHECKING:
    from wellkept.config.mail_oauth import MailProvider
    from wellkept.connectors.email.models import Mailbox

PATIENCE = timedelta(minutes=10)


class NoConsent(Refusal):
    """The provider or its person did not let us in, or the way back is not ours."""


@dataclass(frozen=True)
class Question:
    """What was asked, kept in the session until the answer comes. `mailbox` is set when one is connected again."""

    provider: str
    address: str
    state: str
    verifier: str
    asked_at: str
    mailbox: int | None = None
    team: int | None = None
    since_on: str = ""

    def kept(self) -> dict[str, object]:
        return asdict(self)


def providers() -> tuple[MailProvider, ...]:
    found: tuple[MailProvider, ...] = settings.MAIL_OAUTH
    return found


def provider(id: str) -> MailProvider:
    for known in providers():
        if known.id == id:
            return known
    raise NoConsent(
        _("The provider “%(id)s” is not set up. Name it in WELLKEPT_MAIL_OAUTH, or enter a refresh token.") % {"id": id}
    )


def question(
    *, provider_id: str, address: str, mailbox: int | None = None, team: int | None, since_on: str, at: datetime
) -> Question:
    return Question(
        provider=provider(provider_id).id,
        address=addresses.email(address, field="address"),
        state=random.token_urlsafe(24),
        verifier=random.token_urlsafe(48),
        asked_at=at.isoformat(),
        mailbox=mailbox,
        team=team,
        since_on=since_on,
    )


def asked_at_provider(asked: Question, *, back: str) -> str:
    """The address at the provider where the mailbox's owner agrees."""
    known = provider(asked.provider)
    digest = hashlib.sha256(asked.verifier.encode()).digest()
    fields: Iterable[tuple[str, str]] = [
        ("response_type", "code"),
        ("client_id", known.client_id),
        ("redirect_uri", back),
        ("scope", known.scope),
        ("state", asked.state),
        ("code_challenge", base64.urlsafe_b64encode(digest).rstrip(b"=").decode()),
        ("code_challenge_method", "S256"),
        ("login_hint", asked.address),
        *known.ask,
    ]
    return f"{known.authorize_url}{'&' if '?' in known.authorize_url else '?'}{urlencode(list(fields))}"


def answered(
    kept: Mapping[str, object] | None, answer: Mapping[str, str], *, back: str, at: datetime
) -> tuple[Question, str]:
    """The question and the lasting token its answer brought."""
    asked = _asked(kept, answer, at)
    known = provider(asked.provider)
    if answer.get("error") or not answer.get("code"):
        raise NoConsent(_refused(known.name, answer.get("error", ""), answer.get("error_description", "")))
    try:
        tokens = oauth.exchange(
            token_url=known.token_url,
            client_id=known.client_id,
            client_secret=known.secret,
            code=answer["code"],
            verifier=asked.verifier,
            back=back,
        )
    except oauth.TokenRefused as refused:
        raise NoConsent(
            _("%(provider)s gave no access: %(words)s. Connect the mailbox again.")
            % {"provider": known.name, "words": str(refused).rstrip(".")}
        ) from refused
    if not tokens.refresh:
        raise NoConsent(
            _(
                "%(provider)s gave access for an hour only. Remove Wellkept under its account's permissions, then connect again."
            )
            % {"provider": known.name}
        )
    return asked, tokens.refresh


def access(mailbox: Mailbox) -> oauth.Tokens:
    """A fresh access token for a mailbox, asked of its provider or of the address that was entered with it."""
    token = secrets.unseal(mailbox.sealed_secret)
    if mailbox.provider:
        known = provider(mailbox.provider)
        return oauth.refresh(
            token_url=known.token_url, client_id=known.client_id, client_secret=known.secret, refresh_token=token
        )
    client_secret = secrets.unseal(mailbox.sealed_client_secret) if mailbox.sealed_client_secret else ""
    return oauth.refresh(
        token_url=mailbox.oauth_token_url,
        client_id=mailbox.oauth_client_id,
        client_secret=client_secret,
        refresh_token=token,
    )


def _asked(kept: Mapping[str, object] | None, answer: Mapping[str, str], at: datetime) -> Question:
    stale = NoConsent(
        _("This answer does not belong to a question of yours, or came too late. Connect the mailbox again.")
    )
    try:
        asked = Question(**(kept or {}))  # type: ignore[arg-type]
    except TypeError as nothing:
        raise stale from nothing
    ours = hmac.compare_digest(asked.state.encode(), answer.get("state", "").encode())
    if not ours or not timedelta(0) <= at - datetime.fromisoformat(asked.asked_at) <= PATIENCE:
        raise stale
    return asked


def _refused(name: str, code: str, words: str) -> str:
    if code == "access_denied":
        return _("Access was not given at %(provider)s. Connect the mailbox again and agree there.") % {
            "provider": name
        }
    said = " ".join((words or code or _("no reason was given")).split())[:200].rstrip(".")
    return _("%(provider)s refused: %(words)s. Check the client id and the address it sends people back to.") % {
        "provider": name,
        "words": said,
    }
