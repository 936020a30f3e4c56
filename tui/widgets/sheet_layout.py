"""Where the matrices of a sheet stand: side by side in order, folded to the width there is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from tui.widgets.brackets import Column, measure_column, middle

GAP = 2
"""Blanks between two matrices, and the mark of the last column's cells before them."""

CELL_GAP = 1
"""Blanks between a cell's mark and the next cell."""


class Place(NamedTuple):
    """A cell of a sheet: the matrix that it is in, its row and its column, each from 0."""

    block: int
    row: int
    column: int


@lru_cache(maxsize=1024)
def _column(texts: tuple[str, ...]) -> Column:
    """As `measure_column`; of a large matrix most columns stay as they were."""
    return measure_column(texts, 1)


@dataclass(frozen=True)
class Block:
    """One matrix of a sheet, or a number."""

    key: str
    label: str
    """What stands before it, with the equals sign."""
    texts: tuple[tuple[str, ...], ...]
    marks: tuple[tuple[int, ...], ...] = ()
    """1 where a cell grew, -1 where it shrank, 0 elsewhere; or nothing at all."""
    given: bool = False
    """Whether its cells can be typed over."""
    heading: str = ""
    """Begins a new section under these words."""
    numbers: tuple[tuple[float, ...], ...] = ()
    """What the texts stand for, where whoever made them wants to know."""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """How wide the columns are."""
        return tuple(_column(texts) for texts in zip(*self.texts, strict=True))

    @cached_property
    def width(self) -> int:
        """How wide it is, with its label and its brackets."""
        cells = sum(column.width + 1 + CELL_GAP for column in self.columns) - CELL_GAP
        # Behind the last cell its mark separates it from the bracket.
        return cell_len(self.label) + cells + (0 if self.single else 3)

    @property
    def rows(self) -> int:
        return len(self.texts)

    @property
    def single(self) -> bool:
        """Whether it is one number, which stands without brackets."""
        return len(self.texts) == len(self.texts[0]) == 1


@dataclass(frozen=True, slots=True)
class Placed:
    """A matrix with its place: the line of its first row, and where everything in it begins."""

    block: Block
    x: int
    y: int
    shelf: int
    offsets: tuple[int, ...]
    """Where each column's cells begin, from the left edge of the sheet."""
    right: int
    """The first place behind it."""

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.block.columns

    def column_at(self, x: int) -> int:
        """The column nearest to a place in a line."""
        return min(max(bisect_right(self.offsets, x) - 1, 0), len(self.offsets) - 1)

    def columns_between(self, x: int, width: int) -> tuple[int, int]:
        """The first column that reaches into that part of a line, and the first one behind it."""
        first = max(bisect_right(self.offsets, x) - 1, 0)
        return first, max(bisect_left(self.offsets, x + width), first + 1)

    def row_at(self, y: int) -> int:
        """The row nearest to a line."""
        return min(max(y - self.y, 0), self.block.rows - 1)


@dataclass(frozen=True, slots=True)
class Page:
    """All matrices in their places."""

    placed: tuple[Placed, ...]
    headings: dict[int, str]
    """The words on a line of their own, by line."""
    width: int
    height: int
    lines: dict[int, list[Placed]]
    """What stands on each line, from left to right."""

    def at(self, x: int, y: int) -> Place | None:
        """The cell nearest to a point, where a matrix stands on that line."""
        here = self.lines.get(y)
        if not here:
            return None
        best = min(here, key=lambda each: _distance(each, x))
        return Place(self.placed.index(best), best.row_at(y), best.column_at(x))

    def step(self, place: Place, columns: int) -> Place:
        """The cell on the left (-1) or on the right (1), over the edge that of the next matrix."""
        here = self.placed[place.block]
        column = place.column + columns
        if 0 <= column < len(here.columns):
            return place._replace(column=column)
        block = place.block + columns
        if not 0 <= block < len(self.placed):
            return place
        there = self.placed[block]
        row = there.row_at(here.y + place.row) if there.shelf == here.shelf else 0
        return Place(block, row, 0 if columns > 0 else len(there.columns) - 1)

    def climb(self, place: Place, rows: int) -> Place:
        """The cell above (-1) or below (1), over the edge that of the nearest matrix there."""
        here = self.placed[place.block]
        if 0 <= place.row + rows < here.block.rows:
            return place._replace(row=place.row + rows)
        shelf = here.shelf + rows
        x = here.offsets[place.column]
        there = [index for index, each in enumerate(self.placed) if each.shelf == shelf]
        if not there:
            return place
        best = min(there, key=lambda index: _distance(self.placed[index], x))
        found = self.placed[best]
        return Place(best, 0 if rows > 0 else found.block.rows - 1, found.column_at(x))

    def next_given(self, place: Place, cells: int) -> Place:
        """The next (1) or previous (-1) cell that can be typed over, round the end."""
        count = len(self.placed)
        columns, rows = len(self.placed[place.block].columns), self.placed[place.block].block.rows
        if self.placed[place.block].block.given:
            index = place.row * columns + place.column + cells
            if 0 <= index < rows * columns:
                return Place(place.block, *divmod(index, columns))
        for distance in range(1, count + 1):
            block = (place.block + cells * distance) % count
            there = self.placed[block]
            if there.block.given:
                last = Place(block, there.block.rows - 1, len(there.columns) - 1)
                return Place(block, 0, 0) if cells > 0 else last
        return place


def _distance(placed: Placed, x: int) -> int:
    return max(placed.x - x, x - placed.right, 0)


def lay_out(blocks: Sequence[Block], width: int, row_gap: int = 1) -> Page:
    """Put the matrices into their places; one that is wider than ``width`` keeps its width."""
    shelves: list[list[Block]] = []
    room = 0
    for block in blocks:
        if block.heading or not shelves or block.width > room:
            shelves.append([])
            room = width
        shelves[-1].append(block)
        room -= block.width + GAP
    placed: list[Placed] = []
    headings: dict[int, str] = {}
    y = 0
    for number, shelf in enumerate(shelves):
        if heading := shelf[0].heading:
            headings[y] = heading
            y += 1
        placed += _shelf(shelf, y, number)
        y = max(each.y + each.block.rows for each in placed[-len(shelf) :]) + row_gap
    lines: dict[int, list[Placed]] = {}
    for each in placed:
        for line in range(each.y, each.y + each.block.rows):
            lines.setdefault(line, []).append(each)
    widest = max((each.right for each in placed), default=0)
    return Page(tuple(placed), headings, widest, max(y - row_gap, 0), lines)


def _shelf(shelf: Sequence[Block], y: int, number: int) -> list[Placed]:
    """These side by side, their middle rows level."""
    above = max(middle(block.rows) for block in shelf)
    found = []
    x = 0
    for block in shelf:
        offsets = []
        at = x + cell_len(block.label) + (0 if block.single else 2)
        for column in block.columns:
            offsets.append(at)
            at += column.width + 1 + CELL_GAP
        top = y + above - middle(block.rows)
        found.append(Placed(block, x, top, number, tuple(offsets), x + block.width))
        x += block.width + GAP
    return found
