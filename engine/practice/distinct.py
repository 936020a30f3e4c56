"""Whether the numbers of a question can hide a mistake: misconceptions that look right or alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.expression.evaluate import Array, evaluate, operation
from engine.expression.node import Node
from engine.expression.shape import SHAPES, Shape, ShapeError
from engine.marking.misconceptions import Variant, variants
from engine.marking.precision import half_unit
from engine.network.losses import N
from engine.network.solution import Solution, Step
from engine.practice.draw import Draw
from engine.problems.problem import Precision, Problem

RETRIALS = 6
"""Two trees that agree on so many other sets of numbers are taken to agree always."""

CLOSE = 10
"""Rounded values nearer than so many h (half a unit of the last digit asked) look alike."""


def indistinguishable(problem: Problem, key: str) -> list[str]:
    """The misconceptions of one step that these numbers can't tell apart.

    ``"mask_missing"`` is one that gives the right answer, ``"mask_values = sign"`` are two that
    give the same wrong one. Mistakes that agree whatever the numbers are don't count.
    """
    step = problem.solution[key]
    told = [(Variant("", step.node, ""), step.value), *_told(problem.solution, key)]
    close = _closeness(step, problem.precision_for(key))
    table = np.array([value.ravel() for _, value in told])
    # Most differ in their first cell already, so the others are looked at in few.
    first = table[:, 0]
    pairs = np.argwhere(np.triu(np.abs(first[:, None] - first) <= close[0], 1))
    alike = (np.abs(table[pairs[:, 0]] - table[pairs[:, 1]]) <= close).all(axis=1)
    found: dict[str, None] = {}
    structure = _structure(problem.solution)
    for i, j in pairs[alike]:
        one, other = told[i][0], told[j][0]
        words = f"{one.tag} = {other.tag}" if one.tag else other.tag
        news = one.tag != other.tag and words not in found
        if news and not _always_agree(structure, one.node, other.node):
            found[words] = None
    return [*found]


def distinct_mistakes(problem: Problem, key: str) -> list[tuple[Variant, Array]]:
    """The misconceptions of one step with the values that they give, likeliest first.

    Only those of the right shape, whose values differ from the right one and from each other's.
    """
    step = problem.solution[key]
    close = _closeness(step, problem.precision_for(key))
    seen = [step.value.ravel()]
    found = []
    for variant, value in _told(problem.solution, key):
        cells = value.ravel()
        if not any((np.abs(cells - other) <= close).all() for other in seen):
            seen.append(cells)
            found.append((variant, value))
    return found


def _told(solution: Solution, key: str) -> list[tuple[Variant, Array]]:
    """The misconceptions that give numbers of the right shape, and those numbers."""
    step, trial = solution[key], _Trial(solution.numbers)
    found = []
    for variant in variants(solution, key):
        value = trial.value(variant.node)
        # What isn't finite nobody can type.
        if value is not None and value.shape == step.shape and np.isfinite(value).all():
            found.append((variant, value + 0.0))  # -0.0 becomes 0.0
    return found


def _closeness(step: Step, precision: Precision) -> Array:
    """How near two values may be and still be told apart, cell by cell."""
    cells = step.value.ravel()
    if step.digits is not None and step.digits <= precision.exact_decimals:
        return 1e-9 * np.maximum(1.0, np.abs(cells))
    return np.array([CLOSE * half_unit(float(cell), precision) for cell in cells])


class _Trial:
    """The values of trees on one set of numbers; parts that trees share are computed once."""

    def __init__(self, numbers: Mapping[str, Array]) -> None:
        self._numbers = numbers
        self._known: dict[Node, Array | None] = {}

    def value(self, node: Node) -> Array | None:
        """The tree's value; None where its shapes don't fit."""
        if node not in self._known:
            self._known[node] = self._of(node)
        return self._known[node]

    def _of(self, node: Node) -> Array | None:
        if node.op == "name":
            return self._numbers[str(node.argument)]
        if node.op == "number":
            return np.float64(node.argument)  # type: ignore[arg-type, return-value]
        operands = [self.value(operand) for operand in node.operands]
        shapes: list[Shape] = []
        for operand in operands:
            if operand is None:
                return None
            shapes.append(operand.shape)
        try:
            SHAPES[node.op](node, tuple(shapes), _same)
        except ShapeError:
            return None
        with np.errstate(all="ignore"):
            return np.asarray(operation(node)(*operands))


def _same(left: int, right: int) -> bool:
    return left == right


# --- whether two trees agree by accident ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Structure:
    """A network without its numbers: what decides whether two trees always agree."""

    values: tuple[tuple[str, Shape, str], ...]
    """Each given value's name, its shape, and what kind of numbers it has."""
    steps: tuple[tuple[str, Node], ...]


def _structure(solution: Solution) -> _Structure:
    values = tuple(
        (key, value.shape, _sort(value.array)) for key, value in solution.network.values.items()
    )
    steps = tuple((key, step.node) for key, step in solution.items())
    return _Structure(values, steps)


def _sort(value: Array) -> str:
    """Classes stay classes and shares shares: y² = y is no accident of the numbers then."""
    if ((value == 0) | (value == 1)).all():
        return "classes"
    return "shares" if ((value > 0) & (value < 1)).all() else "numbers"


SORTS: dict[str, Callable[[Draw], float]] = {
    "classes": lambda draw: float(draw.below(2)),
    "shares": lambda draw: draw.uniform(0.05, 0.95),
    "numbers": lambda draw: draw.uniform(-2.0, 2.0),
}


@lru_cache(maxsize=4096)
def _always_agree(structure: _Structure, one: Node, other: Node) -> bool:
    """Whether two trees have the same value on every other set of numbers tried."""
    for place in range(RETRIALS):
        trial = _other_numbers(structure, place)
        left, right = trial.value(one), trial.value(other)
        if left is None or right is None:
            return False
        with np.errstate(all="ignore"):  # inf - inf: where both overflow nothing is known
            if not np.abs(left - right).max() <= 1e-9:
                return False
    return True


@lru_cache(maxsize=256)
def _other_numbers(structure: _Structure, place: int) -> _Trial:
    draw = Draw("other numbers", place)
    # n is a number like the others: that 2/n is 1 for two observations is an accident.
    numbers = {N: np.array(draw.uniform(2.5, 9.0))}
    for key, shape, sort in structure.values:
        cells = [SORTS[sort](draw) for _ in range(math.prod(shape))]
        numbers[key] = np.array(cells).reshape(shape)
    for key, node in structure.steps:
        numbers[key] = evaluate(node, numbers)
    return _Trial(numbers)
