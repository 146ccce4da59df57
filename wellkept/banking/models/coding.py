from __future__ import annotations

from django.db import models
from django.db.models import Q


class Suggestion(models.Model):
    """What the machine thinks of a line, and why. It may think again while the line waits; then it is kept as it stood."""

    line = models.ForeignKey("banking.BankLine", on_delete=models.PROTECT, related_name="suggestions")
    made_at = models.DateTimeField()
    source = models.CharField(max_length=10)  # memory, rule, transfer, refund, answer
    choices = models.JSONField()  # [{account, tax_code, confidence, basis: [...]}], best first, three at most
    payee_seen = models.BooleanField(default=False)
    threshold = models.PositiveIntegerField(null=True)  # what it took to decide alone then, in millionths


class Batch(models.Model):
    """The lines approved in one stroke."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    lines = models.PositiveIntegerField()
    undone_at = models.DateTimeField(null=True)


class Coding(models.Model):
    """A line was given its meaning and posted. Undone: the entry was reversed and the line waits again."""

    class How(models.TextChoices):
        CHOICE = "choice"  # a suggestion was accepted
        OWN = "own"  # the person named another account
        SPLIT = "split"
        TRANSFER = "transfer"
        RULE = "rule"
        MATCH = "match"  # the book had it already: the line is that posting, and nothing was posted
        ANSWER = "answer"  # the client said
        MACHINE = "machine"  # under the measured right to decide alone

    line = models.ForeignKey("banking.BankLine", on_delete=models.PROTECT, related_name="codings")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("ledger.Account", null=True, on_delete=models.PROTECT, related_name="+")  # none: split
    tax_code = models.ForeignKey("ledger.TaxCode", null=True, on_delete=models.PROTECT, related_name="+")
    payee = models.CharField(max_length=200, blank=True)  # as the person corrected it
    how = models.CharField(max_length=8, choices=How)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    suggestion = models.ForeignKey(Suggestion, null=True, on_delete=models.PROTECT, related_name="+")
    suggested_rank = models.PositiveSmallIntegerField(null=True)  # 1 to 3 where it was among the suggestions
    confidence = models.PositiveIntegerField(default=0)  # of the first choice then, in millionths
    rule = models.ForeignKey("banking.Rule", null=True, on_delete=models.PROTECT, related_name="codings")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="codings")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    reversal = models.ForeignKey("ledger.Entry", null=True, on_delete=models.PROTECT, related_name="+")
    posting = models.ForeignKey("ledger.Posting", null=True, on_delete=models.PROTECT, related_name="+")  # of a match
    other_leg = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+"
    )  # posted on its own day

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(undone_at=None), name="line_coded_once"),
            models.UniqueConstraint(
                fields=["posting"], condition=Q(undone_at=None, posting__isnull=False), name="posting_matched_once"
            ),
            models.CheckConstraint(condition=Q(posting=None) | Q(how="match"), name="coding_matched_to_posting"),
        ]
        indexes = [
            models.Index(fields=["client", "-decided_at"], name="coding_of_client"),
            models.Index(fields=["entry"], name="coding_of_entry"),
        ]

    @property
    def by_machine(self) -> bool:
        """Nobody looked: under the measured right to decide alone, a transfer as well."""
        return self.decided_by_id is None


class Rule(models.Model):
    """If a line looks so, it is coded so. Of one client, or of the whole firm (then its account is a code)."""

    client = models.ForeignKey("clients.Client", null=True, on_delete=models.PROTECT, related_name="coding_rules")
    name = models.CharField(max_length=80)
    why = models.CharField(max_length=300)
    priority = models.PositiveSmallIntegerField(default=100)  # the lowest speaks first
    conditions = (
        models.JSONField()
    )  # {text, starts, counterparty, at_least_minor, at_most_minor, direction, bank_account}
    account_code = models.CharField(max_length=20)
    tax_code = models.CharField(max_length=20, blank=True)
    parts = models.JSONField(default=list)  # [{account_code, tax_code, share (basis points)}] when it splits
    payee = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["priority", "id"]
        indexes = [models.Index(fields=["client", "priority"], condition=Q(retired_at=None), name="rule_in_force")]


class RuleTally(models.Model):
    """How often a rule decided for a client, and how often that was left as it said: a roll-up of the codings."""

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="tallies")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    decided = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "client"], name="rule_tally_once")]


class Remembered(models.Model):
    """The counting memory: how often a trait of a line went to an account of this client."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    key = models.BigIntegerField()  # which trait of a line, as a number of 63 bits
    code = models.CharField(max_length=40)  # account, or account/tax code, by their ids
    hits = models.PositiveIntegerField()
    weight = models.FloatField()  # doubles with every half-life, so that old approvals fade without being touched
    last_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key", "code"], name="remembered_once")]


class Learned(models.Model):
    """What else the model of a client has learned (its ranker, its calibration): a roll-up, rebuilt from the codings."""

    client = models.OneToOneField("clients.Client", on_delete=models.PROTECT, related_name="+")
    state = models.JSONField(default=dict)
    learned_until = models.BigIntegerField(default=0)  # the last coding counted
    learned_at = models.DateTimeField()


class Automation(models.Model):
    """May the machine decide alone for this client, and under which measured error."""

    client = models.OneToOneField("clients.Client", on_delete=models.PROTECT, related_name="coding_automation")
    allowed_at = models.DateTimeField(null=True)
    allowed_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    limit = models.PositiveIntegerField(default=10_000)  # the error allowed, in millionths
    threshold = models.PositiveIntegerField(null=True)  # the confidence it takes; none: it may not
    measured_error = models.PositiveIntegerField(null=True)  # above the threshold, in millionths
    measured_lines = models.PositiveIntegerField(default=0)
    measured_at = models.DateTimeField(null=True)
    excluded = models.JSONField(default=list)  # accounts whose own suggestions went wrong: their meaning has changed
    because = models.CharField(max_length=30, blank=True)  # few, drift: why it may not


class CodingMonth(models.Model):
    """How well the suggestions did in a month of decisions: a roll-up, rebuilt from the codings."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    lines = models.PositiveIntegerField(default=0)
    first = models.PositiveIntegerField(default=0)  # the first suggestion was right
    top_three = models.PositiveIntegerField(default=0)
    unseen = models.PositiveIntegerField(default=0)  # lines of a payee never seen before
    unseen_first = models.PositiveIntegerField(default=0)
    alone = models.PositiveIntegerField(default=0)  # decided by the machine
    alone_wrong = models.PositiveIntegerField(default=0)  # of these, put right later
    coverage_one = models.PositiveIntegerField(default=0)  # lines that could have been decided alone at 1% error
    coverage_two = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "month"], name="coding_month_once")]
