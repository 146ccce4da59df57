"""What the desk pages show (inbox, conversation, client, outgoing, health): rows made into words, once, in Python.

Always true: a view model is frozen, holds text ready to print, and never asks the database.
"""
