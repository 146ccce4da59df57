"""The database itself keeps what the bank told: a line is never changed and never deleted."""

from __future__ import annotations

from wellkept.core.guards import append_only, register

SENTENCE = "A bank line stays as the bank told it."

register(
    append_only("banking_bankline", sentence=SENTENCE, function="banking_line_stays"),
    [
        f"""
CREATE OR REPLACE FUNCTION banking_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$
"""
    ],
)
