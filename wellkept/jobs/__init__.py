"""The timed door: the worker that delivers facts, the scheduler that runs sweeps. Reads the clock, calls one action each."""
