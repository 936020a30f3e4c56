"""Export and import: the log as a text file, a line of JSON for each event.

The first line says what the file is: ``{"format": 1, "program": "backhand", "version": …}``. Each
further line has the fields of `engine.records.events.Event`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import TextIO

import engine
from engine.files import open_to_read, write_whole
from engine.language import tr
from engine.records.derived import append
from engine.records.events import Event, from_line, read_log, to_line

FORMAT = 1
PROGRAM = "backhand"
LONGEST_LINE = 1_000_000
"""Characters; no event of ours is longer."""


class ExportFileError(ValueError):
    """What is wrong with a file that should be imported, in the learner's language."""


def write_export(
    path: Path, connection: sqlite3.Connection | None, waiting: Iterable[Event] = ()
) -> int:
    """Write the log, and what waits to be in it, all or nothing; how many events.

    Raises `OSError`.
    """
    logged = (event for _, event in read_log(connection)) if connection else ()

    def write(stream: TextIO) -> int:
        header = {"format": FORMAT, "program": PROGRAM, "version": engine.__version__}
        stream.write(json.dumps(header) + "\n")
        written = 0
        for event in chain(logged, waiting):
            stream.write(to_line(event) + "\n")
            written += 1
        return written

    return write_whole(path, write)


def import_events(connection: sqlite3.Connection, path: Path) -> tuple[int, int]:
    """Add a file's events to the log: how many there were, and how many of them were new.

    Only within a transaction. Raises `ExportFileError` and `OSError`, and then nothing is to be
    kept.
    """
    counted = 0

    def read() -> Iterator[Event]:
        nonlocal counted
        for event in _events(path):
            counted += 1
            yield event

    new = append(connection, read())
    return counted, new


def _events(path: Path) -> Iterator[Event]:
    with TextIOWrapper(open_to_read(path), encoding="utf-8-sig", errors="replace") as stream:
        _check_header(stream.readline(LONGEST_LINE))
        for number, line in enumerate(iter(lambda: stream.readline(LONGEST_LINE), ""), 2):
            try:
                if line.strip():
                    yield from_line(line)
            except ValueError as error:
                message = tr("line {number}: this is no event: {cause}", number=number, cause=error)
                raise ExportFileError(message) from error


def _check_header(line: str) -> None:
    header = None
    with suppress(ValueError, RecursionError):
        header = json.loads(line)
    if not isinstance(header, dict) or header.get("program") != PROGRAM:
        raise ExportFileError(tr("line 1: this file was not written by `records export`"))
    if header.get("format") != FORMAT:
        raise ExportFileError(
            tr(
                "line 1: format {given!r}, expected {known}: a newer version wrote this file",
                given=header.get("format"),
                known=FORMAT,
            )
        )
