"""What a million recorded answers cost: the start, the progress screen, `stats`, one more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from engine.practice.skills import SKILLS
from engine.records.database import Database, open_database
from engine.records.derived import append, rebuild
from engine.records.events import ATTEMPT, COLUMNS, INSERT, Event
from engine.records.overview import read_history, read_overview
from engine.records.recorder import Recorder
from tests.bench.keys import stands_newly
from tests.bench.row import Measure, Row
from tests.bench.startup import APP
from tests.bench.terminal import Terminal
from tests.bench.timing import calls, python

MILLION, DAYS = 1_000_000, 1000
TAGS = ("mask_missing", "sign", "transpose_missing", "not_averaged", "ascent")
NUMBERS = count()

START_APP = """
import asyncio, sys
from engine.records.places import open_places
from tui.app import BackhandApp

async def show(places):
    async with BackhandApp(places=places).run_test():
        pass

with open_places(sys.argv[1]) as places:
    asyncio.run(show(places))
"""


@cache
def folder(answers: int) -> TemporaryDirectory[str]:
    """A learner's folder with so many recorded answers; made when first needed, gone at exit."""
    made = TemporaryDirectory()
    database = open_database(Path(made.name))
    database.check_writable()
    database.write(lambda connection: connection.executemany(INSERT, _rows(answers)))
    database.write(rebuild)
    database.close()
    return made


@cache
def database(answers: int) -> Database:
    """The same, open."""
    return open_database(Path(folder(answers).name))


def _rows(answers: int) -> Iterator[tuple[object, ...]]:
    """The answers as rows, over a thousand days."""
    dice, skills = Random(1), [*SKILLS]
    start = datetime(2023, 1, 2, 8, tzinfo=UTC)
    for number in range(answers):
        time = start + timedelta(days=number * DAYS // answers, seconds=number % 40_000)
        wrong = dice.random() < 0.2
        event = _attempt(
            f"{number:032x}",
            time,
            skill=skills[int(dice.random() * len(skills))],
            level=1 + int(dice.random() * 4),
            seed=number,
            verdict="misconception" if wrong else "right",
            misconception=TAGS[int(dice.random() * len(TAGS))] if wrong else "",
            first=dice.random() < 0.8,
        )
        yield tuple(getattr(event, column) for column in COLUMNS)


def _attempt(identity: str, time: datetime, **fields: Any) -> Event:
    return Event(
        identity,
        ATTEMPT,
        time.isoformat(),
        time.date().isoformat(),
        "0.1.0",
        session="quiz",
        problem="quiz",
        key="grad.H1",
        kind="value",
        typed="-0.5 -1; 0 0",
        seconds=30.0,
        **fields,
    )


def _read(answers: int) -> None:
    """What the progress screen reads."""
    records = open_database(Path(folder(answers).name))
    overview = records.read(read_overview)
    records.read(lambda connection: read_history(connection, overview.skills[0].skill))
    records.close()


def _record(answers: int) -> None:
    number = next(NUMBERS)
    time = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    event = _attempt(f"new{number}", time, skill="relu.backward", verdict="right", first=True)
    database(answers).write(lambda connection: append(connection, [event]))


def _remake(answers: int) -> None:
    database(answers).write(rebuild)


def _show_app(answers: int) -> Measure:
    return python("-c", START_APP, lambda: folder(answers).name)


def _stats(answers: int) -> Measure:
    return python("-m", "tui", "stats", "--data-dir", lambda: folder(answers).name)


def _open_progress(answers: int) -> list[float]:
    """From the key that opens the progress screen until its skills are painted, at each visit."""
    with Terminal(*APP[:-1], folder(answers).name) as app:
        app.wait("ctrl+p")  # the last line of home
        latencies = []
        for _ in range(VISITS):
            app.wait(PROGRESS)
            key = next(filter(str.isdigit, app.line_with(PROGRESS)))
            latencies.append(app.latency(key, stands_newly("Skills, the next due first")))
            app.press("escape")
        return latencies


VISITS, PROGRESS = 5, "Progress: mastery"
"""How often it is opened, and how home calls it, behind its key."""


def _by_answers(name: str, measure: Callable[[int], Measure], **others: Any) -> Iterator[Row]:
    """A row for each number of answers."""
    for answers in (1000, 100_000, MILLION):
        yield Row(name=name, measure=measure(answers), by="answers", size=answers, **others)


ROWS = [
    Row(
        name="the app's start until it is shown, 1,000,000 answers",
        measure=_show_app(MILLION),
        reference=_show_app(0),
        against="an empty record",
        bound=1.1,
        rounds=15,
    ),
    *_by_answers("backhand stats", _stats, bound=500, rounds=15),
    *_by_answers(
        "the progress screen, from the key until it is painted",
        lambda answers: partial(_open_progress, answers),
        bound=300,
        rounds=5,
    ),
    *_by_answers(
        "what the progress screen reads", lambda answers: calls(_read, answers), rounds=15
    ),
    *_by_answers("recording one more answer", lambda answers: calls(_record, answers), bound=50),
    Row(
        name="planning and making a quiz of ten, 1,000,000 answers",
        measure=calls(lambda: Recorder(database(MILLION)).new_quiz()),
        rounds=15,
    ),
    *_by_answers(
        "making the derived tables again (`records doctor`)",
        lambda answers: calls(_remake, answers),
        unit="s",
        rounds=1,
    ),
]
