"""Figures counted from the books. It keeps only roll-ups that can be thrown away and rebuilt to the same figures."""
