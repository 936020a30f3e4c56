"""A network that is no chain, as lines: each result with its formula, an arrow between, lit."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from engine.expression.node import names
from engine.expression.symbols import symbol
from tui.widgets.network_marks import AHEAD, DONE, LAYER_LABELS, LIT, LOSS_LABELS, Mark

if TYPE_CHECKING:
    from engine.network.model import Entry
    from engine.network.solution import Solution

ROOM = 5
"""The most lines that the list takes, without those that stand for what is left out."""

LEAST = 12
"""The least width that a formula is folded to."""

GAP = "  ⋮"


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
        sources = names(loss.node) if loss.node is not None else (loss.of, loss.target)
        if loss.kind != "formula":
            text = _call(LOSS_LABELS.get(loss.kind, loss.kind), sources)
        else:
            text = _call("f", sources) if "L" in hidden else solution.formula("L")
        rows.append(Row("L", text, tuple(sources)))
    return rows


def _entry_row(solution: Solution, entry: Entry, hidden: bool) -> Row:
    sources = tuple(names(entry.node))
    if not hidden:
        return Row(entry.to, solution.formula(entry.to), sources)
    function = "f" if entry.layer == "formula" else LAYER_LABELS.get(entry.layer, entry.layer)
    return Row(entry.to, _call(function, sources), sources)


def _call(function: str, sources: Sequence[str]) -> str:
    return f"{function}({', '.join(map(symbol, sources))})"


def graph_lines(
    rows: Sequence[Row],
    lit: Collection[Mark],
    done: Collection[Mark],
    width: int,
    *,
    compact: bool = False,
) -> list[Content]:
    """The lines at a width; where there are too many, those around what is lit.

    Going forward the arrow points at the result, going backward at the formula, and the names whose
    gradient is asked are lit in it. ``compact`` keeps the lit steps only.
    """
    wanted = {mark.name for mark in lit if mark.part in ("grad", "weight_grad", "weight")}
    backward = {mark.name for mark in lit if mark.part == "back"}
    backward |= {
        row.to
        for row in rows
        if any(m.part == "weight_grad" and m.name in row.sources for m in lit)
    }
    forward = {mark.name for mark in lit if mark.part == "edge"}
    widest = max((len(symbol(row.to)) for row in rows), default=1)
    blocks = []
    here = []
    for index, row in enumerate(rows):
        back, forth = row.to in backward, row.to in forward
        if back or forth:
            here.append(index)
        style = DONE if Mark("node", row.to) in done else AHEAD
        head = f"{'▸' if back or forth else ' '} {symbol(row.to).ljust(widest)} "
        head += ("══▸ " if back else "◂══ ") if back or forth else "◂── "
        head_style = LIT if back or forth else style
        texts = wrap(row.text, max(width - len(head), LEAST)) or [""]
        blocks.append(
            [
                Content.assemble(
                    (head if number == 0 else " " * len(head), head_style),
                    _formula(text, LIT if forth else style, wanted),
                )
                for number, text in enumerate(texts)
            ]
        )
    if compact:
        return [line for index in here[:2] or [0] for line in blocks[index][:2]]
    return _around(blocks, here)


def _formula(text: str, style: str, wanted: Collection[str]) -> Content:
    """The text with the wanted names lit."""
    content = Content.styled(text, style)
    for name in wanted:
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
