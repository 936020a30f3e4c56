"""`solve --format json`: every quantity of every pass as one object."""

from __future__ import annotations

import math
from typing import Any

from engine.expression.evaluate import Array
from engine.network.check import check_solution
from engine.network.solution import Step
from engine.practice.published import agrees
from engine.problems.problem import Problem, Published

FORMAT = 1


def solution_json(problem: Problem) -> dict[str, Any]:
    """The object; nothing in it is rounded."""
    check = check_solution(problem.solution)
    return {
        "format": FORMAT,
        "problem": problem.id,
        "steps": [_step(problem, step) for step in problem.solution.values()],
        "gradient_check": check
        and {"passed": check.passed, "max_relative_error": _finite(check.max_relative_error)},
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _step(problem: Problem, step: Step) -> dict[str, Any]:
    solution = problem.solution
    decimals = problem.precision_for(step.key).exact_decimals
    published = problem.published.get(step.key)
    return {
        "key": step.key,
        "pass": step.stage,
        "symbol": solution.symbol(step.key),
        "formula": solution.formula(step.key),
        "latex": solution.latex(step.key),
        "shape": list(step.shape),
        "value": numbers(step.value),
        "exact": step.digits is not None and step.digits <= decimals,
        "skill": step.skill,
        "published": published and _published(problem, published),
    }


def numbers(value: Array) -> Any:
    """An array as JSON has it: a number or rows of numbers, whole ones without a point."""
    if value.shape:
        return [[_number(cell) for cell in row] for row in value.tolist()]
    return _number(value.item())


def _number(value: float) -> int | float:
    return int(value) if float(value).is_integer() else float(value)


def _published(problem: Problem, published: Published) -> dict[str, Any]:
    rows = published.value
    value: Any = None
    if rows is not None:
        cells = [[_number(float(cell)) for cell in row] for row in rows]
        value = cells if problem.solution[published.key].shape else cells[0][0]
    return {
        "value": value,
        "formula": published.formula,
        "agrees": agrees(problem, published),
        "erratum": published.note or None,
    }
