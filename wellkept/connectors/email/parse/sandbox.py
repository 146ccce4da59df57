"""Reads mail in other processes that can be killed: 10 s of CPU and 512 MB for each mail, whatever is in it.

`Sandbox.parse` may be called from any thread. Processes are kept for the next mail, replaced after a failure and after
so many mails. What comes back is a `ParsedMail`, or `ParseFailed` with a reason; never an exception of the parser.
"""

from __future__ import annotations

import atexit
import os
import select
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

from .result import ParsedMail, from_wire
from .worker import ANSWER, FAILED, OUT_OF_MEMORY, REQUEST

CPU_SECONDS = 10
WALL_SECONDS = 60
MEMORY_BYTES = 512 * 1024 * 1024
MAILS_PER_PROCESS = 500
LONGEST_MAIL = 60 * 1024 * 1024
_LONGEST_HEAD = 64 * 1024 * 1024

TOO_LARGE = "too-large"
TOO_SLOW = "too-slow"
TOO_MUCH_MEMORY = "too-much-memory"
CRASHED = "crashed"
PARSER_ERROR = "parser-error"


class ParseFailed(Exception):
    """The mail could not be read. `code` is one of the reasons above, `detail` is for the log."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class Sandbox:
    """A few reading processes, started when first needed."""

    def __init__(
        self,
        *,
        processes: int = 2,
        cpu_seconds: int = CPU_SECONDS,
        wall_seconds: float = WALL_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        mails_per_process: int = MAILS_PER_PROCESS,
    ) -> None:
        self._limits = (cpu_seconds, memory_bytes)
        self._wall_seconds = wall_seconds
        self._mails_per_process = mails_per_process
        self._free = threading.BoundedSemaphore(processes)
        self._lock = threading.Lock()
        self._idle: list[_Process] = []

    def parse(self, raw: bytes) -> ParsedMail:
        """The mail in those bytes, or ParseFailed."""
        if len(raw) > LONGEST_MAIL:
            raise ParseFailed(TOO_LARGE, f"{len(raw)} bytes")
        with self._free:
            process = self._take()
            try:
                mail = process.parse(raw, self._wall_seconds)
            except BaseException:
                process.end()
                raise
            self._give_back(process)
        return mail

    def close(self) -> None:
        """Ends the idle processes; a later `parse` starts new ones."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()

    def _take(self) -> _Process:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    return process
                process.end()
        return _Process(*self._limits)

    def _give_back(self, process: _Process) -> None:
        if process.mails >= self._mails_per_process:
            process.end()
            return
        with self._lock:
            self._idle.append(process)


class _Process:
    """One reading process. Used by one thread at a time."""

    def __init__(self, cpu_seconds: int, memory_bytes: int) -> None:
        self.mails = 0
        root = str(Path(__file__).resolve().parents[4])
        self._child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-s", "-m", f"{__package__}.worker", str(cpu_seconds), str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                "PYTHONPATH": os.pathsep.join([root, *sys.path[1:]]),
                "PYTHONDONTWRITEBYTECODE": "1",
                "LC_ALL": "C.UTF-8",
            },
            cwd="/",
            start_new_session=True,
            bufsize=0,
        )
        if self._child.stdin is None or self._child.stdout is None:
            raise RuntimeError("The reading process has no streams.")
        self._in, self._out = self._child.stdin.fileno(), self._child.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._ready = False

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def parse(self, raw: bytes, wall_seconds: float) -> ParsedMail:
        self.mails += 1
        if not self._ready:
            self._read(1, time.monotonic() + wall_seconds)
            self._ready = True
        deadline = time.monotonic() + wall_seconds
        self._write(REQUEST.pack(len(raw)), deadline)
        self._write(raw, deadline)
        status, head_size, blob_size = ANSWER.unpack(self._read(ANSWER.size, deadline))
        if head_size > _LONGEST_HEAD or blob_size > LONGEST_MAIL * 2:
            raise ParseFailed(CRASHED, "answer too large")
        head, blob = self._read(head_size, deadline), self._read(blob_size, deadline)
        if status == FAILED:
            raise ParseFailed(PARSER_ERROR, head.decode("utf-8", "replace"))
        try:
            return from_wire(head, blob)
        except (ValueError, TypeError, KeyError, struct.error) as nonsense:
            raise ParseFailed(CRASHED, "unreadable answer") from nonsense

    def end(self) -> None:
        """Kills the process; it holds nothing worth a farewell."""
        self._child.kill()
        self._child.wait()
        for stream in (self._child.stdin, self._child.stdout):
            if stream is not None:
                stream.close()

    def _write(self, data: bytes, deadline: float) -> None:
        left = memoryview(data)
        while left:
            self._wait(write=True, deadline=deadline)
            try:
                left = left[os.write(self._in, left[: 1 << 20]) :]
            except BlockingIOError:
                continue
            except OSError as gone:
                raise self._died() from gone

    def _read(self, size: int, deadline: float) -> bytes:
        out = bytearray()
        while len(out) < size:
            self._wait(write=False, deadline=deadline)
            try:
                piece = os.read(self._out, min(size - len(out), 1 << 20))
            except BlockingIOError:
                continue
            if not piece:
                raise self._died()
            out += piece
        return bytes(out)

    def _wait(self, *, write: bool, deadline: float) -> None:
        left = deadline - time.monotonic()
        poll = select.poll()
        poll.register(self._in if write else self._out, select.POLLOUT if write else select.POLLIN)
        if left <= 0 or not poll.poll(left * 1000):
            raise ParseFailed(TOO_SLOW, "no answer in time")

    def _died(self) -> ParseFailed:
        try:
            code = self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return ParseFailed(CRASHED, "closed its streams")
        if code in (-24, 152):  # SIGXCPU
            return ParseFailed(TOO_SLOW, "CPU time used up")
        return ParseFailed(TOO_MUCH_MEMORY if code in (-9, OUT_OF_MEMORY) else CRASHED, f"exit {code}")


_shared: list[Sandbox] = []
_sharing = threading.Lock()


def shared() -> Sandbox:
    """The one sandbox of this process."""
    with _sharing:
        if not _shared:
            _shared.append(Sandbox())
            atexit.register(_shared[0].close)
        return _shared[0]
