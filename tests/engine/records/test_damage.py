"""A damaged file: set aside, never lost, and as much as can be read is there again."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from engine.records import doctor, recovery
from engine.records.backups import back_up
from engine.records.connection import RecordsError
from engine.records.database import FILE_NAME, Database, open_database
from engine.records.derived import append
from engine.records.doctor import examine
from engine.records.events import COLUMNS, Event
from engine.records.places import open_places
from engine.records.recovery import _readable_events
from tests.engine.records.keeping import (
    attempt,
    derived_of,
    events_in,
    events_of,
    file_in,
    keep,
    some_attempts,
)

DAY = date(2025, 3, 3)
EVENTS = [*some_attempts(400)]
OLDER, NEWER = EVENTS[:300], EVENTS[300:]
PLACE = {"name": "masha", "position": 3}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose backup has the older events and a place, whose file the newer, too."""
    path = keep(tmp_path, *OLDER)
    with open_places(tmp_path) as places:
        places.save("masha", PLACE)
    assert back_up(path, DAY)
    keep(tmp_path, *NEWER)
    with open_places(tmp_path) as places:
        places.save("masha", {**PLACE, "position": 4})
    return tmp_path


def _opened(folder: Path) -> Database:
    """The file, used once."""
    database = open_database(folder)
    database.check_writable()
    return database


