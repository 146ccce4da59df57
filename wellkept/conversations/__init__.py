"""Conversations: one thread model for e-mail, chat, phone, social and internal requests, and every message in it.

Always true: a message is never edited; the first unanswered message runs the clock; whoever owns a conversation owns it
until it is accepted by another or resolved; a reply carries a commitment or says that nothing more is owed.
"""
