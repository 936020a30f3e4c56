"""The map of the network: forward and backward, lit where one is, with what has been found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from engine.language import language, tr
from tui.shown import decimal_comma
from tui.widgets.graph_drawing import graph_picture
from tui.widgets.network_chain import Line, chain_rows
from tui.widgets.network_list import formula_lines, graph_lines, graph_rows
from tui.widgets.network_marks import MapState, map_state
from tui.widgets.network_matrices import matrix_lines
from tui.widgets.network_steps import is_chain

if TYPE_CHECKING:
    from engine.practice.session import Question

LEAST_WIDTH = 20

SHARE, LEAST_HEIGHT = 5, 5
"""The map takes a fifth of the screen's height, and these lines always."""

SHORT = 20
"""Below this height of the screen only what is lit is shown."""

TALL = 34
"""From this height of the screen on there is room for matrices on the map."""


def map_lines(
    state: MapState, width: int, height: int, hidden: Sequence[str] = ()
) -> list[Content]:
    """The lines of the map on a screen of this height, on which the map may take this width.

    ``hidden`` are the keys whose formula is still to be asked. On a low screen only the lit line
    is kept.
    """
    if not state.steps:
        return [Content(tr("This problem has no network."))]
    rows = graph_rows(state.solution, hidden)
    unlabelled = {step.to for step in state.steps if not step.label}
    chain = is_chain(state.steps)
    if height < SHORT:
        if unlabelled or not chain:
            return graph_lines(rows, state, width, compact=True)
        lines = _chain(state, width, height)
        lit = [line for line in lines if any(piece.mark in state.lit for piece in line)]
        return [_content(line, state) for line in lit or lines[:1]]
    if chain:
        drawing = [_content(line, state) for line in _chain(state, width, height)]
        rows = [row for row in rows if row.to in unlabelled]
    else:
        picture = graph_picture(state, width, max(height // SHARE, LEAST_HEIGHT))
        if picture is None:
            return graph_lines(rows, state, width)
        drawing = [Content.assemble(*runs) for runs in picture]
    return [*drawing, *formula_lines(rows, state, width)]


def _chain(state: MapState, width: int, height: int) -> list[Line]:
    """With all its matrices where there is room for them, else as arrows with what fits."""
    lines = None if height < TALL else matrix_lines(state, width, height // SHARE)
    if lines is not None:
        return lines
    drawn = [line for row in chain_rows(state, width) for line in row]
    return [line for line in drawn if any(piece.text.strip() for piece in line)]


def _content(line: Line, state: MapState) -> Content:
    return Content.assemble(
        *((piece.text, state.style(piece.mark) if piece.mark else "") for piece in line)
    )


class NetworkMap(Widget):
    """Where one is in the network. Chains and graphs are drawn, larger graphs listed."""

    DEFAULT_CSS = """
    NetworkMap {
        width: 1fr;
        height: auto;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._state: MapState | None = None
        self._hidden: tuple[str, ...] = ()
        self._lit: object = None
        """What the picture follows from, but for its size."""
        self._drawn: dict[tuple[int, int], list[Content]] = {}
        """The picture, by its width and the height of the screen."""

    def show(self, question: Question, known: Sequence[str], hidden: Sequence[str] = ()) -> None:
        """Light the place of a question; ``hidden`` are the keys whose formula is still asked."""
        self.light(map_state(question, known), hidden)

    def light(self, state: MapState, hidden: Sequence[str] = ()) -> None:
        """Show a state of the map; ``hidden`` are the keys whose formula isn't shown."""
        self._state, self._hidden = state, tuple(hidden)
        lit = (state, self._hidden, language(), decimal_comma())
        if lit != self._lit:
            self._lit, self._drawn = lit, {}
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the picture takes at this width."""
        return max(len(self._lines(width)), 1)

    def render(self) -> Content:
        """The picture at the width there is."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        if self._state is None:
            return []
        size = (max(width, LEAST_WIDTH), self.screen.size.height)
        if size not in self._drawn:
            self._drawn[size] = map_lines(self._state, *size, self._hidden)
        return self._drawn[size]
