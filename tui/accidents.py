"""A mistake of the program's own: what is told in place of a traceback, and the log that has it."""

from __future__ import annotations

import os
from pathlib import Path

from engine.language import tr

OWN_FAULT = 70
"""The exit code, as sysexits has it."""

LOG = "mistake.log"


def debugging() -> bool:
    """Whether tracebacks are wanted on the terminal."""
    return bool(os.environ.get("BACKHAND_DEBUG"))


def write_log(folder: Path, error: BaseException) -> Path | None:
    """Write the traceback into the folder, in place of the one before; None where that fails."""
    import platform
    from traceback import format_exception

    import engine

    path = folder / LOG
    about = f"backhand {engine.__version__}, Python {platform.python_version()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = f"{about}, {platform.platform()}\n{''.join(format_exception(error))}"
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return None
    return path


def accident_words(kept: Path | None, log: Path | None) -> str:
    """What the learner is told: that it was no fault of theirs, and where the place is kept."""
    sentences = [tr("Backhand made a mistake of its own and had to stop.")]
    if kept is not None:
        sentences.append(tr("Your place and your answers are kept in {path}.", path=kept))
    if log is not None:
        sentences.append(tr("What happened is written in {path}.", path=log))
    else:
        sentences.append(tr("BACKHAND_DEBUG=1 shows where."))
    return " ".join(sentences)
