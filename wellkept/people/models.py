from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    BOOKKEEPER = "bookkeeper", _("Bookkeeper")
    SUPPORT = "support", _("Support")
    OPERATOR = "operator", _("Operator")
    LEADER = "leader", _("Team lead")
    QUALITY = "quality", _("Quality manager")
    ADMINISTRATOR = "administrator", _("Administrator")


def usual_warnings() -> list[int]:
    return [50, 80]


class Firm(models.Model):
    """The one firm of this installation. Exactly one row once set up."""

    name = models.CharField(max_length=120)
    mail_address = models.EmailField()  # what our mail is sent from
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    calendar = models.ForeignKey("calendars.Calendar", on_delete=models.PROTECT, related_name="+")
    warn_percents = models.JSONField(default=usual_warnings)  # at which share of a promised time its owner is warned
    set_up_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_firm")]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who share work under one lead."""

    name = models.CharField(max_length=80, unique=True)
    lead = models.ForeignKey("Staff", null=True, on_delete=models.PROTECT, related_name="leads")

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["Staff"]):
    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(email__iexact=username)


class Staff(AbstractBaseUser):
    """A person of the firm. `roles` is a list of Role values; `supervisor` is who is told when things go wrong."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    roles = models.JSONField(default=list)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="members")
    supervisor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reports")
    calendar = models.ForeignKey("calendars.Calendar", null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    theme = models.CharField(max_length=6, default="system")  # system, light, dark
    density = models.CharField(max_length=8, default="compact")  # compact, cosy
    shortcuts = models.BooleanField(default=True)
    keys = models.JSONField(default=dict)  # shortcuts the person chose, by name; the rest are as Wellkept came
    joined_at = models.DateTimeField()
    deactivated_at = models.DateTimeField(null=True)
    # Who took over the open work of a person who left.
    taken_over_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    session_round = models.PositiveIntegerField(default=0)  # a session of an earlier round is over

    objects: ClassVar[StaffManager] = StaffManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name_plural = "staff"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(supervisor=models.F("id")), name="nobody_supervises_themselves"),
            models.UniqueConstraint(Lower("email"), name="staff_email_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.deactivated_at is None

    @property
    def role_words(self) -> list[str]:
        """The roles as people call them, in the firm's order."""
        return [str(role.label) for role in Role if role in self.roles]

    def get_session_auth_hash(self) -> str:
        """Tied to the password and to the round, so that ending every session is one update."""
        return self._round_hash()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._round_hash(secret=secret)

    def _round_hash(self, secret: str | bytes | None = None) -> str:
        value = f"{self.password}:{self.session_round}"
        return salted_hmac("wellkept.people.session", value, secret=secret, algorithm="sha256").hexdigest()

    def has_role(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)


class Invitation(models.Model):
    """A link that lets one person in, once, within 72 hours. Only its digest is kept."""

    email = models.EmailField()
    name = models.CharField(max_length=120)
    roles = models.JSONField(default=list)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=models.Q(used_at=None, withdrawn_at=None), name="invitation_once"
            )
        ]


class ApiToken(models.Model):
    """A personal token of the API: the person's own scope, nothing more."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Notice(models.Model):
    """Something a person must know: an escalation, a mention, a hand-over. Kept until read."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=30)  # promise, conversation
    subject_id = models.BigIntegerField()
    client = models.BigIntegerField(null=True)
    text = models.TextField()
    at = models.DateTimeField()
    fact = models.BigIntegerField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["staff", "fact", "kind"], name="notice_once")]
        indexes = [models.Index(fields=["staff", "-id"], condition=models.Q(read_at=None), name="notice_unread")]


class Once(models.Model):
    """A write that was asked for under a key, of the API's caller or of one rendered form, and what was answered."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    asked = models.CharField(max_length=64)  # sha256 of what was asked
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "api_once"  # the table is older than the room it is in now
        constraints = [models.UniqueConstraint(fields=["staff", "key"], name="once_key")]
        indexes = [models.Index(fields=["at"], name="once_at")]
