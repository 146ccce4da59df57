"""Backups of a running firm: the database at one moment, every file, the keys and the anchors, in one archive.

Always true: an archive is whole or absent; every byte in it has a checksum; a restore checks all of them before it writes
anything, and never writes into a place that holds a firm.
"""

from wellkept.core.backups.making import forget_older, make
from wellkept.core.backups.restoring import AlreadyInUse, BackupDamaged, BackupFromElsewhere, restore

__all__ = ["AlreadyInUse", "BackupDamaged", "BackupFromElsewhere", "forget_older", "make", "restore"]
