"""The staff: who they are, what they may do, whom they report to, how they sign in.

Always true: a deactivated person has no session, token or open stream; the last administrator cannot be deactivated;
an invitation works once and for 72 hours; no password or token is stored readable.
"""
