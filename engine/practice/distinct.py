"""Whether the numbers of a question can hide a mistake: misconceptions that look right or alike."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.expression.node import Node, name, walk
from engine.expression.plan import Plan
from engine.expression.shape import SHAPES, Shape, ShapeError
from engine.marking.misconceptions import Variant, variants
from engine.marking.per_solution import PerSolution
from engine.marking.precision import half_unit
from engine.network.losses import N
from engine.network.model import Loss
from engine.network.solution import Solution, Step
from engine.practice.draw import Draw
from engine.problems.problem import Precision, Problem

RETRIALS = 3
"""Two trees that agree on so many other sets of numbers are taken to agree always."""

CLOSE = 10
"""Rounded values nearer than so many h (half a unit of the last digit asked) look alike."""

REMEMBERED = 256
"""Of how many networks the misconceptions are kept for further numbers."""


def indistinguishable(problem: Problem, key: str) -> list[str]:
    """The misconceptions of one step that these numbers can't tell apart.

    ``"mask_missing"`` is one that gives the right answer, ``"mask_values = sign"`` are two that
    give the same wrong one. Mistakes that agree whatever the numbers are don't count.
    """
    step, mistakes = problem.solution[key], _mistakes_of(problem.solution, key)
    table = mistakes.table(problem.solution)
    found: dict[str, None] = {}
    for first, second in _alike(table, _closeness(step, problem.precision_for(key))):
        one, other = mistakes.variants[first].tag, mistakes.variants[second].tag
        words = f"{one} = {other}" if one else other
        if one != other and words not in found and not mistakes.always_agree(first, second):
            found[words] = None
    return [*found]


def distinct_mistakes(problem: Problem, key: str) -> list[tuple[Variant, Array]]:
    """The misconceptions of one step with the values that they give, likeliest first.

    Only those of the right shape, whose values differ from the right one and from each other's.
    """
    step, mistakes = problem.solution[key], _mistakes_of(problem.solution, key)
    table = mistakes.table(problem.solution)
    # What isn't finite nobody can type.
    kept = [at for at, cells in enumerate(table) if np.isfinite(cells).all()]
    for first, second in _alike(table, _closeness(step, problem.precision_for(key))):
        if first in kept and second in kept:
            kept.remove(second)
    return [(mistakes.variants[at], table[at].reshape(step.shape)) for at in kept if at]


def _alike(table: Array, close: Array) -> list[tuple[int, int]]:
    """The pairs of values that look alike, in order: the cells of each value are a row."""
    # Rows that are alike have weighted sums that are near: in the order of these sums only those
    # need a look that stand not far behind each other. What isn't a number is like nothing.
    weights, sizes = _weights(len(close))
    with np.errstate(all="ignore"):
        sums = table @ weights
        order = sums.argsort()
        reach = (sums + np.abs(table) @ sizes * 1e-13 + close @ sizes * (1 + 1e-6))[order]
        sums = sums[order]
        if not (sums[1:] <= reach[:-1]).any():
            return []
        behind = np.searchsorted(sums, reach, "right") - np.arange(1, len(sums) + 1)
        one = np.repeat(np.arange(len(sums)), behind)
        other = one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(behind) - behind, behind)
        alike = (np.abs(table[order[one]] - table[order[other]]) <= close).all(axis=1)
    pairs = zip(order[one[alike]].tolist(), order[other[alike]].tolist(), strict=True)
    return sorted((min(pair), max(pair)) for pair in pairs)


@lru_cache
def _weights(count: int) -> tuple[Array, Array]:
    """Weights of a sum that other short decimals never share by accident, and their sizes.

    The sines of whole numbers are linearly independent over the rationals (Lindemann-Weierstrass).
    """
    weights = np.sin(np.arange(1.0, count + 1))
    return weights, np.abs(weights)


def _closeness(step: Step, precision: Precision) -> Array:
    """How near two values may be and still be told apart, cell by cell."""
    cells = step.value.ravel()
    if step.digits is not None and step.digits <= precision.exact_decimals:
        return 1e-9 * np.maximum(1.0, np.abs(cells))
    return np.array([CLOSE * half_unit(float(cell), precision) for cell in cells])


# --- the misconceptions of a step, whatever the numbers are ---------------------------------------


@dataclass(frozen=True, slots=True)
class _Structure:
    """A network without its numbers: what decides which mistakes there are, and which agree."""

    values: tuple[tuple[str, Shape, str], ...]
    """Each given value's name, its shape, and what kind of numbers it has."""
    steps: tuple[tuple[str, Node], ...]
    layers: tuple[tuple[str, str, str], ...]
    loss: Loss | None


def _structure(solution: Solution) -> _Structure:
    network = solution.network
    trained = {*network.parameters}
    return _Structure(
        tuple(
            (key, value.shape, "numbers" if key in trained else _sort(value.array))
            for key, value in network.values.items()
        ),
        tuple((key, step.node) for key, step in solution.items()),
        tuple((entry.to, entry.layer, entry.source) for entry in network.entries),
        network.loss,
    )


