"""The records' file while the program runs: reading and writing, mending, daily backups.

Whatever goes wrong is raised as a `RecordsError` with a cause in words, and the next use tries
again: practice never stops because of the records.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Thread
from typing import TypeVar

from engine.language import tr
from engine.records.backups import back_up, backup_of, backups
from engine.records.connection import (
    READ_ONLY,
    RecordsError,
    cause,
    is_busy,
    is_damage,
    transaction,
)
from engine.records.derived import rebuild, rules_changed
from engine.records.names import APPLICATION, FILE_NAME
from engine.records.opening import open_to_read, open_without_shared_memory, open_writable
from engine.records.recovery import alone, finish_recovery, recover

Result = TypeVar("Result")


class Database:
    """One file, opened when it is first used and again whenever it was replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notice = ""
        """What the learner should know about the file, in their language, or nothing."""
        self._connection: sqlite3.Connection | None = None
        self._obstacle = ""
        """Why the file can only be read, or nothing."""
        self._file: tuple[int, int] | None = None
        self._backup: Thread | None = None
        self._backed_up: date | None = None

    def read(self, run: Callable[[sqlite3.Connection], Result]) -> Result:
        """What `run` reads. Raises `RecordsError`."""
        return self._tried(lambda: run(self._ready()))

    def write(self, run: Callable[[sqlite3.Connection], Result]) -> Result:
        """What `run` returns, in one transaction that is on disk afterwards, or not at all.

        Raises `RecordsError`; `run` may be called again after the file was mended.
        """

        def written() -> Result:
            if self._obstacle:
                self._drop()  # perhaps it can be written by now
            connection = self._ready()
            if self._obstacle:
                raise RecordsError(self._obstacle)
            with transaction(connection):
                return run(connection)

        return self._tried(written)

    def mend(self) -> None:
        """Set the file aside as damaged and go on with all that can be read of it.

        `notice` says what came of it. Raises `RecordsError`.
        """
        damaged = self._file
        self._drop()
        try:
            with alone(self.path):
                if damaged is None or damaged == _identity(self.path):  # else somebody was faster
                    self.notice = recover(self.path).sentence
        except (sqlite3.Error, OSError) as error:
            raise RecordsError(cause(error)) from error

    def check_writable(self) -> None:
        """Raise `RecordsError` where nothing can be written."""
        self.write(lambda connection: None)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever kept here; looking makes no file. Raises `RecordsError`."""
        try:
            return not _has_content(self.path) and not _has_history(self.path)
        except OSError as error:
            raise RecordsError(cause(error)) from error

    def close(self) -> None:
        """Close the file; nothing is lost that was written."""
        if self._backup is not None:
            self._backup.join()
            self._backup = None
        self._drop()

    # --- opening --------------------------------------------------------------------------------

    def _tried(self, run: Callable[[], Result]) -> Result:
        """What `run` returns, mending a damaged file once."""
        try:
            try:
                return run()
            except (sqlite3.Error, UnicodeDecodeError) as error:
                if not is_damage(error):
                    raise
                self.mend()
                return run()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            if not is_busy(error):
                self._drop()
            raise RecordsError(cause(error)) from error

    def _ready(self) -> sqlite3.Connection:
        if self._connection is not None and self._file != _identity(self.path):
            self._drop()  # SQLite sees that it was moved and leaves alone what is beside it now
        if self._connection is None:
            try:
                self._open()
            except OSError as error:
                raise RecordsError(cause(error)) from error
        assert self._connection is not None
        return self._connection

    def _open(self) -> None:
        self._file = None
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not _has_content(self.path) and _has_history(self.path):
            self._begin_anew()
        self._file = _identity(self.path)
        self._connection, self._obstacle = _opened(self.path)
        self._file = _identity(self.path)

    def _begin_anew(self) -> None:
        """The file is missing or empty, but there was one: a crash, or it was removed."""
        with alone(self.path):
            finish_recovery(self.path)
            if not self.path.exists():
                open_writable(self.path).close()
            elif not _has_content(self.path):
                self.notice = recover(self.path).sentence

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection, self._obstacle = None, ""

    # --- backups --------------------------------------------------------------------------------

    def back_up_daily(self, today: date) -> None:
        """Copy the file beside the learner's work unless the day's copy is there already."""
        if self._backed_up == today or self._obstacle:
            return
        self._backed_up = today
        if not backup_of(self.path, today).exists():
            self._backup = Thread(target=self._back_up, args=(today,), daemon=True)
            self._backup.start()

    def _back_up(self, today: date) -> None:
        with suppress(sqlite3.Error, OSError):  # there will be another day
            if not back_up(self.path, today):
                self.notice = tr(
                    "The file with your records has a damaged place; "
                    "`backhand records doctor` mends it."
                )


def open_database(directory: str | Path | None = None) -> Database:
    """The records in that folder, or in the platform's folder for a user's data; never raises."""
    if directory is None:
        from platformdirs import user_data_path

        directory = user_data_path(APPLICATION, appauthor=False)
    return Database(Path(directory) / FILE_NAME)


def _opened(path: Path) -> tuple[sqlite3.Connection, str]:
    """A connection, and why it can only read, or nothing."""
    try:
        try:
            connection = open_writable(path)
        except sqlite3.OperationalError as error:
            if is_busy(error) or not path.is_file():
                raise
            connection = open_without_shared_memory(path)
        if rules_changed(connection):
            with transaction(connection):
                rebuild(connection)
    except RecordsError as error:
        return open_to_read(path), str(error)
    except sqlite3.OperationalError as error:
        if is_busy(error) or not path.is_file():
            raise
        return open_to_read(path), tr(READ_ONLY)
    return connection, ""


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file the path leads to now."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def _has_history(path: Path) -> bool:
    """Whether there are traces of an earlier file."""
    beside = (path.with_name(f"{path.name}{end}") for end in (".mended", "-wal"))
    return any(_has_content(each) for each in beside) or bool(backups(path))
