"""The disk side: folders and files looked at by their descriptors, so that nothing changes between the look and the use."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

TAKEN, REFUSED = "taken", "refused"
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".download", ".filepart", "~")
CHUNK = 1 << 20
MOST_NAMES = 999
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Foreign(OSError):
    """A link, a device, or something of another owner."""


@dataclass(frozen=True, slots=True)
class Look:
    """What tells that a file has not changed since."""

    inode: int
    size: int
    changed_ns: int


def folders(root: Path) -> list[str]:
    """The names of the folders in the incoming one, in order. Links are none."""
    try:
        with os.scandir(root) as entries:
            return sorted(
                each.name for each in entries if each.is_dir(follow_symlinks=False) and not each.name.startswith(".")
            )
    except FileNotFoundError:
        return []


def files(folder: int) -> list[str]:
    """What lies in a folder and looks finished: everything but folders, hidden names and downloads under way."""
    with os.scandir(folder) as entries:
        return sorted(
            each.name
            for each in entries
            if not each.is_dir(follow_symlinks=False)
            and not each.name.startswith(".")
            and not each.name.lower().endswith(UNFINISHED)
        )


@contextmanager
def opened_folder(root: Path, name: str) -> Iterator[int]:
    folder = os.open(root / name, _DIRECTORY)
    try:
        if os.fstat(folder).st_uid != os.geteuid():
            raise Foreign(errno.EPERM, "another owner", name)
        yield folder
    finally:
        os.close(folder)


@contextmanager
def opened_file(folder: int, name: str) -> Iterator[int]:
    """A plain file of our own; Foreign for anything else."""
    try:
        file = os.open(name, _FILE, dir_fd=folder)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO, errno.EACCES, errno.EPERM}:
            raise Foreign(error.errno, "a link, a device or another owner's", name) from error
        raise
    try:
        told = os.fstat(file)
        if not stat.S_ISREG(told.st_mode) or told.st_uid != os.geteuid() or told.st_nlink != 1:
            raise Foreign(errno.EPERM, "not a plain file of ours", name)
        yield file
    finally:
        os.close(file)


def look(file: int) -> Look:
    told = os.fstat(file)
    return Look(told.st_ino, told.st_size, told.st_mtime_ns)


def chunks(file: int) -> Iterator[bytes]:
    while piece := os.read(file, CHUNK):
        yield piece


def is_written(file: int) -> bool:
    """Whether somebody has it open for writing. Where the file system cannot tell, two equal looks have to do."""
    try:
        fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)  # a writer that comes just now must not end this process
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except (AttributeError, OSError) as error:
        return isinstance(error, OSError) and error.errno == errno.EAGAIN
    return False


def move(folder: int, name: str, *, to: str, inode: int, sentence: str = "") -> None:
    """Put the file we looked at into `to`, beside what is there; nothing is overwritten. A sentence goes with it."""
    if os.stat(name, dir_fd=folder, follow_symlinks=False).st_ino != inode:
        return  # another file by now: the next round looks at it
    target = _made(folder, to)
    try:
        free = _free(target, name)
        if sentence:
            _write(target, f"{free}.txt", sentence)
        os.rename(name, free, src_dir_fd=folder, dst_dir_fd=target)
        os.fsync(target)
    finally:
        os.close(target)


def look_from_outside(folder: int, name: str) -> Look:
    """Of what may not be opened."""
    told = os.stat(name, dir_fd=folder, follow_symlinks=False)
    return Look(told.st_ino, told.st_size, told.st_mtime_ns)


def _made(folder: int, name: str) -> int:
    with suppress(FileExistsError):
        os.mkdir(name, 0o700, dir_fd=folder)
    return os.open(name, _DIRECTORY, dir_fd=folder)


def _free(folder: int, name: str) -> str:
    """The name, or the first free one after it: `march.ofx`, `march (2).ofx`."""
    stem, dot, ending = name.rpartition(".")
    for number in range(1, MOST_NAMES):
        free = name if number == 1 else f"{stem} ({number}).{ending}" if dot else f"{name} ({number})"
        try:
            os.stat(free, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return free
    raise FileExistsError(errno.EEXIST, "too many files of this name", name)


def _write(folder: int, name: str, sentence: str) -> None:
    file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
    with os.fdopen(file, "w", encoding="utf-8") as out:
        out.write(sentence + "\n")
