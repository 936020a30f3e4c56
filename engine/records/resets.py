"""Beginning anew at one skill or one lesson, and taking that back: each is an event in the log."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import engine
from engine.records.database import Database
from engine.records.derived import append
from engine.records.events import LONGEST_FIELD, RESET, UNDO, Event, new_id
from engine.records.recorder import utc_now
from engine.records.schema import INSERT_PLACE


@dataclass(frozen=True, slots=True)
class Reset:
    """A reset that can be taken back."""

    id: str
    skill: str
    """The skill's id, or nothing where it was a lesson."""
    lesson: str
    """The lesson's problem id, or nothing."""
    day: str


def reset_skill(database: Database, skill: str, now: datetime | None = None) -> Reset:
    """Begin anew at a skill: its rating, its date, its mistakes and its days are as at first.

    The answers stay in the log. Raises `RecordsError`.
    """
    event = _event(RESET, now, skill=skill)
    database.write(lambda connection: append(connection, [event]))
    return Reset(event.id, skill, "", event.day)


def reset_lesson(database: Database, lesson: str, now: datetime | None = None) -> Reset:
    """Begin anew at a lesson: one's place in it is dropped, and its answers no longer count.

    The answers stay in the log, and the place with the reset, unless it is longer than an event may
    be: no export could be imported again. Raises `RecordsError`.
    """

    def write(connection: sqlite3.Connection) -> Event:
        place = connection.execute(
            "SELECT snapshot FROM places WHERE name = ?", (lesson,)
        ).fetchone()
        kept = place[0] if place and len(place[0]) <= LONGEST_FIELD else ""
        event = _event(RESET, now, problem=lesson, typed=kept)
        append(connection, [event])
        connection.execute("DELETE FROM places WHERE name = ?", (lesson,))
        return event

    event = database.write(write)
    return Reset(event.id, "", lesson, event.day)


def undo_reset(database: Database, reset: Reset, now: datetime | None = None) -> None:
    """Take a reset back, as if it had never been; a place kept since then stays.

    Raises `RecordsError`.
    """

    def write(connection: sqlite3.Connection) -> None:
        append(connection, [_event(UNDO, now, about=reset.id)])
        if not reset.lesson:
            return
        row = connection.execute("SELECT typed FROM log WHERE id = ?", (reset.id,)).fetchone()
        taken = connection.execute(
            "SELECT count(*) FROM places WHERE name = ?", (reset.lesson,)
        ).fetchone()[0]
        if row and row[0] and not taken and _is_json(row[0]):
            connection.execute(INSERT_PLACE, (reset.lesson, row[0]))

    database.write(write)


def last_reset(connection: sqlite3.Connection) -> Reset | None:
    """The reset that would be taken back next, or None."""
    row = connection.execute(
        "SELECT id, skill, problem, day FROM log WHERE event <> 'attempt' AND event = ?"
        " AND id NOT IN (SELECT about FROM log WHERE event <> 'attempt' AND event = ?)"
        " ORDER BY number DESC LIMIT 1",
        (RESET, UNDO),
    ).fetchone()
    return Reset(*row) if row else None


def _event(kind: str, now: datetime | None, **fields: Any) -> Event:
    time = now or utc_now()
    day = time.astimezone().date().isoformat()
    at = time.isoformat(timespec="seconds")
    return Event(new_id(), kind, at, day, engine.__version__, **fields)


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
