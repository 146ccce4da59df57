"""Who may call, how a no looks, and how a write is done once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Wire

from wellkept.api.tests.caller import Caller, Callers, body
from wellkept.conversations.models import Message
from wellkept.core.allowance import MOST_CALLERS, Allowance
from wellkept.core.clock import now
from wellkept.people import actions as people
from wellkept.people.models import Once

PROBLEM = "application/problem+json"


def test_me(callers: Callers) -> None:
    assert body(callers.ana.get("/me"))["email"] == "ana@lantern.example"


@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer wk_nothing", "Basic YTpi", "Bearer wk_x y", "Bearer " + "x" * 5000]
)
def test_a_call_without_a_living_token_is_told_how_to_send_one(db: None, given: str) -> None:
    answer = Wire(headers={"authorization": given}).get("/api/v1/me")

    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert body(answer)["code"] == "no-token"


def test_a_signed_in_browser_is_not_a_token(callers: Callers) -> None:
    wire = Wire()
    wire.force_login(callers.world.ana)

    assert wire.get("/api/v1/me").status_code == 401


def test_a_revoked_expired_or_orphaned_token_ends_at_once(callers: Callers) -> None:
    world = callers.world
    people.revoke_api_token(token=callers.ana.row, by=world.ana, at=now())
    assert callers.ana.get("/me").status_code == 401

    _row, clear = people.new_api_token(
        staff=world.leo, name="old", by=world.leo, at=now(), expires_at=now() - timedelta(seconds=1)
    )
    assert Wire(headers={"authorization": f"Bearer {clear}"}).get("/api/v1/me").status_code == 401

    ruth = Caller(world.ruth, now())
    people.deactivate(staff=world.ruth, taker=world.admin, by=world.admin, at=now())
    assert ruth.get("/me").status_code == 401


def test_what_does_not_exist_is_a_problem_too(callers: Callers) -> None:
    for path in ("/nothing", "/clients/999999", "/figures/none?since=2026-01-01&until=2026-02-01", "/clients/1/2"):
        answer = callers.ana.wire.get(f"/api/v1{path}")
        assert (answer.status_code, answer["Content-Type"], body(answer)["status"]) == (404, PROBLEM, 404)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/clients?limit=0", "limit"),
        ("/clients?limit=x", "limit"),
        ("/clients?after=%00", "after"),
        ("/clients/0", "id"),
        ("/clients/99999999999999999999", "id"),
        ("/facts?since=2026-01-01T00:00:00", "since"),
        ("/facts?since=0001-01-01T00:00:00%2B14:00", "since"),
        ("/facts?name=x", "name"),
        ("/figures", "since"),
        ("/promises?view=nobody", "view"),
    ],
)
def test_what_cannot_be_used_is_named(callers: Callers, path: str, field: str) -> None:
    answer = callers.ana.wire.get(f"/api/v1{path}")

    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    assert field in {error["field"].rpartition(".")[2] for error in body(answer)["errors"]}


@pytest.mark.parametrize(
    "cursor", ["AAAA", "Li4u", "ZC4yMDI2LTAxLTAxVDAwOjAwOjAwLjE", "ci4wMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwLjE", "eA"]
)
@pytest.mark.parametrize("path", ["/clients", "/contacts", "/conversations", "/promises", "/facts"])
def test_a_cursor_somebody_made_up_is_refused(callers: Callers, path: str, cursor: str) -> None:
    assert callers.ana.get(path, after=cursor).status_code == 422


def test_a_body_that_is_no_json_is_refused(callers: Callers) -> None:
    path = f"/conversations/{callers.conversation.pk}/notes"

    for sent in (b"", b"{", b"[]", b"\xff\xfe", b'{"text": "\\ud800"}', b'{"text": "a\\u0000b"}', b'{"text": 1}'):
        answer = callers.ana.post(path, sent)
        assert (answer.status_code, answer["Content-Type"]) in {(422, PROBLEM), (400, PROBLEM)}, sent


def test_a_refusal_is_a_sentence_with_a_stable_code(callers: Callers) -> None:
    path = f"/promises/{callers.promise.pk}/extensions"

    answer = callers.ana.post(path, {"due_at": "2026-01-01T09:00:00+13:00", "reason": "Late"})

    assert (answer.status_code, body(answer)["code"]) == (422, "due-in-the-past")
    assert body(answer)["errors"] == [{"field": "due_at", "detail": body(answer)["detail"]}]


def test_words_are_in_the_callers_language(callers: Callers) -> None:
    people.change_preferences(staff=callers.world.ana, language="pt-br", by=callers.world.ana, at=now())

    answer = callers.ana.get("/nothing")

    assert answer["Content-Language"] in ("pt-br", "en")  # the words themselves wait for their translation


def test_the_same_key_writes_once_and_answers_twice(callers: Callers) -> None:
    path = f"/conversations/{callers.conversation.pk}/notes"

    first = callers.ana.post(path, {"text": "Once"}, idempotency_key="k-1")
    second = callers.ana.post(path, {"text": "Once"}, idempotency_key="k-1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert body(first) == body(second)
    assert Message.objects.filter(kind="note", text="Once").count() == 1


def test_a_key_stands_for_one_request_of_one_person(callers: Callers) -> None:
    path = f"/conversations/{callers.conversation.pk}/notes"
    callers.ana.post(path, {"text": "Once"}, idempotency_key="k-1")

    other_words = callers.ana.post(path, {"text": "Twice"}, idempotency_key="k-1")
    other_person = callers.admin.post(path, {"text": "Once"}, idempotency_key="k-1")

    assert (other_words.status_code, body(other_words)["code"]) == (422, "key-used-for-another")
    assert other_person.status_code == 201
    assert callers.ana.post(path, {"text": "x"}, idempotency_key="k" * 101).status_code == 422


def test_a_refused_write_may_be_tried_again_under_its_key(callers: Callers) -> None:
    path = f"/promises/{callers.promise.pk}/extensions"
    too_early = {"due_at": "2026-01-01T09:00:00+13:00", "reason": "Late"}

    assert callers.ana.post(path, too_early, idempotency_key="k-2").status_code == 422
    assert not Once.objects.exists()
    good = {"due_at": callers.open_hour(5).isoformat(), "reason": "Late"}
    assert callers.ana.post(path, good, idempotency_key="k-2").status_code == 201


def test_keys_are_forgotten_after_a_week(callers: Callers) -> None:
    callers.ana.post(f"/conversations/{callers.conversation.pk}/notes", {"text": "Once"}, idempotency_key="k-1")

    assert people.forget_old_keys(at=now() + timedelta(days=6)) == 0
    assert people.forget_old_keys(at=now() + timedelta(days=8)) == 1


def test_too_many_calls_with_one_token_are_told_when_to_come_back(callers: Callers, settings: object) -> None:
    settings.API_REQUESTS_A_MINUTE = 5  # type: ignore[attr-defined]

    answers = [callers.ana.get("/me") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert (answers[-1]["Content-Type"], int(answers[-1]["Retry-After"]) > 0) == (PROBLEM, True)
    assert callers.admin.get("/me").status_code == 200


def test_an_allowance_refills_and_forgets_the_oldest_callers() -> None:
    allowance = Allowance()

    assert [allowance.take("a", 60) for _ in range(61)] == [0] * 60 + [1]
    for caller in range(MOST_CALLERS + 5):
        allowance.take(str(caller), 60)
    assert len(allowance._buckets) == MOST_CALLERS


def test_pages_lead_from_one_to_the_next(callers: Callers) -> None:
    seen, after = [], None
    while True:
        page = body(callers.admin.get("/contacts", limit=1, **({"after": after} if after else {})))
        seen += [row["id"] for row in page["items"]]
        after = page["next"]
        if after is None:
            break

    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 3


def test_a_bug_is_a_problem_without_its_insides() -> None:
    from django.test import RequestFactory

    from wellkept.api.v1 import api

    answer = api.on_exception(RequestFactory().get("/api/v1/me"), RuntimeError("secret insides"))

    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
    assert b"secret" not in answer.content


def test_a_reply_that_says_what_was_read_is_refused_where_more_came(callers: Callers) -> None:
    path, newest = f"/conversations/{callers.conversation.pk}/replies", callers.conversation.messages.get().pk
    subject = f"[#{callers.conversation.public_id}]"
    again = callers.world.received(callers.world.from_mina("And the payroll?", subject=subject), at=now())
    sent = {"text": "Yes.", "follow_up": {"kind": "nothing"}, "seen": newest}

    refused = callers.ana.post(path, sent)

    assert (refused.status_code, body(refused)["code"]) == (422, "wrote-again")
    assert callers.ana.post(path, {**sent, "seen": again.pk}).status_code == 201
