"""Pure readers of files that bring rates: bytes in, drafts out, everything unclear refused."""
