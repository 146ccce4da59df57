"""Questions to the client: asked about lines, reminded, answered by mail or on a page, taken up or withdrawn."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Sum
from django.utils import translation
from django.utils.translation import gettext as _

from wellkept.banking import tokens, wording
from wellkept.banking.actions.checks import allow_work_for
from wellkept.banking.models import Answer, AnswerFile, AnswerLine, BankLine, Question, QuestionLine, Undecided
from wellkept.calendars import queries as calendars
from wellkept.conversations import actions as conversations
from wellkept.conversations import queries as talks
from wellkept.conversations.actions import WaitingForClient
from wellkept.core import live
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother
from wellkept.people import actions as people
from wellkept.promises import actions as promises
from wellkept.promises import queries as owed

if TYPE_CHECKING:
    from wellkept.clients.models import Client, Contact
    from wellkept.conversations.models import Message
    from wellkept.core.models import StoredFile
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

SUBJECT = "question"
KIND = "question"
OPEN_FOR = timedelta(days=45)
MOST_LINES = 40
MOST_FILES = 10
MOST_ANSWERS = 10  # on one page
MOST_BYTES = 50_000_000  # of the files of one question
LONGEST_OFFER = 200
LONGEST_TEXT = 4_000
REMINDERS = 3
DAY_MINUTES = 8 * 60
REMIND_AFTER_MINUTES = 2 * DAY_MINUTES  # of the client's working time


class NothingToAsk(Refusal):
    """A question is about lines, and says what it asks."""


class LinesDiffer(Refusal):
    """One question is about one client's lines."""


class AnswerEmpty(Refusal):
    """An answer has words or a file."""


class AnswerTooLate(Refusal):
    """The question was taken up or withdrawn."""


class AnswerTooMuch(Refusal):
    """The page takes a few answers, and files of a size that somebody can look through."""


@transaction.atomic
def ask(*, lines: Sequence[BankLine], contact: Contact, text: str, by: Staff, at: datetime) -> Question:
    """Write to the contact about these lines. The question has its own promise, which waits while it is their turn."""
    said = text.strip()
    if not lines or not said or len(said) > LONGEST_TEXT:
        raise NothingToAsk(
            _("Say what you want to know, in up to %(limit)s characters.") % {"limit": LONGEST_TEXT}, field="text"
        )
    if len(lines) > MOST_LINES:
        raise NothingToAsk(_("Ask about at most %(most)s lines at once.") % {"most": MOST_LINES})
    client = lines[0].client
    if any(line.client_id != client.pk for line in lines) or contact.client_id != client.pk:
        raise LinesDiffer(_("Ask one client about its own lines, and somebody who works there."))
    allow_work_for(client=client, by=by)
    with translation.override(contact.language or client.language):
        subject = wording.subject(lines)
    conversation = conversations.open_with(client=client, contact=contact, subject=subject, by=by, at=at)
    question = Question.objects.create(
        client=client,
        contact=contact,
        conversation=conversation,
        text=said,
        asked_at=at,
        asked_by=by,
        expires_at=at + OPEN_FOR,
        remind_at=_next_reminder(client, at),
    )
    QuestionLine.objects.bulk_create([QuestionLine(question=question, line=line) for line in dict.fromkeys(lines)])
    _write(question, lines, by, at)
    _promise(question, subject, by, at)
    record("question.asked", at=at, by=by, client=client, question=question, lines=[line.pk for line in lines])
    _tell(question)
    return question


@transaction.atomic
def answer_on_page(
    *,
    question: Question,
    text: str,
    files: Sequence[tuple[str, StoredFile]],
    key: str,
    choices: Sequence[str] = (),
    at: datetime,
) -> Answer:
    """What the contact wrote and chose on the page made for them. `key` makes the same form sent twice one answer.

    `choices` are offers of accounts for lines, as the page made them; anything else is not heard.
    """
    said, chosen = text.strip()[:LONGEST_TEXT], _chosen(question, choices)
    if not said and not files and not chosen:
        raise AnswerEmpty(_("Write a word, or attach a photo or file."), field="text")
    _hold(question)
    allow_answer(question=question, key=key, sizes=[stored.size for _name, stored in files])
    answer = _answer(question, Answer.Via.PAGE, said, _key(key), files, None, at, chosen)
    question.conversation.refresh_from_db()
    if question.conversation.waiting_since is not None:
        conversations.stop_waiting(conversation=question.conversation, by=question.asked_by, at=at)
    return answer


