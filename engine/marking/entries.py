"""What the learner entered before: the step recomputed on it, and where an earlier fault lies."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.expression.exact import InexactError, decimals_of, evaluate_exactly
from engine.expression.node import names
from engine.marking.precision import Target, fit, targets, within
from engine.marking.rubric import rubric
from engine.marking.typed import Matrix, UnreadableAnswer, read_matrix
from engine.problems.problem import Problem
from engine.remembering import remembered

Forms: TypeAlias = tuple[tuple[tuple[Target, ...], ...], ...]
"""Targets, cell by cell, by each textbook form of a step."""

REMEMBERED = 64
"""How many entries to a problem's steps are kept as they were read."""


@dataclass(frozen=True, eq=False)
class Own:
    """The step on the learner's own numbers."""

    problem: Problem
    entered: Mapping[str, Matrix]
    """The entries that it rests on and that aren't the truth to the last digit, in pass order."""
    forms: Forms
    """The targets by each textbook form of the step."""
    numbers: Mapping[str, Array]
    """Every value that the step rests on, the learner's where there is one."""

    @cached_property
    def unsound(self) -> list[str]:
        """The entries that aren't right up to rounding."""
        return [
            key for key, matrix in self.entered.items() if not _is_sound(self.problem, key, matrix)
        ]

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """The keys where an earlier fault lies, in pass order; the others only carry it on."""
        return tuple(key for key in self.unsound if not self._is_carried(key))

    def _is_carried(self, key: str) -> bool:
        """Whether an entry is right for what was entered before it."""
        before = _on_entries(self.problem, key, self.entered)
        cells = [cell for row in self.entered[key].rows for cell in row if cell is not None]
        return before is not None and any(
            all(
                fit(cell, goal) != "wrong"
                for cell, goal in zip(cells, [g for row in form for g in row], strict=True)
            )
            for form in before.forms
        )


def ancestors(problem: Problem, key: str) -> set[str]:
    """Every step that this one rests on, by any of its textbook forms."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        quantity = problem.solution[waiting.pop()].quantity
        for form in (quantity.node, *quantity.others):
            for name in names(form):
                if name in problem.solution and name not in found:
                    found.add(name)
                    waiting.append(name)
    return found


def usable(problem: Problem, key: str, text: str) -> Matrix | None:
    """An earlier entry, if it can be gone on with: readable, whole, of the right shape.

    An entry of zeros where the right one has others isn't used: it would make all that follows 0.
    """
    step = problem.solution[key]
    known: dict[tuple[str, str], Matrix | None] = problem.remembered.setdefault("entries", {})
    # Every later step needs it.
    matrix = remembered(known, (key, text), REMEMBERED, lambda: _whole(text, step.shape))
    if matrix is None:
        return None
    nothing = not any(cell.value for row in matrix.rows for cell in row if cell is not None)
    if nothing and step.value.any() and not _is_sound(problem, key, matrix):
        return None
    return matrix


def _whole(text: str, shape: tuple[int, ...]) -> Matrix | None:
    """An entry of that shape without blanks; None where it is none."""
    try:
        matrix = read_matrix(text, shape)
    except UnreadableAnswer:
        return None
    blank = any(cell is None for row in matrix.rows for cell in row)
    return None if blank or matrix.shape != (shape or (1, 1)) else matrix


def own_numbers(problem: Problem, key: str, given: Mapping[str, str]) -> Own | None:
    """The step on what was entered before; None where that changes nothing."""
    entered: dict[str, Matrix] = {}
    for earlier in ancestors(problem, key) & given.keys() if given else ():
        matrix = usable(problem, earlier, given[earlier])
        if matrix is not None and not _is_truth(problem, earlier, matrix):
            entered[earlier] = matrix
    return _on_entries(problem, key, entered) if entered else None


def _on_entries(problem: Problem, key: str, entered: Mapping[str, Matrix]) -> Own | None:
    """The step on those entries that stand before it; None where there are none."""
    needed = ancestors(problem, key)
    order = [earlier for earlier in problem.solution if earlier in needed]
    before = {earlier: entered[earlier] for earlier in order if earlier in entered}
    if not before:
        return None
    numbers, exact = _recomputed(problem, order, before)
    forms = _forms(problem, key, numbers, exact)
    return Own(problem, before, forms, numbers) if forms else None


def _is_truth(problem: Problem, key: str, matrix: Matrix) -> bool:
    value = problem.solution[key].value
    return bool(np.array_equal(_floats(matrix).reshape(value.shape), value))


def _floats(matrix: Matrix) -> Array:
    return np.array([[cell.number if cell else np.nan for cell in row] for row in matrix.rows])


def _is_sound(problem: Problem, key: str, matrix: Matrix) -> bool:
    """Right, coarse, or right as far as rounding allows."""
    wanted = rubric(problem, key)
    bounds = wanted.bound
    cells = [cell for row in matrix.rows for cell in row if cell is not None]
    return all(
        fit(cell, goal) != "wrong" or within(cell, goal.value, 1.05 * float(reach) + 1e-9)
        for cell, goal, reach in zip(cells, wanted.flat, bounds, strict=True)
    )


def _recomputed(
    problem: Problem, order: list[str], entered: Mapping[str, Matrix]
) -> tuple[dict[str, Array], dict[str, Array]]:
    """The numbers below the step: the learner's own, and what follows from them."""
    solution = problem.solution
    numbers, exact = dict(solution.numbers), dict(solution.exact)
    changed: set[str] = set()
    for earlier in order:
        step = solution[earlier]
        if earlier in entered:
            matrix = entered[earlier]
            numbers[earlier] = _floats(matrix).reshape(step.shape)
            exact.pop(earlier, None)
            if all(cell is not None and cell.exact for row in matrix.rows for cell in row):
                cells = np.empty(matrix.shape, dtype=object)
                for i, row in enumerate(matrix.rows):
                    cells[i, :] = [cell.value if cell else None for cell in row]
                exact[earlier] = cells.reshape(step.shape)
            changed.add(earlier)
        elif changed.intersection(names(step.node)):
            numbers[earlier] = evaluate(step.node, numbers)
            exact.pop(earlier, None)
            if step.exact_value is not None:
                with suppress(InexactError):
                    exact[earlier] = evaluate_exactly(step.node, exact)
            changed.add(earlier)
    return numbers, exact


def _forms(
    problem: Problem, key: str, numbers: Mapping[str, Array], exact: Mapping[str, Array]
) -> Forms:
    """The step's targets on those numbers, by each form that has a finite value."""
    step = problem.solution[key]
    precision = problem.precision_for(key)
    asked_exactly = step.digits is not None and step.digits <= precision.exact_decimals
    found = []
    for form in (step.node, *step.quantity.others):
        value = evaluate(form, numbers)
        if not np.isfinite(value).all():
            continue
        try:
            whole = evaluate_exactly(form, exact) if asked_exactly else None
        except InexactError:
            whole = None
        digits = None
        if whole is not None:
            cells = [decimals_of(Fraction(cell)) for cell in whole.flat]
            digits = None if None in cells else max(cell or 0 for cell in cells)
        found.append(targets(value, whole, digits, precision))
    return tuple(found)


def whole(text: str, shape: tuple[int, ...]) -> Array | None:
    """The numbers that an entry gives for every cell, right or not; None where it doesn't."""
    matrix = _whole(text, shape)
    return None if matrix is None else _floats(matrix).reshape(shape)
