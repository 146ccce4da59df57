"""The firm's secret keys: made on first start as files only their owner may read, never in the database."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Keys:
    """`signing` signs cookies and tokens; `sealing` encrypts stored credentials, newest first."""

    signing: str
    sealing: tuple[str, ...]


def load(data: Path) -> Keys:
    """Read the keys under `data`, making folder (0700) and files (0600) where absent."""
    folder = data / "keys"
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True, mode=0o700)
        return _load(folder)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {data} cannot be used ({error.strerror}). Set WELLKEPT_DATA to a folder of yours."
        ) from error


def _load(folder: Path) -> Keys:
    signing = _read_or_make(folder / "signing", lambda: secrets.token_urlsafe(64))
    sealing = _read_or_make(folder / "sealing", lambda: Fernet.generate_key().decode())
    return Keys(signing=signing, sealing=tuple(line for line in sealing.splitlines() if line))


def _read_or_make(path: Path, make: object) -> str:
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}.new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(make())  # type: ignore[operator]
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
