"""Who really sent a mail, as far as the sender's own domain says: SPF, DKIM and DMARC, in three plain answers.

Always true: looking is done after the mail was taken in and never holds it up; a domain that does not answer is asked
again and then left alone; what is found is shown to people and decides nothing: no answer here approves anything.
"""
