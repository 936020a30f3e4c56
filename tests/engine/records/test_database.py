"""The file in every state but damage: read-only, full, locked, newer, on a network, shared."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.records import connection, derived
from engine.records.connection import RecordsError
from engine.records.database import Database, open_database
from engine.records.derived import append
from engine.records.overview import read_overview
from engine.records.places import open_places
from tests.engine.records.keeping import (
    append_to,
    attempt,
    derived_of,
    events_in,
    events_of,
    file_in,
    keep,
    some_attempts,
)

# --- writing so that nothing is lost --------------------------------------------------------------


def test_the_file_has_a_write_ahead_log_and_every_commit_is_on_disk(database: Database) -> None:
    def read(c: sqlite3.Connection) -> list[object]:
        return [
            c.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        ]

    assert database.read(read) == ["wal", 2]


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    before = derived_of(database)

    def fail(c: sqlite3.Connection) -> None:
        append(c, [attempt(2)])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        database.write(fail)
    assert events_of(database) == [attempt(1)]
    assert derived_of(database) == before
    append_to(database, attempt(2))
    assert len(events_of(database)) == 2


def test_looking_at_an_empty_folder_makes_no_file(tmp_path: Path) -> None:
    assert open_database(tmp_path / "data").is_empty
    assert not (tmp_path / "data").exists()


def test_two_windows_write_in_turn(tmp_path: Path) -> None:
    events = [*some_attempts(60)]
    one, two = open_database(tmp_path), open_database(tmp_path)
    for place, event in enumerate(events):
        append_to((one, two)[place % 2], event)
    assert events_of(one) == events_of(two) == events
    expected = derived_of(one)
    one.write(derived.rebuild)
    assert derived_of(two) == expected
    one.close()
    two.close()


def test_a_file_that_another_program_put_there_is_used_from_then_on(
    database: Database, tmp_path: Path
) -> None:
    other = keep(tmp_path / "other", attempt(7))
    for end in ("-wal", "-shm"):
        Path(f"{database.path}{end}").unlink()
    os.replace(other, database.path)
    append_to(database, attempt(8))
    assert events_of(database) == [attempt(7), attempt(8)]


def test_a_file_that_is_removed_is_made_again(database: Database) -> None:
    for end in ("", "-wal", "-shm"):
        Path(f"{database.path}{end}").unlink()
    append_to(database, attempt(2))
    assert attempt(2) in events_in(database.path.parent)


# --- what can't be written ------------------------------------------------------------------------


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder, and no rights beyond it: to root no folder is read-only."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        keep(folder / "data", attempt(1))
        for path in (folder / "data", *(folder / "data").iterdir()):
            path.chmod(0o777 if path.is_dir() else 0o666)
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        if is_root:
            os.seteuid(65534)
        try:
            yield folder / "data"
        finally:
            if is_root:
                os.seteuid(0)
            (folder / "data").chmod(0o777)


@pytest.mark.skipif(sys.platform == "win32", reason="has other rights")
def test_a_read_only_folder_is_read_and_says_so(nobody: Path) -> None:
    nobody.chmod(0o555) if os.geteuid() != 65534 else _as_root(lambda: nobody.chmod(0o555))
    database = open_database(nobody)
    with pytest.raises(RecordsError, match="can't be written"):
        append_to(database, attempt(2))
    assert events_of(database) == [attempt(1)]
    assert database.read(read_overview).answers == 1
    _as_root(lambda: nobody.chmod(0o777))
    append_to(database, attempt(2))
    assert len(events_of(database)) == 2
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="has other rights")
def test_a_read_only_file_is_read_and_says_so(nobody: Path) -> None:
    _as_root(lambda: file_in(nobody).chmod(0o444))
    database = open_database(nobody)
    with pytest.raises(RecordsError, match="can't be written"):
        append_to(database, attempt(2))
    assert events_of(database) == [attempt(1)]
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="has other rights")
def test_a_file_that_cannot_be_read_says_so(nobody: Path) -> None:
    _as_root(lambda: file_in(nobody).chmod(0o000))
    database = open_database(nobody)
    with pytest.raises(RecordsError, match="can't be opened"):
        database.read(read_overview)
    database.close()


def _as_root(run: Callable[[], None]) -> None:
    """With the rights of the test's own user."""
    before = os.geteuid()
    if os.getuid() == 0:
        os.seteuid(0)
    run()
    if os.getuid() == 0:
        os.seteuid(before)


