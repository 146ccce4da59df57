"""The command door: `wellkept serve`, `work`, `setup`, `check`, `verify`, `backup` and the rest.

Always true: an expected no is one sentence and exit code 1; a bug shows where it broke; nothing is asked without a terminal.
"""
