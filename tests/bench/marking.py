"""How long marking takes: one wrong answer with its diagnosis, one formula, a whole class."""

from __future__ import annotations

import contextlib
import csv
import io
import random
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from engine.marking.formula import mark_formula
from engine.marking.hints import answer_text
from engine.marking.matrix import mark_value
from engine.problems.problem import Problem
from engine.problems.reading import load
from tests.bench.problems import square_problem
from tests.bench.row import Row
from tests.bench.timing import calls
from tui.command_line import main

MASHA = load("masha")
ANSWERS = 30
"""Of one learner of the class."""


def _mark_wrong(problem: Problem, key: str) -> Callable[[], object]:
    rows, columns = problem.solution[key].shape
    text = "; ".join(" ".join(str(31 + 7 * i + 3 * j) for j in range(columns)) for i in range(rows))
    return lambda: mark_value(problem, key, text)


def _mark_last_wrong(layers: int) -> None:
    """Marks a wrong answer to the last result of a lesson whose every answer was wrong."""
    problem = square_problem(2, layers)
    keys = [key for _, key in problem.parts[0].ask]
    given = {key: f"{n} {n}; {n} {n}" for n, key in enumerate(keys[:-1], start=31)}
    mark_value(problem, keys[-1], "7 7; 7 7", given=given)


def _mark_class(learners: int) -> Callable[[], object]:
    """Marks a table by the command; a third of the answers are wrong."""

    @cache
    def folder() -> tempfile.TemporaryDirectory[str]:
        made = tempfile.TemporaryDirectory()
        dice = random.Random(1)
        keys = [key for key in MASHA.solution if not key.startswith("each.")]
        with (Path(made.name) / "class.csv").open("w", newline="", encoding="utf-8") as stream:
            table = csv.writer(stream)
            table.writerow(["learner", "key", "answer"])
            for learner in range(learners):
                for number in range(ANSWERS):
                    key = keys[number % len(keys)]
                    answer = answer_text(MASHA, key)
                    if dice.random() < 1 / 3:
                        answer = answer.replace("1", str(dice.randint(2, 9)))
                    table.writerow([learner, key, answer])
        return made

    def mark() -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            main(["mark", MASHA.id, "--answers", f"{folder().name}/class.csv", "--json"])

    return mark


ROWS = [
    Row(
        name="marking one wrong 2x2 answer, full diagnosis",
        measure=calls(lambda: mark_value(MASHA, "H1", "2 -1; 0 5")),
        unit="µs",
        bound=200,
    ),
    Row(
        name="the same behind wrong entries, errors carried on",
        measure=calls(
            lambda: mark_value(MASHA, "yhat", "7; 3", given={"H1": "2 -0.5; 0 1", "O1": "2 0; 0 1"})
        ),
        unit="µs",
    ),
    Row(
        name="marking a right formula",
        measure=calls(lambda: mark_formula(MASHA.solution, "grad.H1", "d W2ᵀ ⊙ [H1>0]")),
        unit="µs",
        bound=1000,
    ),
    Row(
        name="marking a wrong formula",
        measure=calls(lambda: mark_formula(MASHA.solution, "grad.W1", "X @ d")),
        unit="µs",
        bound=1000,
    ),
    *(
        Row(
            name="marking a wrong square answer",
            measure=calls(_mark_wrong(square_problem(side), "H1")),
            unit="µs",
            rounds=10,
            by="rows",
            size=side,
        )
        for side in (2, 4, 8, 16)
    ),
    *(
        Row(
            name="marking a wrong 2x2 gradient",
            measure=calls(_mark_wrong(square_problem(2, depth), "grad.W1")),
            unit="µs",
            rounds=10,
            by="layers",
            size=depth,
        )
        for depth in (2, 4, 8, 16)
    ),
    *(
        Row(
            name="marking a wrong answer behind wrong entries",
            measure=calls(_mark_last_wrong, (entries + 2) // 2),
            rounds=10,
            by="entries",
            size=entries,
        )
        for entries in (4, 8, 16)
    ),
    *(
        Row(
            name=f"marking a class, {ANSWERS} answers each, from a CSV",
            measure=calls(_mark_class(learners)),
            unit="s",
            bound=20 if learners == 1000 else None,
            rounds=3,
            by="learners",
            size=learners,
        )
        for learners in (10, 100, 1000)
    ),
]
