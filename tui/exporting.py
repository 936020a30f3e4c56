"""Exporting the records from within the app and the line mode, and saying what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.language import ntr, tr

if TYPE_CHECKING:
    from engine.records.recorder import Recorder


def exported(recorder: Recorder, path: Path) -> str:
    """Write every record to a file, also those that can't be kept; what to tell the learner."""
    try:
        number = recorder.export(path.expanduser())
    except (OSError, RuntimeError, ValueError) as error:  # no home, a path that can't be
        return tr("Nothing was exported: {cause}", cause=getattr(error, "strerror", "") or error)
    return written(number, path)


def written(number: int, path: Path) -> str:
    """How many events a file has got."""
    return ntr(
        "{number} event written to {path}", "{number} events written to {path}", number, path=path
    )
