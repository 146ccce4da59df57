"""Files that come with a form, within the limits that the page names before they travel."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.conversations.incoming import IncomingFile
from wellkept.core.files import FileTooLarge
from wellkept.core.refusals import Refusal
from wellkept.web.shell.reading import StaffRequest

MB = 1024 * 1024
MOST_FILES = 20
FALLBACK = "application/octet-stream"


class TooManyFiles(Refusal):
    """More files than one message carries."""


def uploaded(request: StaffRequest, name: str = "files") -> tuple[IncomingFile, ...]:
    """The files of the form field, each within the limit."""
    files = request.FILES.getlist(name)
    if len(files) > MOST_FILES:
        raise TooManyFiles(
            _("One message carries up to %(most)s files. Send the rest in another one.") % {"most": MOST_FILES},
            field=name,
        )
    limit = settings.ATTACHMENT_MAX_BYTES
    if sum(file.size or 0 for file in files) > limit:
        sentence = _("The files of one message may have %(size)s MB together. Send fewer, or smaller ones.")
        raise FileTooLarge(sentence % {"size": limit // MB}, field=name)
    return tuple(
        IncomingFile(name=file.name or "file", media_type=file.content_type or FALLBACK, data=file.read())
        for file in files
    )
