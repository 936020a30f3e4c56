"""Examining the records: is the file whole, and does what is derived follow from the log?"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.records.backups import backups
from engine.records.connection import is_damage
from engine.records.database import Database
from engine.records.derived import TABLES, rebuild


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found, and what was done about it."""

    events: int
    """Answers, resets and undos in the log."""
    first_day: str
    """The earliest day in the log, or nothing."""
    last_day: str
    was_whole: bool
    """Whether the file was whole; if not, it was set aside, and the database's notice says more."""
    differed: bool
    """Whether the derived tables weren't what follows from the log; they are now."""
    backups: tuple[date, ...]
    """The days with a backup, the newest first."""
    aside: tuple[Path, ...]
    """Damaged files that were set aside, now or earlier."""


def examine(database: Database) -> Diagnosis:
    """Check the whole file, mend it where it is damaged, make the derived tables again.

    Raises `RecordsError` where the file can't be read or written.
    """
    was_whole = database.read(_is_whole) and not database.notice
    if not was_whole and not database.notice:
        database.mend()
    differed = database.write(_rebuilt)
    events, first, last = database.read(
        lambda connection: connection.execute(
            "SELECT count(*), coalesce(min(day), ''), coalesce(max(day), '') FROM log"
        ).fetchone()
    )
    path = database.path
    aside = sorted(
        each
        for each in path.parent.glob(f"{path.name}.damaged-*")
        if not each.name.endswith(("-wal", "-shm", "-journal"))
    )
    return Diagnosis(events, first, last, was_whole, differed, (*backups(path),), (*aside,))


def _is_whole(connection: sqlite3.Connection) -> bool:
    try:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and not is_damage(error):
            raise  # another program holds it, or the disk can't be read: that says nothing of it
        return False
    return bool(found[0] == "ok")


def _rebuilt(connection: sqlite3.Connection) -> bool:
    def tables() -> list[list[tuple[object, ...]]]:
        return [connection.execute(f"SELECT * FROM {each}").fetchall() for each in TABLES]

    before = tables()
    rebuild(connection)
    return tables() != before
