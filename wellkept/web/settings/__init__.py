"""What the settings pages show and how their forms are read: opening hours, targets, holidays, a month as a picture.

Always true: a form that cannot be read is refused by a sentence naming the field, and shows what was typed.
"""
