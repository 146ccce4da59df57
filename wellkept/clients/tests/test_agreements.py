"""What is promised: versions, refusals, and which target counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from wellkept.clients import actions, queries, terms
from wellkept.clients.actions import DAY, HOUR, MINUTE, TargetDraft
from wellkept.clients.models import Agreement, Target
from wellkept.clients.tests.books import Books
from wellkept.core.models import Fact
from wellkept.core.refusals import NotYours
from wellkept.people.tests.desk import NOW


def draw_up(books: Books, *targets: TargetDraft, client: object = None, **said: object) -> object:
    return actions.draw_up_agreement(
        client=client,
        name="Standard",
        targets=targets,
        by=books.desk.ada,
        at=NOW,
        **said,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("kind", "channel", "priority", "seconds"),
    [
        ("acknowledge", "email", "", 2 * HOUR),  # the client's own, for the channel
        ("acknowledge", "email", "urgent", 30 * MINUTE),  # channel and priority
        ("acknowledge", "phone", "urgent", HOUR),  # priority alone
        ("acknowledge", "phone", "", 3 * HOUR),  # the client's own for any
        ("resolve", "email", "", 40 * HOUR),  # the firm's default
        ("progress", "email", "", None),  # nobody promises this
    ],
)
@pytest.mark.req("P6")
def test_the_most_specific_target_counts(
    books: Books, kind: str, channel: str, priority: str, seconds: int | None
) -> None:
    draw_up(
        books,
        TargetDraft("acknowledge", 4 * HOUR),
        TargetDraft("acknowledge", 5 * MINUTE, channel="email", priority="urgent"),
        TargetDraft("resolve", 40 * HOUR),
    )
    draw_up(
        books,
        TargetDraft("acknowledge", 3 * HOUR),
        TargetDraft("acknowledge", 2 * HOUR, channel="email"),
        TargetDraft("acknowledge", HOUR, priority="urgent"),
        TargetDraft("acknowledge", 30 * MINUTE, channel="email", priority="urgent"),
        client=books.bakery,
    )

    choice = queries.target_for(books.bakery, kind, channel, priority)

    assert (choice.target.seconds if choice else None) == seconds


@pytest.mark.req("P6")
def test_each_client_has_its_own_service_level(books: Books) -> None:
    draw_up(books, TargetDraft("acknowledge", 3 * HOUR), pauses_while_waiting=True)
    draw_up(
        books,
        TargetDraft("acknowledge", HOUR),
        client=books.bakery,
        pauses_while_waiting=False,
        machine_may_acknowledge=True,
    )

    mine = queries.target_for(books.bakery.pk, "acknowledge", "email", "")
    theirs = queries.target_for(books.vineyard, "acknowledge", "email", "")
    nobodys = queries.target_for(None, "acknowledge", "email", "")

    assert mine and (mine.target.seconds, mine.pauses_while_waiting, mine.machine_may_acknowledge) == (
        HOUR,
        False,
        True,
    )
    assert theirs and (theirs.target.seconds, theirs.pauses_while_waiting) == (3 * HOUR, True)
    assert nobodys and nobodys.target.seconds == 3 * HOUR


def test_targets_are_read_once_a_version(
    books: Books, django_assert_num_queries: Any, django_capture_on_commit_callbacks: Any
) -> None:
    draw_up(books, TargetDraft("acknowledge", 3 * HOUR))
    with django_capture_on_commit_callbacks(execute=True):
        queries.target_for(books.bakery, "acknowledge")

    with django_assert_num_queries(1):
        known = queries.target_for(books.bakery, "acknowledge")
    draw_up(books, TargetDraft("acknowledge", HOUR))
    changed = queries.target_for(books.bakery, "acknowledge")

    assert known is not None and known.target.seconds == 3 * HOUR
    assert changed is not None and changed.target.seconds == HOUR


def test_what_is_not_committed_is_not_remembered(books: Books, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(LookupError), transaction.atomic():
        draw_up(books, TargetDraft("acknowledge", 3 * HOUR))
        queries.target_for(books.bakery, "acknowledge")
        raise LookupError

    assert not terms.remembered


def test_an_edit_is_a_new_version_and_the_old_one_stays(books: Books) -> None:
    first = draw_up(books, TargetDraft("acknowledge", 3 * HOUR))
    second = draw_up(books, TargetDraft("acknowledge", HOUR))

    agreement = queries.default_agreement()
    assert agreement is not None and queries.current_version(agreement) == second
    assert [target.seconds for target in first.targets.all()] == [3 * HOUR]  # type: ignore[attr-defined]
    choice = queries.target_for(books.bakery, "acknowledge")
    assert choice is not None and choice.target.seconds == HOUR
    assert [fact.data["version"] for fact in Fact.objects.filter(name="agreement.changed")] == [first.pk, second.pk]  # type: ignore[attr-defined]


def test_there_is_one_default_agreement(books: Books) -> None:
    draw_up(books, TargetDraft("acknowledge", 3 * HOUR))

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(client=None, name="Another")


@pytest.mark.parametrize(
    "draft",
    [
        TargetDraft("acknowledge", 0),
        TargetDraft("acknowledge", -5),
        TargetDraft("acknowledge", 366 * DAY + 1),
        TargetDraft("acknowledge", HOUR, share=Decimal(0)),
        TargetDraft("acknowledge", HOUR, share=Decimal("100.01")),
        TargetDraft("acknowledge", HOUR, share=Decimal("NaN")),
        TargetDraft("acknowledge", HOUR, share=Decimal("99.999")),
        TargetDraft("acknowledge", HOUR, average_seconds=0),
        TargetDraft("acknowledge", HOUR, clock="lunar"),
        TargetDraft("Acknowledge it", 60),
        TargetDraft("acknowledge", HOUR, channel="e mail"),
        TargetDraft("acknowledge", HOUR, strict_seconds=90 * MINUTE),
        TargetDraft("acknowledge", HOUR, strict_seconds=0),
        TargetDraft("acknowledge", HOUR, share=Decimal(80), strict_seconds=HOUR, strict_share=Decimal(80)),
        TargetDraft("acknowledge", HOUR, share=Decimal(80), strict_share=Decimal(70)),
    ],
)
def test_a_target_nobody_could_keep_is_refused(books: Books, draft: TargetDraft) -> None:
    with pytest.raises(actions.TargetUnclear):
        draw_up(books, draft)
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    "draft",
    [
        TargetDraft("answer_call", MINUTE, share=Decimal(80), strict_share=Decimal(90)),
        TargetDraft("acknowledge", 3 * HOUR, share=Decimal(90), strict_seconds=HOUR, strict_share=Decimal(90)),
        TargetDraft("acknowledge", DAY, clock="elapsed", share=Decimal("99.95"), average_seconds=DAY),
    ],
)
def test_a_second_level_asks_more(books: Books, draft: TargetDraft) -> None:
    draw_up(books, draft)

    assert Target.objects.get().seconds == draft.seconds


def test_a_target_is_set_once(books: Books) -> None:
    with pytest.raises(actions.TargetUnclear, match="two targets"):
        draw_up(books, TargetDraft("acknowledge", HOUR), TargetDraft("acknowledge", 90 * MINUTE))


def test_only_administrators_promise(books: Books) -> None:
    with pytest.raises(NotYours):
        actions.draw_up_agreement(client=books.bakery, name="Mine", targets=[], by=books.desk.leo, at=NOW)


def test_agreements_are_seen_within_scope(books: Books) -> None:
    draw_up(books, TargetDraft("acknowledge", 3 * HOUR))
    draw_up(books, TargetDraft("acknowledge", HOUR), client=books.bakery)
    draw_up(books, TargetDraft("acknowledge", HOUR), client=books.vineyard)

    assert {agreement.client for agreement in queries.agreements_for(books.desk.zoe)} == {None, books.vineyard}
