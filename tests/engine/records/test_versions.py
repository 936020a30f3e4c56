"""Files of other versions and of other programs: brought up to date with a copy, or left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from engine.records import backups, derived
from engine.records.connection import RecordsError
from engine.records.database import FILE_NAME, Database, open_database
from engine.records.overview import read_overview
from engine.records.places import open_places
from engine.records.schema import MIGRATIONS, VERSION
from tests.engine.records.keeping import append_to, attempt, derived_of, file_in


def test_a_newer_versions_file_is_read_and_left_alone(database: Database) -> None:
    database.write(lambda c: c.execute(f"PRAGMA user_version = {VERSION + 1}"))
    database.close()
    before = database.path.read_bytes()
    with pytest.raises(RecordsError, match="newer version"):
        append_to(database, attempt(2))
    assert database.read(read_overview).answers == 1
    database.close()
    assert database.path.read_bytes() == before


def test_another_programs_file_is_left_alone(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / FILE_NAME)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    database = open_database(tmp_path)
    with pytest.raises(RecordsError, match="another program"):
        append_to(database, attempt(2))
    with pytest.raises(RecordsError):
        database.read(read_overview)
    database.close()


def _older_file(folder: Path, version: int) -> Path:
    """A file as the program had it at that version, with a place."""
    path = file_in(folder)
    old = sqlite3.connect(path, isolation_level=None)
    for statements in MIGRATIONS[:version]:
        for statement in statements:
            old.execute(statement)
    old.execute(f"PRAGMA user_version = {version}")
    old.execute("INSERT INTO places VALUES ('masha', '{\"position\": 3}', 1)")
    old.close()
    return path


@pytest.mark.parametrize("version", range(1, VERSION))
def test_an_older_file_is_brought_up_to_date_after_a_copy_was_made(
    version: int, tmp_path: Path
) -> None:
    path = _older_file(tmp_path, version)
    with open_places(tmp_path) as places:
        assert places.load("masha") == {"position": 3}
        assert places.trouble == ""
        append_to(places.database, attempt(1))
    copy = backups.backup_folder(path) / f"backhand-before-version-{version + 1}.sqlite3"
    kept = sqlite3.connect(copy)
    assert kept.execute("PRAGMA user_version").fetchone() == (version,)
    assert kept.execute("SELECT name FROM places").fetchall() == [("masha",)]
    kept.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.records import schema

    _older_file(tmp_path, 1)
    broken = (*MIGRATIONS[:1], (*MIGRATIONS[1], "CREATE TABLE places (x)"))
    monkeypatch.setattr(schema, "MIGRATIONS", broken)
    with open_places(tmp_path) as places:
        assert places.trouble
    monkeypatch.undo()
    with open_places(tmp_path) as places:
        assert places.load("masha") == {"position": 3}
        assert places.trouble == ""


def test_new_rules_are_applied_to_the_whole_log(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = derived_of(database)
    database.write(lambda c: c.execute("UPDATE standings SET rating = 1"))
    database.close()
    monkeypatch.setattr(derived, "RULES", "other")
    assert derived_of(database) == expected
