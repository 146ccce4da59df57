"""Banking: what the banks say, and what it means. Statement files, bank lines, coding, questions, reconciliation, documents.

Always true: a line that a bank told us once stands here once, as the bank told it; every line opens to the file it came
from; a line is posted by exactly one entry that has not been reversed; nothing is posted without a person's say or a
measured right to do so.
"""
