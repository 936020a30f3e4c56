"""The log and what follows from it: only ever appended to, derived tables always the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.practice.mastery import START as START_RATING
from engine.records.database import Database, open_database
from engine.records.derived import append, read_standings, rebuild
from engine.records.events import REVEALED, Event, from_line, to_line
from engine.records.overview import read_history, read_overview
from engine.records.resets import last_reset, reset_lesson, reset_skill, undo_reset
from tests.engine.records.keeping import START, attempt, derived_of, events_of, some_attempts


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty file."""
    opened = open_database(tmp_path)
    yield opened
    opened.close()


def _append(database: Database, *events: Event) -> int:
    return database.write(lambda connection: append(connection, events))


def _rebuild(database: Database) -> None:
    database.write(rebuild)


# --- the log --------------------------------------------------------------------------------------


def test_an_event_is_read_as_it_was_written(database: Database) -> None:
    event = attempt(
        1, typed="½ ∂L 'quoted' \x00 🙂", level=None, seed=None, seconds=None, revealed=True
    )
    assert _append(database, event) == 1
    assert events_of(database) == [event]
    assert from_line(to_line(event)) == event


def test_an_event_is_never_there_twice(database: Database) -> None:
    _append(database, attempt(1), attempt(2))
    before = derived_of(database)
    assert _append(database, attempt(2), attempt(1)) == 0
    assert events_of(database) == [attempt(1), attempt(2)]
    assert derived_of(database) == before


@pytest.mark.parametrize("statement", ["DELETE FROM log", "UPDATE log SET verdict = 'right'"])
def test_nothing_is_ever_taken_out_of_the_log_or_changed(
    statement: str, database: Database
) -> None:
    _append(database, attempt(1, verdict="wrong"))
    with pytest.raises(Exception, match="append-only"):
        database.write(lambda connection: connection.execute(statement))
    assert events_of(database) == [attempt(1, verdict="wrong")]


@pytest.mark.parametrize(
    "fields",
    [
        {"id": ""},
        {"id": 3},
        {"level": "2"},
        {"level": True},
        {"seed": 2**70},
        {"first": 1},
        {"seconds": float("inf")},
        {"hints": None},
        {"at": "yesterday"},
        {"at": "0001-01-01T00:00:00+00:00"},
        {"day": "9999-12-31"},
        {"day": "2025-02-30"},
        {"typed": "\ud800"},
        {"typed": "x" * 300_000},
    ],
)
def test_an_event_that_no_program_has_written_is_refused(fields: dict[str, object]) -> None:
    line = to_line(replace(attempt(1), **fields))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"\w"):
        from_line(line)


# --- what follows from it -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_the_derived_tables_are_the_same_made_at_once_or_event_by_event(
    seed: int, database: Database
) -> None:
    events = [*some_attempts(300, seed)]
    for event in events[:100]:
        _append(database, event)
    reset_skill(database, "relu.local", START + timedelta(days=7))
    _append(database, *events[100:200])
    reset = reset_lesson(database, "masha", START + timedelta(days=14))
    _append(database, *events[200:])
    undo_reset(database, reset)
    reset_lesson(database, "masha")
    before = derived_of(database)
    assert all(before.values())
    _rebuild(database)
    assert derived_of(database) == before


def test_an_answer_is_counted_at_its_skill_and_on_its_day(database: Database) -> None:
    _append(
        database,
        attempt(0),
        attempt(1, verdict="misconception", misconception="mask_missing"),
        attempt(2, first=False),
        attempt(60 * 24, skill="relu.forward"),
    )
    overview = database.read(read_overview)
    (backward,) = [each for each in overview.skills if each.skill == "relu.backward"]
    assert (backward.attempts, backward.standing.firsts, backward.standing.known) == (3, 2, 1)
    assert backward.first_try_rate == 0.5
    assert backward.mistakes == overview.mistakes == (("mask_missing", 1),)
    assert overview.by_month == (("2025-03", "mask_missing", 1),)
    assert overview.calendar == (("2025-03-03", 3), ("2025-03-04", 1))
    assert overview.answers == 4


@pytest.mark.parametrize(
    "fields",
    [
        {"hints": 1},
        {"revealed": True},
        {"verdict": REVEALED},
        {"verdict": "wrong"},
    ],
)
def test_what_needed_help_is_not_known(fields: dict[str, object], database: Database) -> None:
    _append(database, attempt(1, **fields))
    standing = database.read(read_standings)["relu.backward"]
    assert (standing.firsts, standing.known) == (1, 0)
    assert standing.rating < START_RATING


@pytest.mark.parametrize("verdict", ["right", "rounded", "carried"])
def test_every_accepted_verdict_is_known(verdict: str, database: Database) -> None:
    _append(database, attempt(1, verdict=verdict))
    assert database.read(read_standings)["relu.backward"].known == 1


def test_only_the_first_question_of_a_day_is_a_review(database: Database) -> None:
    _append(database, attempt(1, verdict="wrong"))
    card = database.read(read_standings)["relu.backward"].card
    _append(database, *(attempt(number) for number in range(2, 12)))
    assert database.read(read_standings)["relu.backward"].card == card
    _append(database, attempt(60 * 24))
    assert database.read(read_standings)["relu.backward"].card != card


