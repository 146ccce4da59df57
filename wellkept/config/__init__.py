"""Settings, addresses and the server entry points. Reads the environment once; owns no data."""
