"""Reads: the score of a person, a client, a team, over any days; every figure with its events and its sentence."""

from wellkept.insight.queries.disputes import Disputed
from wellkept.insight.queries.events import events, line, openings
from wellkept.insight.queries.levels import Strict
from wellkept.insight.queries.parts import Part, by_channel, by_client, by_kind, by_month, by_person
from wellkept.insight.queries.scores import Day, Read, Score, figure, score
from wellkept.insight.queries.sights import Lens, Sight, Viewer, days_known, people_of, people_to_choose, sight

__all__ = [
    "Day",
    "Disputed",
    "Lens",
    "Part",
    "Read",
    "Score",
    "Sight",
    "Strict",
    "Viewer",
    "by_channel",
    "by_client",
    "by_kind",
    "by_month",
    "by_person",
    "days_known",
    "events",
    "figure",
    "line",
    "openings",
    "people_of",
    "people_to_choose",
    "score",
    "sight",
]
