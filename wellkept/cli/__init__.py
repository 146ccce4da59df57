"""The command door: `wellkept serve`, `work`, `setup`, `check`, `verify`, `backup` and the rest."""
