"""Everything owed to anybody, with its clock: made, paused, warned, missed, kept, extended, withdrawn.

Always true: a promise is scored once, at the day it was made, as kept in time, kept late or missed; each warning and the
miss happen exactly once; a closed promise is never changed; events are only added.
"""
