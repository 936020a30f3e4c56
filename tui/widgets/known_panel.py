"""The matrices that one may use, side by side; the cells that a number was made of can be lit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from engine.language import language, tr
from tui.shown import decimal_comma
from tui.widgets.matrix_view import UNLIT, Highlight, Values, matrix_content, side_by_side

GAP = 3

NAMED = 2
"""The most lines that the names of what isn't needed here take."""


class Known(NamedTuple):
    """A known quantity: its key, how it is called here, its value."""

    key: str
    label: str
    value: Values


class KnownPanel(Widget):
    """What is known: what the question is about, and by name, quietly, what else there is."""

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

    class Clicked(Message):
        """Everything that is known was asked for, or no longer."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._near: list[Known] = []
        self._rest: list[Known] = []
        self._lit: Mapping[str, Highlight] = {}
        self.everything = False
        self._key = ""
        self._shown: object = None
        """What the last picture followed from, but for what is lit."""
        self._matrices: dict[str, tuple[Highlight, Content]] = {}
        self._drawn: dict[int, list[Content]] = {}
        """The picture by its width: a layout of the screen asks for it several times."""

    @property
    def shown_keys(self) -> list[str]:
        """The keys whose values the panel may show."""
        return [known.key for known in (*self._near, *self._rest)]

    def show(self, near: Sequence[Known], rest: Sequence[Known], key: str = "") -> None:
        """Show these; of the rest the names behind the key that shows them all.

        Without a key the names are left out too.
        """
        self._near, self._rest, self._key = list(near), list(rest), key
        self.light({})
        shown = (self._near, self._rest, key, language(), decimal_comma())
        if shown != self._shown:
            self._shown = shown
            self._matrices = {}
            self.border_title = Content(tr("Known"))
            self._draw_anew()

    def _draw_anew(self) -> None:
        self._drawn = {}
        self.refresh(layout=True)

    def light(self, lit: Mapping[str, Highlight]) -> None:
        """Light cells, by key; what isn't named goes dark."""
        if lit != self._lit:
            self._lit, self._drawn = dict(lit), {}
            self.refresh()

    def toggle(self) -> None:
        """Show the rest of what is known too, or no longer."""
        self.everything = not self.everything
        self._draw_anew()

    @property
    def needed(self) -> int:
        """The width in cells, border and all, of the title and of the widest near matrix."""
        widths = [_width(self._matrix(known)) for known in self._near] or [10]
        return max(*widths, cell_len(tr("Known")) + 2) + 4

    @property
    def widest(self) -> int:
        """The width, border and all, in which nothing that is shown is too wide."""
        shown = (*self._near, *self._rest) if self.everything else self._near
        return max((_width(self._matrix(known)) for known in shown), default=10) + 4

    def width_for(self, columns: int) -> int:
        """The width, border and all, that ``columns`` near matrices beside each other take."""
        widths = sorted((_width(self._matrix(known)) for known in self._near), reverse=True)
        return sum(widths[:columns]) + GAP * (min(columns, len(widths)) - 1) + 4

    def _matrix(self, known: Known) -> Content:
        lit = self._lit.get(known.key, UNLIT)
        drawn = self._matrices.get(known.key)
        if drawn is None or drawn[0] != lit:
            drawn = lit, matrix_content(known.label, known.value, highlight=lit)
            self._matrices[known.key] = drawn
        return drawn[1]

    def on_click(self) -> None:
        """A click does what the key does."""
        self.post_message(self.Clicked())

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the matrices take at this width."""
        return len(self._lines(width))

    def render(self) -> Content:
        """The matrices at the width there is."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        if width not in self._drawn:
            self._drawn[width] = self._laid_out(width)
        return self._drawn[width]

    def _laid_out(self, width: int) -> list[Content]:
        lines = self._side_by_side(self._near, width)
        if not self._rest or not (self._key or self.everything):
            return lines
        if lines:
            lines.append(Content(""))
        if self.everything:
            quiet = self._side_by_side(self._rest, width)
            return [*lines, *(line.stylize_before("$muted") for line in quiet)]
        names = f"{self._key} " + ", ".join(known.label for known in self._rest)
        also = wrap(names, max(width, 8), max_lines=NAMED, placeholder=" …")
        quiet = [Content.styled(line, "$muted") for line in also]
        quiet[0] = quiet[0].stylize("$foreground", 0, len(self._key))
        return [*lines, *quiet]

    def _side_by_side(self, shown: Sequence[Known], width: int) -> list[Content]:
        if not shown:
            return []
        placed = side_by_side(map(self._matrix, shown), width, gap=GAP, row_gap=1)
        return placed.split(allow_blank=True)


def _width(content: Content) -> int:
    return max(line.cell_length for line in content.split(allow_blank=True))
