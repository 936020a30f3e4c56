"""The cells of a matrix that is being typed: texts, verdicts, cursor, caret, and undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from tui.widgets.cell_text import LIMIT, clean, continues, joinable
from tui.widgets.verdicts import Verdict

Place: TypeAlias = tuple[int, int]
"""Row and column of a cell, from 0."""

UNDO_DEPTH = 200


class CellTable:
    """Rows of texts with a cursor on one cell.

    While ``caret`` is None, the cursor has just arrived at its cell and typing replaces the text;
    otherwise it counts the characters before the caret. What changes texts returns the places
    that changed.
    """

    def __init__(
        self, rows: int, columns: int, cells: Sequence[Sequence[str]] | None = None
    ) -> None:
        """A table of ``cells``, or of empty ones; another shape raises `ValueError`."""
        if rows < 1 or columns < 1:
            raise ValueError(f"cells: expected 1x1 or more, got {rows}x{columns}")
        self.rows, self.columns = rows, columns
        self.cells = self._cleaned(cells) if cells is not None else self._blank()
        self.marks: list[list[Verdict]] = [[""] * columns for _ in range(rows)]
        self.echoes = self._blank()
        self.row = self.column = 0
        self.caret: int | None = None
        self._touched = False
        self._history: list[tuple[Place, list[list[str]]]] = []

    @property
    def cursor(self) -> Place:
        """The cell that the cursor stands on."""
        return self.row, self.column

    @property
    def single(self) -> bool:
        """Whether there is one cell only: a scalar, or a 1x1 matrix."""
        return self.rows == self.columns == 1

    @property
    def here(self) -> str:
        """The text of the cell under the cursor."""
        return self.cells[self.row][self.column]

    @property
    def full(self) -> bool:
        """Whether no cell is empty."""
        return self._empty_from(0) is None

    @property
    def line(self) -> str:
        """All cells in one line: rows separated by ``; ``, cells by blanks, ``_`` where empty."""
        return "; ".join(" ".join(map(joinable, row)) for row in self.cells)

    # What changes texts.

    def insert(self, text: str) -> list[Place]:
        """Type a text at the caret; more than a cell takes is refused."""
        old, caret = ("", 0) if self.caret is None else (self.here, self.caret)
        if len(old) + len(text) > LIMIT:
            return []
        return self._change(old[:caret] + text + old[caret:], caret + len(text))

    def backspace(self) -> list[Place]:
        """Erase the character before the caret; of a cell just arrived at, the last one."""
        caret = len(self.here) if self.caret is None else self.caret
        if not caret:
            return []
        return self._change(self.here[: caret - 1] + self.here[caret:], caret - 1)

    def delete(self) -> list[Place]:
        """Delete the character under the caret; a cell just arrived at is emptied."""
        if self.caret is None:
            return self._change("", 0) if self.here else []
        if self.caret == len(self.here):
            return []
        return self._change(self.here[: self.caret] + self.here[self.caret + 1 :], self.caret)

    def edit(self) -> None:
        """Put the caret behind the text, so that typing adds to it."""
        self.caret = len(self.here)

    def blank(self) -> list[Place]:
        """Type a blank: within an expression it is kept, behind a number it ends the cell.

        In an empty cell it does nothing. A table of one cell has nowhere to go, so there every
        blank belongs to the expression. The comma of ``2, -1`` separates like the blank.
        """
        if self.caret is None:
            if self.here:
                self.step(1)
            return []
        if self.single or continues(self.here[: self.caret]):
            return self.insert(" ") if self.here else []
        if not self.here or self.caret < len(self.here):
            return []
        changed = self.backspace() if self.here.endswith(",") else []
        self.step(1)
        return changed

    def fill(self, cells: Sequence[Sequence[str]]) -> list[Place]:
        """Put a text into every cell, and the cursor on the first empty cell, or the last one."""
        cleaned = self._cleaned(cells)
        self._remember()
        changed = self._replace(cleaned)
        empty = self._empty_from(0)
        self._go_to_index(self.rows * self.columns - 1 if empty is None else empty)
        return changed

    def undo(self) -> list[Place]:
        """Take back all that was typed into the cell changed last, or the last `fill`."""
        if not self._history:
            return []
        cursor, cells = self._history.pop()
        changed = self._replace(cells)
        self.go(*cursor)
        return changed

    # What moves.

    def go(self, row: int, column: int) -> None:
        """Put the cursor on a cell; beyond the edge it stays at the edge."""
        self.row = min(max(row, 0), self.rows - 1)
        self.column = min(max(column, 0), self.columns - 1)
        self.caret = None
        self._touched = False

    def step(self, cells: int) -> None:
        """Go on in reading order, but not beyond the first and the last cell."""
        index = self.row * self.columns + self.column + cells
        if 0 <= index < self.rows * self.columns:
            self._go_to_index(index)

    def next_empty(self) -> None:
        """Go to the next empty cell in reading order, round the end, if there is one."""
        index = self._empty_from(self.row * self.columns + self.column + 1)
        if index is not None:
            self._go_to_index(index)

    def next_row(self) -> None:
        """Go to the first cell of the row below, if there is one."""
        if self.row < self.rows - 1:
            self.go(self.row + 1, 0)

    def up(self) -> None:
        """Go to the cell above."""
        self.go(self.row - 1, self.column)

    def down(self) -> None:
        """Go to the cell below."""
        self.go(self.row + 1, self.column)

    def first(self) -> None:
        """Go to the first cell."""
        self.go(0, 0)

    def last(self) -> None:
        """Go to the last cell."""
        self.go(self.rows - 1, self.columns - 1)

    def left(self) -> None:
        """Move the caret left, and at the start of the text to the cell on the left."""
        if self.caret:
            self.caret -= 1
        else:
            self.go(self.row, self.column - 1)

    def right(self) -> None:
        """Move the caret right, and at the end of the text to the cell on the right."""
        if self.caret is not None and self.caret < len(self.here):
            self.caret += 1
        else:
            self.go(self.row, self.column + 1)

    def home(self) -> None:
        """Go to the start of the text being edited, otherwise of the row."""
        if self.caret is None:
            self.go(self.row, 0)
        else:
            self.caret = 0

    def end(self) -> None:
        """Go to the end of the text being edited, otherwise of the row."""
        if self.caret is None:
            self.go(self.row, self.columns - 1)
        else:
            self.caret = len(self.here)

    # The rest.

    def _change(self, text: str, caret: int) -> list[Place]:
        if not self._touched:
            self._remember()
            self._touched = True
        self.caret = caret
        self._set(self.row, self.column, text)
        return [self.cursor]

    def _replace(self, cells: list[list[str]]) -> list[Place]:
        changed = [
            (row, column)
            for row, texts in enumerate(cells)
            for column, text in enumerate(texts)
            if text != self.cells[row][column]
        ]
        for row, column in changed:
            self._set(row, column, cells[row][column])
        return changed

    def _set(self, row: int, column: int, text: str) -> None:
        self.cells[row][column] = text
        self.marks[row][column] = ""
        self.echoes[row][column] = ""

    def _remember(self) -> None:
        self._history.append((self.cursor, [list(row) for row in self.cells]))
        del self._history[:-UNDO_DEPTH]

    def _go_to_index(self, index: int) -> None:
        self.go(*divmod(index, self.columns))

    def _empty_from(self, start: int) -> int | None:
        count = self.rows * self.columns
        for step in range(count):
            row, column = divmod((start + step) % count, self.columns)
            if self.cells[row][column].strip() in ("", "_"):
                return row * self.columns + column
        return None

    def _blank(self) -> list[list[str]]:
        return [[""] * self.columns for _ in range(self.rows)]

    def _cleaned(self, cells: Sequence[Sequence[str]]) -> list[list[str]]:
        self.check_shape(cells)
        return [[clean(text) for text in row] for row in cells]

    def check_shape(self, cells: Sequence[Sequence[object]]) -> None:
        """Raise `ValueError` where ``cells`` hasn't the shape of the table."""
        if len(cells) != self.rows or any(len(row) != self.columns for row in cells):
            got = ", ".join(str(len(row)) for row in cells) or "no rows"
            raise ValueError(
                f"cells: expected {self.rows} rows of {self.columns}, got rows of {got}"
            )
