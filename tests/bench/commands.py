"""How long the light commands take, against a bare `python -c pass`."""

from __future__ import annotations

from tests.bench.records import folder
from tests.bench.row import Row
from tests.bench.timing import python

ROWS = [
    Row(
        name=f"backhand {command}",
        measure=python("-m", "tui", command, "--data-dir", lambda: folder(0).name),
        reference=python("-c", "pass"),
        against="python -c pass",
        bound=6,
        rounds=20,
    )
    for command in ("--version", "problems", "stats")
]