def _aside(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{FILE_NAME}.damaged-*"))


def _overwrite(path: Path, place: int, content: bytes) -> None:
    with path.open("r+b") as stream:
        stream.seek(place)
        stream.write(content)


def _whole(database: Database) -> bool:
    return database.read(lambda c: c.execute("PRAGMA integrity_check").fetchone()) == ("ok",)


def _corrupt_header(path: Path) -> None:
    _overwrite(path, 0, Random(1).randbytes(100))


def _corrupt_first_page(path: Path) -> None:
    _overwrite(path, 0, Random(2).randbytes(4096))


def _cut(share: float) -> Callable[[Path], None]:
    def cut(path: Path) -> None:
        os.truncate(path, int(path.stat().st_size * share))

    return cut


def _empty(path: Path) -> None:
    os.truncate(path, 0)


def _text(path: Path) -> None:
    path.write_text("no database at all\n" * 1000, encoding="utf-8")


DAMAGES = {
    "corrupt header": _corrupt_header,
    "corrupt first page": _corrupt_first_page,
    "cut in half": _cut(0.5),
    "cut within a page": _cut(0.77),
    "cut within the header": _cut(0.0005),
    "zero bytes": _empty,
    "text": _text,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_set_aside_and_the_backup_takes_its_place(
    damage: str, folder: Path
) -> None:
    path = file_in(folder)
    DAMAGES[damage](path)
    damaged = path.read_bytes()
    database = _opened(folder)
    assert "was damaged" in database.notice
    assert "2025-03-03" in database.notice
    (aside,) = _aside(folder)
    assert str(aside) in database.notice
    assert aside.read_bytes() == damaged
    events = events_of(database)
    assert events[:300] == OLDER
    assert events == [event for event in EVENTS if event in events]
    assert _whole(database)
    database.close()
    with open_places(folder) as places:
        assert places.load("masha") in (PLACE, {**PLACE, "position": 4})
        assert (places.trouble, places.database.notice) == ("", "")


@pytest.mark.parametrize("damage", ["corrupt header", "corrupt first page"])
@pytest.mark.parametrize("with_backup", [True, False])
def test_behind_a_corrupt_beginning_everything_can_be_read(
    damage: str, with_backup: bool, folder: Path
) -> None:
    if not with_backup:
        shutil.rmtree(folder / "backups")
    DAMAGES[damage](file_in(folder))
    assert events_in(folder) == EVENTS
    with open_places(folder) as places:
        assert places.load("masha") == {**PLACE, "position": 4}


def test_of_a_file_that_was_cut_the_beginning_is_read_even_without_a_backup(folder: Path) -> None:
    shutil.rmtree(folder / "backups")
    _cut(0.8)(file_in(folder))
    events = events_in(folder)
    assert len(events) > 100
    assert events == [event for event in EVENTS if event in events]


@pytest.mark.parametrize("percent", range(5, 100, 5))
def test_wherever_a_file_was_cut_mending_it_ends(percent: int, folder: Path) -> None:
    """Cut within the log's own first page it gave rows numbered 0, again and again."""
    _cut(percent / 100)(file_in(folder))
    assert events_in(folder)[:300] == OLDER


def test_a_page_that_gives_numbers_it_was_not_asked_for_does_not_lead_back() -> None:
    class Damaged:
        """Answers any question with row 0, then fails."""

        asked = 0

        def execute(self, query: str, values: tuple[int]) -> Iterator[tuple[object, ...]]:
            Damaged.asked += 1
            yield (0, *[""] * len(COLUMNS))
            raise sqlite3.DatabaseError("malformed")

    assert [*_readable_events(Damaged())] == []  # type: ignore[arg-type]
    assert Damaged.asked < 3000


def test_past_a_damaged_place_reading_goes_on(folder: Path) -> None:
    shutil.rmtree(folder / "backups")
    path = file_in(folder)
    events = [attempt(number, typed=f"typed {number}") for number in range(4000)]
    keep(folder, *events)
    needle = path.read_bytes().index(b"typed 2000")
    _overwrite(path, needle // 4096 * 4096, bytes(4096))
    database = open_database(folder)
    found = examine(database)
    assert not found.was_whole
    assert 4300 <= found.events < 4400
    assert events_of(database)[-1] == events[-1]
    database.close()


def test_a_log_beside_the_file_is_read_too(tmp_path: Path) -> None:
    """A crash leaves the newest answers in the write-ahead log."""
    database = open_database(tmp_path)
    database.write(lambda connection: append(connection, OLDER))
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for end in ("", "-wal"):
        shutil.copyfile(f"{database.path}{end}", crashed / f"{FILE_NAME}{end}")
    database.close()
    assert (crashed / f"{FILE_NAME}-wal").stat().st_size > 0
    _corrupt_header(crashed / FILE_NAME)
    assert events_in(crashed) == OLDER


def test_what_is_derived_follows_from_what_was_read(folder: Path) -> None:
    whole = _opened(folder)
    expected = derived_of(whole)
    whole.close()
    _corrupt_header(file_in(folder))
    database = _opened(folder)
    assert derived_of(database) == expected
    database.close()


@pytest.mark.parametrize("seed", range(25))
def test_whatever_the_damage_practice_goes_on_and_the_backup_is_not_lost(
    seed: int, folder: Path
) -> None:
    path, dice = file_in(folder), Random(seed)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(path.stat().st_size)
        _overwrite(path, place, dice.randbytes(dice.choice([1, 50, 3000])))
    database = open_database(folder)
    new = attempt(10**6)
    database.write(lambda connection: append(connection, [new]))
    noticed = database.notice
    examine(database)
    assert _whole(database)
    events = events_of(database)
    if _aside(folder):
        assert {event.id for event in OLDER} <= {event.id for event in events}
    if noticed or not _aside(folder):  # else it may have been written into a damaged place
        assert new in events
    database.close()


def test_damage_that_is_met_later_is_mended_in_the_middle_of_practice(folder: Path) -> None:
    database = _opened(folder)
    database.read(
        lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    )
    path = file_in(folder)
    pages = path.stat().st_size // 4096
    for page in range(1, pages):
        _overwrite(path, page * 4096, bytes(4096))
    other = Database(path)
    other.write(lambda connection: append(connection, [attempt(10**6)]))
    assert "was damaged" in other.notice
    assert {event.id for event in OLDER} < {event.id for event in events_of(other)}
    database.write(lambda connection: append(connection, [attempt(10**6 + 1)]))
    assert {attempt(10**6).id, attempt(10**6 + 1).id} <= {each.id for each in events_of(database)}
    database.close()
    other.close()


def test_the_newest_backup_that_is_whole_is_taken(folder: Path) -> None:
    path = file_in(folder)
    keep(folder, attempt(10**6))
    assert back_up(path, date(2025, 3, 4))
    newest = folder / "backups" / "backhand-2025-03-04.sqlite3"
    _overwrite(newest, 4096 * 3, Random(1).randbytes(4096 * 3))
    path.write_bytes(b"gone" * 2000)
    database = _opened(folder)
    assert "2025-03-03" in database.notice
    assert events_of(database) == OLDER
    database.close()


def test_nothing_at_all_is_left_and_practice_still_begins(folder: Path) -> None:
    shutil.rmtree(folder / "backups")
    _text(file_in(folder))
    database = _opened(folder)
    assert events_of(database) == []
    assert "0 answers" in database.notice
    database.close()


def test_damaged_files_are_never_overwritten_by_others(folder: Path) -> None:
    for number in range(3):
        file_in(folder).write_text(f"damage {number}\n" * 100, encoding="utf-8")
        _opened(folder).close()
    assert len({path.read_text(encoding="utf-8") for path in _aside(folder)}) == 3


def test_a_file_that_was_removed_is_a_new_beginning(folder: Path) -> None:
    file_in(folder).unlink()
    database = _opened(folder)
    assert events_of(database) == []
    assert database.notice == ""
    database.close()


@pytest.mark.parametrize("stop", range(4))
def test_a_crash_in_the_middle_of_mending_loses_nothing(
    stop: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _corrupt_header(file_in(folder))
    replaced: list[object] = []

    def replace(source: object, target: object) -> None:
        if len(replaced) >= stop:
            raise KeyboardInterrupt
        os_replace(source, target)
        replaced.append(target)

    os_replace: Callable[[object, object], None] = os.replace  # type: ignore[assignment]
    monkeypatch.setattr(recovery.os, "replace", replace)
    try:
        _opened(folder).close()
    except KeyboardInterrupt:
        pass
    else:
        assert stop == 3, "mending renames three times"
    monkeypatch.undo()
    assert events_in(folder) == EVENTS


def test_a_disk_that_is_full_while_mending_leaves_the_file_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _corrupt_header(file_in(folder))
    damaged = file_in(folder).read_bytes()

    def refuse(*arguments: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(recovery, "append", refuse)
    with pytest.raises(RecordsError):
        _opened(folder)
    assert file_in(folder).read_bytes() == damaged
    monkeypatch.undo()
    assert events_in(folder) == EVENTS


def test_two_windows_that_meet_the_same_damage_mend_it_once(folder: Path) -> None:
    _corrupt_header(file_in(folder))
    one, two = open_database(folder), open_database(folder)
    _ = [window.check_writable() for window in (one, two)]
    assert len(_aside(folder)) == 1
    assert [bool(window.notice) for window in (one, two)] == [True, False]
    one.close()
    two.close()


def test_the_doctor_says_what_was_wrong_and_mends_it(folder: Path) -> None:
    database = open_database(folder)
    found = examine(database)
    assert (found.was_whole, found.differed, found.events) == (True, False, 400)
    assert (found.backups, found.aside) == ((DAY,), ())
    database.write(lambda connection: connection.execute("UPDATE standings SET rating = 5"))
    assert examine(database).differed
    assert not examine(database).differed
    database.close()
    _corrupt_header(file_in(folder))
    database = open_database(folder)
    found = examine(database)
    assert (found.was_whole, found.events, len(found.aside)) == (False, 400, 1)
    database.close()


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR])
def test_the_doctor_does_not_take_a_file_for_damaged_that_cannot_be_read_now(code: int) -> None:
    class Unreadable:
        def execute(self, _: str) -> None:
            error = sqlite3.OperationalError("not now")
            error.sqlite_errorcode = code
            raise error

    with pytest.raises(sqlite3.OperationalError, match="not now"):
        doctor._is_whole(Unreadable())  # type: ignore[arg-type]


def test_an_event_of_a_damaged_row_is_left_out(folder: Path) -> None:
    def spoil(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TRIGGER log_rows_are_final")
        connection.execute("UPDATE log SET day = 'x' WHERE id = ?", (OLDER[5].id,))

    shutil.rmtree(folder / "backups")
    database = _opened(folder)
    database.write(spoil)
    database.close()
    _corrupt_header(file_in(folder))
    expected: list[Event] = [event for event in EVENTS if event.id != OLDER[5].id]
    assert events_in(folder) == expected
