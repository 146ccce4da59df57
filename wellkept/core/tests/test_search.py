from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import at
from wellkept.core import search
from wellkept.core.models import SearchDocument

NOON = at("2026-03-06 12:00")
pytestmark = pytest.mark.django_db


def put(number: int, title: str, body: str = "", *, client: int | None = 1, kind: str = "conversation") -> None:
    search.index(kind=kind, object_id=number, client=client, title=title, body=body, at=NOON)


def found(
    words: str, *, clients: list[int] | None = None, without_client: bool = True, kinds: tuple[str, ...] = ()
) -> list[int]:
    return [hit.object_id for hit in search.find(words, clients=clients, without_client=without_client, kinds=kinds)]


@pytest.fixture
def shelf() -> None:
    put(1, "GST on the oven", "Can we claim the GST on invoice INV-2044 for the new oven?")
    put(2, "Ação de cobrança", "A situação do cliente é a mesma. Müller schrieb aus Zürich.", client=2)
    put(3, "Payroll run", "The payroll of 6,900.00 was paid twice, mina@harbourlane.example says.")
    put(4, "Firm notice", "The oven in the kitchen is broken", client=None, kind="note")


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("oven", [4, 1]),
        ("OVEN gst", [1]),
        ("acao", [2]),
        ("AÇÃO", [2]),
        ("situacao zurich", [2]),
        ("muller", [2]),
        ("inv-2044", [1]),
        ("2044", [1]),
        ("204", [1]),
        ("pay", [3]),
        ("payr* twice", [3]),
        ("pay twice", []),
        ('"paid twice"', [3]),
        ('"twice paid"', []),
        ('"new oven', [1]),
        ("6,900.00", [3]),
        ("mina@harbourlane.example", [3]),
        ("harbourlane", [3]),
        ("nothing", []),
        ("", []),
        ("  *  ", []),
        ('""', []),
    ],
)
def test_words_find_what_they_mean(shelf: None, words: str, numbers: list[int]) -> None:
    assert found(words) == numbers


def test_a_viewer_finds_only_what_is_theirs(shelf: None) -> None:
    assert found("oven", clients=[1], without_client=False) == [1]
    assert found("oven", clients=[2], without_client=False) == []
    assert found("oven", clients=[], without_client=True) == [4]
    assert found("oven", clients=[], without_client=False) == []
    assert found("wkc2", clients=[1]) == []
    assert found("acao) OR (wkc2", clients=[1]) == []


def test_a_viewer_of_many_clients_finds_only_theirs(shelf: None) -> None:
    many = list(range(2, 400))
    assert found("oven", clients=[1, *many], without_client=False) == [1]
    assert found("oven", clients=[1, *many], without_client=True) == [4, 1]
    assert found("oven", clients=many, without_client=False) == []
    assert found("acao", clients=many, kinds=("conversation",)) == [2]


def test_kinds_narrow(shelf: None) -> None:
    assert found("oven", kinds=("note",)) == [4]
    assert found("oven", kinds=("note", "conversation")) == [4, 1]
    assert search.find_ids("oven", clients=None, without_client=True, kind="conversation") == [1]


def test_the_newest_change_comes_first_and_replaces_the_older(shelf: None) -> None:
    put(1, "The oven again", "Still no answer about the stove")

    assert found("oven") == [1, 4]
    assert found("invoice") == []
    assert SearchDocument.objects.filter(object_id=1).count() == 1


def test_what_is_forgotten_is_not_found(shelf: None) -> None:
    search.forget(kind="conversation", object_id=1)
    assert found("oven") == [4]


def test_marks_and_snippet_show_where(shelf: None) -> None:
    put(9, "Zürich, und Über", f"{'before ' * 60}the Überweisung came late {'after ' * 60}")
    [hit] = search.find("zurich uberweis", clients=None, without_client=True)

    assert [hit.title[start:end] for start, end in hit.title_marks] == ["Zürich"]
    assert [hit.snippet[start:end] for start, end in hit.snippet_marks] == ["Überweisung"]
    assert hit.snippet.startswith("… ") and hit.snippet.endswith(" …")
    assert len(hit.snippet) < 180


def test_names_find_but_are_not_shown(db: None) -> None:
    search.index(
        kind="letter", object_id=9, client=1, title="Oven", body="Was it private?", names="7k3qx9mdab Mina", at=NOON
    )

    [hit] = search.find("7k3qx9mdab mina", clients=[1], without_client=False)

    assert (hit.object_id, hit.snippet, hit.snippet_marks) == (9, "Was it private?", ())


def test_text_that_databases_dislike_is_taken(shelf: None) -> None:
    put(20, "nul \x00 byte", "x" * 50_000 + " \ud7ff 漢字 " + "́" * 10)
    put(21, "漢字かな", "Ελληνικά Кириллица हिन्दी")
    assert found("nul") == [20]
    assert found("кирил") == [21]
    assert found("漢字") == [21, 20] or found("漢字") == [21]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=60) | st.text(alphabet="\"'*():-^~&|!<>%_\\ ab{}.,+", max_size=30))
def test_nothing_a_person_types_is_an_error(shelf: None, words: str) -> None:
    found(words)
    found(words, clients=[1, 2], kinds=("conversation",))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=80))
def test_every_word_that_goes_in_is_found(db: None, text: str) -> None:
    put(50, text)
    for token, _, _ in search.fold(text.replace("\x00", " ")):
        assert 50 in found(f'"{token}"'), (text, token)
