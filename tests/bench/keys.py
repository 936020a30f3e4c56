"""How long from a key until what it brings about is painted, against a digit in a bare Input."""

from __future__ import annotations

from functools import partial
from itertools import cycle, islice
from tempfile import TemporaryDirectory

from engine.marking.hints import answer_text
from tests.bench.problems import square_file, square_problem
from tests.bench.row import Row
from tests.bench.startup import APP, BARE
from tests.bench.terminal import Change, Screen, Terminal

PRESSES, BURST = 40, 5
"""Keys of a round; after so many digits they are taken back."""
DEPTH = 8
"""Layers of the lesson of which each result is answered."""


def digits(terminal: Terminal) -> list[float]:
    """Type digits, no two alike in succession."""
    latencies = []
    for number, digit in enumerate(islice(cycle("1234567"), PRESSES)):
        if number and number % BURST == 0:
            terminal.press(*["backspace"] * BURST)
        latencies.append(terminal.latency(digit, stands_newly(digit)))
    return latencies


def stands_newly(text: str) -> Change:
    """Whether a text stands in a place where it didn't before."""

    def change(before: Screen, now: Screen) -> bool:
        for old, new in zip(before, now, strict=True):
            places = (x for x in range(len(new)) if new.startswith(text, x))
            if any(not old.startswith(text, x) for x in places):
                return True
        return False

    return change


def type_in_bare_input() -> list[float]:
    """The reference."""
    with Terminal(*BARE) as terminal:
        terminal.first_paint()
        return digits(terminal)


class Lesson(Terminal):
    """A lesson of square matrices whose values are asked, past its conventions."""

    def __init__(self, side: int, depth: int = 2) -> None:
        self._folder = TemporaryDirectory()
        super().__init__(*APP[:-1], self._folder.name, "lesson", str(square_file(side, depth)))
        self.wait("Conventions")
        self.press("enter")
        self.wait("_")

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self._folder.cleanup()


def type_in_grid(side: int) -> list[float]:
    """Type into the first cell of a square matrix."""
    with Lesson(side) as lesson:
        return digits(lesson)


def move_over_product(side: int) -> list[float]:
    """Move over a revealed product, there and back, row by row, till its sum is written out."""
    with Lesson(side) as lesson:
        lesson.press("f3")
        lesson.press("f3")
        lesson.wait("row 1, column 1")
        latencies = []
        row, column, step = 1, 1, 1
        for _ in range(PRESSES):
            if 1 <= column + step <= side:
                column += step
                key = "right" if step == 1 else "left"
            else:
                row, step, key = row + 1, -step, "down"
            latencies.append(lesson.latency(key, stands_newly(f"row {row}, column {column}:")))
        return latencies


def answer(side: int, right: bool) -> list[float]:
    """Answer each question once, till the verdict."""
    with Lesson(side, DEPTH) as lesson:
        return answer_all(lesson, side, right)


def answer_all(lesson: Terminal, side: int, right: bool) -> list[float]:
    """Answer each question of a lesson once, all cells right or all wrong, and go on."""
    problem = square_problem(side, DEPTH)
    latencies = []
    questions = problem.parts[0].ask
    for number, (_, key) in enumerate(questions):
        lesson.wait(f"{number + 1} of {len(questions)}")
        wrong = "; ".join([" ".join([str(-7 - number)] * side)] * side)
        lesson.press(f"\x1b[200~{answer_text(problem, key) if right else wrong}\x1b[201~")
        latencies.append(lesson.latency("enter", stands_newly("✓" if right else "✗ ")))
        for way_on in ["enter"] if right else ["escape", "n"]:
            lesson.press(way_on)
    return latencies


def _in_grid(side: int) -> Row:
    return Row(
        name=f"a digit typed into a {side}x{side} matrix",
        measure=partial(type_in_grid, side),
        reference=type_in_bare_input,
        against=A_DIGIT,
        bound=2,
        at=0.95,
        rounds=ROUNDS,
    )


def _verdict(side: int, right: bool) -> Row:
    what = "right, revealed" if right else "wrong, diagnosed"
    return Row(
        name=f"Enter until the verdict, {side}x{side}, {what}",
        measure=partial(answer, side, right),
        bound=50,
        at=0.95,
        rounds=ROUNDS,
    )


ROUNDS, A_DIGIT = 5, "a digit typed into a bare Input"

ROWS = [
    *(_in_grid(side) for side in (2, 8)),
    Row(
        name="moving over the cells of a revealed 8x8 product",
        measure=partial(move_over_product, 8),
        reference=type_in_bare_input,
        against=A_DIGIT,
        bound=2,
        at=0.95,
        rounds=ROUNDS,
    ),
    *(_verdict(side, right) for side in (2, 8) for right in (False, True)),
]
