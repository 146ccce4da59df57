from __future__ import annotations

from django.db import models
from django.db.models import Q

UNREAD = Q(taken_in_at=None, duplicate_at=None, quarantined_at=None, discarded_at=None)
TO_CHECK = Q(sender_due_at__isnull=False)
QUARANTINED = Q(quarantined_at__isnull=False, taken_in_at=None, duplicate_at=None, discarded_at=None)


class Mailbox(models.Model):
    """An IMAP account that is read, never changed. The secret is sealed; its key lives outside the database.

    `uid_validity` and `last_uid` mark how far it has been read; mail that arrived before `since_on` stays where it is.
    """

    address = models.EmailField(unique=True)
    host = models.CharField(max_length=200)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=8, default="tls")  # tls, starttls, plain (loopback only)
    username = models.CharField(max_length=200)
    sign_in = models.CharField(max_length=8, default="password")  # password, oauth2
    sealed_secret = models.TextField(blank=True)  # the password, or the refresh token
    sealed_client_secret = models.TextField(blank=True)
    provider = models.CharField(max_length=40, blank=True)  # who gave consent; empty where a token was entered
    oauth_token_url = models.URLField(blank=True)
    oauth_client_id = models.CharField(max_length=200, blank=True)
    folder = models.CharField(max_length=120, default="INBOX")
    trusted_server = models.CharField(
        max_length=200, blank=True
    )  # whose Authentication-Results we believe; - has no name
    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, related_name="+"
    )  # who handles strangers
    since_on = models.DateField()
    added_at = models.DateTimeField()
    uid_validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    polled_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)  # plain words
    paused_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.address


class RawMail(models.Model):
    """A mail as it arrived, byte for byte, stored once. Unread until taken in, known as a copy, or put in quarantine.

    `reason` is the code of why it could not be read (see `explain`), `detail` is for whoever looks after the machine.
    """

    sha256 = models.CharField(max_length=64)
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=10)  # smtp, imap, file
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.SET_NULL, related_name="+")
    envelope_from = models.CharField(max_length=254, blank=True)
    envelope_to = models.JSONField(default=list)
    peer = models.CharField(max_length=45, blank=True)  # the number of the machine that handed it in
    received_at = models.DateTimeField()
    reading_until = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sender_shown = models.CharField(max_length=254, blank=True)  # what the From line says; nothing is decided by it
    subject_shown = models.CharField(max_length=300, blank=True)
    thread_index = models.CharField(max_length=700, blank=True)  # Outlook's, so that our answer lands in its thread
    taken_in_at = models.DateTimeField(null=True)
    duplicate_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)
    sender_due_at = models.DateTimeField(null=True)  # when the sender's domain is asked; empty: it was, or need not be
    sender_tries = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    message = models.ForeignKey("conversations.Message", null=True, on_delete=models.PROTECT, related_name="+")

    is_new = False  # stored by this very call

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256"], name="raw_mail_once")]
        indexes = [
            models.Index(fields=["id"], condition=UNREAD, name="raw_mail_unread"),
            models.Index(fields=["-quarantined_at"], condition=QUARANTINED, name="raw_mail_quarantine"),
            models.Index(fields=["message"], name="raw_mail_message"),
            models.Index(fields=["sender_due_at", "id"], condition=TO_CHECK, name="raw_mail_sender_due"),
        ]

    def __str__(self) -> str:
        return f"{self.via} {self.sha256[:12]}"


class SenderCheck(models.Model):
    """What the domain a mail shows says about it. It is shown beside the message and decides nothing."""

    raw = models.OneToOneField(RawMail, on_delete=models.PROTECT, related_name="sender_check")
    message = models.ForeignKey("conversations.Message", on_delete=models.PROTECT, db_index=False, related_name="+")
    verdict = models.CharField(max_length=12)  # confirmed, unconfirmed, denied, silent
    domain = models.CharField(max_length=254)
    basis = models.CharField(max_length=12, blank=True)  # server, signature, path, policy
    details = models.JSONField(default=dict)
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["confirmed", "unconfirmed", "denied", "silent"]), name="sender_verdict_known"
            )
        ]
        indexes = [models.Index(fields=["message"], name="sender_check_message")]

    def __str__(self) -> str:
        return f"{self.domain} {self.verdict}"


class Letterhead(models.Model):
    """How the firm's letters leave: one row, none before it is first changed. Letters have an HTML part unless they are plain."""

    plain_since = models.DateTimeField(null=True)
    signature = models.TextField(blank=True)  # stands under every letter, after the two dashes that mark one
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_letterhead")]

    def __str__(self) -> str:
        return "plain" if self.plain_since else "html"
