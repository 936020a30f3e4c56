"""Hints in five rungs, read off the expression: from what is asked to the answer itself.

Why it is asked, the formula with its shapes, the numbers put in, one cell worked out, the answer.
"""

from __future__ import annotations

import numpy as np

from engine.expression.evaluate import Array
from engine.expression.node import names
from engine.expression.printing import number_text
from engine.expression.worked import show_number, work
from engine.language import tr
from engine.marking.formula_functions import picks_cells
from engine.marking.precision import asked_decimals
from engine.marking.purposes import purpose
from engine.problems.problem import Kind, Problem

RUNGS = 5

CELLS = 12
"""So many cells are looked at for one that is worth working out."""


def hints(problem: Problem, key: str, kind: Kind = "value") -> tuple[str, ...]:
    """The five rungs for one question, in the learner's language."""
    if kind == "formula":
        return _formula_hints(problem, key)
    solution = problem.solution
    symbol, shapes = solution.symbol(key), _shapes(problem, key)
    formula = solution.formula(key)
    numbers = tr("With the numbers put in: {numbers}", numbers=_put_in(problem, key))
    worked, *others = [_worked(problem, key, *cell) for cell in _telling_cells(problem, key)]
    if picks_cells(solution[key].node):
        # As a formula it is a function's call, which says less than the cells do.
        second = _made_of(problem, key)
        numbers = others[0] if others else numbers
    elif shapes:
        second = tr(
            "{symbol} = {formula}. Shapes: {shapes}.",
            symbol=symbol,
            formula=formula,
            shapes=shapes,
        )
    else:
        second = tr("{symbol} = {formula}", symbol=symbol, formula=formula)
    return (
        purpose(solution, key),
        second,
        numbers,
        worked,
        tr("{symbol} = {answer}", symbol=symbol, answer=answer_text(problem, key)),
    )


def _formula_hints(problem: Problem, key: str) -> tuple[str, ...]:
    solution = problem.solution
    cell, _ = _cell(problem, key, *_telling_cells(problem, key)[0])
    return (
        purpose(solution, key),
        tr(
            "The result {symbol} is {shape}.",
            symbol=solution.symbol(key),
            shape=shape_name(solution[key].shape),
        ),
        _made_of(problem, key),
        tr("One of its cells comes about like this: {worked}", worked=cell)
        if solution[key].value.size > 1
        else tr("It comes about like this: {worked}", worked=cell),
        tr("{symbol} = {formula}", symbol=solution.symbol(key), formula=solution.formula(key)),
    )


def _made_of(problem: Problem, key: str) -> str:
    """What goes into a step, with the shapes where there are any."""
    solution = problem.solution
    used = ", ".join(solution.symbol(name) for name in names(solution[key].node))
    shapes = _shapes(problem, key)
    if not shapes:
        return tr("It is made of {used}.", used=used)
    return tr("It is made of {used}. Shapes: {shapes}.", used=used, shapes=shapes)


def _worked(problem: Problem, key: str, row: int, column: int) -> str:
    """One cell as a sum written out."""
    text, result = _cell(problem, key, row, column)
    worked = f"{text} = {result}" if text != result else tr("{number}, as it is", number=text)
    if problem.solution[key].value.size == 1:
        return worked
    return tr("Row {row}, column {column}: {worked}", row=row + 1, column=column + 1, worked=worked)


def _cell(problem: Problem, key: str, row: int, column: int) -> tuple[str, str]:
    """How a cell comes about, and what comes out."""
    solution, decimals = problem.solution, _decimals(problem, key)

    def shown(value: float) -> str:
        return show_number(value, decimals)

    cell = work(solution[key].node, row, column, solution.numbers, shown)
    return cell.text, shown(float(np.atleast_2d(solution[key].value)[row, column]))


def shape_name(shape: tuple[int, ...]) -> str:
    """A shape in words: "2x3", or "one number"."""
    return "x".join(map(str, shape)) if shape else tr("one number")


def _shapes(problem: Problem, key: str) -> str:
    """The shapes of what goes into a step, and its own; nothing where all are numbers."""
    solution = problem.solution
    used = [name for name in names(solution[key].node) if solution.numbers[name].shape]
    parts = [f"{solution.symbol(name)} {shape_name(solution.numbers[name].shape)}" for name in used]
    own = f"{solution.symbol(key)} {shape_name(solution[key].shape)}"
    return ", ".join([*parts, own]) if parts or solution[key].shape else ""


def _decimals(problem: Problem, key: str) -> int:
    """Decimals enough to show this step's numbers by."""
    precision = problem.precision_for(key)
    if precision.significant is None:
        return precision.exact_decimals
    values = problem.solution[key].value
    return max((asked_decimals(float(cell), precision) for cell in values.flat), default=4) + 1


def _telling_cells(problem: Problem, key: str) -> list[tuple[int, int]]:
    """A few cells to work out, the best one first: a sum that comes to something shows more."""
    rows = np.atleast_2d(problem.solution[key].value)
    places = [(int(i), int(j)) for i, j in np.argwhere(rows != 0)[:CELLS]] or [(0, 0)]

    def is_taken_over(place: tuple[int, int]) -> bool:
        text, result = _cell(problem, key, *place)
        return text == result

    return sorted(places, key=is_taken_over)


def _put_in(problem: Problem, key: str) -> str:
    """The formula with each name's matrix in its place."""
    solution, decimals = problem.solution, _decimals(problem, key)
    texts = {
        name: matrix_text(solution.numbers[name], decimals) for name in names(solution[key].node)
    }
    return solution.write_with(key, texts)


def answer_text(problem: Problem, key: str) -> str:
    """The right answer as one types it, at the digits asked; exact where the step is exact."""
    solution = problem.solution
    step = solution[key]
    precision = problem.precision_for(key)
    rows = np.atleast_2d(step.value)
    exact = step.digits is not None and step.digits <= precision.exact_decimals
    whole = np.atleast_2d(step.exact_value) if exact and step.exact_value is not None else None
    texts = [
        [
            number_text(whole[i, j])[0]
            if whole is not None
            else show_number(float(cell), max(asked_decimals(float(cell), precision), 0))
            for j, cell in enumerate(row)
        ]
        for i, row in enumerate(rows)
    ]
    return "; ".join(" ".join(row) for row in texts)


def matrix_text(value: Array, decimals: int) -> str:
    """A matrix on one line, in round brackets: ``(2 -1; 0 1)``; a number as it is."""
    if not value.shape:
        return show_number(float(value), decimals)
    rows = [" ".join(show_number(float(cell), decimals) for cell in row) for row in value]
    return f"({'; '.join(rows)})"
