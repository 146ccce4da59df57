"""Reading what strangers send, in processes that can be killed.

    box = Killable("wellkept.banking.formats.wire:answer", from_wire)
    answer = box.run(raw, how)          # or Failed

The task is a function of two byte strings, what to read and how, that returns a head (JSON, by habit) and pieces of bytes.
Always true: a task has 10 s of processor time and 512 MB whatever is in its bytes; its process has no environment, writes
no file and is kept for the next task; what comes back is bytes, never objects, so a reader that was taken over runs no code
here; and every failure is `Failed` with a code, never an exception of the reader.
"""

from wellkept.core.killable.pool import (
    CPU_SECONDS,
    CRASHED,
    MEMORY_BYTES,
    PARSER_ERROR,
    TOO_LARGE,
    TOO_MUCH_MEMORY,
    TOO_SLOW,
    WALL_SECONDS,
    Failed,
    Killable,
)

__all__ = [
    "CPU_SECONDS",
    "CRASHED",
    "MEMORY_BYTES",
    "PARSER_ERROR",
    "TOO_LARGE",
    "TOO_MUCH_MEMORY",
    "TOO_SLOW",
    "WALL_SECONDS",
    "Failed",
    "Killable",
]