def allow_answer(*, question: Question, key: str, sizes: Sequence[int]) -> None:
    """Before a file of it is kept: the question is open, and has room for one more answer with files of these sizes."""
    if not Question.objects.filter(pk=question.pk, settled_at=None, withdrawn_at=None).exists():
        raise AnswerTooLate(
            _("This question is closed, so nothing was kept. Answer the mail instead if there is more to say.")
        )
    if Answer.objects.filter(question=question, key=_key(key)).exists():
        return
    if Answer.objects.filter(question=question, via=Answer.Via.PAGE).count() >= MOST_ANSWERS:
        raise AnswerTooMuch(
            _("You have answered %(most)s times here. Answer the mail instead if there is more to say.")
            % {"most": MOST_ANSWERS}
        )
    if len(sizes) > MOST_FILES:
        raise AnswerTooMuch(_("Attach at most %(most)s files at once.") % {"most": MOST_FILES}, field="files")
    kept = AnswerFile.objects.filter(answer__question=question).aggregate(bytes=Sum("stored__size"))["bytes"] or 0
    if kept + sum(sizes) > MOST_BYTES:
        raise AnswerTooMuch(
            _("These files are too large: this page takes %(most)s MB in all. Send fewer or smaller ones.")
            % {"most": MOST_BYTES // 1_000_000},
            field="files",
        )


@transaction.atomic
def hear(*, message_id: int, at: datetime) -> Answer | None:
    """A mail came into a conversation that waited. If a question was asked there, it is an answer with its files.

    Mail that was written by a machine, or that shows another sender than it has, answers nothing by itself.
    """
    message = talks.message(message_id)
    if message is None or message.automatic or message.caution:
        return None
    asked = Question.objects.filter(conversation=message.conversation_id, settled_at=None, withdrawn_at=None)
    question = asked.select_related("client", "contact", "asked_by", "conversation").order_by("-id").first()
    if question is None:
        return None
    files = [(attached.name, attached.file) for attached in message.attachments.all()]
    said = talks.newly_written(message)[:LONGEST_TEXT]
    return _answer(question, Answer.Via.MAIL, said, f"message-{message.pk}", files, message, at)


@transaction.atomic
def settle(*, question: Question, by: Staff | None, at: datetime) -> Question:
    """The answer was taken up: the promise is kept, the page closes."""
    allow_work_for(client=question.client, by=by)
    open_still = Question.objects.filter(pk=question.pk, settled_at=None, withdrawn_at=None)
    if open_still.update(settled_at=at, settled_by=by, remind_at=None) != 1:
        raise _over()
    for promise in owed.open_for_subject(SUBJECT, question.pk):
        promises.keep(promise=promise, by=by, at=at)
    record("question.settled", at=at, by=by, client=question.client_id, question=question)
    _tell(question)
    question.settled_at = at
    return question


@transaction.atomic
def withdraw(*, question: Question, reason: str, by: Staff, at: datetime) -> Question:
    """Nobody needs the answer any more; the contact's page says so, and no reminder leaves."""
    allow_work_for(client=question.client, by=by)
    if not _closed(question, by.pk, at):
        raise _over()
    for promise in owed.open_for_subject(SUBJECT, question.pk):
        promises.withdraw(promise=promise, reason=reason, by=by, at=at)
    return question


@transaction.atomic
def let_go(*, question_id: int, by: int | None, at: datetime) -> bool:
    """Its promise was withdrawn, so the question goes with it; says whether it was still open."""
    return _closed(Question.objects.get(pk=question_id), by, at)


def settle_answered(*, line: int, by: Staff | None, at: datetime) -> int:
    """The line was coded: questions that were answered and have no other line waiting are taken up. Says how many."""
    asked = Question.objects.filter(
        lines__line=line, answered_at__isnull=False, settled_at=None, withdrawn_at=None
    ).select_related("client")
    count = 0
    for question in asked:
        if not Undecided.objects.filter(line__questions__question=question).exists():
            settle(question=question, by=by, at=at)
            count += 1
    return count


def remind_due(*, at: datetime, limit: int = 200) -> int:
    """Remind whoever has not answered, in their working hours, three times at most. Says how many were reminded."""
    waiting = Question.objects.filter(remind_at__lte=at, answered_at=None, settled_at=None, withdrawn_at=None)
    count = 0
    for question in waiting.select_related("client", "contact", "conversation", "asked_by").order_by("remind_at")[
        :limit
    ]:
        count += _remind(question, at)
    return count


@transaction.atomic
def _remind(question: Question, at: datetime) -> int:
    if not calendars.compiled(calendars.current_id(question.client.calendar_id)).is_open(at):
        Question.objects.filter(pk=question.pk).update(remind_at=_opening(question.client, at))
        return 0
    due = Question.objects.filter(pk=question.pk, remind_at=question.remind_at, answered_at=None, withdrawn_at=None)
    again = _next_reminder(question.client, at) if question.reminded + 1 < REMINDERS else None
    changed = due.update(
        remind_at=again,
        reminded=question.reminded + 1,
        expires_at=at + OPEN_FOR,
    )
    if changed != 1:
        return 0
    with translation.override(question.contact.language or question.client.language):
        text = wording.reminder(question=question, address=tokens.address(question.pk))
    conversations.remind(conversation=question.conversation, text=text, by=question.asked_by, at=at)
    record("question.reminded", at=at, client=question.client_id, question=question)
    return 1


def _closed(question: Question, by: int | None, at: datetime) -> bool:
    open_still = Question.objects.filter(pk=question.pk, settled_at=None, withdrawn_at=None)
    if open_still.update(withdrawn_at=at, remind_at=None) != 1:
        return False
    record("question.withdrawn", at=at, by=by, client=question.client_id, question=question)
    _tell(question)
    question.withdrawn_at = at
    return True


def _write(question: Question, lines: Sequence[BankLine], by: Staff, at: datetime) -> Message:
    """The letter in the contact's language; it is their turn then."""
    contact = question.contact
    with translation.override(contact.language or question.client.language):
        address = tokens.address(question.pk)
        letter = wording.letter(text=question.text, lines=lines, contact=contact, address=address)
        waiting = WaitingForClient(wording.subject(lines))
    return conversations.reply(conversation=question.conversation, text=letter, follow_up=waiting, by=by, at=at)


def _promise(question: Question, title: str, by: Staff, at: datetime) -> Promise | None:
    promise = promises.make(
        kind=KIND,
        title=title,
        client=question.client,
        owner=by,
        to_contact=question.contact,
        subject_kind=SUBJECT,
        subject_id=question.pk,
        by=by,
        at=at,
    )
    if promise is not None and promises.may_pause(promise=promise):
        promises.pause(promise=promise, waiting_for=_("the client's answer"), by=by, at=at)
    return promise


def _answer(
    question: Question,
    via: str,
    text: str,
    key: str,
    files: Sequence[tuple[str, StoredFile]],
    message: Message | None,
    at: datetime,
    chosen: Mapping[int, int] | None = None,
) -> Answer:
    answer, new = Answer.objects.get_or_create(
        question=question, key=key, defaults={"text": text, "via": via, "answered_at": at, "message": message}
    )
    if not new:
        return answer
    AnswerFile.objects.bulk_create(
        [AnswerFile(answer=answer, stored=stored, name=name[:200]) for name, stored in files[:MOST_FILES]]
    )
    AnswerLine.objects.bulk_create(
        [AnswerLine(answer=answer, line_id=line, account_id=account) for line, account in (chosen or {}).items()]
    )
    Question.objects.filter(pk=question.pk).update(answered_at=at, remind_at=None)
    question.answered_at = at
    for promise in owed.open_for_subject(SUBJECT, question.pk).filter(paused_at__isnull=False):
        promises.resume(promise=promise, by=None, at=at)
    fact = record(
        "question.answered",
        at=at,
        client=question.client_id,
        on_behalf_of=question.contact_id,
        question=question,
        answer=answer,
    )
    _tell_asker(question, fact.seq, at)
    _tell(question)
    return answer


def _tell_asker(question: Question, fact: int, at: datetime) -> None:
    asker = question.asked_by
    with translation.override(asker.language):
        text = _("%(name)s answered your question") % {"name": question.contact.name}
    people.notify(
        staff=asker,
        kind="question.answered",
        subject_kind=SUBJECT,
        subject_id=question.pk,
        client=question.client_id,
        text=text,
        at=at,
        fact=fact,
    )


def _next_reminder(client: Client, at: datetime) -> datetime:
    return calendars.compiled(calendars.current_id(client.calendar_id)).add(at, REMIND_AFTER_MINUTES)


def _opening(client: Client, at: datetime) -> datetime:
    return calendars.compiled(calendars.current_id(client.calendar_id)).next_open(at)


def _hold(question: Question) -> None:
    """Two answers sent at once come one after the other, and none after the question was taken up."""
    Question.objects.filter(pk=question.pk).update(expires_at=F("expires_at"))


def _chosen(question: Question, offers: Sequence[str]) -> dict[int, int]:
    """Account by line, of the offers that were made for this question."""
    read = [tokens.read_offer(offer[:LONGEST_OFFER]) for offer in offers[:MOST_LINES]]
    return {offer[1]: offer[2] for offer in read if offer is not None and offer[0] == question.pk}


def _key(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _over() -> TakenByAnother:
    return TakenByAnother(_("This question was taken up or withdrawn already."))


def _tell(question: Question) -> None:
    names = [f"questions-{question.client_id}"]
    names += [f"line-{pk}" for pk in question.lines.values_list("line", flat=True)]
    live.tell([f"client-{question.client_id}"], names)
