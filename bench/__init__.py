"""Measures what the house promises about its own speed, beside the floor measured in the same run.

A module `bench/<name>.py` with `run(context) -> list[Figure]` is a measure. `SIZED = True` runs it once for every size
of the filled database, smallest first; otherwise it runs once on the small firm. See `figures.Context` for what is at hand.
Figures are CPU time of this process where nothing else is said, so that a busy machine does not change them.
"""
