"""`stats`: what the records say, without any mathematics.

``--json`` prints one object:

- ``format`` 1; ``answers``, ``days`` (with practice), ``streak`` (days in a row up to today),
  ``first_day`` and ``last_day`` (YYYY-MM-DD or null);
- ``skills``, the next due first, each with ``skill`` (its id), ``title``, ``mastered``, ``mastery``
  (the chance of knowing an item of level 2, from 0 to 1), ``rating`` (Elo), ``due`` (ISO 8601, UTC,
  or null), ``is_due``, ``attempts`` (every answer), ``questions`` (those answered), ``first_try``
  (those known at the first try, without a hint), ``first_try_rate`` (null before any),
  ``last_day``, ``misconceptions``;
- ``misconceptions``, the most frequent first, each with ``tag``, ``title`` and ``times``; the same
  by month in ``months`` (``month``, ``tag``, ``times``);
- ``calendar``: ``day`` and ``answers``, in order.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.language import mark_text, ntr, tr
from engine.practice.mistakes import mistake_title
from engine.practice.titles import skill_title
from tui.commands.common import FINE, NO_RECORDS, USAGE, CommandError
from tui.streams import complain, say, say_json

if TYPE_CHECKING:
    from engine.practice.mastery import Standing
    from engine.records.overview import Overview, SkillRecord

SUMMARY = mark_text("what the records say: mastery, what is due, mistakes")
DETAILS = mark_text(
    "Says what the records tell: each skill's mastery, what is due when, what was known at the "
    "first try, and which mistakes come back."
)
EXAMPLES = "backhand stats\nbackhand stats --json"
CODES = (FINE, USAGE, NO_RECORDS)

LISTED = 10
"""The misconceptions that are listed."""


def add_arguments(parser: ArgumentParser) -> None:
    """``stats [--json]``"""
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object"))


def run(options: Namespace) -> int:
    """Exit code 4 where the records can't be read."""
    overview = _read(options.data_dir)
    now = datetime.now(UTC)
    if options.json:
        say_json(_as_json(overview, now))
    else:
        for line in _lines(overview, now):
            say(line)
    return FINE


def _read(directory: str | None) -> Overview:
    from engine.records.connection import RecordsError
    from engine.records.database import open_database
    from engine.records.overview import Overview, read_overview

    database = open_database(directory)
    try:
        if database.is_empty:
            return Overview()
        overview = database.read(read_overview)
    except RecordsError as error:
        message = tr("The records can't be read: {cause} ({path})", cause=error, path=database.path)
        raise CommandError(NO_RECORDS, message) from error
    finally:
        database.close()
    if database.notice:
        complain(database.notice)
    return overview


# --- JSON ---------------------------------------------------------------------------------------


def _as_json(overview: Overview, now: datetime) -> dict[str, Any]:
    days = [day for day, _ in overview.calendar]
    return {
        "format": 1,
        "answers": overview.answers,
        "days": len(days),
        "streak": overview.streak(now.astimezone().date()),
        "first_day": days[0] if days else None,
        "last_day": days[-1] if days else None,
        "skills": [_skill_as_json(record, now) for record in overview.skills],
        "misconceptions": _mistakes_as_json(overview.mistakes),
        "months": [
            {"month": month, "tag": tag, "times": times} for month, tag, times in overview.by_month
        ],
        "calendar": [{"day": day, "answers": answers} for day, answers in overview.calendar],
    }


def _skill_as_json(record: SkillRecord, now: datetime) -> dict[str, Any]:
    standing, rate = record.standing, record.first_try_rate
    return {
        "skill": record.skill,
        "title": skill_title(record.skill),
        "mastered": standing.mastered,
        "mastery": round(standing.expected, 4),
        "rating": round(standing.rating, 1),
        "due": standing.card.due.isoformat() if standing.card else None,
        "is_due": standing.is_due(now),
        "attempts": record.attempts,
        "questions": standing.firsts,
        "first_try": standing.known,
        "first_try_rate": rate if rate is None else round(rate, 4),
        "last_day": record.last_day,
        "misconceptions": _mistakes_as_json(record.mistakes),
    }


def _mistakes_as_json(mistakes: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"tag": tag, "title": mistake_title(tag), "times": times} for tag, times in mistakes]


# --- words --------------------------------------------------------------------------------------


def _lines(overview: Overview, now: datetime) -> Iterable[str]:
    if not overview.calendar:
        yield tr("Nothing is recorded yet.")
        return
    answers = ntr("{number} answer", "{number} answers", overview.answers)
    days = ntr("on {number} day", "on {number} days", len(overview.calendar))
    due = len(overview.due(now))
    yield f"{answers} {days}, " + ntr("{number} skill is due", "{number} skills are due", due)
    yield ""
    head = (tr("skill"), tr("mastery"), tr("due"), tr("first try"), tr("answers"))
    yield from _table([head, *(_row(record, now) for record in overview.skills)])
    if overview.mistakes:
        yield ""
        yield tr("mistakes met most")
        most = overview.mistakes[:LISTED]
        width = max(len(str(times)) for _, times in most)
        for tag, times in most:
            yield f"  {times:>{width}}  {mistake_title(tag)}"


def _row(record: SkillRecord, now: datetime) -> tuple[str, ...]:
    standing = record.standing
    return (
        skill_title(record.skill),
        f"{'✓' if standing.mastered else ' '} {standing.expected:4.0%}",
        _due(standing, now),
        f"{standing.known}/{standing.firsts}",
        str(record.attempts),
    )


def _due(standing: Standing, now: datetime) -> str:
    if standing.card is None:
        return "–"
    if standing.is_due(now):
        return tr("now")
    return standing.card.due.astimezone().date().isoformat()


def _table(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
