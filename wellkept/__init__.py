"""Wellkept: everything a client-service team owes anybody, as promises with a clock."""

__version__ = "0.1.0"
