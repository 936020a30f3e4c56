"""Whether the numbers of a question can hide a mistake: misconceptions that look right, or alike."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.expression.evaluate import Array, evaluate, operation
from engine.expression.node import Node, walk
from engine.expression.shape import SHAPES, Shape, ShapeError
from engine.marking.misconceptions import Variant, variants
from engine.marking.precision import half_unit
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
    trial = _Trial(problem.solution.numbers)
    right = Variant("", step.node, "")
    told: list[tuple[Variant, Array]] = [(right, step.value.ravel())]
    for variant in variants(problem.solution, key):
        value = trial.value(variant.node)
        if value is not None and value.shape == step.shape:
            told.append((variant, value.ravel()))
    close = _closeness(step, problem.precision_for(key))
    table = np.array([value for _, value in told])
    alike = (np.abs(table[:, None] - table[None]) <= close).all(axis=2)
    found = {}
    others = _OtherNumbers(problem.solution)
    for i, j in np.argwhere(np.triu(alike, 1)):
        one, other = told[i][0], told[j][0]
        words = f"{one.tag} = {other.tag}" if one.tag else other.tag
        if one.tag != other.tag and words not in found and not others.agree(one.node, other.node):
            found[words] = None
    return [*found]


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

    def value(self, root: Node) -> Array | None:
        """The tree's value; None where its shapes don't fit."""
        if root not in self._known:
            with np.errstate(all="ignore"):
                for node in walk(root):
                    if node not in self._known:
                        self._known[node] = self._of(node)
        return self._known[root]

    def _of(self, node: Node) -> Array | None:
        if node.op == "name":
            return self._numbers[str(node.argument)]
        if node.op == "number":
            return np.float64(node.argument)  # type: ignore[arg-type, return-value]
        operands = [self._known[operand] for operand in node.operands]
        shapes: list[Shape] = []
        for operand in operands:
            if operand is None:
                return None
            shapes.append(operand.shape)
        try:
            SHAPES[node.op](node, tuple(shapes), _same)
        except ShapeError:
            return None
        return np.asarray(operation(node)(*operands))


def _same(left: int, right: int) -> bool:
    return left == right


class _OtherNumbers:
    """The same network with other numbers, to see whether two trees always agree."""

    def __init__(self, solution: Solution) -> None:
        self._solution = solution
        self._draw = Draw("other numbers")
        self._trials: list[_Trial] = []

    def agree(self, one: Node, other: Node) -> bool:
        """Whether both have the same value on every other set of numbers."""
        for place in range(RETRIALS):
            if place == len(self._trials):
                self._trials.append(_Trial(self._numbers()))
            trial = self._trials[place]
            left, right = trial.value(one), trial.value(other)
            if left is None or right is None or np.abs(left - right).max() > 1e-9:
                return False
        return True

    def _numbers(self) -> dict[str, Array]:
        draw = self._draw
        network = self._solution.network
        target = network.loss.target if network.loss else ""
        numbers = dict(self._solution.numbers)
        for key, value in network.values.items():
            share = (value.array > 0).all() and (value.array < 1).all()
            classes = np.isin(value.array, (0, 1)).all()
            # Classes stay classes and shares shares: y² = y is no accident of the numbers.
            if key != target or not classes:
                low, high = (0.05, 0.95) if share else (-2.0, 2.0)
                cells = [draw.uniform(low, high) for _ in range(value.array.size)]
                numbers[key] = np.array(cells).reshape(value.shape)
        for key, step in self._solution.items():
            numbers[key] = evaluate(step.node, numbers)
        return numbers
