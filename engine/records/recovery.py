"""A damaged file: set aside, the newest backup put in its place, what can be read replayed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.language import ntr, tr
from engine.records.backups import backups, is_whole
from engine.records.connection import connect, transaction
from engine.records.derived import append
from engine.records.events import COLUMNS, Event, checked
from engine.records.schema import INSERT_PLACE, VERSION, file_version, is_foreign, migrate

WAIT_SECONDS = 10.0
"""How long another window may take to mend the same file."""

BESIDE = ("-wal", "-shm")
"""The ends of the names of the files that SQLite keeps beside a database."""

FARTHEST = 2**40
"""No log has more rows."""

ROW_BY_ROW = 2000
"""Rows that are tried one by one where the log can't be read, before the steps grow."""

COPIES = ".mending-"
"""How the name of the folder begins in which the damaged file is read."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What came of mending a file."""

    aside: Path
    """Where the damaged file is now."""
    backup: date | None
    """The day of the backup that took its place."""
    answers: int
    """How many events there are again."""

    @property
    def sentence(self) -> str:
        """What happened, in the learner's language."""
        parts = [
            tr("The file with your records was damaged. It is kept as {path}.", path=self.aside)
        ]
        if self.backup is not None:
            parts.append(tr("The backup of {day} took its place.", day=self.backup.isoformat()))
        parts.append(ntr("{number} answer is there.", "{number} answers are there.", self.answers))
        return " ".join(parts)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let no other window create or mend the file meanwhile.

    SQLite's own lock on an empty file beside it: it works everywhere and ends with the program.
    """
    connection = sqlite3.connect(
        path.with_name(f"{path.name}.alone"), timeout=WAIT_SECONDS, isolation_level=None
    )
    try:
        connection.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        connection.close()


def finish_recovery(path: Path) -> None:
    """Put the mended file into its place where a crash came between; only `alone`."""
    if _mended(path).exists() and not path.exists():
        _set_aside(path, _stamp())
        os.replace(_mended(path), path)


def recover(path: Path) -> Recovery:
    """Mend a damaged file; only `alone`. Raises `OSError` or `sqlite3.Error` where it can't be."""
    unfinished = path.with_name(f"{path.name}.mending")
    for rest in (unfinished, *(Path(f"{unfinished}{end}") for end in (*BESIDE, "-journal"))):
        rest.unlink(missing_ok=True)
    backup = _newest_whole_backup(path)
    if backup is not None:
        shutil.copyfile(backup[1], unfinished)
    connection = connect(unfinished)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        with transaction(connection):
            migrate(connection)
        _salvage(path, connection)
        answers = connection.execute("SELECT count(*) FROM log").fetchone()[0]
    finally:
        connection.close()
    os.replace(unfinished, _mended(path))
    aside = _set_aside(path, _stamp())
    os.replace(_mended(path), path)
    return Recovery(aside, backup and backup[0], answers)


def _mended(path: Path) -> Path:
    return path.with_name(f"{path.name}.mended")


def _stamp() -> str:
    return datetime.now().strftime("%Y-%m-%d-%H%M%S")


def _set_aside(path: Path, stamp: str) -> Path:
    """Rename the file and what is beside it; nothing is ever overwritten.

    Its log goes first: beside another file it would be taken for that file's.
    """
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    for end in (*BESIDE, "-journal", ""):
        with suppress(FileNotFoundError):
            os.replace(f"{path}{end}", f"{aside}{end}")
    return aside


def _newest_whole_backup(path: Path) -> tuple[date, Path] | None:
    for day, copy in backups(path).items():
        with suppress(sqlite3.Error, OSError):
            connection = connect(copy, "?mode=ro")
            try:
                usable = 0 < file_version(connection) <= VERSION and not is_foreign(connection)
                if usable and is_whole(connection):
                    return day, copy
            finally:
                connection.close()
    return None


# --- reading what is left -------------------------------------------------------------------------


def _salvage(path: Path, into: sqlite3.Connection) -> None:
    """Add everything readable of the damaged file; it is only read from a copy."""
    for rest in path.parent.glob(f"{COPIES}*"):
        shutil.rmtree(rest, ignore_errors=True)
    with TemporaryDirectory(dir=path.parent, prefix=COPIES) as folder:
        copy = Path(folder) / path.name
        for end in ("", "-wal"):
            with suppress(FileNotFoundError):
                shutil.copyfile(f"{path}{end}", f"{copy}{end}")
        if not _add_readable(copy, into):
            _replace_first_page(copy, into)
            _add_readable(copy, into)


def _replace_first_page(copy: Path, whole: sqlite3.Connection) -> None:
    """Give a file another's first page: where the tables begin is the same in every file of ours.

    A page's format is https://www.sqlite.org/fileformat.html. The page count is made invalid, so
    that SQLite counts the pages itself.
    """
    source = Path(whole.execute("PRAGMA database_list").fetchone()[2])
    size = whole.execute("PRAGMA page_size").fetchone()[0]
    with source.open("rb") as stream:
        page = bytearray(stream.read(size))
    if len(page) < size:
        return
    page[18:20] = b"\x02\x02"  # may have a write-ahead log
    page[92:96] = bytes(4)
    with copy.open("r+b") as stream:
        stream.write(page)


def _add_readable(copy: Path, into: sqlite3.Connection) -> bool:
    """Add what can be read; False where not even the list of the tables can."""
    damaged = connect(copy)
    damaged.text_factory = lambda text: text.decode("utf-8", "replace")
    try:
        if not _can_be_opened(damaged):
            return False
        with transaction(into):
            append(into, _readable_events(damaged))
            _add_places(damaged, into)
    finally:
        damaged.close()
    return True


def _can_be_opened(damaged: sqlite3.Connection) -> bool:
    try:
        damaged.execute("PRAGMA writable_schema = ON")  # opens files that are too short, too
        return bool(damaged.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False


def _readable_events(damaged: sqlite3.Connection) -> Iterator[Event]:
    """The log's rows in order; past what can't be read it feels its way, row by row at first."""
    query = f"SELECT number, {', '.join(COLUMNS)} FROM log WHERE number > ? ORDER BY number"
    number, failures = 0, 0
    while number < FARTHEST:
        try:
            for place, *row in damaged.execute(query, (number,)):
                if place > number:  # a damaged page may give any number: it must not lead back
                    number, failures = place, 0
                with suppress(ValueError, TypeError):
                    table = dict(zip(COLUMNS, row, strict=True))
                    for name in ("revealed", "first"):
                        table[name] = bool(table[name])
                    yield checked(table)
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            failures += 1
            number += 1 if failures < ROW_BY_ROW else 2 ** (failures - ROW_BY_ROW)
        else:
            return


def _add_places(damaged: sqlite3.Connection, into: sqlite3.Connection) -> None:
    """The places where one stopped: they are newer than the backup's."""
    rows: list[tuple[Any, Any]] = []
    with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
        rows += damaged.execute("SELECT name, snapshot FROM places ORDER BY turn")
    for name, snapshot in rows:
        with suppress(TypeError, ValueError, RecursionError):
            json.loads(snapshot)
            into.execute("DELETE FROM places WHERE name = ?", (str(name),))
            into.execute(INSERT_PLACE, (str(name), snapshot))
