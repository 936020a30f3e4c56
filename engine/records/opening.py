"""Opening the records' file: durably where possible, otherwise as far as it goes."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from engine.language import tr
from engine.records.backups import back_up_before_migration
from engine.records.connection import RecordsError, connect, transaction
from engine.records.schema import VERSION, file_version, is_foreign, migrate


def open_writable(path: Path) -> sqlite3.Connection:
    """A connection whose tables are there, at this version; the file is made if it isn't there.

    Raises `RecordsError` where the file isn't ours or is newer, else SQLite's own errors.
    """
    connection = connect(path)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        version = file_version(connection)
        refuse_strange(connection)
        keep_a_log_beside(connection)
        if version != VERSION:
            if version > 0:
                back_up_before_migration(connection, path, version)
            with transaction(connection):
                refuse_strange(connection)
                migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_without_shared_memory(path: Path) -> sqlite3.Connection:
    """The same for a file with a write-ahead log in a folder that can't have one, a network's.

    Held alone, such a file can be read without shared memory; then it gives its log up.
    """
    connection = connect(path)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()
    return open_writable(path)


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection that never writes, not even beside the file; the tables may be newer ones."""
    last: sqlite3.Error | None = None
    # In a folder that can't be written SQLite opens a file with a write-ahead log only as
    # immutable, unless another program has it open.
    for options in ("?mode=ro", "?immutable=1"):
        connection = connect(path, options)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.Error as error:
            connection.close()
            last = error
        else:
            return connection
    assert last is not None
    raise last


def refuse_strange(connection: sqlite3.Connection) -> None:
    """Raise `RecordsError` for another program's file and for a newer version's."""
    if is_foreign(connection):
        raise RecordsError(tr("the file belongs to another program"))
    if file_version(connection) > VERSION:
        raise RecordsError(tr("the file was written by a newer version of this program"))


def keep_a_log_beside(connection: sqlite3.Connection) -> None:
    """Use a write-ahead log; a folder that can't have one keeps SQLite's rollback journal.

    That another program holds the file matters as little: it has asked for the same.
    """
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
