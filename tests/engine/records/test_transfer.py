"""Export and import: everything, once, and nothing from a file that isn't an export."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

import engine
from engine.records.database import open_database
from engine.records.places import open_places
from engine.records.resets import reset_lesson, reset_skill, undo_reset
from engine.records.transfer import ExportFileError, import_events, write_export
from tests.engine.records.keeping import attempt, derived_of, events_in, keep, some_attempts

EVENTS = [*some_attempts(120)]


def _export(folder: Path) -> Path:
    path = folder / "export.jsonl"
    database = open_database(folder)
    database.read(lambda connection: write_export(path, connection))
    database.close()
    return path


def _import(folder: Path, path: Path) -> tuple[int, int]:
    database = open_database(folder)
    try:
        return database.write(lambda connection: import_events(connection, path))
    finally:
        database.close()


def test_an_export_is_a_line_a_header_and_a_line_an_event(tmp_path: Path) -> None:
    keep(tmp_path, *EVENTS)
    header, *lines = _export(tmp_path).read_text(encoding="utf-8").splitlines()
    assert json.loads(header) == {
        "format": 1,
        "program": "backhand",
        "version": engine.__version__,
    }
    assert [json.loads(line)["id"] for line in lines] == [event.id for event in EVENTS]
    assert json.loads(lines[0])["typed"] == EVENTS[0].typed


def test_what_is_imported_into_nothing_is_the_same_again(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    keep(one, *EVENTS[:60])
    database = open_database(one)
    reset_skill(database, "relu.local")
    undo_reset(database, reset_lesson(database, "masha"))
    reset_lesson(database, "masha")
    database.close()
    keep(one, *EVENTS[60:])
    path = _export(one)
    assert _import(two, path) == (124, 124)
    assert events_in(two) == events_in(one)
    databases = [open_database(each) for each in (one, two)]
    first, second = [derived_of(each) for each in databases]
    assert first == second
    for each in databases:
        each.close()


@pytest.mark.parametrize("seed", range(5))
def test_imports_merge_without_duplicates(seed: int, tmp_path: Path) -> None:
    dice = Random(seed)
    folders = [tmp_path / str(number) for number in range(3)]
    for event in EVENTS:
        keep(dice.choice(folders), event)
    for folder in (*folders, *folders):
        for other in folders:
            if (other / "backhand.sqlite3").exists():
                _import(folder, _export(other))
    logs = [events_in(folder) for folder in folders]
    for log in logs:
        assert sorted(event.id for event in log) == sorted(event.id for event in EVENTS)


def test_a_second_import_adds_nothing(tmp_path: Path) -> None:
    keep(tmp_path, *EVENTS)
    path = _export(tmp_path)
    assert _import(tmp_path, path) == (120, 0)
    assert events_in(tmp_path) == EVENTS


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "line 1"),
        ("hello\n", "line 1"),
        ('{"some": "json"}\n', "line 1"),
        ('["list"]\n', "line 1"),
        ("[" * 100_000 + "\n", "line 1"),
        ('{"program": "backhand", "format": 2}\n', "newer version"),
        ('{"program": "backhand", "format": 1}\nnot json\n', "line 2"),
        ('{"program": "backhand", "format": 1}\n{"id": "1"}\n', "line 2"),
        ('{"program": "backhand", "format": 1}\n\n[]\n', "line 3"),
        ('{"program": "backhand", "format": 1}\n' + "[" * 100_000 + "\n", "line 2"),
        ('{"program": "backhand", "format": 1}\n{"id": "' + "x" * 2_000_000 + '"}\n', "line 2"),
    ],
)
def test_what_is_no_export_is_refused_with_its_line(
    content: str, fault: str, tmp_path: Path
) -> None:
    keep(tmp_path, attempt(1))
    path = tmp_path / "file"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ExportFileError, match=fault):
        _import(tmp_path, path)


def test_an_import_with_one_bad_line_adds_nothing(tmp_path: Path) -> None:
    keep(tmp_path / "other", *EVENTS)
    path = _export(tmp_path / "other")
    path.write_text(path.read_text(encoding="utf-8") + "{}\n", encoding="utf-8")
    keep(tmp_path, attempt(10**6))
    with pytest.raises(ExportFileError, match="line 122"):
        _import(tmp_path, path)
    assert events_in(tmp_path) == [attempt(10**6)]


def test_fields_of_a_newer_version_are_passed_over(tmp_path: Path) -> None:
    keep(tmp_path / "other", attempt(1))
    path = _export(tmp_path / "other")
    header, line = path.read_text(encoding="utf-8").splitlines()
    more = json.dumps({**json.loads(line), "mood": "good"})
    path.write_text(f"{header}\n{more}\n", encoding="utf-8")
    assert _import(tmp_path, path) == (1, 1)


def test_an_export_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    keep(tmp_path, *EVENTS)
    folder = tmp_path / "export.jsonl"
    folder.mkdir()
    with pytest.raises(OSError, match=r"."):
        _export(tmp_path)
    assert [each.name for each in tmp_path.glob("export*")] == ["export.jsonl"]
    with pytest.raises(FileNotFoundError):
        write_export(tmp_path / "missing" / "file", None)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(range(256)) * 10)
    with pytest.raises(ExportFileError):
        _import(tmp_path, tmp_path / "file")


def test_a_lesson_with_endless_answers_that_was_begun_anew_can_be_imported(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    with open_places(one) as places:
        places.save("masha", {"questions": [{"id": "value H1", "answers": ["1 " * 49_000] * 3}]})
        reset_lesson(places.database, "masha")
    assert _import(two, _export(one)) == (1, 1)
