"""What the database itself refuses, whatever door is used, on SQLite and on PostgreSQL.

An entry's postings and tags are written before the entry; its own row closes it. At that moment the database counts
them, adds them up, and looks at the accounts, the period and the end of the chain; afterwards nothing can be added,
changed or removed. References are checked at commit, so postings whose entry never comes are refused there.
"""

from __future__ import annotations

from collections.abc import Iterator

from wellkept.core.guards import Trigger, append_only, register

STAYS = "What is posted stays. Reverse the entry instead."
NEW_LINE = "Nothing is added to an entry that stands."
UNBALANCED = "The postings of an entry add up to nothing, are numbered from 1, and stand on open accounts of its book."
UNBALANCED_ABROAD = "The postings of an entry add up to nothing in every currency, unless it exchanges."
OUT_OF_ORDER = "Entries are numbered and chained without gaps."
CLOSED = "Nothing is posted into a closed period."
WRONG_REVERSAL = "A reversal points to an entry of its own book."
PERIOD_STAYS = "A period stays where it is; a hard-closed one is never opened again."
ACCOUNT_STAYS = "The type, currency and book of an account stay."
BOOK_STAYS = "A book in use keeps its client, its currency and its numbers."
FREE_SOURCES = "('exchange', 'opening', 'import', 'reversal')"
POSTED = ("ledger_entry", "ledger_posting", "ledger_postingtag")
HISTORY = ("ledger_accountchange", "ledger_periodchange")

# One posting may stand in an entry: on its day, on an account of its book that is not merged away, in its currency.
FITS = (
    "p.dated_on = NEW.dated_on AND a.book_id = NEW.book_id AND a.merged_into_id IS NULL"
    " AND (a.currency = '' OR a.currency = p.currency)"
)
COUNTED = f"""
    SELECT count(*) AS n, sum(p.amount_minor) AS total, min(p.position) AS low, max(p.position) AS high,
           sum(CASE WHEN {FITS} THEN 1 ELSE 0 END) AS fit
    FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id WHERE p.entry_id = NEW.id
"""  # noqa: S608
SOUND = (
    f"EXISTS (SELECT 1 FROM ({COUNTED}) counted WHERE n = NEW.lines AND fit = n AND total = 0 AND low = 1 AND high = n)"  # noqa: S608
)
ABROAD = f"""NEW.source NOT IN {FREE_SOURCES} AND EXISTS (SELECT 1 FROM ledger_posting
    WHERE entry_id = NEW.id AND currency <> '' GROUP BY currency HAVING sum(foreign_minor) <> 0)"""  # noqa: S608
FOLLOWS = """(NEW.number = 1 AND NOT EXISTS (SELECT 1 FROM ledger_entry WHERE book_id = NEW.book_id))
    OR EXISTS (SELECT 1 FROM ledger_entry WHERE book_id = NEW.book_id AND number = NEW.number - 1 AND hash = NEW.previous_hash)"""
TAKEN = """EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM ledger_entry WHERE book_id = NEW.book_id AND number = NEW.number)
    OR EXISTS (SELECT 1 FROM ledger_entry WHERE book_id = NEW.book_id AND key = NEW.key)"""
REVERSES = "NEW.reverses_id IS NULL OR EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.reverses_id AND book_id = NEW.book_id)"
MAY_STAND = "hard_closed_at IS NULL AND (soft_closed_at IS NULL OR NEW.override_reason <> '')"


def _raise(sentence: str, when: str) -> str:
    return f"SELECT RAISE(ABORT, '{sentence}') WHERE {when};"


OPEN_ON_SQLITE = f"""EXISTS (SELECT 1 FROM ledger_period WHERE book_id = NEW.book_id
    AND starts_on = date(NEW.dated_on, 'start of month') AND {MAY_STAND})"""  # noqa: S608
SQLITE_ENTRY = f"""BEFORE INSERT ON ledger_entry BEGIN
    {_raise(UNBALANCED, f"NOT {SOUND}")}
    {_raise(UNBALANCED_ABROAD, ABROAD)}
    {_raise(OUT_OF_ORDER, f"NOT ({FOLLOWS}) OR {TAKEN}")}
    {_raise(WRONG_REVERSAL, f"NOT ({REVERSES})")}
    {_raise(CLOSED, f"NOT {OPEN_ON_SQLITE}")}
END"""
# A row that is there already would be replaced by INSERT OR REPLACE without a DELETE that a trigger could see.
CLOSED_ENTRY_SQLITE = """EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id)
    OR EXISTS (SELECT 1 FROM ledger_posting WHERE id = NEW.id OR (entry_id = NEW.entry_id AND position = NEW.position))"""
CLOSED_POSTING_SQLITE = """EXISTS (SELECT 1 FROM ledger_postingtag WHERE id = NEW.id) OR EXISTS (
    SELECT 1 FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id WHERE p.id = NEW.posting_id)"""
