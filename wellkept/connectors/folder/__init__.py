"""The watched folder: what somebody puts into `incoming/<number of the client>/` is taken in like an upload.

Always true: a file is taken only when nobody writes into it any more; it is stored before it is moved to `taken`, so that
it is never lost and, taken twice, is still one; what cannot be used is moved to `refused` with a sentence beside it; and
nothing outside the folder is read: no links are followed, and no other owner's files.
"""
