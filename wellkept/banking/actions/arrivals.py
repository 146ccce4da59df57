"""What came with mails, answers or in a folder: receipts become documents, bank files wait to be looked at."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wellkept.banking.actions import importing, matching
from wellkept.banking.actions.documents import take_document
from wellkept.banking.models import Answer, Attached, Document, StatementFile
from wellkept.banking.queries import documents as reads
from wellkept.banking.reading import BANK, PAPER, kind_of
from wellkept.clients import queries as clients
from wellkept.conversations import actions as conversations
from wellkept.conversations import queries as talks
from wellkept.core import files
from wellkept.core.refusals import Refusal

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.conversations.models import Message
    from wellkept.core.models import StoredFile
    from wellkept.people.models import Staff

MAIL, ANSWER, FOLDER = "mail", "answer", "folder"
SMALL_PICTURE = 20_000  # bytes; smaller ones within the text of a mail are the sender's logo
NEVER = {"bounce", "loop", "ours"}
HEAD = 65_536


class NoUse(Refusal):
    """A file that is neither a document nor a bank file."""


def take_mail(*, message_id: int, at: datetime) -> list[Document | StatementFile]:
    """The files of a mail to a client's signed address are taken in. Other mail brings nothing by itself.

    The address is the proof, not the sender: shops send their receipts to it themselves. What is neither document nor
    bank file stays with the message. Where every file was taken in and nothing was written, nobody waits for an answer.
    """
    message = talks.message(message_id)
    if message is None or message.automatic in NEVER:
        return []
    pk = reads.client_addressed(talks.came_to(message))
    client = clients.kept(pk) if pk is not None else None
    if client is None:
        return []
    parts = [part for part in message.attachments.all() if not (part.inline and part.file.size < SMALL_PICTURE)]
    found = [_take(client, part.file, part.name, message, at) for part in parts]
    taken = [each for each in found if each is not None]
    if taken and len(taken) == len(parts) and talks.only_brings_files(message):
        conversations.file_away(
            message=message, reason=_("it brought files and no words, and they are with the books."), at=at
        )
    return taken


def take_answer(*, answer_id: int, at: datetime) -> list[Document]:
    """The files of an answer are documents; where the question was about one line, they prove it."""
    answer = Answer.objects.select_related("question__client", "message").filter(pk=answer_id).first()
    if answer is None or answer.question.client.archived_at is not None:
        return []
    lines = [row.line for row in answer.question.lines.select_related("line")[:2]]
    taken = []
    for file in answer.files.select_related("stored"):
        if kind(file.stored, file.name) != PAPER:
            continue
        document = take_document(
            client=answer.question.client,
            stored=file.stored,
            name=file.name,
            arrived_by=ANSWER,
            message=answer.message,
            by=None,
            at=at,
        )
        taken.append(document)
        if len(lines) == 1 and not document.attached.filter(ended_at=None).exists():
            matching.join(document=document, line=lines[0], how=Attached.How.ANSWER, reasons=(), by=None, at=at)
    return taken


def keep_as_document(
    *, client: Client, message: Message, stored: StoredFile, name: str, by: Staff, at: datetime
) -> Document:
    """A person says that a file of a conversation is a receipt or bill."""
    return take_document(client=client, stored=stored, name=name, arrived_by=MAIL, message=message, by=by, at=at)


def keep_as_bank_file(
    *, client: Client, message: Message, stored: StoredFile, name: str, by: Staff, at: datetime
) -> StatementFile:
    """A person says that a file of a conversation comes from the bank."""
    if kind(stored, name) == PAPER and not stored.media_type.startswith("text/"):
        raise NoUse(_("“%(name)s” is no bank file. Keep it as a receipt instead.") % {"name": name})
    return importing.take_in(client=client, stored=stored, name=name, arrived_by=MAIL, message=message, by=by, at=at)


def take_from_folder(*, client: Client, stored: StoredFile, name: str, at: datetime) -> Document | StatementFile:
    """A file somebody put into the client's folder. The same file again, or the same round twice, adds nothing."""
    sort = kind(stored, name)
    if sort == PAPER:
        return take_document(client=client, stored=stored, name=name, arrived_by=FOLDER, by=None, at=at)
    if sort != BANK:
        raise NoUse(_("This is neither a bank file nor a receipt or bill (PDF, picture, mail or text)."))
    came = StatementFile.objects.filter(client=client, stored=stored, arrived_by=FOLDER).first()
    return came or importing.take_in(client=client, stored=stored, name=name, arrived_by=FOLDER, by=None, at=at)


def kind(stored: StoredFile, name: str) -> str:
    """Bank file, document or neither, by what stands in it. A file that is gone from the store is a matter for its reader."""
    try:
        with files.open_file(stored) as file:
            head = file.read(HEAD)
    except FileNotFoundError:
        return PAPER if stored.media_type == "application/pdf" else ""
    return kind_of(head, media_type=stored.media_type, name=name)


def _take(
    client: Client, stored: StoredFile, name: str, message: Message, at: datetime
) -> Document | StatementFile | None:
    sort = kind(stored, name)
    if sort == BANK:
        came = StatementFile.objects.filter(client=client, stored=stored, message=message).first()
        return came or importing.take_in(
            client=client, stored=stored, name=name, arrived_by=MAIL, message=message, by=None, at=at
        )
    if sort == PAPER:
        return take_document(client=client, stored=stored, name=name, arrived_by=MAIL, message=message, by=None, at=at)
    return None
