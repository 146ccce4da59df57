"""Figures counted from the books. It keeps only roll-ups that can be thrown away and rebuilt to the same figures.

Always true: every promise is counted in exactly one cell (day made, client, owner, channel, kind) under one outcome; a
figure's value is the number of the events it opens to; a rebuild from the books gives the same cells as the reactions did.
A day begins at midnight in the firm's own time zone, for every client: see docs/decisions.
"""
