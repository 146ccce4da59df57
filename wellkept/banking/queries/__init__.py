"""Reads of banking, one module a noun, each within the viewer's scope."""
