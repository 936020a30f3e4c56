"""Where one stopped: the snapshot of each lesson and quiz, in the records' file.

A file that can't be opened, read or written never stops practice: it says in one sentence what is
wrong (`Places.trouble`) and keeps everything in memory until writing works again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from engine.language import tr
from engine.records.connection import RecordsError
from engine.records.database import Database, open_database
from engine.records.schema import INSERT_PLACE

Snapshot = dict[str, Any]


class Places:
    """Snapshots by name, the newest first; made by `open_places`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.trouble = ""
        """What is wrong with the file, in one sentence in the learner's language, or nothing."""
        self._unwritten: dict[str, Snapshot | None] = {}
        """What the file doesn't have yet, oldest first; None for what is to be forgotten."""
        with self._troubles():
            database.check_writable()  # shows at once what is wrong

    @property
    def path(self) -> Path:
        """The file."""
        return self.database.path

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
        try:
            rows = self.database.read(_rows)
        except RecordsError as error:
            self.trouble = self.trouble or self._told(error)
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
            self.database.write(self._put)
            self._unwritten.clear()
            self.trouble = ""

    def _put(self, connection: sqlite3.Connection) -> None:
        for name, snapshot in self._unwritten.items():
            connection.execute("DELETE FROM places WHERE name = ?", (name,))
            if snapshot is not None:
                connection.execute(INSERT_PLACE, (name, json.dumps(snapshot)))

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        """Turn whatever goes wrong with the file into `trouble`."""
        try:
            yield
        except RecordsError as error:
            self.trouble = self._told(error)

    def _told(self, error: RecordsError) -> str:
        return tr(
            "Where you stop can't be kept after this session: {cause} ({path})",
            cause=error,
            path=self.path,
        )

    def close(self) -> None:
        """Close the file; nothing is lost that was saved."""
        self.database.close()

    def __enter__(self) -> Places:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def open_places(directory: str | Path | None = None) -> Places:
    """The places in that folder, or in the platform's folder for a user's data; never raises."""
    return Places(open_database(directory))


def _rows(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT name, snapshot FROM places ORDER BY turn DESC").fetchall()