def test_a_read_only_disk_says_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """As SQLite reports a mount that is read-only, whoever asks."""
    database.close()

    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        return sqlite_connect(str(arguments[0]).partition("?")[0] + "?mode=ro", **options)

    sqlite_connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", connect)
    with pytest.raises(RecordsError, match="can't be written"):
        append_to(database, attempt(2))
    assert events_of(database) == [attempt(1)]


def test_a_full_disk_says_so_and_is_written_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = [0]

    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        opened = sqlite_connect(*arguments, **options)
        if limit[0]:
            opened.execute(f"PRAGMA max_page_count = {limit[0]}")
        return opened

    sqlite_connect = sqlite3.connect
    keep(tmp_path, *some_attempts(50))
    monkeypatch.setattr(sqlite3, "connect", connect)
    limit[0] = 1  # SQLite takes as many pages as there are
    full = open_database(tmp_path)
    events = [attempt(10**6 + number) for number in range(200)]
    with pytest.raises(RecordsError, match="disk is full"):
        append_to(full, *events)
    assert len(events_of(full)) == 50
    limit[0] = 0
    full.close()
    append_to(full, *events)
    assert len(events_of(full)) == 250
    full.close()


FULL_DISK = """
import resource, sys
from engine.practice.session import lesson
from engine.problems.reading import load
from engine.records.database import open_database
from engine.records.recorder import Recorder

recorder = Recorder(open_database(sys.argv[1]))
session = lesson(load("masha"))
recorder.attach(session)
session.answer("X @ W2")
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
for number in range(30):
    assert session.answer(f"X @ W1 + {number}").verdict
assert "can't be recorded" in recorder.trouble, recorder.trouble
assert len(recorder.unwritten) == 30
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
session.answer("X @ W1")
assert recorder.trouble == "" and recorder.finish() == "", recorder.trouble
recorder.database.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_practice_goes_on_where_no_file_may_grow(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    typed = [event.typed for event in events_in(tmp_path)]
    assert typed == ["X @ W2", *(f"X @ W1 + {number}" for number in range(30)), "X @ W1"]


def test_a_file_held_by_another_program_is_waited_for_a_moment_only(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.0)
    database.close()
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordsError, match="another program is writing"):
        append_to(database, attempt(2))
    assert events_of(database) == [attempt(1)]
    other.execute("ROLLBACK")
    append_to(database, attempt(2))
    assert events_of(database) == [attempt(1), attempt(2)]
    other.close()


# --- networks -------------------------------------------------------------------------------------


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite as on a network: locks by files, and no shared memory."""
    sqlite_connect = sqlite3.connect

    def connect(name: Any, *arguments: Any, **options: Any) -> sqlite3.Connection:
        if not str(name).startswith("file:"):
            return sqlite_connect(name, *arguments, **options)
        glue = "&" if "?" in name else "?"
        return sqlite_connect(f"{name}{glue}vfs=unix-dotfile", *arguments, **options)

    monkeypatch.setattr(sqlite3, "connect", connect)


def _journal_mode(database: Database) -> str:
    return str(database.read(lambda c: c.execute("PRAGMA journal_mode").fetchone()[0]))


@pytest.mark.skipif(sys.platform == "win32", reason="has no such locks")
@pytest.mark.usefixtures("network")
def test_on_a_network_the_file_has_no_write_ahead_log(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    append_to(database, attempt(1))
    assert _journal_mode(database) == "delete"
    with open_places(tmp_path) as places:
        places.save("masha", {"position": 1})
        assert places.trouble == ""
    assert events_of(database) == [attempt(1)]
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="has no such locks")
def test_a_file_that_moved_to_a_network_gives_its_log_up(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    keep(tmp_path, attempt(1))
    request.getfixturevalue("network")
    database = open_database(tmp_path)
    append_to(database, attempt(2))
    assert _journal_mode(database) == "delete"
    assert events_of(database) == [attempt(1), attempt(2)]
    database.close()


def test_the_records_need_no_mathematics_until_something_is_followed() -> None:
    code = (
        "import sys, engine.records.recorder, engine.records.overview, engine.records.resets; "
        "assert not {'numpy', 'textual', 'fsrs'} & {*sys.modules}"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
