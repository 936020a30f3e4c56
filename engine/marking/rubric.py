"""A step's rubric: everything that marking needs of one step, worked out once and kept.

The targets cell by cell, the rounding bound, the values of every misconception and, where none
fits, of every two together. Kept as long as the problem lives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.expression.bound import bound
from engine.expression.evaluate import Array
from engine.expression.node import Node
from engine.expression.plan import Plan
from engine.expression.shape import ShapeError, shape_of
from engine.marking.misconceptions import (
    MISCONCEPTIONS,
    PRIORITY,
    Variant,
    variants,
)
from engine.marking.precision import Target, half_unit, targets
from engine.marking.rewrites import Place
from engine.problems.problem import Precision, Problem

MAX_CELLS_FOR_PAIRS = 64
"""Beyond this many cells two mistakes at once aren't looked for."""

MAX_PAIRS = 600

NEVER_PAIRED = frozenset({"wrong_quantity", "sign", "sum_missing", "updated_weights"})


@dataclass(frozen=True, eq=False)
class Candidates:
    """Wrong values to compare with, one row each, and what each would mean."""

    meanings: Sequence[tuple[Variant, ...]]
    values: Array
    """(candidates, cells), floats."""

    def matching(self, typed: Array, tolerance: Array) -> Iterator[int]:
        """The candidates that fit every typed cell, in order; nan in `typed` is a blank."""
        if not len(self.meanings):
            return iter(())
        with np.errstate(invalid="ignore"):
            off = np.abs(self.values - typed) > tolerance
        return iter(np.flatnonzero(~off.any(axis=1)).tolist())


class Rubric:
    """What is right for one step of a problem, and what each known mistake would give."""

    def __init__(self, problem: Problem, key: str) -> None:
        self.problem, self.key = problem, key
        self.solution = problem.solution
        self.step = self.solution[key]
        self.precision = problem.precision_for(key)
        step = self.step
        self.targets = targets(step.value, step.exact_value, step.digits, self.precision)
        self.flat: tuple[Target, ...] = tuple(cell for row in self.targets for cell in row)
        self.shape = (len(self.targets), len(self.targets[0]))
        self.truth = np.array([cell.value for cell in self.flat])
        self.half = np.array([cell.half for cell in self.flat])

    @cached_property
    def bound(self) -> Array:
        """B, flat: how far honest rounding of every intermediate result can take each cell."""
        return bounds_of(self.problem)[self.key].reshape(-1)

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """Every known mistake's tree, those that don't fit in shape too."""
        return variants(self.solution, self.key)

    @cached_property
    def _mistakes(self) -> _Trees:
        return _Trees(self, [(variant.node, (variant,)) for variant in self.variants])

    @cached_property
    def candidates(self) -> Candidates:
        """The mistakes' values on the right numbers; what equals the truth is dropped."""
        return self.candidates_on(self.solution.numbers, self.truth)

    def candidates_on(self, numbers: Mapping[str, Array], truth: Array) -> Candidates:
        """The same on other numbers of the same shapes, such as the learner's own."""
        return self._mistakes.on(numbers, truth)

    @cached_property
    def pairs(self) -> Candidates:
        """Two mistakes at once; what a single one gives too is left out."""
        if self.truth.size > MAX_CELLS_FOR_PAIRS:
            return Candidates((), np.empty((0, self.truth.size)))
        place = Place(self.solution, self.step)
        both: dict[Node, tuple[Variant, ...]] = {}
        for first in self.variants:
            if first.tag in NEVER_PAIRED:
                continue
            for kind in MISCONCEPTIONS[PRIORITY[first.tag] + 1 :]:
                if kind.tag in NEVER_PAIRED:
                    continue
                for change in kind.rewrite(place, first.node):
                    second = Variant(kind.tag, change.node, kind.message)
                    both.setdefault(change.node, (first, second))
                if len(both) > MAX_PAIRS:
                    break
        known = {variant.node for variant in self.variants} | {self.step.node}
        wanted = [(node, tags) for node, tags in both.items() if node not in known]
        return _Trees(self, wanted).on(self.solution.numbers, self.truth)


class _Trees:
    """Wrong trees, as far as they have the step's shape, computed together on any numbers."""

    def __init__(self, rubric: Rubric, trees: Sequence[tuple[Node, tuple[Variant, ...]]]) -> None:
        self._inputs = [*rubric.solution.numbers]
        shapes = {key: np.shape(value) for key, value in rubric.solution.numbers.items()}

        def fits(node: Node) -> bool:
            try:
                return shape_of(node, shapes) == rubric.step.shape
            except (KeyError, ShapeError):
                return False

        fitting = [each for each in trees if fits(each[0])]
        self._meanings = [meaning for _, meaning in fitting]
        self._plan = Plan(self._inputs, [node for node, _ in fitting])

    def on(self, numbers: Mapping[str, Array], truth: Array) -> Candidates:
        """Their values; what has none, or equals the truth, is left out."""
        with np.errstate(all="ignore"):
            values = self._plan.run([numbers[key] for key in self._inputs])
            table = np.array([np.ravel(each) for each in values]).reshape(-1, truth.size)
            wrong = np.isfinite(table).all(axis=1) & (np.abs(table - truth) > 1e-9).any(axis=1)
        return Candidates([self._meanings[at] for at in np.flatnonzero(wrong)], table[wrong])


def rubric(problem: Problem, key: str) -> Rubric:
    """The rubric of one step; made at the first answer to it."""
    kept: dict[str, Rubric] = problem.remembered.setdefault("rubrics", {})
    found = kept.get(key)
    if found is None:
        found = kept[key] = Rubric(problem, key)
    return found


def bounds_of(problem: Problem) -> dict[str, Array]:
    """B for every step: exact steps 0, others what reaches them plus their own h."""
    if "bounds" not in problem.remembered:
        problem.remembered["bounds"] = _bounds(problem)
    found: dict[str, Array] = problem.remembered["bounds"]
    return found


def _bounds(problem: Problem) -> dict[str, Array]:
    solution = problem.solution
    found: dict[str, Array] = {}
    for key, step in solution.items():
        precision = problem.precision_for(key)
        if step.digits is not None and step.digits <= precision.exact_decimals:
            found[key] = np.zeros(step.shape)
            continue
        forms = (step.node, *step.quantity.others)
        reached = [bound(form, solution.numbers, found) for form in forms]
        found[key] = np.maximum.reduce(reached) + halves(step.value, precision)
    return found


def halves(value: Array, precision: Precision) -> Array:
    """h cell by cell."""
    flat = [half_unit(float(cell), precision) for cell in value.flat]
    return np.array(flat).reshape(value.shape)
