"""What the team knows and reuses. So far: message templates with fields.

Always true: a template in use is never edited, it gets a new version; a rendered text with an unfilled field is not sent.
"""
