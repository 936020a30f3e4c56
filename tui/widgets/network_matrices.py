"""A chain with every matrix drawn at its place: what has been found fills in as one goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len

from tui.shown import decimal_comma
from tui.widgets.brackets import Span, layout_row, measure_column, middle, readable
from tui.widgets.network_chain import Line, Piece, arrow_unit
from tui.widgets.network_marks import MapState, Mark

MOST_ROWS, MOST_COLUMNS = 4, 4
DETAIL = ((4, 2), (4, 1), (2, 2), (2, 1))
"""Decimals of a number, and the arrows' line beside their text: the first that fits is taken."""

BLANK = "·"
"""What stands for a number that isn't known yet."""

Column = list[Line]
"""A node or an arrow, from the top line of the picture to the last; all lines equally wide."""


def matrix_lines(state: MapState, width: int, height: int) -> list[Line] | None:
    """Names, matrices, and below them the gradients with their names; None where it won't fit.

    The widths are those of all the numbers, so that nothing moves when one becomes known.
    """
    names = [state.steps[0].sources[0], *(step.to for step in state.steps)]
    shapes = [_shape(state, name) for name in names]
    rows = max(shape[0] for shape in shapes)
    backward = any(state.has(name, gradient=True) for name in names)
    lines = (rows + 1) * (2 if backward else 1)
    small = all(shape[1] <= MOST_COLUMNS for shape in shapes)
    if not state.numbers or not small or not 1 < rows <= MOST_ROWS or lines > height:
        return None
    for decimals, stub in DETAIL:
        columns: list[Column] = []
        room = width
        for column in _columns(state, names, rows, decimals, stub, backward):
            room -= _wide(column[0])
            if room < 0:
                break
            columns.append(column)
        else:
            return [[piece for column in columns for piece in column[row]] for row in range(lines)]
    return None


def _columns(
    state: MapState, names: list[str], rows: int, decimals: int, stub: int, backward: bool
) -> Iterator[Column]:
    """Nodes and arrows from left to right, drawn one by one: most often the first few tell."""
    yield _node(state, names[0], rows, decimals, backward)
    for step, name in zip(state.steps, names[1:], strict=True):
        arrow = [*arrow_unit(state, step, stub=stub)][: 1 + backward]
        yield _arrow(arrow, rows)
        yield _node(state, name, rows, decimals, backward)


def _node(state: MapState, name: str, rows: int, decimals: int, backward: bool) -> Column:
    """A name above its matrix, the gradient's matrix, its name."""
    above = [[Piece(state.text(name, values=False), Mark("node", name))]]
    above += _matrix(state, name, rows, decimals, gradient=False)
    below: Column = []
    if backward:
        below = [[] for _ in range(rows + 1)]
        if state.has(name, gradient=True):
            label = state.text(name, gradient=True, values=False)
            below = _matrix(state, name, rows, decimals, gradient=True)
            below.append([Piece(label, Mark("grad", name))])
    lines = above + below
    width = max(map(_wide, lines))
    return [_centred(line, width) for line in lines]


def _matrix(state: MapState, name: str, rows: int, decimals: int, *, gradient: bool) -> Column:
    """The numbers, or as much room with dots in it, in the middle of so many lines."""
    key = state.key(name, gradient=gradient)
    value = state.solution.numbers[key]
    array = value.tolist() if value.shape else [[value.item()]]
    texts = [[readable(x, decimals, comma=decimal_comma()) for x in row] for row in array]
    columns = [measure_column(column) for column in zip(*texts, strict=True)]
    if key not in state.known:
        texts = [[BLANK] * len(columns)] * len(texts)
    drawn = [
        "".join(span.text for span in layout_row(row, i, len(texts), columns, _centre_blank))
        for i, row in enumerate(texts)
    ]
    mark = Mark("grad" if gradient else "node", name)
    first = middle(rows) - middle(len(drawn))
    column: Column = [[] for _ in range(rows)]
    column[first : first + len(drawn)] = [[Piece(text, mark)] for text in drawn]
    return column


def _centre_blank(row: int, column: int, text: str) -> Iterable[Span]:
    return (Span(text.strip().center(len(text)) if text.strip() == BLANK else text),)


def _arrow(lines: list[Line], rows: int) -> Column:
    """The arrow forward beside the matrices' middle, the one back beside the gradients'."""
    width = max(map(_wide, lines))
    column: Column = [_centred([], width) for _ in range((rows + 1) * len(lines))]
    column[1 + middle(rows)] = _centred(lines[0], width)
    if len(lines) > 1:
        column[rows + 1 + middle(rows)] = _centred(lines[1], width)
    return column


def _centred(line: Line, width: int) -> Line:
    free = width - _wide(line)
    return [Piece(" " * (free // 2)), *line, Piece(" " * (free - free // 2))]


def _shape(state: MapState, name: str) -> tuple[int, int]:
    value = state.solution.numbers[state.key(name)]
    rows, columns = (*value.shape, 1, 1)[:2]
    return rows, columns


def _wide(line: Line) -> int:
    return sum(cell_len(piece.text) for piece in line)
