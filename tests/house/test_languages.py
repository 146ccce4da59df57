"""Every text a person reads is complete in every language we offer, and the compiled catalogues are what the sources say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.house.source import PACKAGE, ROOT

LOCALES = PACKAGE / "locale"
FOLDERS = sorted(path.parent for path in LOCALES.glob("*/LC_MESSAGES/django.po"))
FIELDS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

pytestmark = pytest.mark.req("W9")


def catalogue(folder: Path) -> Catalog:
    with (folder / "django.po").open("rb") as file:
        return read_po(file)


def texts(message: Message) -> list[str]:
    string: object = message.string
    return [str(text) for text in string] if isinstance(string, list | tuple) else [str(string or "")]


def said(compiled: GNUTranslations, message: Message) -> list[str]:
    """What the compiled catalogue answers: one form, or the forms for one and for many."""
    if isinstance(message.id, str):
        return [compiled.pgettext(message.context, message.id) if message.context else compiled.gettext(message.id)]
    one, many = message.id
    if message.context:
        return [compiled.npgettext(message.context, one, many, n) for n in (1, 2)]
    return [compiled.ngettext(one, many, n) for n in (1, 2)]


def source_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def test_portuguese_of_brazil_is_offered() -> None:
    assert [folder.parent.name for folder in FOLDERS] == ["pt_BR"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.parent.name)
def test_every_text_is_translated(folder: Path) -> None:
    missing = [source_of(m) for m in catalogue(folder) if m.id and (m.fuzzy or not all(texts(m)))]

    assert not missing, "\n".join(missing[:50])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.parent.name)
def test_translations_keep_their_fields(folder: Path) -> None:
    wrong = [
        source_of(m)
        for m in catalogue(folder)
        if m.id
        and set(FIELDS.findall(texts(m)[-1])) != set(FIELDS.findall(m.id if isinstance(m.id, str) else m.id[-1]))
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.parent.name)
def test_the_compiled_catalogue_is_current(folder: Path) -> None:
    with (folder / "django.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    stale = [source_of(m) for m in catalogue(folder) if m.id and said(compiled, m) != texts(m)]

    assert not stale, "Run make messages.\n" + "\n".join(stale[:20])


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is not installed")
def test_no_text_is_missing_from_the_catalogue(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "wellkept", ignore=shutil.ignore_patterns("*.mo", "__pycache__", "vendor"))
    known = {source_of(m) for m in catalogue(LOCALES / "pt_BR" / "LC_MESSAGES")}

    subprocess.run(
        [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "-l",
            "pt_BR",
            "--no-location",
            "--no-obsolete",
            "--verbosity",
            "0",
        ],
        cwd=tmp_path / "wellkept",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
    )

    fresh = {source_of(m) for m in catalogue(tmp_path / "wellkept" / "locale" / "pt_BR" / "LC_MESSAGES")}
    assert not fresh - known, "Run make messages and translate:\n" + "\n".join(sorted(fresh - known)[:50])
