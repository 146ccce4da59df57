"""Business calendars: when somebody's working time runs. Versions are never edited; a change makes a new one.

Always true: a version has at least one open hour a week or an open exception; arithmetic on a version gives the same answer for ever.
"""
