"""What came with a message: files, the raw mail, and the mail as it was sent, in a frame that can run nothing."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from csp.decorators import csp
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from wellkept.conversations import queries
from wellkept.conversations.models import Attachment, Message
from wellkept.core import files
from wellkept.core.models import StoredFile
from wellkept.web.desk.originals import inlined
from wellkept.web.pages.conversation import may_read_raw
from wellkept.web.pages.conversation_answers import load_message
from wellkept.web.shell.reading import StaffRequest

UNSAFE_IN_NAME = re.compile(r"[\x00-\x1f\x7f/\\\"]")
NOTHING = ["'none'"]
FRAME = {
    "default-src": NOTHING,
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "base-uri": NOTHING,
    "form-action": NOTHING,
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
WITHOUT_IMAGES: Any = {**FRAME, "img-src": ["data:"]}
WITH_IMAGES: Any = {**FRAME, "img-src": ["data:", "https:"]}


@require_GET
def attachment(request: StaffRequest, id: int) -> HttpResponse | FileResponse:
    """Always a download: never shown as a page of ours, never guessed at."""
    file = get_object_or_404(Attachment.objects.select_related("file", "message"), pk=id)
    get_object_or_404(queries.for_staff(request.staff), pk=file.message.conversation_id)
    return download(file.file, file.name or "file", file.media_type)


@require_GET
def raw(request: StaffRequest, id: int) -> HttpResponse | FileResponse:
    """The mail byte for byte, for those who may."""
    message = load_message(request, id)
    if message.raw is None or not may_read_raw(request.staff, message.conversation):
        raise Http404
    return download(message.raw, f"message-{message.pk}.eml", "message/rfc822")


def download(stored: StoredFile, name: str, media_type: str) -> FileResponse:
    try:
        content = files.open_file(stored)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, content_type="application/octet-stream")
    response["Content-Length"] = str(stored.size)
    response["X-Media-Type"] = media_type if media_type.isascii() and "\n" not in media_type else ""
    plain = UNSAFE_IN_NAME.sub("_", name)[:150] or "file"
    fallback = plain.encode("ascii", "replace").decode().replace("?", "_")
    response["Content-Disposition"] = f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(plain)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@xframe_options_sameorigin
def original(request: StaffRequest, id: int) -> HttpResponse:
    """The sanitised HTML under a policy of its own: no scripts, no forms, no origin; images from outside only when asked.

    A frame without an origin sends no cookies, so what it may load is asked for by the page around it.
    """
    images = request.GET.get("images") == "1"
    show: Any = csp(WITH_IMAGES if images else WITHOUT_IMAGES)(framed)
    shown: HttpResponse = show(request, id, images=images)
    return shown


def framed(request: StaffRequest, id: int, *, images: bool) -> HttpResponse:
    message: Message = load_message(request, id)
    if not message.html:
        raise Http404
    context = {
        "message": message,
        "html": inlined(message, remote=images),
        "images": images,
        "remote": message.remote_hosts,
        "framed": request.headers.get("Sec-Fetch-Dest") == "iframe",
    }
    response = render(request, "pages/original.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("attachments/<int:id>", attachment, name="attachment"),
    path("messages/<int:id>/raw", raw, name="message_raw"),
    path("messages/<int:id>/original", original, name="message_original"),
]
