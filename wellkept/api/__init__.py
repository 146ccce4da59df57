"""The JSON door: /api/v1, OpenAPI 3. A personal token does what its person may do, nothing more.

Always true: every answer that is not a success is an RFC 9457 problem; what the person may not see is not found; a write
with an Idempotency-Key takes effect once, and repeating it gives the first answer.
"""
