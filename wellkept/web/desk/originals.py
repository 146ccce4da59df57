"""The HTML of a mail with its own pictures put in, so that the frame never has to ask for anything."""

from __future__ import annotations

import base64

from django.utils.safestring import SafeString, mark_safe

from wellkept.connectors.email.parse.sanitise import with_images
from wellkept.conversations.models import Message
from wellkept.core import files

SHOWN = {"image/png", "image/jpeg", "image/gif", "image/webp"}
LARGEST = 2 * 1024 * 1024
MOST = 30


def inlined(message: Message, *, remote: bool) -> SafeString:
    """The stored, already sanitised HTML; `cid:` pictures of the same mail become data, others only where asked for."""
    pictures = _pictures(message) if "cid:" in message.html.lower() else {}
    return mark_safe(with_images(message.html, attached=pictures, remote=remote))


def _pictures(message: Message) -> dict[str, str]:
    found: dict[str, str] = {}
    left = LARGEST
    for part in message.attachments.select_related("file").exclude(content_id="")[:MOST]:
        if part.media_type not in SHOWN or part.file.size > left:
            continue
        try:
            data = files.read(part.file)
        except FileNotFoundError:
            continue
        left -= len(data)
        found[part.content_id.strip("<>")] = f"data:{part.media_type};base64,{base64.b64encode(data).decode()}"
    return found
