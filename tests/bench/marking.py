"""How long marking takes: one wrong answer with its diagnosis, one formula, a whole class."""

from __future__ import annotations

import contextlib
import csv
import io
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import engine
from engine.marking.formula import mark_formula
from engine.marking.hints import answer_text
from engine.marking.matrix import mark_value
from engine.problems.problem import Problem
from engine.problems.reading import load
from tests.bench.problems import deep_problem, wide_problem
from tests.bench.timing import Figure, absolute

LEARNERS, ANSWERS = 1000, 30


def figures() -> Iterator[Figure]:
    """The figures of marking."""
    masha = load("masha")
    yield absolute(
        "marking one wrong 2x2 answer, full diagnosis",
        lambda: mark_value(masha, "H1", "2 -1; 0 5"),
        bound=200,
    )
    given = {"H1": "2 -0.5; 0 1", "O1": "2 0; 0 1"}
    yield absolute(
        "  the same behind a wrong entry, errors carried on",
        lambda: mark_value(masha, "yhat", "7; 3", given=given),
    )
    yield absolute(
        "marking a right formula",
        lambda: mark_formula(masha.solution, "grad.H1", "d W2ᵀ ⊙ [H1>0]"),
        bound=1000,
    )
    yield absolute(
        "marking a wrong formula",
        lambda: mark_formula(masha.solution, "grad.W1", "X @ d"),
        bound=1000,
    )
    for side in (2, 4, 8, 16):
        problem = wide_problem(side)
        yield absolute(
            f"  a wrong {side}x{side} answer", lambda p=problem: _mark_wrong(p, "H1"), rounds=10
        )
    for depth in (2, 4, 8, 16):
        problem = deep_problem(depth)
        yield absolute(
            f"  a wrong 2x2 gradient, {depth} layers",
            lambda p=problem: _mark_wrong(p, "grad.W1"),
            rounds=10,
        )
    yield _classroom(masha)


def _mark_wrong(problem: Problem, key: str) -> object:
    shape = problem.solution[key].shape
    text = "; ".join(
        " ".join(str(31 + 7 * i + 3 * j) for j in range(shape[1])) for i in range(shape[0])
    )
    return mark_value(problem, key, text)


def _classroom(problem: Problem) -> Figure:
    """A table of 1000 learners with 30 answers each, a third of them wrong, by the command."""
    from tui.__main__ import main

    dice = random.Random(1)
    keys = [key for key in problem.solution if not key.startswith("each.")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "class.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            table = csv.writer(stream)
            table.writerow(["learner", "key", "answer"])
            for learner in range(LEARNERS):
                for number in range(ANSWERS):
                    key = keys[number % len(keys)]
                    answer = answer_text(problem, key)
                    if dice.random() < 1 / 3:
                        answer = answer.replace("1", str(dice.randint(2, 9)))
                    table.writerow([learner, key, answer])
        start = perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            main(["mark", problem.id, "--answers", str(path), "--json"])
        spent = perf_counter() - start
    name = f"marking {LEARNERS} learners x {ANSWERS} answers from a CSV"
    return Figure(name, spent, "s", (spent, spent), 20.0)


def version() -> str:
    """The version that was measured."""
    return engine.__version__
