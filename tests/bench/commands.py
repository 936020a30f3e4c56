"""How long the light commands take, against a bare `python -c pass`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

from tests.bench.timing import Figure, ratio

LIGHT = ["--version", "problems"]


def figures() -> Iterator[Figure]:
    """The commands that load no mathematics."""
    for command in LIGHT:
        yield ratio(
            f"backhand {command}",
            _process("-m", "tui", command),
            _process("-c", "pass"),
            "python -c pass",
            bound=6,
            rounds=20,
        )


def _process(*words: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *words], capture_output=True, check=True)
