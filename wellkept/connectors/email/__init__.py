"""E-mail: local SMTP intake, IMAP mailboxes, Maildir and .eml import, and the way out.

Always true: the raw bytes are stored before anything reads them; a mail that cannot be read waits in quarantine with its
reason; no mail is answered automatically that was itself automatic.
"""
