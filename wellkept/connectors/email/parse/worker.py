"""The process that reads mail. Started by `sandbox`, limited before it reads a byte, killed when it takes too long.

Speaks frames over its standard streams: a length and the bytes of a mail come in; a status, the length of a JSON head,
the length of the files, and both go out. It has no environment, opens no file and makes no connection.
"""

from __future__ import annotations

import gc
import math
import os
import resource
import struct
import sys

REQUEST = struct.Struct(">Q")
ANSWER = struct.Struct(">BQQ")
PARSED, FAILED, OUT_OF_MEMORY = 0, 1, 3


def main(cpu_seconds: int, memory_bytes: int) -> None:
    """Answers one frame after another until its input ends."""
    from .message import parse
    from .result import to_wire

    _limit(memory_bytes)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    sink.write(b"\x06")
    sink.flush()
    while head := source.read(REQUEST.size):
        size = REQUEST.unpack(head)[0]
        _limit_cpu(cpu_seconds)
        status, answer = PARSED, b""
        files: tuple[bytes, ...] = ()
        try:
            answer, files = to_wire(parse(source.read(size)))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)  # the rest of the mail may still be on its way in; whoever sends it sees us go
        except Exception as trouble:  # noqa: BLE001 - the parent names it, keeps the mail and goes on with the next
            status, answer, files = FAILED, f"{type(trouble).__name__}: {trouble}"[:500].encode(errors="replace"), ()
        sink.write(ANSWER.pack(status, len(answer), sum(len(file) for file in files)))
        sink.write(answer)
        for file in files:
            sink.write(file)
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
    main(int(sys.argv[1]), int(sys.argv[2]))
