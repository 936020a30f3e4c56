"""`kill -9` at random moments while answering.

A child answers without a pause and says each answer once its verdict has come back; the parent
kills it. Then every answer that was said is in the log, none is there twice, the file is whole and
what is derived follows from the log. Some kills fall into the making of a new file, some into a
backup. (A fuzzer's moments can't be the same twice; what they do to the file is what counts.)
"""

from __future__ import annotations

import os
import select
import signal
import sqlite3
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

from engine.practice.session import lesson
from engine.problems.problem import Problem
from engine.problems.reading import load
from engine.records.database import open_database
from engine.records.derived import TABLES, rebuild
from engine.records.places import open_places
from engine.records.recorder import Recorder

MOST_ANSWERS, LONGEST_WAIT = 12, 0.004
"""A child says at most so many answers before it is killed, and lives so many seconds longer."""

KILLS_PER_FOLDER = 8
SILENCE = 60.0
"""Seconds after which a child that says nothing is taken as hanging."""


def run(count: int, seed: int) -> int:
    """Kill so many children; 1, as an exit code, at the first broken promise."""
    dice, problem = Random(seed), load("masha")
    start, killed, answers = perf_counter(), 0, 0
    while killed < count:
        with tempfile.TemporaryDirectory() as name:
            folder, said = Path(name), list[str]()
            for _ in range(min(KILLS_PER_FOLDER, count - killed)):
                said += _killed(folder, problem, dice, first=killed)
                killed += 1
                fault = _fault(folder, said)
                if fault:
                    print(f"after {killed} kills (seed {seed}): {fault}")
                    return 1
            answers += len(said)
    spent = perf_counter() - start
    print(f"{killed} kills, {answers} answers said, none lost, none twice ({spent:.1f} s)")
    return 0


def _killed(folder: Path, problem: Problem, dice: Random, first: int) -> list[str]:
    """What a child has said until it was killed."""
    before, wait = dice.randint(0, MOST_ANSWERS), dice.uniform(0, LONGEST_WAIT)
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            _answer(folder, problem, writer, first)
        finally:
            os._exit(3)
    os.close(writer)
    said, heard = b"", 0
    while heard < before:
        ready, _, _ = select.select([reader], [], [], SILENCE)
        more = os.read(reader, 65536) if ready else b""
        if not more:
            break  # it ended or hangs; what it said so far still counts
        said += more
        heard = said.count(b"\n")
    select.select([], [], [], wait)
    os.kill(child, signal.SIGKILL)
    while more := os.read(reader, 65536):
        said += more
    os.close(reader)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise AssertionError(f"the child ended by itself with {os.WEXITSTATUS(status)}")
    return [line.decode() for line in said.split(b"\n")[:-1]]  # a last half line wasn't said


def _answer(folder: Path, problem: Problem, writer: int, first: int) -> None:
    """Answer for ever, each answer different; say each once its verdict has come back."""
    now = datetime(2025, 3, 3, 12, tzinfo=UTC) + timedelta(days=first)
    with open_places(folder) as places:
        recorder = Recorder(places.database, lambda: now)
        number = 0
        while True:
            session = lesson(problem)
            session.go(1)
            recorder.attach(session)
            for _ in range(3):
                number += 1
                text = f"{first}.{number} -1; 0 1"
                verdict = session.answer(text).verdict
                if recorder.trouble or verdict not in ("wrong", "misconception"):
                    raise AssertionError(recorder.trouble or verdict)
                os.write(writer, f"{text}\n".encode())
            places.save("masha", session.snapshot())


def _fault(folder: Path, said: list[str]) -> str:
    """Which promise is broken, or nothing."""
    aside = [*folder.glob("*.damaged-*")]
    if aside:
        return f"a whole file was taken for a damaged one: {aside}"
    database = open_database(folder)
    try:
        kept = Counter(database.read(_typed))
        lost = [text for text in said if not kept[text]]
        twice = [text for text, times in kept.items() if times > 1]
        whole = database.read(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0])
        before = database.read(_derived)
        database.write(rebuild)
        if database.read(_derived) != before:
            return "what is derived doesn't follow from the log"
    finally:
        database.close()
    with suppress(FileNotFoundError):
        for backup in (folder / "backups").glob("*.sqlite3"):
            copy = sqlite3.connect(backup)
            whole = whole if whole != "ok" else copy.execute("PRAGMA quick_check").fetchone()[0]
            copy.close()
    if lost or twice or whole != "ok":
        return f"lost: {lost}, twice: {twice}, whole: {whole}"
    return ""


def _typed(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT typed FROM log")]


def _derived(connection: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    return [connection.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES]
