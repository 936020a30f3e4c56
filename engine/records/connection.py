"""Connections to the records' file: transactions, and SQLite's errors told in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.language import mark_text, tr

BUSY_SECONDS = 0.25
"""How long a write waits for another program's write: a learner shouldn't notice it."""

READ_ONLY = mark_text("the file can't be written")


class RecordsError(Exception):
    """Why the records can't be read or written, in a few words in the learner's language."""


class Damage(sqlite3.DatabaseError):
    """What the file holds makes no sense."""


def connect(path: Path, options: str = "") -> sqlite3.Connection:
    """A connection without implicit transactions; options as in an SQLite URI: ``?mode=ro``."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}{options}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing; takes the write lock at once, since a later upgrade would not wait for it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # SQLite may have rolled back by itself
            connection.execute("ROLLBACK")
        raise


# --- errors -------------------------------------------------------------------------------------


def _code(error: BaseException) -> int:
    """SQLite's primary result code (sqlite.org/rescode.html); -1 for any other error."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else -1


def is_damage(error: BaseException) -> bool:
    """Whether the error says that the file isn't whole.

    SQLite quotes bytes of a broken file in its messages, which then can't be decoded.
    """
    if isinstance(error, (Damage, UnicodeDecodeError)) or "decode to UTF-8" in str(error):
        return True
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_busy(error: BaseException) -> bool:
    """Whether the error says that another program holds the file."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def cause(error: Exception) -> str:
    """What went wrong with the file, in a few words in the learner's language."""
    code = _code(error)
    if isinstance(error, RecordsError):
        return str(error)
    if is_damage(error):
        return tr("the file is damaged")
    if is_busy(error):
        return tr("another program is writing to the file")
    if code == sqlite3.SQLITE_FULL:
        return tr("the disk is full")
    if code == sqlite3.SQLITE_IOERR:
        return tr("the disk refuses to write or to read")
    if code == sqlite3.SQLITE_READONLY or "readonly" in str(error):
        return tr(READ_ONLY)
    if code in (sqlite3.SQLITE_CANTOPEN, -1) and isinstance(error, sqlite3.Error):
        return tr("the file can't be opened")
    return str(getattr(error, "strerror", None) or error)
