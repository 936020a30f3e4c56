"""A matrix in a file: `.npy`, `.csv`, or a text typed as an answer is."""

from __future__ import annotations

import csv
import io

import numpy as np

from engine.expression.evaluate import Array
from engine.language import tr
from engine.marking.typed import Number, UnreadableAnswer, read_matrix, read_number
from engine.problems.arrays import ArrayError, read_bytes, read_npy
from engine.problems.example import Given
from engine.problems.faults import Fault, ProblemError


def read_given(path: str) -> Given:
    """The array in a file; raises `ProblemError` that names the file and the cause."""
    try:
        data = read_bytes(path)
        array = read_npy(data) if path.lower().endswith(".npy") else _from_text(data, path)
    except (ArrayError, UnreadableAnswer) as error:
        raise ProblemError(path, [Fault((), str(error), None)]) from error
    return Given(array, path)


def _from_text(data: bytes, path: str) -> Array:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArrayError(tr("The file isn't UTF-8 text.")) from error
    if path.lower().endswith(".csv"):
        rows = _columns(text)
    else:
        rows = [[*row] for row in read_matrix(text).rows]
    if not rows:
        raise ArrayError(tr("The file has no numbers."))
    for i, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise ArrayError(tr("Row {row} is not as long as the first.", row=i))
        if None in row:
            place = row.index(None) + 1
            raise ArrayError(tr("Row {row}, column {column} is empty.", row=i, column=place))
    return np.array([[cell.number for cell in row if cell is not None] for row in rows])


def _columns(text: str) -> list[list[Number | None]]:
    """Cells between commas; where there are semicolons or tabs between those."""
    sign = next((sign for sign in ";\t" if sign in text), ",")
    found: list[list[Number | None]] = []
    try:
        records = [
            record
            for record in csv.reader(io.StringIO(text), delimiter=sign, strict=True)
            if record
        ]
    except csv.Error as error:
        raise ArrayError(tr("This isn't a table: {cause}", cause=error)) from error
    for i, record in enumerate(records, 1):
        cells: list[Number | None] = []
        for j, cell in enumerate(record, 1):
            try:
                cells.append(read_number(cell) if cell.strip() else None)
            except UnreadableAnswer as error:
                raise UnreadableAnswer(error.reason, i, j) from error
        found.append(cells)
    return found
