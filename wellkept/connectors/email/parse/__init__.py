"""Reading mail: bytes in, one frozen `ParsedMail` out, without Django, database or clock.

What always holds:
 - nothing here trusts a byte of the mail: every loop, depth, header and size has a limit, and the whole runs in a
   process that can be killed (`sandbox`);
 - the words of the sender are never thrown away: spans only point into the text, and whatever is too large stays
   in the stored raw mail;
 - who wrote a mail is decided by our own grammar (`address`), never by a lenient parser.
"""
