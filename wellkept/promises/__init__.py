"""Everything owed to anybody, with its clock: made, paused, warned, missed, kept, extended, withdrawn.

Always true: a promise is scored once, at the day it was made, as kept in time, kept late or missed, and a miss is never
taken back; each warning and the miss happen exactly once; events are only added. A closed promise is never changed, but
for one: a keep is undone with the message that kept it, before that message has left.
"""
