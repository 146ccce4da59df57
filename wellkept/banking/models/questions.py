from __future__ import annotations

from django.db import models
from django.db.models import Q


class Question(models.Model):
    """What we ask a client about one or several lines. Its state is its own; the lines wait or are coded as they will."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="questions")
    contact = models.ForeignKey("clients.Contact", on_delete=models.PROTECT, related_name="questions")
    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()  # when the page made for the contact closes
    remind_at = models.DateTimeField(null=True)  # the next reminder
    reminded = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # the bookkeeper took the answer up
    settled_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["client", "asked_at"], condition=Q(settled_at=None, withdrawn_at=None), name="question_open"
            ),
            models.Index(
                fields=["remind_at"],
                condition=Q(answered_at=None, withdrawn_at=None, remind_at__isnull=False),
                name="question_to_remind",
            ),
        ]


class QuestionLine(models.Model):
    """A line the question is about."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey("banking.BankLine", on_delete=models.PROTECT, related_name="questions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "line"], name="question_line_once")]


class Answer(models.Model):
    """What the client said, by mail or on the page; several may come."""

    class Via(models.TextChoices):
        MAIL = "mail"
        PAGE = "page"

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)
    via = models.CharField(max_length=4, choices=Via)
    answered_at = models.DateTimeField()
    message = models.ForeignKey("conversations.Message", null=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)  # the same answer sent twice is one

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["question", "key"], name="answer_once")]


class AnswerFile(models.Model):
    """A file that came with an answer."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)


class AnswerLine(models.Model):
    """What the client chose for one line, of the accounts offered on the page. The bookkeeper still decides."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey("banking.BankLine", on_delete=models.PROTECT, related_name="answered")
    account = models.ForeignKey("ledger.Account", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "line"], name="answer_line_once")]
