"""The tables of banking, one module a noun."""

from wellkept.banking.models.accounts import BankAccount
from wellkept.banking.models.coding import (
    Automation,
    Batch,
    Coding,
    CodingMonth,
    Learned,
    Remembered,
    Rule,
    RuleTally,
    Suggestion,
)
from wellkept.banking.models.documents import Attached, Document, DocumentTerms
from wellkept.banking.models.files import ColumnMapping, StatedBalance, Statement, StatementFile
from wellkept.banking.models.findings import Finding, Silence
from wellkept.banking.models.lines import BankLine, LeftOut, Undecided
from wellkept.banking.models.questions import Answer, AnswerFile, AnswerLine, Question, QuestionLine
from wellkept.banking.models.reconciliation import Reconciliation
from wellkept.banking.models.reviews import ReviewedMonth, ReviewMark, ReviewTerms

__all__ = [
    "Answer",
    "AnswerFile",
    "AnswerLine",
    "Attached",
    "Automation",
    "BankAccount",
    "BankLine",
    "Batch",
    "Coding",
    "CodingMonth",
    "ColumnMapping",
    "Document",
    "DocumentTerms",
    "Finding",
    "Learned",
    "LeftOut",
    "Question",
    "QuestionLine",
    "Reconciliation",
    "Remembered",
    "ReviewMark",
    "ReviewTerms",
    "ReviewedMonth",
    "Rule",
    "RuleTally",
    "Silence",
    "StatedBalance",
    "Statement",
    "StatementFile",
    "Suggestion",
    "Undecided",
]