POSTGRESQL_ENTRY = f"""
CREATE OR REPLACE FUNCTION ledger_entry_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT {SOUND} THEN RAISE EXCEPTION '{UNBALANCED}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    IF {ABROAD} THEN RAISE EXCEPTION '{UNBALANCED_ABROAD}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    IF NOT ({FOLLOWS}) THEN RAISE EXCEPTION '{OUT_OF_ORDER}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    IF NOT ({REVERSES}) THEN RAISE EXCEPTION '{WRONG_REVERSAL}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    -- Locked, so that the period cannot be closed between this look and the commit.
    PERFORM 1 FROM ledger_period WHERE book_id = NEW.book_id
        AND starts_on = date_trunc('month', NEW.dated_on)::date AND {MAY_STAND} FOR SHARE;
    IF NOT FOUND THEN RAISE EXCEPTION '{CLOSED}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    RETURN NEW;
END $$
"""
# Another transaction may close the entry between these two looks. The second is at commit: a position beyond its
# count is refused, and one within it is taken already.
POSTGRESQL_LINES = f"""
CREATE OR REPLACE FUNCTION ledger_posting_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id) THEN
        RAISE EXCEPTION '{NEW_LINE}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION ledger_posting_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.position > (SELECT lines FROM ledger_entry WHERE id = NEW.entry_id) THEN
        RAISE EXCEPTION '{NEW_LINE}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION ledger_tag_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.id = NEW.posting_id
                   AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = p.entry_id)) THEN
        RAISE EXCEPTION '{NEW_LINE}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""  # noqa: S608
SAME_PERIOD = "NEW.book_id = OLD.book_id AND NEW.starts_on = OLD.starts_on AND NEW.ends_on = OLD.ends_on"
SAME_ACCOUNT = "NEW.book_id = OLD.book_id AND NEW.type = OLD.type AND NEW.currency = OLD.currency"
SAME_BOOK = """NEW.client_id = OLD.client_id AND NEW.last_number >= OLD.last_number
    AND (OLD.last_number = 0 OR NEW.base_currency = OLD.base_currency)"""
STILL_OPEN = f"OLD.hard_closed_at IS NULL AND {SAME_PERIOD}"
MONTH_IS_WRONG_SQLITE = """NEW.starts_on <> date(NEW.starts_on, 'start of month')
    OR NEW.ends_on <> date(NEW.starts_on, '+1 month') OR EXISTS (SELECT 1 FROM ledger_period
    WHERE id = NEW.id OR (book_id = NEW.book_id AND starts_on = NEW.starts_on))"""
MONTH_POSTGRESQL = """NEW.starts_on = date_trunc('month', NEW.starts_on)::date
    AND NEW.ends_on = (NEW.starts_on + interval '1 month')::date"""


def _raising(name: str, sentence: str, unless: str = "false") -> str:
    """A PostgreSQL function that refuses with a sentence, unless the row is as it must be."""
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT ({unless}) THEN
        RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""


def _kept(table: str, event: str, name: str, sentence: str, sqlite: str) -> Trigger:
    return Trigger(
        name,
        table,
        sqlite=f"BEFORE {event} ON {table} BEGIN {_raise(sentence, f'NOT ({sqlite})')} END",
        postgresql=f"BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


def _first(table: str, name: str, sqlite: str) -> Trigger:
    return Trigger(
        name,
        table,
        sqlite=f"BEFORE INSERT ON {table} BEGIN {sqlite} END",
        postgresql=f"BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


def _triggers() -> Iterator[Trigger]:
    for table in (*POSTED, *HISTORY):
        yield from append_only(table, sentence=STAYS, function="ledger_stays")
    yield Trigger(
        "ledger_entry_stands",
        "ledger_entry",
        sqlite=SQLITE_ENTRY,
        postgresql="BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_stands()",
    )
    yield _first("ledger_posting", "ledger_posting_is_new", _raise(NEW_LINE, CLOSED_ENTRY_SQLITE))
    yield _first("ledger_postingtag", "ledger_tag_is_new", _raise(NEW_LINE, CLOSED_POSTING_SQLITE))
    yield _first("ledger_period", "ledger_period_is_a_month", _raise(PERIOD_STAYS, MONTH_IS_WRONG_SQLITE))
    yield Trigger(
        "ledger_posting_is_counted",
        "ledger_posting",
        postgresql="AFTER INSERT ON ledger_posting DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION ledger_posting_is_counted()",
    )
    yield _kept("ledger_period", "UPDATE", "ledger_period_stays", PERIOD_STAYS, STILL_OPEN)
    yield _kept("ledger_period", "DELETE", "ledger_period_is_kept", PERIOD_STAYS, "0 = 1")
    yield _kept("ledger_account", "UPDATE", "ledger_account_stays", ACCOUNT_STAYS, SAME_ACCOUNT)
    yield _kept("ledger_book", "UPDATE", "ledger_book_stays", BOOK_STAYS, SAME_BOOK)


FUNCTIONS = [
    _raising("ledger_stays", STAYS),
    POSTGRESQL_ENTRY,
    POSTGRESQL_LINES,
    _raising("ledger_period_stays", PERIOD_STAYS, STILL_OPEN),
    _raising("ledger_period_is_kept", PERIOD_STAYS),
    _raising("ledger_period_is_a_month", PERIOD_STAYS, MONTH_POSTGRESQL),
    _raising("ledger_account_stays", ACCOUNT_STAYS, SAME_ACCOUNT),
    _raising("ledger_book_stays", BOOK_STAYS, SAME_BOOK),
]
register(_triggers(), FUNCTIONS)
