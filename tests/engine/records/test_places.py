"""Where one stopped: kept over restarts, and never in the way of practice."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.records import connection as module
from engine.records import database
from engine.records.names import FILE_NAME
from engine.records.places import open_places
from engine.records.schema import VERSION

HERE = {"name": "masha", "position": 3, "questions": [{"id": "H1", "draft": "2 -½"}]}


@pytest.fixture
def other(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another program's connection to the same file."""
    open_places(tmp_path).close()
    connection = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    yield connection
    connection.close()


def test_a_snapshot_is_there_at_the_next_start(tmp_path: Path) -> None:
    with open_places(tmp_path) as places:
        assert places.load("masha") is None
        places.save("masha", HERE)
    with open_places(tmp_path) as places:
        assert places.load("masha") == HERE
        assert places.trouble == ""


def test_the_folder_is_made(tmp_path: Path) -> None:
    with open_places(tmp_path / "a" / "b") as places:
        places.save("masha", HERE)
        assert places.trouble == ""
    assert (tmp_path / "a" / "b" / FILE_NAME).is_file()


def test_the_newest_place_comes_first(tmp_path: Path) -> None:
    with open_places(tmp_path) as places:
        assert places.latest() is None
        for name in ("one", "two", "three", "one"):
            places.save(name, {"name": name})
    with open_places(tmp_path) as places:
        assert places.latest() == ("one", {"name": "one"})
        assert [*places.all()] == ["one", "three", "two"]


def test_a_place_can_be_forgotten(tmp_path: Path) -> None:
    with open_places(tmp_path) as places:
        places.save("one", HERE)
        places.save("two", HERE)
        places.forget("two")
        places.forget("never there")
    with open_places(tmp_path) as places:
        assert [*places.all()] == ["one"]


def test_any_text_can_be_kept(tmp_path: Path) -> None:
    snapshot = {"draft": "½ ∂L/∂H₁ 'quoted' \x00 \ud800 🙂"}
    with open_places(tmp_path) as places:
        places.save("masha", snapshot)
        assert places.trouble == ""
    with open_places(tmp_path) as places:
        assert places.load("masha") == snapshot


def test_an_empty_file_is_a_new_one(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    with open_places(tmp_path) as places:
        places.save("masha", HERE)
        assert places.trouble == ""


@pytest.mark.parametrize("content", [b"no database at all\n" * 100, b"SQLite format 3\x00" * 50])
def test_a_damaged_file_is_set_aside_and_practice_goes_on(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with open_places(tmp_path) as places:
        assert places.trouble == ""
        assert "damaged" in places.database.notice
        places.save("masha", HERE)
    (aside,) = tmp_path.glob(f"{FILE_NAME}.damaged-*")
    assert aside.read_bytes() == content
    with open_places(tmp_path) as places:
        assert places.load("masha") == HERE
        assert places.database.notice == ""


def test_a_damaged_snapshot_is_passed_over(other: sqlite3.Connection, tmp_path: Path) -> None:
    other.execute("INSERT INTO places VALUES ('broken', '{', 5), ('list', '[]', 6)")
    with open_places(tmp_path) as places:
        places.save("masha", HERE)
        assert places.all() == {"masha": HERE}
        assert places.load("broken") is None


def test_a_folder_that_cannot_be_made_keeps_things_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with open_places(tmp_path / "file") as places:
        assert places.trouble
        places.save("masha", HERE)
        assert places.load("masha") == HERE


def test_a_folder_in_the_files_place_keeps_things_in_memory(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with open_places(tmp_path) as places:
        assert "can't be opened" in places.trouble
        places.save("masha", HERE)
        assert places.load("masha") == HERE


def test_what_waited_for_a_lock_is_written_once_it_is_free(
    other: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.0)
    with open_places(tmp_path) as places:
        places.save("before", {"n": 1})
        other.execute("BEGIN IMMEDIATE")
        places.save("masha", HERE)
        places.forget("before")
        assert "another program" in places.trouble
        assert places.all() == {"masha": HERE}
        other.execute("ROLLBACK")
        places.save("next", {"n": 2})
        assert places.trouble == ""
    with open_places(tmp_path) as places:
        assert [*places.all()] == ["next", "masha"]


def test_a_locked_file_can_still_be_read(
    other: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.0)
    with open_places(tmp_path) as places:
        places.save("masha", HERE)
    other.execute("BEGIN IMMEDIATE")
    with open_places(tmp_path) as places:
        assert "another program" in places.trouble
        assert places.load("masha") == HERE


def test_a_file_that_can_only_be_read_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What SQLite says of a WAL file in a folder that can't be written; root may write anywhere."""
    with open_places(tmp_path) as places:
        places.save("masha", HERE)

    def refuse(path: Path) -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(database, "open_writable", refuse)
    monkeypatch.setattr(database, "open_without_shared_memory", refuse)
    with open_places(tmp_path) as places:
        assert "can't be written" in places.trouble
        assert places.load("masha") == HERE
        places.save("masha", {"position": 4})
        assert places.load("masha") == {"position": 4}
        assert "can't be written" in places.trouble


def test_a_newer_programs_file_is_left_alone(other: sqlite3.Connection, tmp_path: Path) -> None:
    other.execute(f"PRAGMA user_version = {VERSION + 1}")
    with open_places(tmp_path) as places:
        assert "newer version" in places.trouble
        places.save("masha", HERE)
        assert places.load("masha") == HERE
    assert other.execute("SELECT count(*) FROM places").fetchone() == (0,)


def test_another_programs_file_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with open_places(tmp_path) as places:
        assert "another program" in places.trouble
        places.save("masha", HERE)
        assert places.load("masha") == HERE


def test_the_file_is_written_so_that_a_crash_loses_nothing(other: sqlite3.Connection) -> None:
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert other.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_a_program_that_is_killed_has_kept_its_place(tmp_path: Path) -> None:
    code = (
        "import os, sys; from engine.records.places import open_places; "
        "places = open_places(sys.argv[1]); places.save('masha', {'position': 7}); os._exit(9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert killed.returncode == 9
    with open_places(tmp_path) as places:
        assert places.load("masha") == {"position": 7}


def test_two_programs_share_the_file(tmp_path: Path) -> None:
    with open_places(tmp_path) as one, open_places(tmp_path) as two:
        one.save("one", {"n": 1})
        two.save("two", {"n": 2})
        assert [*one.all()] == ["two", "one"] == [*two.all()]


def test_a_folder_that_vanished_does_not_stop_practice(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with open_places(folder) as places:
        shutil.rmtree(folder)
        places.save("masha", HERE)
        assert places.load("masha") == HERE


def test_the_platforms_folder_is_used_unless_another_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("platformdirs.user_data_path", lambda name, appauthor: tmp_path / name)
    with open_places() as places:
        assert places.path == tmp_path / "backhand" / FILE_NAME


def test_the_store_needs_no_mathematics() -> None:
    code = "import sys, engine.records.places; assert 'numpy' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
