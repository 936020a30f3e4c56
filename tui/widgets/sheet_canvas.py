"""Draws the matrices of a sheet, and scrolls to keep the one under the cursor in view."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.brackets import bracket_pair, middle, pad, padding
from tui.widgets.cell_table import CellTable
from tui.widgets.sheet_layout import CELL_GAP, Block, Page, Place, Placed, lay_out

MARKS = {1: "▴", -1: "▾", 0: " "}
"""What stands behind a cell that grew, that shrank, or that is as it was."""

LEAST_WIDTH = 20
"""In a narrower window the sheet is folded as if it were so wide, and scrolls."""

_CARET = Style(reverse=True)
_Piece = tuple[str, str]
"""Some characters, and the component classes of their look without the prefix."""


class SheetCanvas(ScrollView, can_focus=False, inherit_bindings=False):
    """The picture of blocks of numbers, one cell under the cursor; it may be typed over."""

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sheet--label",
        "sheet--heading",
        "sheet--bracket",
        "sheet--given",
        "sheet--changed",
        "sheet--here",
    }

    DEFAULT_CSS = """
    SheetCanvas {
        scrollbar-size: 1 1;
        & > .sheet--heading { color: $muted; }
        & > .sheet--bracket { color: $text-muted; }
        & > .sheet--given { background: $foreground 9%; }
        & > .sheet--changed { color: $accent; text-style: bold; }
        & > .sheet--here { background: $foreground 22%; text-style: underline; }
        &:focus > .sheet--here {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._blocks: tuple[Block, ...] = ()
        self._page: Page = lay_out((), 0)
        self._place = Place(0, 0, 0)
        self._typed: CellTable | None = None
        self._row_gap = 1
        self._looks: dict[str, Style] = {}

    def show(self, blocks: Sequence[Block], row_gap: int = 1) -> None:
        """Show these numbers; the cursor stays on its cell if there still is one."""
        here = self._blocks[self._place.block].key if self._blocks else ""
        self._blocks, self._row_gap = tuple(blocks), row_gap
        keys = [block.key for block in blocks]
        if here in keys:
            self._place = self._place._replace(block=keys.index(here))
        else:
            self._place = Place(0, 0, 0)
        self._arrange()

    @property
    def cursor(self) -> tuple[str, int, int]:
        """The key of the matrix under the cursor, the row and the column from 0."""
        return self._blocks[self._place.block].key, self._place.row, self._place.column

    def _show_cursor(self) -> None:
        """Scroll until the whole matrix under the cursor is in view, or else its cell."""
        if not self._page.placed:
            return
        here, place = self._page.placed[self._place.block], self._place
        rows, width = here.block.rows, here.right - here.x
        top = here.y - 1 if here.y - 1 in self._page.headings else here.y
        whole = Region(here.x, top, width, rows + here.y - top)
        left = here.offsets[place.column] if place.column else here.x
        last = place.column == len(here.columns) - 1
        right = here.right if last else here.offsets[place.column + 1]
        cell = Region(left, here.y + place.row, right - left, 1)
        for region in (whole, cell):
            if region.width <= self.size.width and region.height <= self.size.height:
                self.scroll_to_region(region, animate=False)
                return

    def on_resize(self) -> None:
        """Fold the sheet to the width there is."""
        self._arrange()
        self._show_cursor()

    def _arrange(self) -> None:
        blocks = self._blocks
        if self._typed is not None:
            block = blocks[self._place.block]
            rows = [list(row) for row in block.texts]
            rows[self._place.row][self._place.column] = self._typed.here + " "
            here = dataclasses.replace(block, texts=tuple(map(tuple, rows)))
            blocks = (*blocks[: self._place.block], here, *blocks[self._place.block + 1 :])
        width = max(self.size.width, LEAST_WIDTH)
        self._page = lay_out(blocks, width, self._row_gap)
        if self._page.height > self.size.height:
            scrollbar = self.styles.scrollbar_size_vertical
            self._page = lay_out(blocks, width - scrollbar, self._row_gap)
        size = Size(self._page.width, self._page.height)
        largest = self.virtual_size.width, self.virtual_size.height
        if max(size.width, largest[0]) <= self.size.width and (
            max(size.height, largest[1]) <= self.size.height
        ):
            # Nothing to scroll, before or after: the screen needn't be laid out again.
            self.set_reactive(Widget.virtual_size, size)
        else:
            self.virtual_size = size
        self.refresh()

    # Drawing.

    def notify_style_update(self) -> None:
        """Forget the looks of before."""
        super().notify_style_update()
        self._looks.clear()

    def render_line(self, y: int) -> Strip:
        """One line of the sheet."""
        scroll_x, scroll_y = self.scroll_offset
        line, width = y + scroll_y, self.size.width
        pieces = list(self._line(line))
        strip = Strip(Segment(text, self._look(look)) for text, look in pieces if text)
        return strip.crop_extend(scroll_x, scroll_x + width, self._look(""))

    def _line(self, line: int) -> Iterator[_Piece]:
        if heading := self._page.headings.get(line):
            yield heading, "heading"
            return
        x = 0
        for index, placed in enumerate(self._page.placed):
            if placed.y <= line < placed.y + placed.block.rows:
                yield " " * (placed.x - x), ""
                yield from self._row(index, placed, line - placed.y)
                x = placed.right

    def _row(self, index: int, placed: Placed, row: int) -> Iterator[_Piece]:
        block = placed.block
        on_line = row == middle(block.rows)
        yield (block.label if on_line else " " * cell_len(block.label)), "label"
        left, right = bracket_pair(row, block.rows)
        if not block.single:
            yield f"{left} ", "bracket"
        first, behind = placed.columns_between(self.scroll_offset.x, self.size.width)
        yield " " * (placed.offsets[first] - placed.offsets[0]), ""
        for column in range(first, behind):
            if column > first:
                yield " " * CELL_GAP, ""
            yield from self._cell(Place(index, row, column), placed)
        if behind < len(placed.columns):  # the others are out of sight
            yield " " * (placed.right - placed.offsets[behind] + CELL_GAP), ""
        elif not block.single:
            yield right, "bracket"

    def _cell(self, place: Place, placed: Placed) -> Iterator[_Piece]:
        block = placed.block
        text, column = block.texts[place.row][place.column], placed.columns[place.column]
        moved = block.marks[place.row][place.column] if block.marks else 0
        look = "given" if block.given else ""
        if moved:
            look += " changed"
        here = place == self._place
        if here and self._typed is not None:
            yield from self._typed_cell(text, placed, place)
            return
        if here:
            look += " here"
        before, after = padding(text, column)
        plain = "given" if block.given else ""
        yield " " * before, plain
        yield text, look
        yield " " * after, plain
        yield MARKS[moved], f"{plain} changed" if moved else plain

    def _typed_cell(self, text: str, placed: Placed, place: Place) -> Iterator[_Piece]:
        assert self._typed is not None
        field = pad(text, placed.columns[place.column])
        before = padding(text, placed.columns[place.column])[0]
        if self._typed.caret is None:  # typing replaces it
            yield field[:before], "given"
            yield text.rstrip() or " ", "given caret"
            yield field[before + len(text.rstrip() or " ") :], "given"
            yield " ", "given"
            return
        caret = before + self._typed.caret
        yield field[:caret], "given"
        yield field[caret : caret + 1] or " ", "given caret"
        yield field[caret + 1 :], "given"
        yield " ", "given"

    def _look(self, look: str) -> Style:
        if look not in self._looks:
            names = [f"sheet--{name}" for name in look.split() if name != "caret"]
            style = self.get_visual_style(*names).rich_style
            self._looks[look] = style + _CARET if "caret" in look.split() else style
        return self._looks[look]
