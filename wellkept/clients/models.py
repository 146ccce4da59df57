from __future__ import annotations

from django.db import models
from django.db.models import Q


class Client(models.Model):
    """An organisation whose books we keep."""

    name = models.CharField(max_length=160, unique=True)
    public_id = models.CharField(max_length=22, unique=True)
    bookkeeper = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="portfolio")
    team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="clients")  # support team
    calendar = models.ForeignKey("calendars.Calendar", on_delete=models.PROTECT, related_name="+")
    time_zone = models.CharField(max_length=60)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=10, default="en")
    since_on = models.DateField()
    source = models.CharField(max_length=80, blank=True)  # where this record came from
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person at a client."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    department = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=80, blank=True)
    preferred_channel = models.CharField(max_length=20, default="email")
    language = models.CharField(max_length=10, blank=True)  # empty: the client's
    source = models.CharField(max_length=80, blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ContactAddress(models.Model):
    """One way to reach a contact; `value` is normalised (lower case mail, E.164 phone)."""

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=5, choices=Kind)
    value = models.CharField(max_length=254)
    label = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="address_once")]


class Nuance(models.Model):
    """What everyone who works for this client must know."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="nuances")
    text = models.TextField()
    written_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)


class Agreement(models.Model):
    """What was promised to one client, or to everyone (`client` empty: the firm's default)."""

    client = models.OneToOneField(Client, null=True, on_delete=models.PROTECT, related_name="agreement")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client"], condition=Q(client=None), nulls_distinct=False, name="one_default_agreement")]


class AgreementVersion(models.Model):
    """One edition of an agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    pauses_while_waiting = models.BooleanField(default=True)
    machine_may_acknowledge = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_once")]


class Target(models.Model):
    """How fast, on which clock, in what share of cases. Empty channel or priority: any."""

    class Clock(models.TextChoices):
        BUSINESS = "business"
        ELAPSED = "elapsed"

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="targets")
    kind = models.CharField(max_length=30)  # a promise kind: acknowledge, next_reply, resolve, commitment, progress, colleague
    channel = models.CharField(max_length=20, blank=True)
    priority = models.CharField(max_length=10, blank=True)
    minutes = models.PositiveIntegerField()
    clock = models.CharField(max_length=8, choices=Clock, default=Clock.BUSINESS)
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # percent that must be kept
    strict_minutes = models.PositiveIntegerField(null=True)  # the second, stricter level
    strict_share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    average_minutes = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "kind", "channel", "priority"], name="target_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="target_above_zero"),
        ]
