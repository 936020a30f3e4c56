"""What the learner entered before: the step recomputed on it, and where an earlier fault lies."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.expression.exact import InexactError, decimals_of, evaluate_exactly
from engine.expression.node import names
from engine.marking.precision import Target, fit, targets, within
from engine.marking.rubric import rubric
from engine.marking.typed import Matrix, UnreadableAnswer, read_matrix
from engine.problems.problem import Problem


@dataclass(frozen=True, eq=False)
class Own:
    """The step on the learner's own numbers."""

    forms: tuple[tuple[tuple[Target, ...], ...], ...]
    """The targets by each textbook form of the step."""
    numbers: Mapping[str, Array]
    """Every value that the step rests on, the learner's where there is one."""
    sound: bool
    """All entries that it rests on were right up to rounding."""
    faults: tuple[str, ...]
    """The keys where an earlier fault lies, in pass order."""


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
    shape = step.shape or (1, 1)
    try:
        matrix = read_matrix(text, step.shape)
    except UnreadableAnswer:
        return None
    if matrix.shape != shape or any(cell is None for row in matrix.rows for cell in row):
        return None
    nothing = all(not cell.value for row in matrix.rows for cell in row if cell is not None)
    if nothing and step.value.any() and not _is_sound(problem, key, matrix):
        return None
    return matrix


def own_numbers(problem: Problem, key: str, given: Mapping[str, str]) -> Own | None:
    """The step on what was entered before; None where that changes nothing."""
    if not given:
        return None
    needed = ancestors(problem, key)
    order = [earlier for earlier in problem.solution if earlier in needed]
    entered: dict[str, Matrix] = {}
    for earlier in order:
        if earlier in given:
            matrix = usable(problem, earlier, given[earlier])
            if matrix is not None and not _is_truth(problem, earlier, matrix):
                entered[earlier] = matrix
    if not entered:
        return None
    numbers, exact = _recomputed(problem, order, entered)
    forms = _forms(problem, key, numbers, exact)
    if not forms:
        return None
    sound = {earlier for earlier in entered if _is_sound(problem, earlier, entered[earlier])}
    faults = tuple(
        earlier
        for earlier in order
        if earlier in entered
        and earlier not in sound
        and not _is_carried(problem, earlier, entered[earlier], given)
    )
    return Own(forms, numbers, len(sound) == len(entered), faults)


def _is_truth(problem: Problem, key: str, matrix: Matrix) -> bool:
    value = problem.solution[key].value
    return bool(np.array_equal(_floats(matrix).reshape(value.shape), value))


def _floats(matrix: Matrix) -> Array:
    return np.array(
        [[float(cell.value) if cell else np.nan for cell in row] for row in matrix.rows]
    )


def _is_sound(problem: Problem, key: str, matrix: Matrix) -> bool:
    """Right, coarse, or right as far as rounding allows."""
    wanted = rubric(problem, key)
    bounds = wanted.bound
    cells = [cell for row in matrix.rows for cell in row if cell is not None]
    return all(
        fit(cell, goal) != "wrong" or within(cell, goal.value, 1.05 * float(reach) + 1e-9)
        for cell, goal, reach in zip(cells, wanted.flat, bounds, strict=True)
    )


def _is_carried(problem: Problem, key: str, matrix: Matrix, given: Mapping[str, str]) -> bool:
    """Right for what was entered before it: it only carries an earlier fault on."""
    own = own_numbers(problem, key, {k: text for k, text in given.items() if k != key})
    if own is None:
        return False
    cells = [cell for row in matrix.rows for cell in row if cell is not None]
    return any(
        all(
            fit(cell, goal) != "wrong"
            for cell, goal in zip(cells, [g for row in form for g in row], strict=True)
        )
        for form in own.forms
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
) -> tuple[tuple[tuple[Target, ...], ...], ...]:
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
