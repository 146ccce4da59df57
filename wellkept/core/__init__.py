"""What every room stands on: facts, reactions, refusals, money, files, search, live, secrets. It knows no business noun.

Always true: a fact is written in the transaction of the change it tells of and never altered; every delivery of a fact
to a reaction takes effect exactly once; a stored file's name is its sha256; a secret is never in the database in clear.
"""
