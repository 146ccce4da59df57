"""Receipts and bills made for tests: the paper of a cafe, a bakery, a printer. Nothing here was ever sold."""

from __future__ import annotations

import io
from collections.abc import Sequence
from email.message import EmailMessage

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.world import World
from wellkept.banking.actions import documents
from wellkept.banking.models import Document
from wellkept.core import files

CAFE = ("KOWHAI CAFE LTD", "Tax invoice 5511", "09/03/2026 10:22", "Flat white 11.00", "GST 2.15", "TOTAL NZD 16.50")
PNG = b"\x89PNG\r\n\x1a\n"


def pdf(lines: Sequence[str], *, password: str = "") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(password) if password else None, invariant=True)
    for row, line in enumerate(lines):
        canvas.drawString(60, 780 - 16 * row, line)
    canvas.save()
    return out.getvalue()


def letter(body: str, *, carries: bytes = b"", html: bool = False) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "Paperworks <till@paperworks.example>", "Your receipt"
    made["Date"] = "Mon, 09 Mar 2026 10:22:00 +1300"
    made.set_content(body, subtype="html" if html else "plain")
    if carries:
        made.add_attachment(carries, maintype="application", subtype="pdf", filename="bill.pdf")
    return made.as_bytes()


def taken(world: World, data: bytes, *, name: str = "receipt.pdf", media_type: str = "application/pdf") -> Document:
    """The bakery's, taken in and read, and matched if it matches."""
    stored = files.store(data, media_type=media_type, at=world.start)
    document = documents.take_document(
        client=world.bakery, stored=stored, name=name, arrived_by="upload", by=world.ana, at=world.start
    )
    documents.read_waiting(at=world.start)
    world.run_reactions(at=world.start)
    document.refresh_from_db()
    return document
