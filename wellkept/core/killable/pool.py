"""A few reading processes, started when first needed, kept for the next task, replaced after a failure and after so many tasks."""

from __future__ import annotations

import atexit
import logging
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from wellkept.core.killable.worker import ANSWER, FAILED, OUT_OF_MEMORY, REQUEST

log = logging.getLogger(__name__)
CPU_SECONDS = 10
WALL_SECONDS = 60
MEMORY_BYTES = 512 * 1024 * 1024
TASKS_PER_PROCESS = 500
LONGEST = 60 * 1024 * 1024
_LONGEST_HEAD = 64 * 1024 * 1024
_NONSENSE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)

TOO_LARGE = "too-large"
TOO_SLOW = "too-slow"
TOO_MUCH_MEMORY = "too-much-memory"
CRASHED = "crashed"
PARSER_ERROR = "parser-error"


class Failed(Exception):
    """The bytes could not be read. `code` is one of the reasons above, `detail` is for the log."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


Answer = TypeVar("Answer")


class Killable(Generic[Answer]):
    """Runs one task, `package.module:function`, in other processes. May be used from any thread.

    `from_wire` makes the answer of a head and its pieces; what it cannot make sense of is `Failed` too.
    """

    def __init__(
        self,
        task: str,
        from_wire: Callable[[bytes, bytes], Answer],
        *,
        processes: int = 2,
        longest: int = LONGEST,
        cpu_seconds: int = CPU_SECONDS,
        wall_seconds: float = WALL_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        tasks_per_process: int = TASKS_PER_PROCESS,
    ) -> None:
        self._start = (task, cpu_seconds, memory_bytes)
        self._from_wire = from_wire
        self._longest = longest
        self._wall_seconds = wall_seconds
        self._tasks_per_process = tasks_per_process
        self._free = threading.BoundedSemaphore(processes)
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        atexit.register(self.close)

    def run(self, raw: bytes, how: bytes = b"") -> Answer:
        """What the task answers, or Failed."""
        if len(raw) > self._longest:
            raise Failed(TOO_LARGE, f"{len(raw)} bytes")
        with self._free:
            process = self._take()
            try:
                head, blob = process.run(raw, how, wall_seconds=self._wall_seconds, longest=self._longest * 2)
                answer = self._understood(head, blob)
            except BaseException:
                process.end()
                raise
            self._give_back(process)
        return answer

    def _understood(self, head: bytes, blob: bytes) -> Answer:
        try:
            return self._from_wire(head, blob)
        except _NONSENSE as nonsense:
            raise Failed(CRASHED, "unreadable answer") from nonsense

    def close(self) -> None:
        """Ends the idle processes; a later `run` starts new ones."""
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
        return _Process(*self._start)

    def _give_back(self, process: _Process) -> None:
        if process.tasks >= self._tasks_per_process:
            process.end()
            return
        with self._lock:
            self._idle.append(process)


class _Process:
    """One reading process. Used by one thread at a time."""

    def __init__(self, task: str, cpu_seconds: int, memory_bytes: int) -> None:
        self.tasks = 0
        root = str(Path(__file__).resolve().parents[3])
        self._child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-s", "-m", f"{__package__}.worker", task, str(cpu_seconds), str(memory_bytes)],
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

    def run(self, raw: bytes, how: bytes, *, wall_seconds: float, longest: int) -> tuple[bytes, bytes]:
        self.tasks += 1
        if not self._ready:
            self._read(1, time.monotonic() + wall_seconds)
            self._ready = True
        deadline = time.monotonic() + wall_seconds
        self._write(REQUEST.pack(len(raw), len(how)), deadline)
        self._write(raw, deadline)
        self._write(how, deadline)
        status, head_size, blob_size = ANSWER.unpack(self._read(ANSWER.size, deadline))
        if head_size > _LONGEST_HEAD or blob_size > longest:
            raise Failed(CRASHED, "answer too large")
        head, blob = self._read(head_size, deadline), self._read(blob_size, deadline)
        if status == FAILED:
            failed = Failed(PARSER_ERROR, head.decode("utf-8", "replace"))
            log.error(
                "A reading process failed: %s", failed.detail.partition(":")[0]
            )  # its kind; the rest may quote the file
            raise failed
        return head, blob

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
            raise Failed(TOO_SLOW, "no answer in time")

    def _died(self) -> Failed:
        try:
            code = self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return Failed(CRASHED, "closed its streams")
        if code in (-24, 152):  # SIGXCPU
            return Failed(TOO_SLOW, "CPU time used up")
        return Failed(TOO_MUCH_MEMORY if code in (-9, OUT_OF_MEMORY) else CRASHED, f"exit {code}")
