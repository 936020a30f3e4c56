"""How much memory the app keeps resident, against a bare Textual app that has loaded NumPy."""

from __future__ import annotations

from tests.bench.keys import DEPTH, Lesson, answer_all
from tests.bench.row import Measure, Row
from tests.bench.startup import APP, BARE
from tests.bench.terminal import Terminal


def resident(*command: str) -> Measure:
    """MiB a second after the first paint."""

    def measure() -> list[float]:
        with Terminal(*command) as terminal:
            terminal.first_paint()
            return [terminal.memory()]

    return measure


def resident_after_lesson() -> list[float]:
    """MiB after some wrong and right answers of a lesson."""
    with Lesson(2, DEPTH) as lesson:
        answer_all(lesson, 2, right=True)
        return [lesson.memory()]


def _row(name: str, measure: Measure) -> Row:
    return Row(
        name=name,
        measure=measure,
        reference=resident(*BARE, "--numpy"),
        against="a bare Textual app and NumPy",
        bound=1.4,
        unit="MiB",
        rounds=5,
    )


ROWS = [
    _row("resident memory at home", resident(*APP)),
    _row("resident memory after 15 right answers of a lesson", resident_after_lesson),
]
