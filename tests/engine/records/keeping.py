"""Records for tests: events without a session, a log of them, and what a file holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from engine.records.database import FILE_NAME, Database, open_database
from engine.records.derived import TABLES, append
from engine.records.events import ATTEMPT, Event, read_log

SKILLS = ("linear.forward", "relu.forward", "relu.local", "relu.backward", "mse.loss")
TAGS = ("", "", "", "mask_missing", "sign")
START = datetime(2025, 3, 3, 9, tzinfo=UTC)


def attempt(number: int, **fields: Any) -> Event:
    """The answer with that number: one a minute from `START` on, right at the first try."""
    time = START + timedelta(minutes=number)
    known: dict[str, Any] = {
        "session": "quiz",
        "problem": "quiz",
        "key": "H1",
        "kind": "value",
        "skill": "relu.backward",
        "level": 1,
        "seed": number,
        "typed": str(number),
        "verdict": "right",
        "seconds": 30.0,
        "first": True,
    }
    identity = f"{number:032x}"
    at, day = time.isoformat(), time.date().isoformat()
    return Event(identity, ATTEMPT, at, day, "0.1.0", **{**known, **fields})


def some_attempts(number: int, seed: int = 1) -> Iterator[Event]:
    """Answers over many days at several skills, some of them wrong."""
    dice = Random(seed)
    for place in range(number):
        tag = dice.choice(TAGS)
        verdict = "misconception" if tag else dice.choice(["right", "right", "wrong", "coarse"])
        yield attempt(
            place * 97,
            skill=dice.choice(SKILLS),
            problem=dice.choice(["quiz", "masha"]),
            level=dice.choice([None, 1, 2, 3, 4]),
            verdict=verdict,
            misconception=tag,
            hints=dice.choice([0, 0, 0, 2]),
            first=verdict != "coarse" and dice.random() < 0.7,
        )


def append_to(database: Database, *events: Event) -> None:
    """Append events to an open file."""
    database.write(lambda connection: append(connection, events))


def keep(folder: Path, *events: Event) -> Path:
    """A file with those events; its path."""
    database = open_database(folder)
    database.write(lambda connection: append(connection, events))
    database.close()
    return database.path


def events_of(database: Database) -> list[Event]:
    """The log."""
    return database.read(lambda connection: [event for _, event in read_log(connection)])


def events_in(folder: Path) -> list[Event]:
    """The log of a folder's file."""
    database = open_database(folder)
    try:
        return events_of(database)
    finally:
        database.close()


def derived_of(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every derived table."""

    def read(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}

    return database.read(read)


def file_in(folder: Path) -> Path:
    """The path of a folder's file."""
    return folder / FILE_NAME
