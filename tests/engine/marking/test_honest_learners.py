"""An honest learner who rounds every intermediate matrix as asked is never marked wrong."""

from __future__ import annotations

import numpy as np
import pytest

from engine.expression.evaluate import evaluate
from engine.marking.matrix import mark_value
from engine.marking.precision import asked_decimals
from engine.marking.typed import read_matrix
from engine.network.solution import SolveError
from engine.problems.problem import Precision, Problem
from tests.engine.random_nets import random_problem

PRECISIONS = [
    Precision(decimals=4),
    Precision(significant=2),
    Precision(decimals=2),
    Precision(significant=3),
]


def as_typed(value: np.ndarray, problem: Problem, key: str) -> str:
    precision = problem.precision
    digits = problem.solution[key].digits
    exact = digits is not None and digits <= precision.exact_decimals

    def cell(number: float) -> str:
        decimals = 10 if exact else asked_decimals(number, precision)
        return f"{round(number, decimals):.{max(decimals, 0)}f}"

    return "; ".join(" ".join(cell(float(x)) for x in row) for row in np.atleast_2d(value))


def play(problem: Problem) -> None:
    """Work every step out from one's own rounded results and have it marked."""
    own = dict(problem.solution.numbers)
    given: dict[str, str] = {}
    for key, step in problem.solution.items():
        value = evaluate(step.node, own)
        if not np.isfinite(value).all():
            value = step.value  # rounding led to ln 0: no honest learner goes on with that
        text = as_typed(value, problem, key)
        mark = mark_value(problem, key, text, given=given)
        assert mark.accepted, (problem.id, key, text, mark)
        alone = mark_value(problem, key, text)
        assert alone.verdict != "wrong", (problem.id, key, text, alone)
        given[key] = text
        rows = read_matrix(text, step.shape).rows
        typed = [[float(cell.value) for cell in row if cell] for row in rows]
        own[key] = np.array(typed).reshape(step.shape)


@pytest.mark.parametrize("block", range(10))
def test_a_thousand_honest_learners_are_never_marked_wrong(block: int) -> None:
    played = 0
    for seed in range(100 * block, 100 * block + 100):
        problem = random_problem(seed, PRECISIONS[seed % len(PRECISIONS)])
        try:
            _ = problem.solution
        except SolveError:
            continue  # a probability saturated at 1: its logloss has no value
        play(problem)
        played += 1
    assert played > 80
