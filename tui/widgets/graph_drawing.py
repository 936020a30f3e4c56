"""A network that is no chain, drawn: from left to right, its branches below each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from rich.cells import cell_len

from engine.expression.symbols import symbol
from tui.widgets.graph_layout import Edge, Layout, place
from tui.widgets.graph_wires import Place, UnclearError, Wires
from tui.widgets.network_marks import AHEAD, DONE, LIT, MapState, Mark
from tui.widgets.network_steps import MapStep

AHEAD_LINES = {"─": "╌", "│": "╎"}
LIT_LINES = {"─": "═"}

Run = tuple[str, str]
"""Some characters of a line, and their style."""


def graph_picture(state: MapState, width: int, height: int) -> list[list[Run]] | None:
    """The lines of the drawing, with as many numbers as fit; None where it fits in no way."""
    layout = place(state.steps)
    if layout.height > height:
        return None
    for values, labels in ((True, True), (False, True), (False, False)):
        drawing = _Drawing(state, layout, values, labels)
        try:
            lines = drawing.lines()
        except UnclearError:
            return None
        if all(sum(cell_len(text) for text, _ in line) <= width for line in lines):
            return lines
    return None


@dataclass
class _Drawing:
    """The drawing of a layout, with numbers behind the names and layers on the arrows, or not."""

    state: MapState
    layout: Layout
    values: bool
    labels: bool
    texts: dict[Place, Run] = field(default_factory=dict)
    """What is written, by the cell in which it begins."""
    wires: Wires = field(default_factory=Wires)

    def lines(self) -> list[list[Run]]:
        """Line by line, from left to right."""
        layout, bends = self.layout, _bends(self.layout)
        starts: list[int] = []
        lanes: dict[tuple[int, str], int] = {}
        x = 0
        for column in range(layout.width):
            nodes = [name for name, at in layout.columns.items() if at == column]
            starts.append(x)
            for name in nodes:
                self.texts[x, layout.rows[name]] = self._node(name)
            x += max(cell_len(self._node(name)[0]) for name in nodes)
            for number, name in enumerate(bends.get(column, [])):
                lanes[column, name] = x + 2 + 2 * number
            x += 2 + 2 * len(bends.get(column, [])) + (column not in bends)
            wide = 0
            for step in self.state.steps:
                text, style = self._label(step)
                if layout.columns[step.to] == column + 1 and text:
                    self.texts[x, layout.rows[step.to]] = (text, style)
                    wide = max(wide, cell_len(text))
            x += wide + 3
        for edge in layout.edges:
            self._lay(edge, starts, lanes)
        for step in self.state.steps:
            self._put_heads(step, starts)
        return [self._line(row) for row in range(layout.height)]

    def _node(self, name: str) -> Run:
        gradient = self.state.backward and self.state.has(name, gradient=True)
        mark = Mark("grad" if gradient else "node", name)
        text = self.state.text(name, gradient=gradient, values=self.values)
        return text, self.state.style(mark)

    def _label(self, step: MapStep) -> Run:
        """What a layer does; on the way back the gradients of its weights."""
        if not self.labels:
            return "", ""
        own = [name for name in step.weights if self.state.has(name, gradient=True)]
        if not (self.state.backward and own):
            lit = any(Mark("weight", name) in self.state.lit for name in step.weights)
            return step.label, LIT if lit else self.state.style(Mark("edge", step.to))
        marks = [Mark("weight_grad", name) for name in own]
        shown = next((mark for mark in marks if mark in self.state.lit), marks[0])
        return ",".join(f"∂{symbol(name)}" for name in own), self.state.style(shown)

    def _lay(self, edge: Edge, starts: list[int], lanes: dict[tuple[int, str], int]) -> None:
        """From behind the source's text, by way of the edge's own row, to before the result."""
        layout = self.layout
        (source, to), track = edge, layout.tracks[edge]
        first, last = layout.columns[source], layout.columns[to] - 1
        row, end = layout.rows[source], layout.rows[to]
        begin = starts[first] + cell_len(self._node(source)[0]) + 1
        corners = [(begin, row)]
        if track != row:
            lane = lanes[first, _bend(layout, edge) if first == last else f"from {source}"]
            corners += [(lane, row), (lane, track)]
        if track != end:
            lane = lanes[last, f"to {to}"]
            corners += [(lane, track), (lane, end)]
        corners.append((starts[layout.columns[to]] - 2, end))
        self.wires.lay(edge, corners)

    def _put_heads(self, step: MapStep, starts: list[int]) -> None:
        """The arrows' heads: at the result, or on the way back at what gets a gradient."""
        state, layout = self.state, self.layout
        if not state.backward:
            style = state.style(Mark("edge", step.to))
            self.texts[starts[layout.columns[step.to]] - 2, layout.rows[step.to]] = ("▸", style)
            return
        for source in step.sources:
            if state.has(source, gradient=True):
                at = starts[layout.columns[source]] + cell_len(self._node(source)[0]) + 1
                lit = any(self._is_lit(edge) for edge in layout.edges if edge[0] == source)
                style = LIT if lit else state.style(Mark("grad", source))
                self.texts[at, layout.rows[source]] = ("◂", style)

    def _is_lit(self, edge: Edge) -> bool:
        lit = self.state.lit
        if not self.state.backward:
            return Mark("edge", edge[1]) in lit
        asked = {mark.name for mark in lit if mark.part == "grad"}
        return Mark("back", edge[1]) in lit and (edge[0] in asked or not asked)

    def _is_walked(self, edge: Edge) -> bool:
        if self.state.backward:
            return self.state.is_known(edge[0], gradient=True)
        return self.state.is_walked(Mark("edge", edge[1]))

    def _line(self, row: int) -> list[Run]:
        runs: list[Run] = []
        x = 0
        places = {at for at in (*self.texts, *self.wires.cells) if at[1] == row}
        for at in sorted(places):
            if at[0] < x:
                continue  # beneath a text
            runs.append((" " * (at[0] - x), ""))
            runs.append(self.texts[at] if at in self.texts else self._wire(at))
            x = at[0] + cell_len(runs[-1][0])
        return runs

    def _wire(self, at: Place) -> Run:
        character, edges = self.wires.drawn(at)
        if any(map(self._is_lit, edges)):
            return LIT_LINES.get(character, character), LIT
        if any(map(self._is_walked, edges)):
            return character, DONE
        return AHEAD_LINES.get(character, character), AHEAD


def _bend(layout: Layout, edge: Edge) -> str:
    """With which others an edge to the next column turns: those of its source or of its result."""
    siblings = Counter(source for source, _ in layout.edges)
    return f"from {edge[0]}" if siblings[edge[0]] > 1 else f"to {edge[1]}"


def _bends(layout: Layout) -> dict[int, list[str]]:
    """Where edges turn, by the column before: first those that part, then those that meet."""
    found: dict[int, set[str]] = {}
    for edge in layout.edges:
        (source, to), track = edge, layout.tracks[edge]
        first, last = layout.columns[source], layout.columns[to] - 1
        if track != layout.rows[source]:
            name = _bend(layout, edge) if first == last else f"from {source}"
            found.setdefault(first, set()).add(name)
        if track != layout.rows[to]:
            found.setdefault(last, set()).add(f"to {to}")
    return {column: sorted(names) for column, names in found.items()}
