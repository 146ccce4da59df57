"""The ledger: each client's book in double entry. Accounts, periods, entries and postings, rates, tags, balances.

Always true: an entry balances; what is posted is never changed or deleted, only reversed, once; nothing is posted into a
closed period; every balance is the sum of its postings; each book is a chain of hashes.
"""
