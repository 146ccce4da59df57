"""What is promised: versions, refusals, and which target counts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from wellkept.clients import actions, queries
from wellkept.clients.actions import TargetDraft
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
    ("kind", "channel", "priority", "minutes"),
    [
        ("acknowledge", "email", "", 120),  # the client's own, for the channel
        ("acknowledge", "email", "urgent", 30),  # channel and priority
        ("acknowledge", "phone", "urgent", 60),  # priority alone
        ("acknowledge", "phone", "", 180),  # the client's own for any
        ("resolve", "email", "", 2400),  # the firm's default
        ("progress", "email", "", None),  # nobody promises this
    ],
)
@pytest.mark.req("P6")
def test_the_most_specific_target_counts(
    books: Books, kind: str, channel: str, priority: str, minutes: int | None
) -> None:
    draw_up(
        books,
        TargetDraft("acknowledge", 240),
        TargetDraft("acknowledge", 5, channel="email", priority="urgent"),
        TargetDraft("resolve", 2400),
    )
    draw_up(
        books,
        TargetDraft("acknowledge", 180),
        TargetDraft("acknowledge", 120, channel="email"),
        TargetDraft("acknowledge", 60, priority="urgent"),
        TargetDraft("acknowledge", 30, channel="email", priority="urgent"),
        client=books.bakery,
    )

    choice = queries.target_for(books.bakery, kind, channel, priority)

    assert (choice.target.minutes if choice else None) == minutes


@pytest.mark.req("P6")
def test_each_client_has_its_own_service_level(books: Books, django_assert_num_queries: object) -> None:
    draw_up(books, TargetDraft("acknowledge", 180), pauses_while_waiting=True)
    draw_up(
        books,
        TargetDraft("acknowledge", 60),
        client=books.bakery,
        pauses_while_waiting=False,
        machine_may_acknowledge=True,
    )

    with django_assert_num_queries(1):  # type: ignore[operator]
        mine = queries.target_for(books.bakery.pk, "acknowledge", "email", "")
    theirs = queries.target_for(books.vineyard, "acknowledge", "email", "")
    nobodys = queries.target_for(None, "acknowledge", "email", "")

    assert mine and (mine.target.minutes, mine.pauses_while_waiting, mine.machine_may_acknowledge) == (60, False, True)
    assert theirs and (theirs.target.minutes, theirs.pauses_while_waiting) == (180, True)
    assert nobodys and nobodys.target.minutes == 180


def test_an_edit_is_a_new_version_and_the_old_one_stays(books: Books) -> None:
    first = draw_up(books, TargetDraft("acknowledge", 180))
    second = draw_up(books, TargetDraft("acknowledge", 60))

    agreement = queries.default_agreement()
    assert agreement is not None and queries.current_version(agreement) == second
    assert [target.minutes for target in first.targets.all()] == [180]  # type: ignore[attr-defined]
    choice = queries.target_for(books.bakery, "acknowledge")
    assert choice is not None and choice.target.minutes == 60
    assert [fact.data["version"] for fact in Fact.objects.filter(name="agreement.changed")] == [first.pk, second.pk]  # type: ignore[attr-defined]


def test_there_is_one_default_agreement(books: Books) -> None:
    draw_up(books, TargetDraft("acknowledge", 180))

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(client=None, name="Another")


@pytest.mark.parametrize(
    "draft",
    [
        TargetDraft("acknowledge", 0),
        TargetDraft("acknowledge", -5),
        TargetDraft("acknowledge", 366 * 24 * 60 + 1),
        TargetDraft("acknowledge", 60, share=Decimal(0)),
        TargetDraft("acknowledge", 60, share=Decimal("100.01")),
        TargetDraft("acknowledge", 60, share=Decimal("NaN")),
        TargetDraft("acknowledge", 60, share=Decimal("99.999")),
        TargetDraft("acknowledge", 60, average_minutes=0),
        TargetDraft("acknowledge", 60, clock="lunar"),
        TargetDraft("Acknowledge it", 60),
        TargetDraft("acknowledge", 60, channel="e mail"),
        TargetDraft("acknowledge", 60, strict_minutes=90),
        TargetDraft("acknowledge", 60, strict_minutes=0),
        TargetDraft("acknowledge", 60, share=Decimal(80), strict_minutes=60, strict_share=Decimal(80)),
        TargetDraft("acknowledge", 60, share=Decimal(80), strict_share=Decimal(70)),
    ],
)
def test_a_target_nobody_could_keep_is_refused(books: Books, draft: TargetDraft) -> None:
    with pytest.raises(actions.TargetUnclear):
        draw_up(books, draft)
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    "draft",
    [
        TargetDraft("answer_call", 1, share=Decimal(80), strict_share=Decimal(90)),
        TargetDraft("acknowledge", 180, share=Decimal(90), strict_minutes=60, strict_share=Decimal(90)),
        TargetDraft("acknowledge", 1440, clock="elapsed", share=Decimal("99.95"), average_minutes=1440),
    ],
)
def test_a_second_level_asks_more(books: Books, draft: TargetDraft) -> None:
    draw_up(books, draft)

    assert Target.objects.get().minutes == draft.minutes


def test_a_target_is_set_once(books: Books) -> None:
    with pytest.raises(actions.TargetUnclear, match="two targets"):
        draw_up(books, TargetDraft("acknowledge", 60), TargetDraft("acknowledge", 90))


def test_only_administrators_promise(books: Books) -> None:
    with pytest.raises(NotYours):
        actions.draw_up_agreement(client=books.bakery, name="Mine", targets=[], by=books.desk.leo, at=NOW)


def test_agreements_are_seen_within_scope(books: Books) -> None:
    draw_up(books, TargetDraft("acknowledge", 180))
    draw_up(books, TargetDraft("acknowledge", 60), client=books.bakery)
    draw_up(books, TargetDraft("acknowledge", 60), client=books.vineyard)

    assert {agreement.client for agreement in queries.agreements_for(books.desk.zoe)} == {None, books.vineyard}
