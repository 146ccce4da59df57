"""How people get in: allauth behind our own words, our own rules (by invitation only) and our own way out for mail.

Always true: nobody makes an account for themselves; a provider lets in only who is here or was invited; secrets of the
second step are sealed with keys outside the database.
"""
