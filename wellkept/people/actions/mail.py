"""Mail about a person's own account: links and warnings nobody else may read, not even in the outgoing box."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction

from wellkept.core import outbox, secrets
from wellkept.core.models import Outgoing

KIND = "account_mail"


@transaction.atomic
def mail(*, to: str, subject: str, text: str, at: datetime) -> Outgoing:
    """Leaves by the firm's SMTP server. The row holds a sealed letter: a link in it opens an account."""
    line = " ".join(subject.split())
    letter = json.dumps({"to": to, "subject": line, "text": text})
    key = f"account-{secrets.digest(secrets.new_token())[:32]}"
    return outbox.enqueue(
        kind=KIND,
        key=key,
        subject=f"account-{to}"[:80],
        payload={"subject": line, "sealed": secrets.seal(letter)},
        at=at,
    )
