"""The HTML of a mail with its own pictures put in, so that the frame never has to ask for anything."""

from __future__ import annotations

import base64
import re

from django.utils.safestring import SafeString, mark_safe

from wellkept.conversations.models import Message
from wellkept.core import files

CID = re.compile(r"""(?P<before>\bsrc\s*=\s*)(?P<quote>["'])cid:(?P<id>[^"'<>\s]{1,200})(?P=quote)""", re.IGNORECASE)
SHOWN = {"image/png", "image/jpeg", "image/gif", "image/webp"}
LARGEST = 2 * 1024 * 1024
MOST = 30


def inlined(message: Message) -> SafeString:
    """The stored, already sanitised HTML; `cid:` pictures of the same mail become data, every other one stays unasked."""
    pictures = _pictures(message) if "cid:" in message.html.lower() else {}

    def put(match: re.Match[str]) -> str:
        data = pictures.get(match["id"].strip("<>"))
        return f'{match["before"]}"{data}"' if data else f'{match["before"]}""'

    return mark_safe(CID.sub(put, message.html))


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
