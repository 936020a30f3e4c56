"""The tables of the records' file, and the way from each version of them to the next."""

from __future__ import annotations

import sqlite3

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE places (name TEXT PRIMARY KEY, snapshot TEXT NOT NULL, turn INTEGER NOT NULL)"
        " WITHOUT ROWID",
    ),
    (
        "CREATE TABLE log (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
        " event TEXT NOT NULL, at TEXT NOT NULL, day TEXT NOT NULL, version TEXT NOT NULL,"
        " session TEXT NOT NULL, problem TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL,"
        " skill TEXT NOT NULL, level INTEGER, seed INTEGER, typed TEXT NOT NULL,"
        " verdict TEXT NOT NULL, misconception TEXT NOT NULL, hints INTEGER NOT NULL,"
        " revealed INTEGER NOT NULL, seconds REAL, first INTEGER NOT NULL, about TEXT NOT NULL)",
        "CREATE INDEX log_resets ON log (event) WHERE event <> 'attempt'",
        "CREATE TRIGGER log_rows_stay BEFORE DELETE ON log"
        " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
        "CREATE TRIGGER log_rows_are_final BEFORE UPDATE ON log"
        " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
        "CREATE TABLE standings (skill TEXT PRIMARY KEY, rating REAL NOT NULL,"
        " firsts INTEGER NOT NULL, known INTEGER NOT NULL, streak INTEGER NOT NULL,"
        " mastered INTEGER NOT NULL, mistake TEXT NOT NULL, stability REAL, difficulty REAL,"
        " due TEXT, reviewed TEXT) WITHOUT ROWID",
        "CREATE TABLE days (skill TEXT NOT NULL, day TEXT NOT NULL, attempts INTEGER NOT NULL,"
        " firsts INTEGER NOT NULL, known INTEGER NOT NULL, rating REAL NOT NULL,"
        " PRIMARY KEY (skill, day)) WITHOUT ROWID",
        "CREATE TABLE mistakes (skill TEXT NOT NULL, tag TEXT NOT NULL, day TEXT NOT NULL,"
        " times INTEGER NOT NULL, PRIMARY KEY (skill, tag, day)) WITHOUT ROWID",
        "CREATE TABLE calendar (day TEXT PRIMARY KEY, attempts INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    ),
)
"""The statements that lead from each schema version (the file's user_version) to the next.

`places` is where one stopped, `log` every answer, in order of `number`; the others are derived from
the log and can be made again: how one stands at each skill, what was done on each day, the mistakes
met in each month (whose column `day` has no more than that), the answers of each day (a reset
doesn't touch those), and by which rules.
"""

VERSION = len(MIGRATIONS)

INSERT_PLACE = "INSERT INTO places SELECT ?, ?, coalesce(max(turn), 0) + 1 FROM places"
"""A snapshot becomes the newest by its turn: clocks may be wrong."""


def file_version(connection: sqlite3.Connection) -> int:
    """The version of a file's tables; 0 where there are none of ours."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_foreign(connection: sqlite3.Connection) -> bool:
    """Whether the file has tables and they aren't ours."""
    if file_version(connection) > 0:
        return False
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to this version; only within a transaction."""
    for statements in MIGRATIONS[max(file_version(connection), 0) :]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")
