from __future__ import annotations

from django.db import models
from django.db.models import Q


class Mailbox(models.Model):
    """An IMAP account that is read. The password or refresh token is sealed; the key lives outside the database."""

    address = models.EmailField(unique=True)
    host = models.CharField(max_length=200)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=8, default="tls")  # tls, starttls, plain (loopback only)
    username = models.CharField(max_length=200)
    sign_in = models.CharField(max_length=8, default="password")  # password, oauth2
    sealed_secret = models.TextField(blank=True)
    oauth_token_url = models.URLField(blank=True)
    oauth_client_id = models.CharField(max_length=200, blank=True)
    folder = models.CharField(max_length=120, default="INBOX")
    team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="+")  # who handles strangers
    uid_validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    polled_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)  # plain words
    paused_at = models.DateTimeField(null=True)


class RawMail(models.Model):
    """A mail as it arrived. Unread until taken in, quarantined with a reason, or dropped as a duplicate."""

    sha256 = models.CharField(max_length=64)
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=40)  # smtp, imap:<mailbox id>, file
    envelope_from = models.CharField(max_length=254, blank=True)
    envelope_to = models.JSONField(default=list)
    received_at = models.DateTimeField()
    taken_in_at = models.DateTimeField(null=True)
    duplicate_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    message = models.ForeignKey("conversations.Message", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256"], name="raw_mail_once")]
        indexes = [
            models.Index(fields=["id"], condition=Q(taken_in_at=None, duplicate_at=None, quarantined_at=None, discarded_at=None), name="raw_mail_unread"),
            models.Index(fields=["-quarantined_at"], condition=Q(quarantined_at__isnull=False, taken_in_at=None, discarded_at=None), name="raw_mail_quarantine"),
        ]
