"""The matrices that one may use, side by side; the cells that a number was made of can be lit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from engine.language import ntr, tr
from tui.widgets.matrix_view import UNLIT, Highlight, Values, matrix_content, side_by_side

GAP = 3


class Known(NamedTuple):
    """A known quantity: its key, how it is called here, its value."""

    key: str
    label: str
    value: Values


class KnownPanel(Widget):
    """What is known: first what the question is about, then the rest if there is room."""

    DEFAULT_CSS = """
    KnownPanel {
        height: auto;
        border: round $foreground 20%;
        border-title-color: $muted;
        padding: 0 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._near: list[Known] = []
        self._rest: list[Known] = []
        self._lit: Mapping[str, Highlight] = {}
        self._everything = False
        self._room = 0

    @property
    def shown_keys(self) -> list[str]:
        """The keys whose values the panel may show."""
        return [known.key for known in (*self._near, *self._rest)]

    def show(self, near: Sequence[Known], rest: Sequence[Known], room: int) -> None:
        """Show these; the rest takes at most ``room`` lines together with the near ones."""
        self._near, self._rest, self._room = list(near), list(rest), room
        self._lit = {}
        self.border_title = Content(tr("Known"))
        self.refresh(layout=True)

    def light(self, lit: Mapping[str, Highlight]) -> None:
        """Light cells, by key; what isn't named goes dark."""
        if lit != self._lit:
            self._lit = dict(lit)
            self.refresh()

    def toggle(self) -> None:
        """Show everything that is known, or only what there is room for."""
        self._everything = not self._everything
        self.refresh(layout=True)

    @property
    def needed(self) -> int:
        """The width in cells, border and all, that the widest near matrix takes."""
        widths = [_width(self._matrix(known)) for known in self._near] or [10]
        return max(widths) + 4

    @property
    def widest(self) -> int:
        """The width, border and all, in which nothing of all that is known is too wide."""
        return max(map(_width, map(self._matrix, (*self._near, *self._rest))), default=10) + 4

    def width_for(self, columns: int) -> int:
        """The width, border and all, that ``columns`` near matrices beside each other take."""
        widths = sorted((_width(self._matrix(known)) for known in self._near), reverse=True)
        return sum(widths[:columns]) + GAP * (min(columns, len(widths)) - 1) + 4

    def _matrix(self, known: Known) -> Content:
        return matrix_content(known.label, known.value, highlight=self._lit.get(known.key, UNLIT))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the matrices take at this width."""
        return len(self._lines(width))

    def render(self) -> Content:
        """The matrices at the width there is."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        near = side_by_side(map(self._matrix, self._near), width, gap=GAP, row_gap=1)
        lines = near.split(allow_blank=True) if self._near else []
        rest = [known for known in self._rest if _width(self._matrix(known)) <= width]
        while rest:
            below = [self._matrix(known) for known in rest]
            block = side_by_side(below, width, gap=GAP, row_gap=1).split(allow_blank=True)
            left_out = len(self._rest) - len(rest)
            above = [Content("")] if lines else []
            height = len(lines) + 1 + len(block) + (2 if left_out else 0)
            if self._everything or height <= self._room:
                lines += [*above, *(line.stylize_before("$muted") for line in block)]
                break
            rest = rest[:-1]
        left_out = len(self._rest) - len(rest)
        if left_out:
            more = ntr("{number} more", "{number} more", left_out)
            lines += [Content(""), Content.styled(f"+ {more}", "$muted")]
        return lines


def _width(content: Content) -> int:
    return max(line.cell_length for line in content.split(allow_blank=True))
