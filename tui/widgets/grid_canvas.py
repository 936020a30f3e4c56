"""Draws a table of cells in tall brackets, and scrolls to keep the cursor in view."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.brackets import Column, Span, layout_row, measure_column, middle, padding
from tui.widgets.cell_table import CellTable, Place
from tui.widgets.verdicts import SYMBOLS

GAP = 1
LEAST_WIDTH, LEAST_WIDTH_OF_MANY = 6, 4
MANY_COLUMNS = 4
LEAST_FIELD_WIDTH = 12
CARET = "caret"
_CARET_STYLE = Style(reverse=True)


class GridCanvas(ScrollView, can_focus=False, inherit_bindings=False):
    """The picture of a `CellTable`: a label, brackets, a field a cell, verdicts and echoes.

    A field is as wide as the widest text of its column and one cell more, which holds the caret
    behind the text or the symbol of the verdict; where nothing is typed any more it is no wider.
    A table of one cell is drawn without brackets.
    The app must know the style variables of `tui.widgets.verdicts.verdict_variables`.
    """

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "matrix-grid--label",
        "matrix-grid--bracket",
        "matrix-grid--cell",
        "matrix-grid--empty",
        "matrix-grid--here",
        "matrix-grid--selected",
        "matrix-grid--right",
        "matrix-grid--wrong",
        "matrix-grid--echo",
    }
    """`here` is the field under the cursor, `selected` its text while typing would replace it."""

    DEFAULT_CSS = """
    GridCanvas {
        width: 1fr;
        height: auto;
        max-height: 100%;
        scrollbar-size: 1 1;
        & > .matrix-grid--bracket { color: $text-muted; }
        & > .matrix-grid--cell { background: $foreground 8%; }
        & > .matrix-grid--empty { color: $text-disabled; }
        & > .matrix-grid--here { background: $foreground 16%; }
        & > .matrix-grid--right { color: $verdict-right; }
        & > .matrix-grid--wrong { color: $verdict-wrong; text-style: bold; }
        & > .matrix-grid--echo { color: $text-muted; text-style: italic; }
        & > .matrix-grid--selected {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
        &:focus > .matrix-grid--bracket { color: $accent; }
        &:focus > .matrix-grid--here { background: $block-cursor-background 25%; }
        &.-read-only > .matrix-grid--cell { background: transparent; }
    }
    """

    def __init__(
        self,
        table: CellTable,
        *,
        label: str = "",
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        """The picture of ``table``, behind ``label`` and an equals sign if there is a label."""
        super().__init__(id=id, classes=classes, disabled=disabled)
        self._looks: dict[str, Style] = {}
        self._compact = False
        self._take(table, label)
        self.set_reactive(Widget.virtual_size, self._extent)

    def show_table(self, table: CellTable, label: str, *, compact: bool = False) -> None:
        """Draw another table from now on; ``compact`` leaves no room for typing in its fields."""
        self._compact = compact
        self._take(table, label)
        self.virtual_size = self._extent
        self.scroll_to(0, 0, animate=False)
        self.refresh(layout=True)

    def show_cells(self, places: Iterable[Place]) -> None:
        """Repaint some cells, and whatever moves because their columns grew or shrank."""
        places = set(places)
        resized = False
        regions = [self._region(row, column) for row, column in places]
        for column in {column for _, column in places}:
            old = self._columns[column], self._echo_widths[column]
            new = self._columns[column], self._echo_widths[column] = self._measure(column)
            resized |= (old[0].width, old[1]) != (new[0].width, new[1])
            if old != new:
                regions.append(self._region(0, column, self._table.rows))
        if resized:
            self._arrange()
            self._stretch()
            self.refresh()
        else:
            self._repaint(regions)

    def show_move(self, before: Place) -> None:
        """Repaint the cell that the cursor left and the one where it stands; no text changed."""
        self._repaint(self._region(*place) for place in {before, self._table.cursor})

    def _repaint(self, regions: Iterable[Region]) -> None:
        self.refresh(*(region.translate(-self.scroll_offset) for region in regions))

    def _stretch(self) -> None:
        """Take the size that the table has now; its rows stay."""
        before, now = (each.width > self.size.width for each in (self.virtual_size, self._extent))
        if before != now:
            self.virtual_size = self._extent
            return
        # The scrollbar neither comes nor goes: the screen needn't be laid out again.
        self.set_reactive(Widget.virtual_size, self._extent)
        if now:
            self._scroll_update(self._extent)

    def show_cursor(self) -> None:
        """Scroll, if need be, until the cell under the cursor is in view."""
        row, column = self._table.cursor
        region = self._region(row, column)
        left = region.x if column else 0
        last = column == self._table.columns - 1
        right = self._extent.width if last else region.right
        self.scroll_to_region(Region(left, row, right - left, 1), animate=False)

    def place_at(self, x: int, y: int) -> Place:
        """The cell nearest to a point of the content, which may be scrolled."""
        scroll = self.scroll_offset
        row = min(max(y + scroll.y, 0), self._table.rows - 1)
        return row, max(bisect_right(self._offsets, x + scroll.x) - 1, 0)

    def on_resize(self) -> None:
        """Keep the cursor in view in a window that became smaller."""
        self.show_cursor()

    # Where things stand.

    def _take(self, table: CellTable, label: str) -> None:
        self._table = table
        self._label = f"{label} = " if label else ""
        measured = [self._measure(column) for column in range(table.columns)]
        self._columns = [column for column, _ in measured]
        self._echo_widths = [echo for _, echo in measured]
        self._arrange()

    def _measure(self, column: int) -> tuple[Column, int]:
        table = self._table
        echo = max(cell_len(row[column]) for row in table.echoes)
        if table.single:
            least = 1 if self._compact else LEAST_FIELD_WIDTH
            return Column(max(cell_len(table.here), least), left=True), echo
        least = LEAST_WIDTH if table.columns < MANY_COLUMNS else LEAST_WIDTH_OF_MANY
        least = 1 if self._compact else least
        return measure_column((row[column] for row in table.cells), least), echo

    def _arrange(self) -> None:
        """Find the cells' offsets and the size of the whole."""
        bracket = 0 if self._table.single else 2
        x = cell_len(self._label) + bracket
        self._offsets = []
        for column, echo in zip(self._columns, self._echo_widths, strict=True):
            self._offsets.append(x)
            x += column.width + 1 + (echo + 1 if echo else 0) + GAP
        self._extent = Size(x - GAP + bracket, self._table.rows)

    def _region(self, row: int, column: int, rows: int = 1) -> Region:
        echo = self._echo_widths[column]
        width = self._columns[column].width + 1 + (echo + 1 if echo else 0)
        return Region(self._offsets[column], row, width, rows)

    # Drawing.

    def notify_style_update(self) -> None:
        """Forget the looks of before."""
        super().notify_style_update()
        self._looks.clear()

    def render_line(self, y: int) -> Strip:
        """One line of the widget: a row of the table, or nothing below the last one."""
        table = self._table
        scroll_x, scroll_y = self.scroll_offset
        row = y + scroll_y
        width = self.size.width
        if row >= table.rows:
            return Strip.blank(width, self._look(""))
        first = max(bisect_right(self._offsets, scroll_x) - 1, 0)
        stop = bisect_right(self._offsets, scroll_x + width - 1)
        spans = layout_row(
            table.cells[row],
            row,
            table.rows,
            self._columns,
            self._draw_cell,
            gap=GAP,
            bracket="bracket",
            shown=range(first, max(stop, first + 1)),
        )
        start = self._offsets[first]
        if first == 0:
            label = self._label if row == middle(table.rows) else " " * cell_len(self._label)
            spans.insert(0, Span(label, "label"))
            start = 0
        strip = Strip(Segment(text, self._look(style)) for text, style in spans if text)
        return strip.crop_extend(scroll_x - start, scroll_x - start + width, self._look(""))

    def _draw_cell(self, row: int, column: int, padded: str) -> Iterable[Span]:
        table = self._table
        text, verdict = table.cells[row][column], table.marks[row][column]
        here = (row, column) == table.cursor
        field = padded + (SYMBOLS[verdict] or " ")
        style = f"cell {verdict}" if SYMBOLS[verdict] else "cell"
        if here:
            style += " here"
        before = padding(text, self._columns[column])[0]
        if not (here and self.has_focus):
            yield from self._draw_at_rest(text, field, style, before)
        elif table.caret is None and text:
            yield Span(field[:before], style)
            yield Span(text, f"{style} selected")
            yield Span(field[before + len(text) :], style)
        else:
            caret = before + (table.caret or 0)
            yield Span(field[:caret], style)
            yield Span(field[caret], f"{style} {CARET}")
            yield Span(field[caret + 1 :], style)
        if echo := self._echo_widths[column]:
            yield Span(" " + set_cell_size(table.echoes[row][column], echo), "echo")

    def _draw_at_rest(self, text: str, field: str, style: str, before: int) -> Iterable[Span]:
        """A field without a caret; an empty one shows a line to write on."""
        if text:
            yield Span(field, style)
        else:
            line = max(before - 1, 0)
            yield Span(field[:line], style)
            yield Span("_", f"{style} empty")
            yield Span(field[line + 1 :], style)

    def _look(self, style: str) -> Style:
        """The look of a style: names of component classes without their prefix, or the caret."""
        if style not in self._looks:
            names = [f"matrix-grid--{name}" for name in style.split() if name != CARET]
            look = self.get_visual_style(*names).rich_style
            self._looks[style] = look + _CARET_STYLE if CARET in style.split() else look
        return self._looks[style]
