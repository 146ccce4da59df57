"""Pure rules of banking, one module a noun: identity of lines, proof of statements, and what later modules add."""
