"""The database itself keeps what was told: a line of the bank, and a balance a person stated, are never changed or deleted."""

from __future__ import annotations

from wellkept.core.guards import append_only, register

SENTENCE = "A bank line stays as the bank told it."
STATED = "What a person stated stays as it was said."

register(
    append_only("banking_bankline", sentence=SENTENCE, function="banking_line_stays"),
    [
        f"""
CREATE OR REPLACE FUNCTION banking_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$
"""
    ],
)

register(
    append_only("banking_statedbalance", sentence=STATED, function="banking_stated_stays"),
    [
        f"""
CREATE OR REPLACE FUNCTION banking_stated_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{STATED}'; END $$
"""
    ],
)
