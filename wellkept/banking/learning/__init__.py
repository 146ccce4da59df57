"""Learning which account a line belongs to, and knowing when that is not known.

Pure: no database, no clock, no randomness; the same approvals in the same order give the same suggestions. The memory counts
what people approved (`memory`, `counts`), a ranker weighs what the memory says (`ranker`), and `trust` measures on approved
lines how often a confidence was right, so that only measured certainty may act without a person.

Always true: nothing is suggested that nobody approved; a line never teaches about itself before it was suggested for.
"""
