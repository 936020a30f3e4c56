"""Between a grid's cells and one line of text: half-typed answers, pasted matrices, echoes."""

from __future__ import annotations

from engine.language import tr
from engine.marking.arithmetic import UnreadableAnswer
from engine.marking.numbers import read_number
from engine.marking.typed import read_matrix
from tui.shown import shown

Rows = list[list[str]]


def split_cells(text: str, rows: int, columns: int) -> Rows | None:
    """The cells of a draft such as ``2 -1; _ 1``, as typed; None where it has another shape."""
    lines = text.split(";")
    if len(lines) != rows:
        return None
    found = []
    for line in lines:
        cells = _outside_brackets(line)
        if len(cells) != columns:
            cells = line.split()
        if len(cells) != columns:
            return None
        found.append(["" if cell == "_" else cell for cell in cells])
    return found


def _outside_brackets(line: str) -> list[str]:
    cells, current, depth = [], "", 0
    for character in line:
        depth += (character == "(") - (character == ")")
        if character.isspace() and depth <= 0:
            cells.append(current)
            current = ""
        else:
            current += character
    return [cell for cell in (*cells, current) if cell]


def pasted_cells(text: str, rows: int, columns: int) -> Rows:
    """The cells of a pasted matrix; raises `UnreadableAnswer` where it isn't one of this shape."""
    matrix = read_matrix(text, (rows, columns))
    if matrix.shape != (rows, columns):
        raise UnreadableAnswer(
            tr(
                "A {rows}×{columns} matrix is asked; what was pasted is {got_rows}×{got_columns}.",
                rows=rows,
                columns=columns,
                got_rows=matrix.shape[0],
                got_columns=matrix.shape[1],
            )
        )
    return [list(row) for row in matrix.echo()]


def cell_echo(text: str) -> str:
    """How an expression in a cell was read: ``= 0.3333``; nothing for a plain number."""
    if not text.strip() or text.strip() == "_":
        return ""
    try:
        number = read_number(text)
    except UnreadableAnswer:
        return "?"
    if number.decimals is not None:
        return ""
    return shown(number.shown(4))


def shown_cell(text: str) -> str:
    """A typed cell as a number would be shown; as it is where it can't be read."""
    try:
        return read_number(text).shown(4).lstrip("=≈ ")
    except UnreadableAnswer:
        return text
