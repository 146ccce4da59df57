"""The tables of the ledger, by noun."""

from wellkept.ledger.models.balances import Balance, Budget, Span, TagBalance
from wellkept.ledger.models.books import Book, Period, PeriodChange
from wellkept.ledger.models.charts import Account, AccountChange, Dimension, Tag, TaxCode
from wellkept.ledger.models.entries import Entry, Posting, PostingTag
from wellkept.ledger.models.histories import HistoryFile
from wellkept.ledger.models.notes import VarianceNote
from wellkept.ledger.models.rates import Rate

__all__ = [
    "Account",
    "AccountChange",
    "Balance",
    "Book",
    "Budget",
    "Dimension",
    "Entry",
    "HistoryFile",
    "Period",
    "PeriodChange",
    "Posting",
    "PostingTag",
    "Rate",
    "Span",
    "Tag",
    "TagBalance",
    "TaxCode",
    "VarianceNote",
]
