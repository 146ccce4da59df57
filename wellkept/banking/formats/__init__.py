"""Bank files: bytes in, one frozen `ReadFile` out, without database or clock.

Always true: nothing here trusts a byte (size, depth, rows, columns and fields are limited); a file is read whole or
refused whole with `Unreadable`, which says row, column and reason; an amount or date that can be read in two ways is asked
for or proved, never guessed; `raw` is what stands in the file.

Whoever holds a file of a client calls `read_safely`, which reads in a process that can be killed.

    detect(data) -> str                                     which format, or Unreadable
    read(data, *, format, map, currency) -> ReadFile        in this process
    read_safely(source, *, map, currency) -> ReadFile       path or bytes, in the killable process
    propose_map(data) -> list[Proposal]                     for tables; in this process
    propose_safely(source) -> list[Proposal]                path or bytes, in the killable process
"""

from .columns import DATE_ORDERS, DMY, MDY, YMD, ColumnMap, fingerprint
from .proposals import Proposal
from .reading import FORMATS, detect, propose_map, read
from .refusals import Remark, Unreadable
from .result import COLUMNS, CURRENCY, DATE_ORDER, ReadFile, ReadLine, ReadStatement
from .safely import propose_safely, read_safely

__all__ = [
    "COLUMNS",
    "CURRENCY",
    "DATE_ORDER",
    "DATE_ORDERS",
    "DMY",
    "FORMATS",
    "MDY",
    "YMD",
    "ColumnMap",
    "Proposal",
    "ReadFile",
    "ReadLine",
    "ReadStatement",
    "Remark",
    "Unreadable",
    "detect",
    "fingerprint",
    "propose_map",
    "propose_safely",
    "read",
    "read_safely",
]
