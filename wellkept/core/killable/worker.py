"""The process that reads. Started by `pool`, limited before it reads a byte, killed when it takes too long.

Speaks frames over its standard streams: two lengths, the bytes to read and how to read them come in; a status, the length
of a head, the length of the pieces, and both go out. It has no environment, writes no file and makes no connection.
"""

from __future__ import annotations

import gc
import importlib
import math
import os
import resource
import struct
import sys

REQUEST = struct.Struct(">QQ")
ANSWER = struct.Struct(">BQQ")
DONE, FAILED, OUT_OF_MEMORY = 0, 1, 3


def main(task: str, cpu_seconds: int, memory_bytes: int) -> None:
    """Answers one frame after another until its input ends."""
    module, _, name = task.partition(":")
    answer_to = getattr(importlib.import_module(module), name)
    _limit(memory_bytes)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    sink.write(b"\x06")
    sink.flush()
    while frame := source.read(REQUEST.size):
        size, how_size = REQUEST.unpack(frame)
        _limit_cpu(cpu_seconds)
        status, head = DONE, b""
        pieces: tuple[bytes, ...] = ()
        try:
            head, pieces = answer_to(source.read(size), source.read(how_size))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)  # the rest of the bytes may still be on its way in; whoever sends it sees us go
        except Exception as trouble:  # noqa: BLE001 - the parent names it, keeps the bytes and goes on with the next
            status, head, pieces = FAILED, f"{type(trouble).__name__}: {trouble}"[:500].encode(errors="replace"), ()
        sink.write(ANSWER.pack(status, len(head), sum(len(piece) for piece in pieces)))
        sink.write(head)
        for piece in pieces:
            sink.write(piece)
        sink.flush()
        if size > 1_000_000:
            gc.collect()


def _limit(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.umask(0o777)


def _limit_cpu(seconds: int) -> None:
    """So many more seconds than used so far: the kernel ends the process after them."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = math.ceil(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
