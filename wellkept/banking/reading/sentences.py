"""Why nothing was read off a document; translated when it is shown, because the reading process knows no language."""

from wellkept.banking.formats.refusals import mark as _

PICTURE = _("Pictures are not read. Look for its line below, or search.")
LOCKED = _("The PDF has a password. Ask for one without, or look for its line below.")
BROKEN = _("The PDF is damaged and cannot be read. Open the file itself to see what it is.")
EMPTY = _("There is no text in it: it may be a scan. Look for its line below, or search.")
UNKNOWN = _("Files of this kind are not read. Open the file itself to see what it is.")
DAMAGED = _("It is damaged and cannot be read. Open the file itself to see what it is.")
TOO_LONG = _("It is too large to be read. Open the file itself to see what it is.")
TOO_MUCH = _("Reading it takes too much time or memory. Open the file itself to see what it is.")
GONE = _("The file is missing from the store. Bring it back from a backup.")
