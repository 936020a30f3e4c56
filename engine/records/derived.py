"""What follows from the log: standings, days, mistakes; brought up to date with every event.

The same rules make it from the whole log (`rebuild`) and follow a single event (`append`), so that
the tables can always be made again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.marking.mark import ACCEPTED
from engine.practice.mastery import Answer, Card, Standing, learn
from engine.records.connection import Damage
from engine.records.events import ATTEMPT, RESET, UNDO, WHOLE, Event, insert, read_log, time_of

RULES = "3"
"""The rules by which the tables are made; raise it when they change: they are then made again."""


MONTH = len("2025-03")
"""The characters of a day that say its month."""


@dataclass(slots=True)
class Day:
    """What was done at one skill on one day."""

    attempts: int = 0
    firsts: int = 0
    known: int = 0
    rating: float = 0.0
    """At the end of the day."""


@dataclass(slots=True)
class Derived:
    """The derived tables, as far as they are touched; what isn't here yet comes from the file."""

    connection: sqlite3.Connection | None = None
    """None: from nothing, for a rebuild."""
    standings: dict[str, Standing] = field(default_factory=dict)
    days: dict[tuple[str, str], Day] = field(default_factory=dict)
    mistakes: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """How often a mistake was met, by skill, tag and month: more would be read for nothing."""
    calendar: dict[str, int] = field(default_factory=dict)
    """The attempts of each day; a reset leaves them."""

    # --- following an event ---------------------------------------------------------------------

    def follow(self, event: Event, *, forgotten: bool = False) -> None:
        """Bring the tables up to date with an attempt or a reset skill.

        `forgotten`: the attempt belongs to a lesson that was reset after it. Other resets and undos
        need a `rebuild`.
        """
        if event.event == RESET and event.skill:
            self._clear(event.skill)
        if event.event not in (ATTEMPT, WHOLE):
            return
        if event.event == ATTEMPT:
            self.calendar[event.day] = self._calendar(event.day) + 1
        if event.skill and not forgotten:
            self._practise(event)

    def _practise(self, event: Event) -> None:
        day = self._day(event.skill, event.day)
        needs = prerequisites(event.skill)
        before = {skill: self._standing(skill) for skill in (event.skill, *needs)}
        answer = _answer(event)
        self.standings |= learn(before, answer, needs, review=day.firsts == 0)
        day.attempts += 1
        day.firsts += event.first
        day.known += event.first and answer.known
        day.rating = self.standings[event.skill].rating
        if event.misconception:
            key = (event.skill, event.misconception, event.day[:MONTH])
            self.mistakes[key] = self._mistakes(key) + 1

    def _clear(self, skill: str) -> None:
        self.standings[skill] = Standing()
        self.days = {key: day for key, day in self.days.items() if key[0] != skill}
        self.mistakes = {key: times for key, times in self.mistakes.items() if key[0] != skill}
        if self.connection is not None:
            for table in ("standings", "days", "mistakes"):
                self.connection.execute(f"DELETE FROM {table} WHERE skill = ?", (skill,))

    # --- from the file --------------------------------------------------------------------------

    def _one(self, query: str, *key: object) -> Any:
        found = self.connection and self.connection.execute(query, key).fetchone()
        return found or None

    def _standing(self, skill: str) -> Standing:
        if skill not in self.standings:
            row = self._one(f"SELECT {STANDING} FROM standings WHERE skill = ?", skill)
            self.standings[skill] = to_standing(row[1:]) if row else Standing()
        return self.standings[skill]

    def _day(self, skill: str, day: str) -> Day:
        if (skill, day) not in self.days:
            query = "SELECT attempts, firsts, known, rating FROM days WHERE skill = ? AND day = ?"
            row = self._one(query, skill, day)
            self.days[skill, day] = Day(*numbers(row)) if row else Day()
        return self.days[skill, day]

    def _mistakes(self, key: tuple[str, str, str]) -> int:
        if key not in self.mistakes:
            query = "SELECT times FROM mistakes WHERE skill = ? AND tag = ? AND day = ?"
            row = self._one(query, *key)
            self.mistakes[key] = numbers(row)[0] if row else 0
        return self.mistakes[key]

    def _calendar(self, day: str) -> int:
        if day not in self.calendar:
            row = self._one("SELECT attempts FROM calendar WHERE day = ?", day)
            self.calendar[day] = numbers(row)[0] if row else 0
        return self.calendar[day]

    # --- to the file ----------------------------------------------------------------------------

    def write(self, connection: sqlite3.Connection) -> None:
        """Put what was touched into the tables; only within a transaction."""
        connection.executemany(
            f"REPLACE INTO standings ({STANDING}) VALUES (?{', ?' * 10})",
            [
                (skill, *from_standing(standing))
                for skill, standing in self.standings.items()
                if standing != Standing()
            ],
        )
        connection.executemany(
            "REPLACE INTO days VALUES (?, ?, ?, ?, ?, ?)",
            [
                (*key, day.attempts, day.firsts, day.known, day.rating)
                for key, day in self.days.items()
            ],
        )
        connection.executemany(
            "REPLACE INTO mistakes VALUES (?, ?, ?, ?)",
            [(*key, times) for key, times in self.mistakes.items()],
        )
        connection.executemany("REPLACE INTO calendar VALUES (?, ?)", self.calendar.items())


