"""Reads of promises: whose they are, how they stand, why they are due then, how a period adds up."""

from wellkept.promises.queries.disputes import disputes_for, may_decide
from wellkept.promises.queries.drawing import Drawn, drawn
from wellkept.promises.queries.hands import may_change
from wellkept.promises.queries.lists import (
    Begun,
    Board,
    begun,
    board,
    for_contact,
    for_staff,
    next_check_at,
    next_for_subjects,
    open_for_subject,
    owed_by,
    withdrawn,
)
from wellkept.promises.queries.scores import Level, Share, share
from wellkept.promises.queries.times import is_closed, suggest_times
from wellkept.promises.queries.trail import Line, Trail, explain
from wellkept.promises.rules.clock import State

__all__ = [
    "Begun",
    "Board",
    "Drawn",
    "Level",
    "Line",
    "Share",
    "State",
    "Trail",
    "begun",
    "board",
    "disputes_for",
    "drawn",
    "explain",
    "for_contact",
    "for_staff",
    "is_closed",
    "may_change",
    "may_decide",
    "next_check_at",
    "next_for_subjects",
    "open_for_subject",
    "owed_by",
    "share",
    "suggest_times",
    "withdrawn",
]
