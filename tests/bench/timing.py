"""Measures of time: a call inside this process, a process until it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from time import perf_counter

from tests.bench.row import Measure

UNWANTED = ("NO_COLOR", "COLUMNS", "LINES", "PYTHONDONTWRITEBYTECODE")
"""What an app would be measured wrongly with: by the second run its bytecode is kept, as usual."""


def environment() -> dict[str, str]:
    """The caller's environment, for a process that is measured."""
    return {name: value for name, value in os.environ.items() if name not in UNWANTED}


BUDGET = 0.01
"""Seconds that a round lasts at least: a short call is repeated."""


def calls(function: Callable[..., object], *arguments: object) -> Measure:
    """Seconds of one call with these arguments."""
    run = partial(function, *arguments)
    repeats = 0

    def measure() -> list[float]:
        nonlocal repeats
        if not repeats:
            once = _timed(run, 1)
            if once > BUDGET:
                repeats = 1
                return [once]
            repeats = max(1, int(BUDGET / max(_timed(run, 1), 1e-7)))
        return [_timed(run, repeats)]

    return measure


def _timed(run: Callable[[], object], repeats: int) -> float:
    start = perf_counter()
    for _ in range(repeats):
        run()
    return (perf_counter() - start) / repeats


def python(*words: str | Callable[[], object]) -> Measure:
    """Seconds until a Python with these words has ended; a word made by a call is made when run."""

    def measure() -> list[float]:
        command = [
            sys.executable,
            *(word if isinstance(word, str) else str(word()) for word in words),
        ]
        start = perf_counter()
        subprocess.run(command, capture_output=True, check=True, env=environment())
        return [perf_counter() - start]

    return measure
