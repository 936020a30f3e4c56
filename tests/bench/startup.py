"""How long until an app paints its first sign, against a bare Textual app with one Input."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import bare_app
from tests.bench.row import Measure, Row, program
from tests.bench.terminal import Terminal

FOLDER = TemporaryDirectory()
BARE = [sys.executable, str(Path(bare_app.__file__))]
APP = [sys.executable, "-m", "tui", "--lang", "en", "--data-dir", FOLDER.name]
"""The commands of the bare app and of ours, with records that were begun before."""

PEERS = {"posting": [], "harlequin": [], "tl": [__file__]}


def first_paint(*command: str) -> Measure:
    """Seconds from the process's start until the first sign is painted."""

    def measure() -> list[float]:
        with Terminal(*command) as terminal:
            return [terminal.first_paint()]

    return measure


def shown(text: str, *command: str) -> Measure:
    """Seconds from the process's start until a text stands on the screen."""

    def measure() -> list[float]:
        with Terminal(*command) as terminal:
            return [terminal.wait(text)]

    return measure


def _row(name: str, measure: Measure, bound: float | None = None, needs: str = "") -> Row:
    return Row(
        name=name,
        measure=measure,
        reference=first_paint(*BARE),
        against="a bare Textual app's first paint",
        bound=bound,
        rounds=20,
        needs=needs,
    )


ROWS = [
    _row("first paint of `python -m tui`", first_paint(*APP), bound=1.6),
    _row("its last line painted", shown("ctrl+p", *APP)),
    _row("first paint on the very first day", first_paint(*APP[:-2])),
    _row("first paint of `lesson`", first_paint(*APP, "lesson")),
    _row("first paint of `quiz`", first_paint(*APP, "quiz")),
    *(
        _row(f"first paint of {name}", first_paint(program(name) or name, *words), needs=name)
        for name, words in PEERS.items()
    ),
]
