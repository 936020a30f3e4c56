"""Whether what a problem's source prints agrees with what is right."""

from __future__ import annotations

from engine.marking.formula import same_formula
from engine.problems.problem import Problem, Published


def formula_agrees(problem: Problem, published: Published) -> bool:
    """Whether the printed formula computes the quantity, whatever the numbers; without one, yes."""
    if published.node is None:
        return True
    return same_formula(problem.solution, published.key, published.node)


def value_agrees(problem: Problem, published: Published) -> bool:
    """Whether the printed numbers are right, each to its last digit; without any, yes."""
    return published.value_agrees(problem.solution[published.key])


def agrees(problem: Problem, published: Published) -> bool:
    """Whether everything that the source prints for a quantity is right; a remark always is."""
    return formula_agrees(problem, published) and value_agrees(problem, published)
