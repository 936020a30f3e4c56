"""Copies of the records' file: one a day, thinned out, and one before the tables change."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from itertools import groupby
from pathlib import Path

from engine.records.connection import connect

DAYS, WEEKS = 7, 4
"""The newest copy is kept of this many days, and of this many weeks before the newest one's."""

UNFINISHED = ".unfinished"
"""How the name of a copy ends that is still being made."""


def backup_folder(path: Path) -> Path:
    """Where the copies of a file are."""
    return path.parent / "backups"


def backup_of(path: Path, day: date) -> Path:
    """The copy of a file that is made on that day."""
    return backup_folder(path) / f"{path.stem}-{day.isoformat()}{path.suffix}"


def backups(path: Path) -> dict[date, Path]:
    """The daily copies that there are, the newest first."""
    found = {}
    for copy in backup_folder(path).glob(f"{path.stem}-*{path.suffix}"):
        with suppress(ValueError):
            day = date.fromisoformat(copy.stem.removeprefix(f"{path.stem}-"))
            found[day] = copy
    return dict(sorted(found.items(), reverse=True))


def back_up(path: Path, day: date) -> bool:
    """Make the day's copy and thin out the older ones; False, and none, where it isn't whole.

    Raises `sqlite3.Error` or `OSError` where none can be made.
    """
    target = backup_of(path, day)
    source = connect(path)
    try:
        whole = copy_database(source, target)
    finally:
        source.close()
    if whole:
        thin(path)
    return whole


def back_up_before_migration(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Copy the file as it is before its tables change; there is one such copy for each version."""
    name = f"{path.stem}-before-version-{version + 1}{path.suffix}"
    copy_database(connection, backup_folder(path) / name)


def copy_database(source: sqlite3.Connection, target: Path) -> bool:
    """Copy a database into one file, all or nothing; False, and nothing, where it isn't whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.stem}.{os.getpid()}{UNFINISHED}")
    unfinished.unlink(missing_ok=True)
    connection = connect(unfinished)
    try:
        source.backup(connection)
        # One file without a log beside it can be opened in any folder.
        connection.execute("PRAGMA journal_mode = DELETE")
        whole = is_whole(connection)
    finally:
        connection.close()
    if whole:
        os.replace(unfinished, target)
    else:
        unfinished.unlink()
    return whole


def is_whole(connection: sqlite3.Connection) -> bool:
    """Whether SQLite finds no damage in the whole file."""
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


def thin(path: Path) -> None:
    """Remove the daily copies that are no longer kept, and what a crash left unfinished."""
    found = backups(path)
    superfluous = [found[day] for day in found.keys() - kept_days(found)]
    for copy in (*superfluous, *backup_folder(path).glob(f"*{UNFINISHED}")):
        with suppress(OSError):
            copy.unlink()


def kept_days(days: Iterable[date]) -> set[date]:
    """Of the days with a copy the newest seven, and the newest of each of the last four weeks."""
    newest_first = sorted(days, reverse=True)
    weeks = groupby(newest_first, lambda day: day.isocalendar()[:2])
    newest_of_weeks = [next(group) for _, group in weeks]
    return {*newest_first[:DAYS], *newest_of_weeks[: WEEKS + 1]}
