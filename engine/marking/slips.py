"""Slips: a sign, a turned matrix, a decimal point, a factor; in one cell a term or a neighbour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.language import mark_text, tr
from engine.marking.precision import Target, fit, half_unit, within
from engine.marking.rubric import Rubric
from engine.marking.typed import Number

Found = tuple[str, str]
"""A tag and a message."""


def whole(rubric: Rubric, cells: Sequence[Number]) -> Found | None:
    """A slip that explains the whole answer; only for an answer without blanks."""
    if len(cells) != len(rubric.flat):
        return None
    return _sign(rubric, cells) or _transposed(rubric, cells) or _scaled(rubric, cells)


def _matches(rubric: Rubric, cells: Sequence[Number], values: Array) -> bool:
    """Whether the cells are these values: at the digits asked, or as rounding allows."""
    scale = np.abs(values) / np.maximum(np.abs(rubric.truth), 1e-300)
    for cell, value, goal, reach, grown in zip(
        cells, values.tolist(), rubric.flat, rubric.bound.tolist(), scale.tolist(), strict=True
    ):
        half = half_unit(value, rubric.precision)
        aim = Target(value, None, half, max(goal.decimals, 0))
        if fit(cell, aim) == "wrong" and not within(cell, value, 1.05 * reach * min(grown, 1e6)):
            return False
    return True


def _sign(rubric: Rubric, cells: Sequence[Number]) -> Found | None:
    typed = np.array([cell.number for cell in cells])
    turned = np.where(typed * rubric.truth < 0, -rubric.truth, rubric.truth)
    if np.array_equal(turned, rubric.truth) or not _matches(rubric, cells, turned):
        return None
    wrong = np.flatnonzero(turned != rubric.truth)
    message = tr("This is right but for a sign. Check each plus and minus.")
    if len(wrong) == 1 and len(cells) > 1:
        row, column = divmod(int(wrong[0]), rubric.shape[1])
        message = tr(
            "The number in row {row}, column {column} has the wrong sign.",
            row=row + 1,
            column=column + 1,
        )
    return "sign", message


def _transposed(rubric: Rubric, cells: Sequence[Number]) -> Found | None:
    rows, columns = rubric.shape
    if rows != columns or rows == 1:
        return None
    turned = rubric.truth.reshape(rubric.shape).T.reshape(-1)
    if np.array_equal(turned, rubric.truth) or not _matches(rubric, cells, turned):
        return None
    message = tr("This is the right matrix, transposed: its rows and columns changed places.")
    return "answer_transposed", message


def _scaled(rubric: Rubric, cells: Sequence[Number]) -> Found | None:
    """Every number off by the same factor: a power of ten, 2, 1/2, n or 1/n."""
    largest = int(np.argmax(np.abs(rubric.truth)))
    if not rubric.truth[largest]:
        return None
    ratio = cells[largest].number / float(rubric.truth[largest])
    counted = rubric.solution.numbers.get("n")
    n = 1.0 if counted is None else float(counted)
    for factor, tag, message in (
        *((10.0**places, "decimal_point", DECIMAL_POINT) for places in (1, -1, 2, -2, 3, -3)),
        (2.0, "coefficient_missing", TWICE),
        (0.5, "coefficient_missing", HALF),
        (n, "not_averaged", TIMES_N),
        (1 / n, "averaged", OVER_N),
    ):
        near = 0.7 < ratio / factor < 1.4
        if factor != 1 and near and _matches(rubric, cells, rubric.truth * factor):
            return tag, tr(message)
    return None


DECIMAL_POINT = mark_text("The digits are right, the decimal point isn't.")
TWICE = mark_text("Every number is twice what it should be.")
HALF = mark_text("Every number is half of what it should be.")
TIMES_N = mark_text("Every number is n times what it should be.")
OVER_N = mark_text("Every number is what it should be, divided by n.")


# --- in one cell ----------------------------------------------------------------------------------


def in_one_cell(
    rubric: Rubric, cells: Sequence[Number | None], fits: Sequence[str | None]
) -> str | None:
    """What went wrong in the only wrong cell of a matrix product, where that can be told."""
    wrong = [place for place, fitting in enumerate(fits) if fitting == "wrong"]
    node = rubric.step.node
    if len(wrong) != 1 or node.op != "matmul":
        return None
    row, column = divmod(wrong[0], rubric.shape[1])
    cell = cells[wrong[0]]
    assert cell is not None
    left, right = (evaluate(operand, rubric.solution.numbers) for operand in node.operands)
    terms = left[row] * right[:, column]
    half = float(rubric.half[wrong[0]])
    where = {"row": row + 1, "column": column + 1}
    for place, term in enumerate(terms.tolist()):
        if term and within(cell, float(terms.sum() - term), half):
            return tr(
                "Row {row}, column {column}: a term of the sum was left out, number {term}.",
                term=place + 1,
                **where,
            )
        if term and within(cell, float(terms.sum() - 2 * term), half):
            return tr(
                "Row {row}, column {column}: term {term} of the sum has the wrong sign.",
                term=place + 1,
                **where,
            )
    if _neighbour(rubric, cell, row, column):
        return tr(
            "Row {row}, column {column}: this is the number of another row or column. "
            "Take row {row} of the first matrix and column {column} of the second.",
            **where,
        )
    return None


def _neighbour(rubric: Rubric, cell: Number, row: int, column: int) -> bool:
    product = rubric.truth.reshape(rubric.shape)
    along, down = product[row].tolist(), product[:, column].tolist()
    half = float(rubric.half[row * rubric.shape[1] + column])
    beside = along[:column] + along[column + 1 :] + down[:row] + down[row + 1 :]
    return any(within(cell, value, half) for value in beside)
