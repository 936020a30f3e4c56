"""What is worked out once for a solution is kept as long as the solution, and no longer."""

from __future__ import annotations

import gc
import weakref

from engine.marking import sampling
from engine.marking.formula import mark_formula
from engine.marking.per_solution import PerSolution
from engine.network.solution import Solution
from tests.engine.networks import masha


def test_what_is_remembered_of_a_solution_goes_with_it() -> None:
    solution = masha()
    mark_formula(solution, "grad.H1", "d W2")
    watch = weakref.ref(solution)
    remembered = id(solution)
    assert remembered in sampling.trials._found
    del solution
    gc.collect()
    assert watch() is None
    assert remembered not in sampling.trials._found


def test_the_results_that_were_asked_for_last_are_remembered() -> None:
    built: list[int] = []

    def build(solution: Solution, number: int) -> int:
        built.append(number)
        return number

    memory, solution = PerSolution(build, limit=2), masha()
    assert [memory(solution, key) for key in (1, 2, 1, 3, 2, 1)] == [1, 2, 1, 3, 2, 1]
    assert built == [1, 2, 3, 2, 1]


def test_solutions_are_told_apart() -> None:
    def build(solution: Solution) -> int:
        return id(solution)

    memory, one, other = PerSolution(build), masha(), masha()
    assert memory(one) == id(one)
    assert memory(other) == id(other)
