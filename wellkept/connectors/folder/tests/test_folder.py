"""The watched folder, on a real disk: settled files are taken once, everything else is left or refused with a sentence."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.world import World
from wellkept.banking.actions import arrivals, importing
from wellkept.banking.models import Document, StatementFile
from wellkept.banking.tests.desk import Desk, bakery_desk, ofx
from wellkept.banking.tests.papers import CAFE, PNG, pdf
from wellkept.connectors.folder import schedules
from wellkept.connectors.folder.watching import Round, Watch
from wellkept.core import files

COFFEE = ("2026-03-09", "KOWHAI CAFE WELLIN", "-16.50")


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


@pytest.fixture
def folder(desk: Desk, tmp_path: Path, settings: object) -> Path:
    made = tmp_path / "incoming" / desk.world.bakery.public_id
    made.mkdir(parents=True)
    settings.INCOMING = tmp_path / "incoming"
    return made


def rounds(watch: Watch, folder: Path, world: World, count: int = 2) -> Round:
    for number in range(count):
        done = watch.go_round(folder.parent, at=world.start + timedelta(seconds=30 * number))
    return done


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []


@pytest.mark.req("B5")
def test_a_bank_file_and_a_receipt_are_taken_once_they_are_finished(folder: Path, world: World) -> None:
    (folder / "march.ofx").write_bytes(ofx([COFFEE]))
    (folder / "cafe.pdf").write_bytes(pdf(CAFE))
    (folder / "photo.png").write_bytes(PNG)
    watch = Watch()

    first = rounds(watch, folder, world, 1)
    assert (first.taken, first.waiting) == (0, 3) and not Document.objects.exists()
    assert rounds(watch, folder, world, 1).taken == 3

    file = StatementFile.objects.get()
    assert (file.name, file.arrived_by, file.client) == ("march.ofx", "folder", world.bakery)
    assert sorted(Document.objects.values_list("name", "arrived_by")) == [
        ("cafe.pdf", "folder"),
        ("photo.png", "folder"),
    ]
    assert names(folder) == ["taken"] and names(folder / "taken") == ["cafe.pdf", "march.ofx", "photo.png"]
    importing.import_file(file=file, by=world.ana, at=world.start)
    assert file.new_lines == 1


def test_a_file_that_grows_or_is_open_for_writing_waits(folder: Path, world: World) -> None:
    watch, path = Watch(), folder / "cafe.pdf"
    path.write_bytes(b"%PDF-")
    rounds(watch, folder, world, 1)
    with path.open("ab") as out:
        assert rounds(watch, folder, world, 1).taken == 0
        out.write(pdf(CAFE)[5:])
        out.flush()
        os.fsync(out.fileno())
        assert rounds(watch, folder, world, 2).waiting == 1
    assert rounds(watch, folder, world, 1).taken == 1
    assert Document.objects.get().stored.size == len(pdf(CAFE))


@pytest.mark.parametrize("name", [".hidden.pdf", "cafe.pdf.part", "cafe.pdf.crdownload", "cafe.pdf~"])
def test_what_is_under_way_is_left(folder: Path, world: World, name: str) -> None:
    (folder / name).write_bytes(pdf(CAFE))
    assert rounds(Watch(), folder, world) == Round()


def test_what_cannot_be_used_is_refused_with_a_sentence(folder: Path, world: World, settings: object) -> None:
    settings.ATTACHMENT_MAX_BYTES = 2000
    (folder / "all.zip").write_bytes(b"PK\x03\x04" + b"x" * 50)
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "large.pdf").write_bytes(b"%PDF-" + b"x" * 3000)
    assert rounds(Watch(), folder, world).refused == 3
    refused = folder / "refused"
    assert names(refused) == ["all.zip", "all.zip.txt", "empty.pdf", "empty.pdf.txt", "large.pdf", "large.pdf.txt"]
    assert "neither a bank file" in (refused / "all.zip.txt").read_text()
    assert "larger than" in (refused / "large.pdf.txt").read_text()
    assert not Document.objects.exists() and not StatementFile.objects.exists()


def test_links_lead_nowhere(folder: Path, world: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Total 5.00")
    (folder / "link.txt").symlink_to(secret)
    os.link(secret, folder / "hard.txt")
    os.mkfifo(folder / "pipe.txt")
    done = rounds(Watch(), folder, world)
    assert done.refused == 3 and not Document.objects.exists()
    assert secret.read_text() == "Total 5.00"
    assert "link" in (folder / "refused" / "link.txt.txt").read_text()


def test_a_client_folder_that_is_a_link_is_not_entered(folder: Path, world: World, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "cafe.pdf").write_bytes(pdf(CAFE))
    (folder.parent / world.cycles.public_id).symlink_to(elsewhere)
    rounds(Watch(), folder, world)
    assert names(elsewhere) == ["cafe.pdf"] and not Document.objects.exists()


def test_other_owners_are_refused(folder: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "cafe.pdf").write_bytes(pdf(CAFE))
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    assert rounds(Watch(), folder, world) == Round()
    assert names(folder) == ["cafe.pdf"]


def test_nobodys_folder_is_left_alone_and_heard_of_once(
    folder: Path, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = folder.parent / "nobody"
    nobody.mkdir()
    (nobody / "cafe.pdf").write_bytes(pdf(CAFE))
    assert rounds(Watch(), folder, world, 3) == Round()
    assert names(nobody) == ["cafe.pdf"]


def test_a_round_that_was_killed_before_the_move_takes_nothing_twice(folder: Path, world: World) -> None:
    for name, data in (("march.ofx", ofx([COFFEE])), ("cafe.pdf", pdf(CAFE))):
        (folder / name).write_bytes(data)
        stored = files.store(data, media_type="application/octet-stream", at=world.start)
        arrivals.take_from_folder(client=world.bakery, stored=stored, name=name, at=world.start)
    importing.import_file(file=StatementFile.objects.get(), by=world.ana, at=world.start)

    assert rounds(Watch(), folder, world).taken == 2

    assert Document.objects.count() == 1 and StatementFile.objects.count() == 1
    assert names(folder / "taken") == ["cafe.pdf", "march.ofx"]


def test_a_second_file_of_the_same_name_overwrites_nothing(folder: Path, world: World) -> None:
    watch = Watch()
    for number in range(3):
        (folder / "cafe.pdf").write_bytes(pdf([*CAFE, str(number)]))
        rounds(watch, folder, world)
    assert names(folder / "taken") == ["cafe (2).pdf", "cafe (3).pdf", "cafe.pdf"]
    assert Document.objects.count() == 3


def test_a_full_disk_leaves_everything(folder: Path, world: World, settings: object) -> None:
    (folder / "cafe.pdf").write_bytes(pdf(CAFE))
    settings.DISK_RESERVE_BYTES = 10**18
    assert rounds(Watch(), folder, world).taken == 0
    assert names(folder) == ["cafe.pdf"]


def test_an_empty_folder_costs_no_round(folder: Path, world: World, settings: object) -> None:
    assert schedules._next_round(world.start) is None
    (folder / "cafe.pdf").write_bytes(pdf(CAFE))
    assert schedules._next_round(world.start) == world.start
    settings.INCOMING = folder / "nothing"
    assert schedules._next_round(world.start) is None