class _Mistakes:
    """The misconceptions of one step that fit in shape, to be computed for any numbers.

    The first of the `variants` is the step itself, without a tag.
    """

    def __init__(self, solution: Solution, key: str, structure: _Structure) -> None:
        step, fitting = solution[key], _Fitting(solution.numbers)
        self.variants = [
            Variant("", step.node, ""),
            *(v for v in variants(solution, key) if fitting.shape(v.node) == step.shape),
        ]
        self._structure, self._key = structure, key
        self._inputs = [*solution.numbers]
        self._plan = Plan(self._inputs, [variant.node for variant in self.variants])
        self._others: list[Array] = []
        self._agreed: dict[tuple[int, int], bool] = {}

    def table(self, solution: Solution) -> Array:
        """The cells of what each gives in a solution, a row each."""
        table = self._run(solution.numbers)
        table[0] = solution[self._key].value.ravel()
        return table

    def _run(self, numbers: Mapping[str, Array]) -> Array:
        with np.errstate(all="ignore"):
            values = self._plan.run([numbers[each] for each in self._inputs])
        return np.array([value.ravel() for value in values]) + 0.0  # -0.0 becomes 0.0

    def always_agree(self, one: int, other: int) -> bool:
        """Whether two have the same value on every other set of numbers that is tried."""
        if (one, other) not in self._agreed:
            with np.errstate(all="ignore"):  # inf - inf: where both overflow nothing is known
                self._agreed[one, other] = all(
                    np.abs(values[one] - values[other]).max() <= 1e-9
                    for values in map(self._on_other_numbers, range(RETRIALS))
                )
        return self._agreed[one, other]

    def _on_other_numbers(self, place: int) -> Array:
        if place == len(self._others):
            self._others.append(self._run(_other_numbers(self._structure, place)))
        return self._others[place]


@lru_cache(maxsize=REMEMBERED)
def _mistakes_with(structure: _Structure) -> dict[str, _Mistakes]:
    """The misconceptions of the steps so far, the same for every network with that structure."""
    return {}


_mistakes = PerSolution(lambda solution: _mistakes_with(_structure(solution)))


def _mistakes_of(solution: Solution, key: str) -> _Mistakes:
    """The misconceptions of a step."""
    known = _mistakes(solution)
    if key not in known:
        known[key] = _Mistakes(solution, key, _structure(solution))
    return known[key]


class _Fitting:
    """The shapes of trees that share most of their parts; None where they don't fit."""

    def __init__(self, numbers: Mapping[str, Array]) -> None:
        self._known: dict[Node, Shape | None] = {
            name(key): value.shape for key, value in numbers.items()
        }

    def shape(self, root: Node) -> Shape | None:
        """The shape of one tree."""
        for node in walk(root):
            if node not in self._known:
                self._known[node] = self._of(node)
        return self._known[root]

    def _of(self, node: Node) -> Shape | None:
        shapes = [self._known[operand] for operand in node.operands]
        fitting = tuple(shape for shape in shapes if shape is not None)
        if len(fitting) < len(shapes):
            return None
        try:
            return SHAPES[node.op](node, fitting, operator.eq)
        except ShapeError:
            return None


# --- other numbers --------------------------------------------------------------------------------


def _sort(value: Array) -> str:
    """Classes stay classes and shares shares: y² = y is no accident of the numbers then."""
    if ((value == 0) | (value == 1)).all():
        rows = np.atleast_2d(value)
        return "one_hot" if rows.shape[1] > 1 and (rows.sum(1) == 1).all() else "classes"
    return "shares" if ((value > 0) & (value < 1)).all() else "numbers"


def _cells(cell: Callable[[Draw], float]) -> Callable[[Draw, Shape], Array]:
    def drawn(draw: Draw, shape: Shape) -> Array:
        return np.array([cell(draw) for _ in range(math.prod(shape))]).reshape(shape)

    return drawn


def _one_hot(draw: Draw, shape: Shape) -> Array:
    return np.eye(shape[1])[[draw.below(shape[1]) for _ in range(shape[0])]]


SORTS: dict[str, Callable[[Draw, Shape], Array]] = {
    "classes": _cells(lambda draw: float(draw.below(2))),
    "one_hot": _one_hot,
    "shares": _cells(lambda draw: draw.uniform(0.05, 0.95)),
    "numbers": _cells(lambda draw: draw.uniform(-2.0, 2.0)),
}


@lru_cache(maxsize=64)
def _other_numbers(structure: _Structure, place: int) -> dict[str, Array]:
    draw = Draw("other numbers", place)
    # n is a number like the others: that 2/n is 1 for two observations is an accident.
    numbers = {N: np.array(draw.uniform(2.5, 9.0))}
    for key, shape, sort in structure.values:
        numbers[key] = SORTS[sort](draw, shape)
    for key, node in structure.steps:
        numbers[key] = evaluate(node, numbers)
    return numbers
