"""Reading the given values: numbers and matrices, exact as written, within bounds."""

from __future__ import annotations

from collections.abc import Container
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.language import tr
from engine.network.model import Value, matrix_value, scalar_value
from engine.problems.faults import Faults, Path
from engine.problems.schema import shown

MAX_SIDE = 64
MAX_EXPONENT = 30
"""Numbers lie between 1e-30 and 1e31."""


def read_value(
    key: str, given: Any, path: Path, faults: Faults, rows: Container[str] = ()
) -> Value | None:
    """A number, a list of numbers or a list of rows; None where that adds a fault.

    A flat list is a column, for the names in `rows` a row.
    """
    if _is_number(given):
        number = read_number(given, path, faults)
        return None if number is None else scalar_value(key, number)
    if not isinstance(given, list) or not given:
        faults.add(path, tr("expected a number, a list of numbers, or a list of rows"))
        return None
    flat = not any(isinstance(item, list) for item in given)
    as_row = flat and key in rows
    table = [given] if as_row else [[item] for item in given] if flat else given
    if not _is_matrix(table, path, faults):
        return None
    cells = [
        [read_number(cell, _place(path, i, j, flat, as_row), faults) for j, cell in enumerate(row)]
        for i, row in enumerate(table)
    ]
    complete = [[cell for cell in row if cell is not None] for row in cells]
    return matrix_value(key, complete) if complete == cells else None


def _place(path: Path, i: int, j: int, flat: bool, as_row: bool) -> Path:
    if flat:
        return (*path, j if as_row else i)
    return (*path, i, j)


def _is_matrix(table: list[Any], path: Path, faults: Faults) -> bool:
    for i, row in enumerate(table):
        if not isinstance(row, list) or not row:
            faults.add((*path, i), tr("expected a list of rows, each a list of numbers"))
            return False
    for i, row in enumerate(table):
        if len(row) != len(table[0]):
            faults.add(
                (*path, i),
                tr(
                    "the rows must be equally long: "
                    "in row 1 there are {first} numbers, in row {row} {other}",
                    first=len(table[0]),
                    row=i + 1,
                    other=len(row),
                ),
            )
            return False
    if max(len(table), len(table[0])) > MAX_SIDE:
        faults.add(path, tr("a matrix has at most {limit} rows and columns", limit=MAX_SIDE))
        return False
    return True


def read_number(given: Any, path: Path, faults: Faults) -> Fraction | None:
    """One finite number of a size that can be reckoned with; None where that adds a fault."""
    if not _is_number(given) or not Decimal(given).is_finite():
        faults.add(path, tr("{cell} is not a number", cell=shown(given)))
        return None
    if given and not -MAX_EXPONENT <= Decimal(given).adjusted() <= MAX_EXPONENT:
        faults.add(path, tr("{cell} is too large or too small", cell=shown(given)))
        return None
    return Fraction(given)


def _is_number(given: Any) -> bool:
    return isinstance(given, (int, Decimal)) and not isinstance(given, bool)
