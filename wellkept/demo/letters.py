"""Letters as mail programs write them, so that the demo's mail goes the whole way through the mail connector."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from wellkept.conversations.models import Message

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def letter(
    *,
    sender: tuple[str, str],
    to: str,
    subject: str,
    text: str,
    number: str,
    at: datetime,
    answers: Message | None = None,
    wrote: str = "",
    file: str = "",
    headers: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """One mail. `answers` quotes that message and refers to it, under the line `wrote`."""
    name, address = sender
    mail = EmailMessage()
    mail["From"] = f"{name} <{address}>"
    mail["To"] = to
    mail["Subject"] = f"Re: {subject}" if answers else subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{number}@{address.partition('@')[2]}>"
    for header, value in headers:
        mail[header] = value
    body = text
    if answers is not None:
        mail["In-Reply-To"] = answers.message_id
        mail["References"] = " ".join([*answers.references, answers.message_id])
        body = f"{text}\n\n{wrote}\n" + "\n".join(f"> {line}".rstrip() for line in answers.text.splitlines())
    mail.set_content(body)
    if file:
        mail.add_attachment(PDF, maintype="application", subtype="pdf", filename=file)
    return mail.as_bytes()
