"""Books written for other programs."""
