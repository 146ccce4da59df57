from __future__ import annotations

from django.db import models
from django.db.models import Q

UNREAD = Q(taken_in_at=None, duplicate_at=None, quarantined_at=None, discarded_at=None)
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
    oauth_token_url = models.URLField(blank=True)
    oauth_client_id = models.CharField(max_length=200, blank=True)
    folder = models.CharField(max_length=120, default="INBOX")
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
        ]

    def __str__(self) -> str:
        return f"{self.via} {self.sha256[:12]}"
