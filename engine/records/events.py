"""What the log is made of: answers, resets, and resets taken back; as rows and as lines of JSON."""

from __future__ import annotations

import json
import math
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any

ATTEMPT, RESET, UNDO = "attempt", "reset", "undo"
WHOLE = "whole"
"""A whole pass was done: right where every step was known. Its steps are attempts of their own."""
REVEALED = "revealed"
"""The verdict of an event where the right answer was shown before any try."""

LONGEST = 20_000
"""Characters of a typed text that are kept."""

LONGEST_FIELD = 10 * LONGEST
"""Characters of any text of an event."""


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the log; what doesn't apply is empty."""

    id: str
    """Different for every event there ever is, so that logs can be merged."""
    event: str
    """`ATTEMPT`, `WHOLE`, `RESET` or `UNDO`; any other is kept and passed over."""
    at: str
    """The time as ISO 8601 in UTC, as far as the clock was right."""
    day: str
    """The learner's day, YYYY-MM-DD."""
    version: str
    """The program's."""
    session: str = ""
    """The lesson's problem id, or the quiz."""
    problem: str = ""
    key: str = ""
    kind: str = ""
    skill: str = ""
    level: int | None = None
    seed: int | None = None
    typed: str = ""
    """The answer as typed; of a reset lesson the place that was dropped, as JSON."""
    verdict: str = ""
    misconception: str = ""
    """Its tag."""
    hints: int = 0
    """How many were given before."""
    revealed: bool = False
    """Whether the right answer had been shown before."""
    seconds: float | None = None
    first: bool = False
    """Whether it was the first answer to the question that counts."""
    about: str = ""
    """Of an undo: the id of the reset."""


COLUMNS = tuple(field.name for field in fields(Event))
_VALUES = attrgetter(*COLUMNS)
_FLAGS = (COLUMNS.index("revealed"), COLUMNS.index("first"))
_LIST = ", ".join(COLUMNS)
INSERT = f"INSERT OR IGNORE INTO log ({_LIST}) VALUES ({', '.join('?' * len(COLUMNS))})"


def new_id() -> str:
    """An id that no other event has."""
    return os.urandom(16).hex()


def insert(connection: sqlite3.Connection, event: Event) -> bool:
    """Append to the log; False where it has the event already."""
    return connection.execute(INSERT, _VALUES(event)).rowcount == 1


def read_log(connection: sqlite3.Connection) -> Iterator[tuple[int, Event]]:
    """Every event with its number, as it was written; by the clock it may go back."""
    for number, *row in connection.execute(f"SELECT number, {_LIST} FROM log ORDER BY number"):
        yield number, from_row(row)


def from_row(row: Sequence[Any]) -> Event:
    """The event of a row with the `COLUMNS`; SQLite has no truth values."""
    values = [*row]
    for place in _FLAGS:
        values[place] = bool(values[place])
    return Event(*values)


def kept_text(text: str) -> str:
    """A typed text as it can be stored: halves of characters replaced, too long ones cut."""
    return text[:LONGEST].encode("utf-8", "replace").decode()


# --- lines of JSON ------------------------------------------------------------------------------


def to_line(event: Event) -> str:
    """The event as one line of JSON."""
    return json.dumps(dict(zip(COLUMNS, _VALUES(event), strict=True)), ensure_ascii=False)


def from_line(line: str) -> Event:
    """The event of a line; unknown fields are passed over. Raises `ValueError`."""
    try:
        table = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(table, dict):
        raise ValueError("an object was expected")
    return checked({name: table[name] for name in COLUMNS if name in table})


def checked(table: dict[str, Any]) -> Event:
    """The event with those fields; raises `ValueError` for one that no program has written."""
    missing = {"id", "event", "at", "day", "version"} - table.keys()
    if missing:
        raise ValueError(f"missing: {', '.join(sorted(missing))}")
    for name, value in table.items():
        if not _fits(name, value):
            raise ValueError(f"{name}: {str(value)[:40]!r}")
    if not table["id"]:
        raise ValueError("id: empty")
    years = (date.fromisoformat(table["day"]).year, time_of(table["at"]).year)
    if not all(1970 <= year < 9000 for year in years):
        raise ValueError(f"at: {table['at']!r}")
    return Event(**table)


def time_of(at: str) -> datetime:
    """The time of an event, in UTC; raises `ValueError`."""
    time = datetime.fromisoformat(at)
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def _fits(name: str, value: Any) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    match name:
        case "level" | "seed":
            return value is None or whole
        case "hints":
            return whole
        case "revealed" | "first":
            return isinstance(value, bool)
        case "seconds":
            return value is None or whole or (isinstance(value, float) and math.isfinite(value))
        case _:
            return isinstance(value, str) and len(value) <= LONGEST_FIELD and _is_storable(value)


def _is_storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
