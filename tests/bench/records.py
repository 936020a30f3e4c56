"""What a million recorded answers cost: the start, the progress screen, `stats`, one more."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from engine.practice.skills import SKILLS
from engine.records.database import Database, open_database
from engine.records.derived import append, rebuild
from engine.records.events import COLUMNS, INSERT, Event
from engine.records.overview import read_history, read_overview
from engine.records.recorder import Recorder
from tests.bench.timing import Figure, absolute, ratio

ANSWERS, DAYS = 1_000_000, 1000
TAGS = ("mask_missing", "sign", "transpose_missing", "not_averaged", "ascent")

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


def figures() -> Iterator[Figure]:
    """A record of a million answers against an empty one, where nothing else is said."""
    with tempfile.TemporaryDirectory() as name:
        full, empty = Path(name) / "full", Path(name) / "empty"
        yield _made(full)
        open_database(empty).check_writable()
        yield ratio(
            "the app's start until it is shown, 1,000,000 answers",
            _python("-c", START_APP, str(full)),
            _python("-c", START_APP, str(empty)),
            "an empty record",
            bound=1.1,
            rounds=15,
        )
        yield ratio(
            "backhand stats, an empty record",
            _python("-m", "tui", "stats", "--data-dir", str(empty)),
            _python("-c", "pass"),
            "python -c pass",
            bound=6,
            rounds=20,
        )
        yield absolute(
            "backhand stats, 1,000,000 answers",
            _python("-m", "tui", "stats", "--data-dir", str(full)),
            "ms",
            bound=500,
            rounds=15,
        )
        yield absolute(
            "what the progress screen reads, 1,000,000 answers",
            lambda: _read(full),
            "ms",
            bound=300,
            rounds=15,
        )
        with_answers, without = (open_database(folder) for folder in (full, empty))
        yield _recording(with_answers, "recording an answer, 1,000,000 answers before it")
        yield _recording(without, "recording an answer, none before it")
        recorder = Recorder(with_answers)
        yield absolute("planning and making a quiz of ten", recorder.new_quiz, "ms", rounds=15)
        yield _timed("making the derived tables again (`records doctor`)", lambda: _remade(full))
        with_answers.close()
        without.close()


def _rows() -> Iterator[tuple[object, ...]]:
    """The answers as rows, over a thousand days."""
    dice, skills = Random(1), [*SKILLS]
    start = datetime(2023, 1, 2, 8, tzinfo=UTC)
    for number in range(ANSWERS):
        time = start + timedelta(days=number * DAYS // ANSWERS, seconds=number % 40_000)
        wrong = dice.random() < 0.2
        event = Event(
            f"{number:032x}",
            "attempt",
            time.isoformat(),
            time.date().isoformat(),
            "0.1.0",
            session="quiz",
            problem="quiz",
            key="grad.H1",
            kind="value",
            skill=skills[int(dice.random() * len(skills))],
            level=1 + int(dice.random() * 4),
            seed=number,
            typed="-0.5 -1; 0 0",
            verdict="misconception" if wrong else "right",
            misconception=TAGS[int(dice.random() * len(TAGS))] if wrong else "",
            seconds=30.0,
            first=dice.random() < 0.8,
        )
        yield tuple(getattr(event, column) for column in COLUMNS)


def _made(folder: Path) -> Figure:
    database = open_database(folder)

    def fill() -> None:
        database.write(lambda connection: connection.executemany(INSERT, _rows()))
        database.write(rebuild)

    figure = _timed(f"(making a record of {ANSWERS:,} answers)", fill)
    database.close()
    return figure


def _read(folder: Path) -> None:
    database = open_database(folder)
    overview = database.read(read_overview)
    assert overview.answers >= ANSWERS
    database.read(lambda connection: read_history(connection, overview.skills[0].skill))
    database.close()


def _recording(database: Database, name: str) -> Figure:
    times = []
    for number in range(300):
        time = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
        event = Event(
            f"new{number}",
            "attempt",
            time.isoformat(),
            time.date().isoformat(),
            "0.1.0",
            skill="relu.backward",
            verdict="right",
            first=True,
        )
        start = perf_counter()
        database.write(lambda connection, event=event: append(connection, [event]))
        times.append((perf_counter() - start) * 1e3)
    times.sort()
    return Figure(name, median(times), "ms", (times[30], times[-31]), 50)


def _remade(folder: Path) -> None:
    database = open_database(folder)
    database.write(rebuild)
    database.close()


def _timed(name: str, run: Callable[[], None]) -> Figure:
    start = perf_counter()
    run()
    spent = perf_counter() - start
    return Figure(name, spent, "s", (spent, spent))


def _python(*words: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *words], capture_output=True, check=True)
