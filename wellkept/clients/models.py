from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower


class Client(models.Model):
    """An organisation whose books we keep."""

    name = models.CharField(max_length=160)
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
        constraints = [models.UniqueConstraint(Lower("name"), name="client_name_once")]

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
        constraints = [
            # A mail address tells whose mail it is; a switchboard's number may be several people's.
            models.UniqueConstraint(fields=["value"], condition=Q(kind="email"), name="address_once"),
            models.UniqueConstraint(fields=["contact", "kind", "value"], name="address_once_a_contact"),
        ]
        indexes = [models.Index(fields=["kind", "value"], name="address_found")]


class Nuance(models.Model):
    """What everyone who works for this client must know."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="nuances")
    text = models.TextField()
    written_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["client", "id"], condition=Q(retired_at=None), name="nuance_current")]


class Agreement(models.Model):
    """What was promised to one client, or to everyone (`client` empty: the firm's default)."""

    client = models.OneToOneField(Client, null=True, on_delete=models.PROTECT, related_name="agreement")
    name = models.CharField(max_length=80)

    class Meta:
        # An absent client counts as client 0, so that there is one default; NULLS NOT DISTINCT is unknown to SQLite.
        constraints = [models.UniqueConstraint(Coalesce("client", 0), name="one_default_agreement")]

    def __str__(self) -> str:
        return self.name


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
    kind = models.CharField(
        max_length=30
    )  # a promise kind: acknowledge, next_reply, resolve, commitment, progress, colleague
    channel = models.CharField(max_length=20, blank=True)
    priority = models.CharField(max_length=10, blank=True)
    seconds = models.PositiveIntegerField()
    clock = models.CharField(max_length=8, choices=Clock, default=Clock.BUSINESS)
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # percent that must be kept
    strict_seconds = models.PositiveIntegerField(null=True)  # the second, stricter level
    strict_share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    average_seconds = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["kind", "channel", "priority"]
        constraints = [
            models.UniqueConstraint(fields=["version", "kind", "channel", "priority"], name="target_once"),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="target_above_zero"),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=100), name="target_share_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(strict_share=None) | Q(strict_share__gt=0, strict_share__lte=100),
                name="target_strict_share_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(strict_seconds=None) | Q(strict_seconds__gt=0, strict_seconds__lte=F("seconds")),
                name="target_strict_is_stricter",
            ),
            models.CheckConstraint(
                condition=Q(average_seconds=None) | Q(average_seconds__gt=0), name="target_average_above_zero"
            ),
        ]
