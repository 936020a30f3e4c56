"""A network that is no chain, as lines: each result with its formula, an arrow between, lit."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.content import Content

from engine.expression.node import names
from engine.expression.symbols import symbol
from tui.widgets.network_marks import AHEAD, DONE, LIT, MapState
from tui.widgets.network_steps import LABELS

if TYPE_CHECKING:
    from engine.network.model import Entry
    from engine.network.solution import Solution

ROOM = 5
"""The most lines that the list takes, without those that stand for what is left out."""

MOST_FORMULAS = 3
"""The most lines that the formulas beneath a drawing take."""

WITH_VALUES = 60
"""The least width of a list that has numbers in it."""

LEAST = 12
"""The least width that a formula is folded to."""

GAP = "  ┊"


class Row(NamedTuple):
    """One step: its result, the formula or only what goes into it, and the names in it."""

    to: str
    text: str
    sources: tuple[str, ...]


def graph_rows(solution: Solution, hidden: Collection[str] = ()) -> list[Row]:
    """Every entry and the loss; a formula that is in ``hidden`` is still to be asked."""
    network = solution.network
    rows = [_entry_row(solution, entry, entry.to in hidden) for entry in network.entries]
    loss = network.loss
    if loss is not None and loss.kind != "given":
        sources = loss.names
        if loss.kind != "formula":
            text = _call(LABELS.get(loss.kind, loss.kind), sources)
        else:
            text = _call("f", sources) if "L" in hidden else solution.formula("L")
        rows.append(Row("L", text, tuple(sources)))
    return rows


def _entry_row(solution: Solution, entry: Entry, hidden: bool) -> Row:
    sources = tuple(names(entry.node))
    if not hidden:
        return Row(entry.to, solution.formula(entry.to), sources)
    function = "f" if entry.layer == "formula" else LABELS.get(entry.layer, entry.layer)
    return Row(entry.to, _call(function, sources), sources)


def _call(function: str, sources: Sequence[str]) -> str:
    return f"{function}({', '.join(map(symbol, sources))})"


def graph_lines(
    rows: Sequence[Row], state: MapState, width: int, *, compact: bool = False
) -> list[Content]:
    """The lines at a width; where there are too many, those around what is lit.

    Going forward the arrow points at the result, going backward at the formula, and the names whose
    gradient is asked are lit in it. ``compact`` keeps the lit steps only.
    """
    forward, backward = _directions(rows, state)
    names = {row.to: state.text(row.to, values=width >= WITH_VALUES) for row in rows}
    widest = max((cell_len(name) for name in names.values()), default=1)
    blocks = []
    here = [i for i, row in enumerate(rows) if row.to in forward or row.to in backward]
    for index, row in enumerate(rows):
        back, forth = row.to in backward, row.to in forward
        name = names[row.to] + " " * (widest - cell_len(names[row.to]))
        arrow = "══▸" if back else "◂══" if forth else "◂──"
        head = f"{'▸' if index in here else ' '} {name} {arrow} "
        style = DONE if row.to in state.passed else AHEAD
        head_style = LIT if index in here else style
        texts = wrap(row.text, max(width - cell_len(head), LEAST)) or [""]
        blocks.append(
            [
                Content.assemble(
                    (head if number == 0 else " " * cell_len(head), head_style),
                    _formula(text, LIT if forth else style, state),
                )
                for number, text in enumerate(texts)
            ]
        )
    if compact:
        return [line for index in here[:2] or [0] for line in blocks[index][:2]]
    return _around(blocks, here)


def formula_lines(rows: Sequence[Row], state: MapState, width: int) -> list[Content]:
    """The formulas of the lit steps, to stand beneath a drawing: ``h₂ = max(0, w·h₁)``."""
    forward, backward = _directions(rows, state)
    lines = [
        _formula(line, DONE, state)
        for row in rows
        if row.to in forward or row.to in backward
        for line in wrap(f"{symbol(row.to)} = {row.text}", width, subsequent_indent="     ")
    ]
    if len(lines) > MOST_FORMULAS:
        lines = [*lines[: MOST_FORMULAS - 1], Content.styled(GAP, AHEAD)]
    return lines


def _directions(rows: Sequence[Row], state: MapState) -> tuple[set[str], set[str]]:
    """The steps that are lit going forward, and those that a gradient comes back through."""
    lit = state.lit
    forward = {mark.name for mark in lit if mark.part == "edge"}
    backward = {mark.name for mark in lit if mark.part == "back"}
    trained = {mark.name for mark in lit if mark.part in ("weight_grad", "weight")}
    backward |= {row.to for row in rows if trained & {*row.sources}}
    return forward, backward


def _formula(text: str, style: str, state: MapState) -> Content:
    """The text; in it the names lit whose gradient or update is asked."""
    content = Content.styled(text, style)
    for name in {m.name for m in state.lit if m.part in ("grad", "weight_grad", "weight")}:
        for found in re.finditer(rf"(?<!\w){re.escape(symbol(name))}(?!\w)", text):
            content = content.stylize(LIT, *found.span())
    return content


def _around(blocks: Sequence[Sequence[Content]], here: Sequence[int]) -> list[Content]:
    """As many steps as there is room for: what is lit, then what is nearest to it."""
    centre = here or [0]
    order = sorted(range(len(blocks)), key=lambda i: (min(abs(i - at) for at in centre), i))
    chosen: list[int] = []
    room = ROOM
    for index in order:
        room -= len(blocks[index])
        if chosen and room < 0:
            break
        chosen.append(index)
    lines: list[Content] = []
    last = -1
    for index in sorted(chosen):
        if index != last + 1:
            lines.append(Content.styled(GAP, AHEAD))
        lines.extend(blocks[index])
        last = index
    if last != len(blocks) - 1:
        lines.append(Content.styled(GAP, AHEAD))
    return lines
