"""Documents: bytes in, their text out, without database or clock.

Always true: a document is read in a process that can be killed; whatever is in its bytes, the answer is a `ReadText` with
text, or with a plain sentence that says why there is none. Pictures are kept as they are: nobody guesses what is on them.

    read_safely(path, media_type, name) -> ReadText
    kind_of(head, media_type, name) -> str      whether a file is a bank file, a document, or neither
"""

from .kinds import BANK, PAPER, kind_of
from .result import ReadText
from .safely import LONGEST_FILE, close, read_safely

__all__ = ["BANK", "LONGEST_FILE", "PAPER", "ReadText", "close", "kind_of", "read_safely"]
