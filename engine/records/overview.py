"""What the records say, for `stats` and the progress screen; reads only the derived tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.practice.mastery import Standing
from engine.records.connection import Damage
from engine.records.derived import read_standings


@dataclass(frozen=True, slots=True)
class SkillRecord:
    """One skill that was practised."""

    skill: str
    standing: Standing
    attempts: int
    """Every answer, also to a question that was answered before."""
    last_day: str
    """The latest day of an answer, YYYY-MM-DD."""
    mistakes: tuple[tuple[str, int], ...]
    """The misconceptions' tags and how often each was met, the most frequent first."""

    @property
    def first_try_rate(self) -> float | None:
        """The share of questions known at the first try; None before any."""
        standing = self.standing
        return standing.known / standing.firsts if standing.firsts else None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that was recorded, in sum."""

    skills: tuple[SkillRecord, ...] = ()
    """By the date when they are due, then by id."""
    mistakes: tuple[tuple[str, int], ...] = ()
    """The misconceptions' tags over all skills, the most frequent first."""
    by_month: tuple[tuple[str, str, int], ...] = ()
    """Month (YYYY-MM), tag, how often; in order of the months."""
    calendar: tuple[tuple[str, int], ...] = ()
    """The days with answers, and how many there were."""

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return sum(attempts for _, attempts in self.calendar)

    def due(self, now: datetime) -> tuple[str, ...]:
        """The skills that it is time to repeat."""
        return tuple(each.skill for each in self.skills if each.standing.is_due(now))

    def streak(self, today: date) -> int:
        """Days of practice in a row up to today, or up to yesterday."""
        days = {day for day, _ in self.calendar}
        day = today if today.isoformat() in days else today - timedelta(days=1)
        length = 0
        while day.isoformat() in days:
            length += 1
            day -= timedelta(days=1)
        return length


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One day of one skill."""

    day: str
    attempts: int
    firsts: int
    known: int
    rating: float
    """At the end of the day."""


def read_overview(connection: sqlite3.Connection) -> Overview:
    """What the derived tables say; its cost doesn't grow with the number of answers in a day.

    Raises `Damage` where what they say makes no sense.
    """
    try:
        return _overview(connection)
    except (TypeError, ValueError) as error:
        raise Damage(str(error)) from error


def _overview(connection: sqlite3.Connection) -> Overview:
    practised = connection.execute("SELECT skill, sum(attempts), max(day) FROM days GROUP BY skill")
    found = {skill: (attempts, day) for skill, attempts, day in practised}
    mistakes: dict[str, list[tuple[str, int]]] = {}
    months: dict[tuple[str, str], int] = {}
    totals: dict[str, int] = {}
    for skill, tag, month, times in connection.execute(
        "SELECT skill, tag, substr(day, 1, 7) AS month, sum(times) FROM mistakes"
        " GROUP BY skill, tag, month"
    ):
        totals[tag] = totals.get(tag, 0) + times
        months[month, tag] = months.get((month, tag), 0) + times
        mistakes.setdefault(skill, []).append((tag, times))
    records = []
    for skill, standing in read_standings(connection).items():
        if skill in found:
            attempts, day = found[skill]
            own = _summed(mistakes.get(skill, ()))
            records.append(SkillRecord(skill, standing, attempts, day, own))
    records.sort(key=_by_date)
    days = connection.execute("SELECT day, attempts FROM calendar ORDER BY day").fetchall()
    return Overview(
        tuple(records),
        _summed(totals.items()),
        tuple((month, tag, times) for (month, tag), times in sorted(months.items())),
        tuple((str(day), int(attempts)) for day, attempts in days),
    )


def read_history(connection: sqlite3.Connection, skill: str) -> tuple[DayRecord, ...]:
    """One skill's days in order: its rating as a curve, and what was answered."""
    rows = connection.execute(
        "SELECT day, attempts, firsts, known, rating FROM days WHERE skill = ? ORDER BY day",
        (skill,),
    )
    return tuple(DayRecord(*row) for row in rows)


def _summed(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Each tag once, the most frequent first."""
    totals: dict[str, int] = {}
    for tag, times in pairs:
        totals[tag] = totals.get(tag, 0) + times
    return tuple(sorted(totals.items(), key=lambda pair: (-pair[1], pair[0])))


def _by_date(record: SkillRecord) -> tuple[bool, str, str]:
    card = record.standing.card
    return card is None, card.due.isoformat() if card else "", record.skill
