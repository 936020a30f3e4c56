"""The matrix that is typed, and once it is answered the right one beside it, cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Container

from engine.language import tr
from tui.answers import cell_echo, shown_cell, split_cells
from tui.shown import shown
from tui.widgets.blank import Blank
from tui.widgets.matrix_grid import MatrixGrid
from tui.widgets.question_words import texts, two_dimensional

if TYPE_CHECKING:
    from engine.expression.evaluate import Array
    from engine.marking.mark import Mark
    from engine.practice.question import Question

GUTTER = 3


class AnswerPair(Blank, Container):
    """Two grids; the right one is shown only where its numbers aren't the learner's."""

    DEFAULT_CSS = """
    AnswerPair {
        height: auto;
        layout: horizontal;
        & > MatrixGrid { max-height: 24; }
        #right { display: none; }
        &.-narrow { layout: vertical; }
        &.-narrow #right { margin-top: 1; }
    }
    """

    grid = getters.query_one("#grid", MatrixGrid)
    right = getters.query_one("#right", MatrixGrid)

    def compose(self) -> ComposeResult:
        """The learner's, then the right one."""
        yield MatrixGrid(1, 1, id="grid")
        yield MatrixGrid(1, 1, id="right")

    def show(self, question: Question, draft: str, right: Array | None) -> None:
        """What was typed, to be typed on; or with the right answer, to be read only."""
        rows, columns = two_dimensional(question.shape)
        cells = split_cells(draft, rows, columns) if draft else None
        done = right is not None
        self.grid.reset(rows, columns, cells=cells, label=question.symbol, read_only=done)
        self.grid.display, self.right.display = True, False
        if right is None:
            self._go_to_first_empty()
            return
        found = texts(right)
        if cells is None or [[shown_cell(text) for text in row] for row in cells] != found:
            typed = cells is not None and any(text for row in cells for text in row)
            label = tr("right") if typed else question.symbol
            written = [[shown(text) for text in row] for row in found]
            self.right.reset(rows, columns, cells=written, label=label, read_only=True)
            self.right.display = True
            self.grid.display = typed

    def _go_to_first_empty(self) -> None:
        cells = self.grid.cells
        if any(text for row in cells for text in row) and not self.grid.full:
            row = next(i for i, texts_of_row in enumerate(cells) if "" in texts_of_row)
            self.grid.move_to(row, cells[row].index(""))

    def mark(self, mark: Mark) -> None:
        """Show the verdict on each cell, and go to the first wrong one."""
        rows, columns = len(self.grid.cells), len(self.grid.cells[0])
        if not mark.cells or (len(mark.cells), len(mark.cells[0])) != (rows, columns):
            return
        self.grid.mark(mark.cells)
        wrong = [(i, row.index("wrong")) for i, row in enumerate(mark.cells) if "wrong" in row]
        if wrong and not mark.accepted:
            self.grid.move_to(*wrong[0])
            self.right.move_to(*wrong[0])

    @property
    def explained(self) -> MatrixGrid:
        """The grid whose cells are worked out."""
        return self.right if self.right.display else self.grid

    @property
    def beside(self) -> int:
        """How wide both are beside each other; 0 where there is only one."""
        if not (self.display and self.grid.display and self.right.display):
            return 0
        return self.grid.virtual_size.width + GUTTER + self.right.virtual_size.width

    def fit(self, width: int) -> None:
        """Put them beside each other, or below where there is no room."""
        pair = self.beside
        self.set_class(pair > width, "-narrow")
        own = self.grid.virtual_size.width
        self.grid.styles.width = own + GUTTER if 0 < pair <= width else "1fr"

    @on(MatrixGrid.CellMoved)
    def _moved(self, event: MatrixGrid.CellMoved) -> None:
        """Say how the cells that were left are read; or go along in the other matrix."""
        event.stop()
        if not self.grid.read_only:
            for row, texts_of_row in enumerate(self.grid.cells):
                for column, text in enumerate(texts_of_row):
                    if (row, column) != self.grid.cursor:
                        self.grid.set_echo(row, column, cell_echo(text))
        elif event.grid is self.right and self.right.display and self.grid.display:
            self.grid.move_to(*self.right.cursor)
        elif event.grid is self.grid and self.right.display and self.grid.has_focus:
            self.right.move_to(*self.grid.cursor)
