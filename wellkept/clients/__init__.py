"""The clients: whose books we keep, the people there, who looks after them, what was agreed, what everyone must know.

Always true: a client has one named bookkeeper; an address belongs to one contact of a client; an agreement's versions are
never edited; everything about a client is seen only by those whose work it is.
"""
