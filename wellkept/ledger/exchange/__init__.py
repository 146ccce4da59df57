"""Books from and for other programs: what a file says of a book, and how a book is written for beancount and hledger.

Always true: nothing here knows the database or the clock; a file is read whole or refused whole with `Unreadable`, which
says row, column and reason; a date or an amount that can be read in two ways is asked for, never guessed; what is written
out adds up to the last unit in every currency, and ends with the balances it must lead to, so that the other program
proves it while reading.

    detect(data, columns=None) -> str                    which format, or Unreadable
    read_safely(source, how) -> ReadBook                 in a process that can be killed
    beancount.pieces(told, entries) / hledger.pieces(…)  the text of a book, piece by piece
"""

from .refusals import Remark, Unreadable
from .result import ReadAccount, ReadBook, ReadEntry, ReadLine

__all__ = ["ReadAccount", "ReadBook", "ReadEntry", "ReadLine", "Remark", "Unreadable"]
