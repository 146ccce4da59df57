"""What banking does when something happened here or below: decides alone, takes answers and files,
matches documents, lets signatures lapse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wellkept.banking.actions import (
    arrivals,
    batches,
    coding,
    matching,
    measuring,
    posting,
    questions,
    reconciling,
    suggesting,
)
from wellkept.core.models import Fact
from wellkept.core.reactions import reacts_to
from wellkept.people import queries as people
from wellkept.promises import kinds

OF_CODING = frozenset(
    {"code", "merged", "deactivated", "reactivated"}
)  # changes of an account that a suggestion hears of

kinds.register(
    questions.KIND,
    words=_("Question to the client"),
    keeps=_("Taking up the client's answer keeps it; until they answer its clock stands still."),
    pausable=True,
    single=True,
    seconds=8 * 3600,
    by_hand=False,
)


@reacts_to("statement_file.imported")
def hear_of_other_legs(fact: Fact) -> None:
    suggesting.hear_file(file=int(fact.data["file"]), at=fact.at)


@reacts_to("account.changed", when=lambda fact: fact.data.get("what") in OF_CODING)
def think_with_the_chart(fact: Fact) -> None:
    if fact.client is not None:
        suggesting.hear_chart(client=fact.client, at=fact.at)


@reacts_to("tax_code.added", "tax_code.retired")
def think_with_the_tax(fact: Fact) -> None:
    if fact.client is not None:
        suggesting.hear_chart(client=fact.client, at=fact.at)


@reacts_to("statement_file.imported", "coding.automation_started")
def decide_what_may_be_decided_alone(fact: Fact) -> None:
    if fact.client is not None:
        batches.decide_alone(client=fact.client, at=fact.at)


@reacts_to("coding.undone")
def lose_trust_at_once(fact: Fact) -> None:
    """What the machine decided and a person took back counts before the next line is decided."""
    if fact.client is not None and fact.data.get("by_machine"):
        measuring.measure(client=fact.client, at=fact.at)


@reacts_to("ledger.reversed")
def let_its_lines_wait_again(fact: Fact) -> None:
    """An entry was taken back by another door than the undoing of what was coded."""
    by = people.by_id(fact.by) if fact.by is not None else None
    coding.follow_reversal(entry=int(fact.data["entry"]), by=by, at=fact.at)


@reacts_to("line.coded", when=lambda fact: bool(fact.data.get("asked")))
def take_up_its_answer(fact: Fact) -> None:
    questions.settle_answered(line=int(fact.data["line"]), by=None, at=fact.at)


@reacts_to("promise.withdrawn", when=lambda fact: bool(fact.data.get("by_hand")))
def take_the_question_back(fact: Fact) -> None:
    """Nobody owes its answer any more, so nobody is reminded of it either."""
    if fact.data["subject_kind"] == questions.SUBJECT:
        questions.let_go(question_id=int(fact.data["subject_id"]), by=fact.by, at=fact.at)


@reacts_to("message.received", when=lambda fact: bool(fact.data.get("waited")))
def hear_the_answer(fact: Fact) -> None:
    questions.hear(message_id=int(fact.data["message"]), at=fact.at)


@reacts_to("message.received", when=lambda fact: bool(fact.data.get("files")))
def take_what_it_brings(fact: Fact) -> None:
    arrivals.take_mail(message_id=int(fact.data["message"]), at=fact.at)


@reacts_to("question.answered")
def take_what_was_answered_with(fact: Fact) -> None:
    arrivals.take_answer(answer_id=int(fact.data["answer"]), at=fact.at)


@reacts_to("question.answered")
def show_what_was_answered(fact: Fact) -> None:
    suggesting.hear_answer(question=int(fact.data["question"]), at=fact.at)


@reacts_to("document.read", "document.brought_back")
def find_its_line(fact: Fact) -> None:
    matching.match_document(document=int(fact.data["document"]), at=fact.at)


@reacts_to("statement.imported", when=lambda fact: bool(fact.data.get("new")))
def find_documents_of_new_lines(fact: Fact) -> None:
    matching.match_loose(statement=int(fact.data["statement"]), at=fact.at)


@reacts_to("ledger.posted", when=lambda fact: fact.data["source"] != posting.SOURCE)
def let_signatures_lapse(fact: Fact) -> None:
    """What banking posts itself lets them lapse in the same transaction."""
    data = fact.data
    reconciling.void_after_posting(book=int(data["book"]), first=int(data["first"]), last=int(data["last"]), at=fact.at)
