from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from tests.world import World, office
from wellkept.connectors.email import taking
from wellkept.conversations.models import Message

from .letters import letter

NOON = office("mon 12:00")


def test_a_letter_from_a_file_says_what_became_of_it(world: World) -> None:
    assert taking.take_file(letter(), at=NOON) == "taken in: “GST on the oven”"
    assert taking.take_file(letter(), at=NOON) == "taken in before; nothing changed"
    assert taking.take_file(b"Received: x\r\n" + letter(), at=NOON) == "a copy of a mail we have; nothing changed"
    assert taking.take_file(letter(sender=None), at=NOON).startswith("in quarantine: The mail has no From line")
    assert Message.objects.filter(kind=Message.Kind.INBOUND).count() == 1


def test_every_letter_of_a_place_is_found_in_order(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "maildir")
    box.add(letter("one"))
    box.add(letter("two"))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "b.eml").write_bytes(letter("b"))
    (tmp_path / "folder" / "a.eml").write_bytes(letter("a"))
    (tmp_path / "folder" / "picture.png").write_bytes(b"no letter")
    with_separators = mailbox.mbox(tmp_path / "old.mbox")
    with_separators.add(letter("x"))
    with_separators.add(letter("y"))
    with_separators.close()

    assert len(list(taking.letters(tmp_path / "maildir"))) == 2
    assert [name for name, _ in taking.letters(tmp_path / "folder")] == ["a.eml", "b.eml"]
    assert [name for name, _ in taking.letters(tmp_path / "folder" / "a.eml")] == ["a.eml"]
    assert [b"\nx" in raw.replace(b"\r", b"") for _, raw in taking.letters(tmp_path / "old.mbox")] == [True, False]


@pytest.mark.parametrize("place", ["nowhere", "."])
def test_a_place_without_letters_is_a_sentence(tmp_path: Path, place: str) -> None:
    with pytest.raises(taking.NothingToTake):
        list(taking.letters(tmp_path / place))