def test_the_skills_it_rests_on_are_found_in_the_table(database: Database) -> None:
    _append(database, attempt(1))
    assert database.read(read_standings)["relu.local"].rating > START_RATING


def test_unknown_problems_skills_and_kinds_are_kept_and_counted(database: Database) -> None:
    strange = attempt(1, problem="gone", skill="juggling.backward", kind="mime", level=99)
    without = attempt(2, skill="", problem="gone too")
    later = replace(attempt(3), event="of a newer version")
    _append(database, strange, without, later)
    assert events_of(database) == [strange, without, later]
    assert database.read(read_overview).answers == 2
    _rebuild(database)
    assert [each.skill for each in database.read(read_overview).skills] == ["juggling.backward"]


def test_a_clock_that_went_back_changes_nothing_in_the_order(database: Database) -> None:
    events = [attempt(5000), attempt(1), attempt(9000, verdict="wrong"), attempt(2)]
    for event in events:
        _append(database, event)
    assert events_of(database) == events
    before = derived_of(database)
    _rebuild(database)
    assert derived_of(database) == before
    card = database.read(read_standings)["relu.backward"].card
    assert card
    assert card.reviewed < card.due


def test_an_answer_from_a_far_future_is_healed_by_the_next(database: Database) -> None:
    future = attempt(60 * 24 * 365 * 70)
    _append(database, future)
    _append(database, attempt(1))
    card = database.read(read_standings)["relu.backward"].card
    assert card
    assert card.due < START + timedelta(days=60)


def test_an_event_that_makes_no_sense_does_not_stop_the_rebuild(database: Database) -> None:
    _append(database, attempt(1), replace(attempt(2), event="note"), attempt(3))
    broken = replace(attempt(4), at="whenever")

    def force(connection: sqlite3.Connection) -> None:
        from engine.records.events import insert

        insert(connection, broken)

    database.write(force)
    _rebuild(database)
    assert database.read(read_standings)["relu.backward"].firsts == 2


def test_the_history_of_a_skill_is_a_curve(database: Database) -> None:
    for day in range(5):
        _append(database, attempt(60 * 24 * day), attempt(60 * 24 * day + 1))
    history = database.read(lambda connection: read_history(connection, "relu.backward"))
    assert [each.day for each in history] == [f"2025-03-0{day}" for day in range(3, 8)]
    assert [(each.attempts, each.firsts, each.known) for each in history] == [(2, 2, 2)] * 5
    ratings = [each.rating for each in history]
    assert ratings == sorted(ratings)
    assert database.read(lambda connection: read_history(connection, "mse.loss")) == ()


def test_days_in_a_row_are_counted_up_to_today_or_yesterday(database: Database) -> None:
    for day in (0, 1, 2, 5, 6):
        _append(database, attempt(60 * 24 * day))
    overview = database.read(read_overview)
    assert overview.streak(date(2025, 3, 9)) == 2
    assert overview.streak(date(2025, 3, 10)) == 2
    assert overview.streak(date(2025, 3, 11)) == 0
    assert overview.streak(date(2025, 3, 5)) == 3


# --- resets ---------------------------------------------------------------------------------------


def test_a_reset_skill_begins_anew_and_the_others_stay(database: Database) -> None:
    _append(database, *some_attempts(100))
    before = derived_of(database)
    reset_skill(database, "relu.backward")
    after = derived_of(database)
    for table in ("standings", "days", "mistakes"):
        assert any(row[0] == "relu.backward" for row in before[table])
        assert after[table] == [row for row in before[table] if row[0] != "relu.backward"]
    assert after["calendar"] == before["calendar"]
    assert len(events_of(database)) == 101


@pytest.mark.parametrize("lesson", [True, False])
def test_a_reset_that_is_taken_back_has_never_been(lesson: bool, database: Database) -> None:
    _append(database, *some_attempts(100))
    before = derived_of(database)
    reset = reset_lesson(database, "masha") if lesson else reset_skill(database, "relu.backward")
    assert derived_of(database) != before
    assert database.read(last_reset) == reset
    undo_reset(database, reset)
    assert derived_of(database) == before
    assert database.read(last_reset) is None


def test_answers_after_a_reset_count(database: Database) -> None:
    _append(database, *some_attempts(100))
    reset_skill(database, "relu.backward")
    reset_lesson(database, "masha")
    _append(database, attempt(10**5, problem="masha"))
    standing = database.read(read_standings)["relu.backward"]
    assert standing.firsts == 1


def test_a_reset_lesson_takes_its_answers_out_of_the_count(database: Database) -> None:
    _append(database, attempt(1, problem="masha", verdict="wrong"), attempt(2))
    reset_lesson(database, "masha")
    standing = database.read(read_standings)["relu.backward"]
    assert (standing.firsts, standing.known) == (1, 1)


def test_a_reset_lesson_loses_its_place_and_gets_it_back(tmp_path: Path) -> None:
    from engine.records.places import open_places

    here = {"name": "masha", "position": 3}
    with open_places(tmp_path) as places:
        places.save("masha", here)
        places.save("other", {"position": 1})
        reset = reset_lesson(places.database, "masha")
        assert [*places.all()] == ["other"]
        undo_reset(places.database, reset)
        assert places.load("masha") == here
        reset = reset_lesson(places.database, "masha")
        places.save("masha", {"position": 0})
        undo_reset(places.database, reset)
        assert places.load("masha") == {"position": 0}
