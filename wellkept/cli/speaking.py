"""The language commands speak: the one asked for, else the terminal's, else the firm's, else English."""

from __future__ import annotations

import os
from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.utils import translation

OPTION = "--language"
FROM_TERMINAL = ("LC_ALL", "LC_MESSAGES", "LANG")
NOBODYS = {"", "C", "POSIX"}


def asked_for(words: list[str]) -> tuple[str, list[str]]:
    """The language named before the command, and the words without it."""
    if words[:1] == [OPTION] and len(words) > 1:
        return words[1], words[2:]
    if words and words[0].startswith(f"{OPTION}="):
        return words[0].partition("=")[2], words[1:]
    return "", words


def speak(asked: str) -> None:
    """Speak it from now on. A language we do not have is refused by name."""
    if asked and not known(asked):
        have = ", ".join(code for code, _label in settings.LANGUAGES)
        raise ImproperlyConfigured(f"{OPTION} is “{asked}”. Choose one of {have}.")
    translation.activate(known(asked) or language() or _of_the_firm() or "en")


def language(variables: Mapping[str, str] = os.environ) -> str:
    """The terminal's, where it names one of ours. The first variable that is set decides, as everywhere."""
    said = next((variables[name] for name in FROM_TERMINAL if variables.get(name)), "").partition(".")[0]
    return "" if said in NOBODYS else known(said.partition("@")[0])


def known(name: str) -> str:
    """`pt_BR`, `pt-br` and `pt` are the same language here; nothing for one we do not have."""
    wanted = name.replace("_", "-").lower()
    codes = [code for code, _label in settings.LANGUAGES]
    alike = (code for code in codes if code == wanted or code.partition("-")[0] == wanted.partition("-")[0])
    return next(alike, "") if wanted else ""


def _of_the_firm() -> str:
    """What its administrator chose; nothing before there is a firm, or while the database cannot say."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT language FROM people_firm LIMIT 1")
            row = cursor.fetchone()
    except DatabaseError:
        return ""
    finally:
        connection.close()
    return known(str(row[0])) if row else ""