def _answer(event: Event) -> Answer:
    known = event.verdict in ACCEPTED and not event.hints and not event.revealed
    return Answer(
        event.skill,
        known,
        time_of(event.at),
        first=event.first,
        level=event.level,
        kind=event.kind,
        tag=event.misconception,
        seconds=event.seconds,
    )


def prerequisites(skill: str) -> tuple[str, ...]:
    """The skills that a skill rests on directly; none for one that is no longer there."""
    from engine.practice.skills import SKILLS

    return SKILLS[skill].prerequisites if skill in SKILLS else ()


# --- the tables ---------------------------------------------------------------------------------

TABLES = ("standings", "days", "mistakes", "calendar")
STANDING = (
    "skill, rating, firsts, known, streak, mastered, mistake, stability, difficulty, due, reviewed"
)


def from_standing(standing: Standing) -> tuple[object, ...]:
    """The columns of a standing, without the skill."""
    card = standing.card
    kept = (
        (card.stability, card.difficulty, card.due.isoformat(), card.reviewed.isoformat())
        if card
        else (None, None, None, None)
    )
    return (
        standing.rating,
        standing.firsts,
        standing.known,
        standing.streak,
        int(standing.mastered),
        standing.mistake,
        *kept,
    )


def to_standing(columns: tuple[Any, ...]) -> Standing:
    """The standing of its columns, without the skill; raises `Damage`."""
    rating, firsts, known, streak, mastered = numbers(columns[:5])
    mistake, stability, difficulty, due, reviewed = columns[5:]
    card = None
    try:
        if due is not None:
            numbers((stability, difficulty))
            dates = datetime.fromisoformat(due), datetime.fromisoformat(reviewed)
            card = Card(stability, difficulty, due=dates[0], reviewed=dates[1])
    except (TypeError, ValueError) as error:
        raise Damage(str(error)) from error
    return Standing(rating, firsts, known, streak, bool(mastered), str(mistake), card)


def numbers(row: Sequence[Any]) -> Sequence[Any]:
    """The row, if it has nothing but numbers; raises `Damage`."""
    if not all(isinstance(value, (int, float)) for value in row):
        raise Damage("a number was expected")
    return row


def read_standings(connection: sqlite3.Connection) -> dict[str, Standing]:
    """How the learner stands at every skill that was ever answered."""
    rows = connection.execute(f"SELECT {STANDING} FROM standings").fetchall()
    return {row[0]: to_standing(row[1:]) for row in rows}


def append(connection: sqlite3.Connection, events: Iterable[Event]) -> int:
    """Append events to the log and follow them; how many were new. Only within a transaction."""
    derived, new, anew = Derived(connection), 0, False
    for event in events:
        if insert(connection, event):
            new += 1
            anew = anew or event.event == UNDO or (event.event == RESET and not event.skill)
            derived.follow(event)
    if anew:
        rebuild(connection)
    elif new:
        derived.write(connection)
    return new


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the derived tables again from the whole log; only within a transaction.

    An event that makes no sense is passed over.
    """
    derived = Derived()
    skills, lessons = _resets(connection)
    for number, event in read_log(connection):
        if event.event == RESET and event.id not in skills:
            continue
        with suppress(ValueError):
            derived.follow(event, forgotten=number < lessons.get(event.problem, 0))
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")
    derived.write(connection)
    connection.execute("REPLACE INTO facts VALUES ('rules', ?)", (RULES,))


def _resets(connection: sqlite3.Connection) -> tuple[set[str], dict[str, int]]:
    """Of the resets that weren't taken back: the ids for skills; the last number by lesson.

    That no attempt is looked for lets SQLite use the index of everything else.
    """
    rows = connection.execute(
        "SELECT number, id, skill, problem FROM log"
        " WHERE event <> 'attempt' AND event = ? AND id NOT IN"
        " (SELECT about FROM log WHERE event <> 'attempt' AND event = ?) ORDER BY number",
        (RESET, UNDO),
    ).fetchall()
    skills = {identity for _, identity, skill, _ in rows if skill}
    return skills, {problem: number for number, _, skill, problem in rows if not skill}


def rules_changed(connection: sqlite3.Connection) -> bool:
    """Whether the tables were made by other rules than today's."""
    row = connection.execute("SELECT value FROM facts WHERE name = 'rules'").fetchone()
    return row is None or row[0] != RULES
