"""The JSON door: /api/v1, same scope as the person whose token it is."""
