"""Where one stopped: the snapshot of each lesson and quiz, in a small SQLite file.

A store that can't be opened, read or written never stops practice: it says in one sentence what is
wrong (`Places.trouble`) and keeps everything in memory until writing works again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from engine.language import mark_text, tr

FILE_NAME = "backhand.sqlite3"
APPLICATION = "backhand"
BUSY_SECONDS = 0.25
"""How long a write waits for another program's write: a learner shouldn't notice it."""

Snapshot = dict[str, Any]

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE places (name TEXT PRIMARY KEY, snapshot TEXT NOT NULL, turn INTEGER NOT NULL)"
        " WITHOUT ROWID",
    ),
)
"""The statements that lead from each schema version (the file's user_version) to the next."""

VERSION = len(MIGRATIONS)

INSERT = "INSERT INTO places SELECT ?, ?, coalesce(max(turn), 0) + 1 FROM places"
"""A snapshot becomes the newest by its turn: clocks may be wrong."""


class _StoreError(Exception):
    """Why the file can't be used, as a sentence that is still to be translated."""


class Places:
    """Snapshots by name, the newest first; made by `open_places`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.trouble = ""
        """What is wrong with the file, in one sentence in the learner's language, or nothing."""
        self._connection: sqlite3.Connection | None = None
        self._unwritten: dict[str, Snapshot | None] = {}
        """What the file doesn't have yet, oldest first; None for what is to be forgotten."""
        with self._troubles():
            self._connection = _opened(path)
            _try_writing(self._connection)

    # --- reading --------------------------------------------------------------------------------

    def load(self, name: str) -> Snapshot | None:
        """The snapshot that was saved last under that name, or None."""
        return self.all().get(name)

    def latest(self) -> tuple[str, Snapshot] | None:
        """The name and the snapshot that were saved last of all, or None."""
        return next(iter(self.all().items()), None)

    def all(self) -> dict[str, Snapshot]:
        """Every snapshot by name, the newest first."""
        kept = dict(self._stored())
        for name, snapshot in self._unwritten.items():
            kept.pop(name, None)
            if snapshot is not None:
                kept = {name: snapshot, **kept}
        return kept

    def _stored(self) -> list[tuple[str, Snapshot]]:
        rows: list[tuple[str, str]] = []
        if self._connection is not None:
            with self._troubles():
                rows = self._connection.execute(
                    "SELECT name, snapshot FROM places ORDER BY turn DESC"
                ).fetchall()
        found = []
        for name, text in rows:
            with suppress(ValueError, TypeError, RecursionError):
                snapshot = json.loads(text)
                if isinstance(snapshot, dict):
                    found.append((name, snapshot))
        return found

    # --- writing --------------------------------------------------------------------------------

    def save(self, name: str, snapshot: Mapping[str, Any]) -> None:
        """Keep a snapshot (plain data for JSON) under a name, in place of the one before."""
        self._unwritten.pop(name, None)
        self._unwritten[name] = dict(snapshot)
        self._write()

    def forget(self, name: str) -> None:
        """Drop what is kept under a name."""
        self._unwritten.pop(name, None)
        self._unwritten[name] = None
        self._write()

    def _write(self) -> None:
        """Write what is waiting; where that fails it goes on waiting, and `trouble` says why."""
        with self._troubles():
            if self._connection is None:
                self._connection = _opened(self.path)
            with _transaction(self._connection) as connection:
                for name, snapshot in self._unwritten.items():
                    connection.execute("DELETE FROM places WHERE name = ?", (name,))
                    if snapshot is not None:
                        connection.execute(INSERT, (name, json.dumps(snapshot)))
            self._unwritten.clear()
            self.trouble = ""

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        """Turn whatever goes wrong with the file into `trouble`."""
        try:
            yield
        except (_StoreError, sqlite3.Error, OSError) as error:
            self.trouble = tr(
                "Where you stop can't be kept after this session: {cause} ({path})",
                cause=_cause(error),
                path=self.path,
            )

    def close(self) -> None:
        """Close the file; nothing is lost that was saved."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def __enter__(self) -> Places:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def open_places(directory: str | Path | None = None) -> Places:
    """The store in that folder, or in the platform's folder for a user's data; never raises."""
    if directory is None:
        from platformdirs import user_data_path

        directory = user_data_path(APPLICATION, appauthor=False)
    return Places(Path(directory) / FILE_NAME)


# --- the file -----------------------------------------------------------------------------------


def _opened(path: Path) -> sqlite3.Connection:
    """A connection whose tables are there, at this version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _migrated(path)
    except sqlite3.OperationalError as error:
        if not path.exists() or _busy(error):
            raise
    # In a folder that can't be written SQLite opens a WAL file only as immutable, and to read.
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        _check_version(_version(connection))
        connection.execute("SELECT count(*) FROM places")
    except BaseException:
        connection.close()
        raise
    return connection


def _migrated(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        if _version(connection) != VERSION:
            _check_version(_version(connection))
            connection.execute("PRAGMA journal_mode = WAL")
            with _transaction(connection):
                _migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    version = _version(connection)
    _check_version(version)
    if version <= 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise _StoreError(mark_text("the file belongs to another program"))
    for statements in MIGRATIONS[max(version, 0) :]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _check_version(version: int) -> None:
    if version > VERSION:
        raise _StoreError(mark_text("the file was written by a newer version of this program"))


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing; takes the write lock at once, since a later upgrade would not wait for it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # SQLite may have rolled back by itself
            connection.execute("ROLLBACK")
        raise


def _try_writing(connection: sqlite3.Connection) -> None:
    """Raise what writing would raise; nothing is written."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(f"PRAGMA user_version = {VERSION}")
    finally:
        connection.execute("ROLLBACK")


def _busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorname", "") in ("SQLITE_BUSY", "SQLITE_LOCKED")


def _cause(error: Exception) -> str:
    if isinstance(error, _StoreError):
        return tr(str(error))
    if isinstance(error, sqlite3.OperationalError) and _busy(error):
        return tr("another program is writing to the file")
    if isinstance(error, sqlite3.OperationalError) and "readonly" in str(error):
        return tr("the file can't be written")
    if isinstance(error, sqlite3.OperationalError):
        return tr("the file can't be opened")
    if isinstance(error, sqlite3.DatabaseError):
        return tr("the file is damaged")
    return str(getattr(error, "strerror", None) or error)
