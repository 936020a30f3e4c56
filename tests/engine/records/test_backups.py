"""Backups: one a day, thinned out, whole or not at all."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from engine.records import backups as module
from engine.records.backups import back_up, backup_folder, backup_of, backups, kept_days, thin
from engine.records.database import open_database
from engine.records.recorder import Recorder
from tests.engine.records.keeping import attempt, events_in, file_in, keep, some_attempts

DAY = date(2025, 3, 3)


def _days(*numbers: int) -> set[date]:
    return {DAY + timedelta(days=number) for number in numbers}


def test_seven_days_and_four_weeks_are_kept() -> None:
    kept = kept_days(_days(*range(100)))  # the last one is a Tuesday
    assert kept == _days(99, 98, 97, 96, 95, 94, 93) | _days(90, 83, 76)


def test_days_without_practice_do_not_count() -> None:
    assert kept_days(_days(0, 10, 20, 30, 40, 50, 60, 70, 80)) == _days(*range(20, 90, 10))


@pytest.mark.parametrize("seed", range(20))
def test_thinning_day_by_day_keeps_the_newest_and_never_more_than_eleven(seed: int) -> None:
    dice, kept = Random(seed), set[date]()
    for number in range(400):
        if dice.random() < 0.6:
            today = DAY + timedelta(days=number)
            kept = kept_days({*kept, today})
            assert today in kept
            assert len(kept) <= 11
    assert max(kept) - min(kept) >= timedelta(days=20)


def test_a_backup_is_one_whole_file_with_everything(tmp_path: Path) -> None:
    events = [*some_attempts(50)]
    path = keep(tmp_path, *events)
    assert back_up(path, DAY)
    assert backups(path) == {DAY: backup_of(path, DAY)}
    assert [each.name for each in backup_folder(path).iterdir()] == ["backhand-2025-03-03.sqlite3"]
    restored = tmp_path / "restored"
    restored.mkdir()
    backup_of(path, DAY).rename(file_in(restored))
    assert events_in(restored) == events


def test_a_backup_is_made_while_another_window_is_open(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    database.write(lambda c: c.execute("INSERT INTO places VALUES ('a', '{}', 1)"))
    assert back_up(database.path, DAY)
    copy = sqlite3.connect(backup_of(database.path, DAY))
    assert copy.execute("SELECT name FROM places").fetchall() == [("a",)]
    copy.close()
    database.close()


def test_a_copy_that_is_not_whole_is_not_kept_and_the_learner_is_told(tmp_path: Path) -> None:
    path = keep(tmp_path, *some_attempts(400))
    needle = path.read_bytes().index(b"mask_missing")
    with path.open("r+b") as stream:
        stream.seek(needle // 4096 * 4096)
        stream.write(bytes(4096))
    assert not back_up(path, DAY)
    assert [*backup_folder(path).iterdir()] == []
    database = open_database(tmp_path)
    database.back_up_daily(DAY)
    database.close()
    assert "doctor" in database.notice


def test_what_a_crash_left_unfinished_is_removed(tmp_path: Path) -> None:
    path = keep(tmp_path, attempt(1))
    backup_folder(path).mkdir()
    (backup_folder(path) / "backhand-2025-03-01.77.unfinished").touch()
    assert back_up(path, DAY)
    assert [*backups(path)] == [DAY]
    assert len([*backup_folder(path).iterdir()]) == 1


def test_other_files_among_the_backups_stay(tmp_path: Path) -> None:
    path = keep(tmp_path, attempt(1))
    for number in range(30):
        back_up(path, DAY + timedelta(days=number))
    others = ("backhand-before-version-2.sqlite3", "backhand-mine.sqlite3", "notes.txt")
    for name in others:
        (backup_folder(path) / name).touch()
    thin(path)
    names = {each.name for each in backup_folder(path).iterdir()}
    assert {*others} < names
    assert len(names - {*others}) == len(backups(path)) <= 11


def test_the_first_answer_of_a_day_makes_the_days_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[date] = []
    monkeypatch.setattr(
        "engine.records.database.back_up", lambda path, day: made.append(day) or True
    )
    now = [datetime(2025, 3, 3, 12, tzinfo=UTC)]
    recorder = Recorder(open_database(tmp_path), now=lambda: now[0])
    for number, hours in enumerate((0, 1, 24, 25, 26)):
        now[0] = datetime(2025, 3, 3, 12, tzinfo=UTC) + timedelta(hours=hours)
        recorder.unwritten.append(attempt(number))
        recorder.write()
        recorder.database.close()
    assert made == [DAY, DAY + timedelta(days=1)]


def test_a_backup_that_fails_disturbs_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, day: date) -> bool:
        raise OSError("no space left")

    monkeypatch.setattr("engine.records.database.back_up", refuse)
    recorder = Recorder(open_database(tmp_path))
    recorder.unwritten.append(attempt(1))
    recorder.write()
    recorder.database.close()
    assert (recorder.trouble, recorder.database.notice) == ("", "")


def test_two_windows_that_copy_at_once_leave_one_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = keep(tmp_path, attempt(1))
    whole = module.is_whole
    monkeypatch.setattr(module, "is_whole", lambda c: _copy_in_between(path) and whole(c))
    assert back_up(path, DAY)
    assert [*backups(path)] == [DAY]


def _copy_in_between(path: Path) -> bool:
    """Another window, faster by a moment."""
    backup_of(path, DAY).write_bytes(path.read_bytes())
    return True
