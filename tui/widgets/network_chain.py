"""A network that is a chain, drawn as two lines of arrows: forward above, the gradients below."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rich.cells import cell_len

from engine.expression.symbols import symbol
from tui.widgets.network_marks import MapState, Mark
from tui.widgets.network_steps import MapStep

STUB = 2
"""How much line stands on either side of what is written on an arrow, if there is room."""

LIT_LINE, LINE, AHEAD_LINE = "═", "─", "╌"


class Piece(NamedTuple):
    """Some characters of a line, and the part that they draw."""

    text: str
    mark: Mark | None = None


Line = list[Piece]
Block = tuple[Line, Line]
"""A piece of the forward line and the one of the backward line below it."""


def chain_rows(state: MapState, width: int) -> list[Block]:
    """The picture in one row, with as many numbers as fit, or else folded to several rows."""
    for valued, stub in ((_any, STUB), (_any, 1), (state.is_scalar, STUB), (state.is_scalar, 1)):
        rows = _rows(state, width, valued, stub, most=1)
        if rows:
            return rows
    return _rows(state, width, state.is_scalar, STUB)


def _any(name: str) -> bool:
    return True


def _rows(
    state: MapState, width: int, valued: Callable[[str], bool], stub: int, most: int = 0
) -> list[Block]:
    """Nodes and arrows, folded to the width; ``valued`` says which get a number behind them.

    None at all where they take more than ``most`` rows.
    """
    node = _node(state, state.steps[0].sources[0], valued)
    rows = [node]
    for step in state.steps:
        arrow = arrow_unit(state, step, before=node, stub=stub)
        node = _node(state, step.to, valued)
        if wide(rows[-1]) + wide(arrow) + wide(node) > width:
            if len(rows) == most:
                return []
            rows.append(([], []))
            arrow = arrow_unit(state, step, stub=stub)
        above, below = rows[-1]
        rows[-1] = above + arrow[0] + node[0], below + arrow[1] + node[1]
    return rows


def arrow_unit(
    state: MapState, step: MapStep, before: Block = ([], []), *, stub: int = STUB
) -> Block:
    """One arrow forward with its layer, and the one back with the gradients of its weights.

    They begin where the texts of the node ``before`` end, and end at the same place; ``stub`` is
    how much line stands before and behind what is written on the arrow.
    """
    above, below = map(_wide, before)
    forward, back = Mark("edge", step.to), Mark("back", step.to)
    own = [name for name in step.weights if state.has(name, gradient=True)]
    gradients = ",".join(f"∂{symbol(name)}" for name in own)
    middle = max(cell_len(step.label), cell_len(gradients))
    line = line_of(state, forward)
    label = next((m for m in (Mark("weight", x) for x in step.weights) if m in state.lit), forward)
    forth = [
        Piece(" " + line * (stub + max(below - above, 0)), forward),
        Piece(step.label, label),
        Piece(line * (stub + middle - cell_len(step.label)) + "▸ ", forward),
    ]
    if not any(state.has(name, gradient=True) for name in (*step.sources, *step.weights)):
        return forth, [Piece(" " * (_wide(forth) + above - below))]
    line = line_of(state, back)
    marks = [Mark("weight_grad", name) for name in own]
    weight = next((mark for mark in marks if mark in state.lit), next(iter(marks), back))
    return forth, [
        Piece(" ◂" + line * (stub - 1 + max(above - below, 0)), back),
        Piece(gradients, weight),
        Piece(line * (stub + 1 + middle - cell_len(gradients)) + " ", back),
    ]


def line_of(state: MapState, mark: Mark) -> str:
    """The line of an arrow: lit, walked, or still ahead."""
    if mark in state.lit:
        return LIT_LINE
    return LINE if state.is_walked(mark) else AHEAD_LINE


def wide(block: Block) -> int:
    """How many cells a block takes."""
    return max(map(_wide, block))


def _wide(line: Line) -> int:
    return sum(cell_len(piece.text) for piece in line)


def _node(state: MapState, name: str, valued: Callable[[str], bool]) -> Block:
    above = [Piece(state.text(name, values=valued(name)), Mark("node", name))]
    if not state.has(name, gradient=True):
        return above, []
    below = state.text(name, gradient=True, values=valued(name))
    return above, [Piece(below, Mark("grad", name))]
