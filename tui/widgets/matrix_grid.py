"""A matrix to be filled in: one widget that draws its cells and edits them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from engine.language import mark_text
from tui.widgets.cell_keys import erasing_keys, walking_keys
from tui.widgets.cell_table import CellTable, Place
from tui.widgets.cell_text import belongs_in_cell, clean, holds_separators
from tui.widgets.grid_canvas import GridCanvas
from tui.widgets.verdicts import Verdict

WRITING_ACTIONS = frozenset({"next_empty", "check", "edit"})


class MatrixGrid(GridCanvas, can_focus=True):
    """A matrix whose cells are typed, one after the other, with digits and Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "next_empty",
            mark_text("Next cell / check"),
            tooltip=mark_text("Go to the next empty cell; check when no cell is empty"),
            id="grid.next",
        ),
        Binding(
            "f5",
            "check",
            mark_text("Check"),
            tooltip=mark_text("Check what is typed so far"),
            id="grid.check",
        ),
        Binding(
            "escape",
            "leave",
            mark_text("Commands"),
            tooltip=mark_text("Leave the matrix, so that single letters are commands"),
            id="grid.leave",
        ),
        Binding(
            "f2",
            "edit('edit')",
            mark_text("Edit cell"),
            tooltip=mark_text("Change the text of this cell instead of replacing it"),
            show=False,
            id="grid.edit",
        ),
        Binding(
            "ctrl+z,ctrl+я",
            "edit('undo')",
            mark_text("Undo"),
            tooltip=mark_text("Take back the last change of a cell"),
            show=False,
            id="grid.undo",
        ),
        *walking_keys("grid"),
        Binding(
            "tab",
            "step(1)",
            mark_text("Next cell"),
            show=False,
            tooltip=mark_text("Go to the next cell"),
            id="grid.forward",
        ),
        Binding(
            "shift+tab",
            "step(-1)",
            mark_text("Previous cell"),
            show=False,
            tooltip=mark_text("Go to the cell before"),
            id="grid.back",
        ),
        *erasing_keys("grid", "edit"),
    ]

    read_only: reactive[bool] = reactive(False, toggle_class="-read-only", bindings=True)
    """While true, cells can be walked over but not changed, and every other key is let through."""

    @dataclass
    class GridMessage(Message):
        """A message of a grid; ``control`` is the grid, so that ``@on`` can select by it."""

        grid: MatrixGrid

        @property
        def control(self) -> MatrixGrid:
            """The grid that sent the message."""
            return self.grid

    @dataclass
    class Changed(GridMessage):
        """The learner changed the text of a cell."""

        row: int
        column: int
        text: str

    @dataclass
    class CellMoved(GridMessage):
        """The cursor stands on another cell."""

        row: int
        column: int

    @dataclass
    class Submitted(GridMessage):
        """The learner wants ``text``, all cells in one line, to be checked."""

        text: str

    @dataclass
    class Pasted(GridMessage):
        """A text that may be a whole matrix was pasted, as it came; nothing was changed yet."""

        text: str

    @dataclass
    class Left(GridMessage):
        """The learner left the grid, which has lost the focus."""

    def __init__(
        self,
        rows: int,
        columns: int,
        *,
        cells: Sequence[Sequence[str]] | None = None,
        label: str = "",
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        """An empty grid, or one with a draft in it; a draft of another shape raises `ValueError`.

        ``label`` says what the matrix is; it is drawn before it, with an equals sign.
        """
        table = CellTable(rows, columns, cells)
        super().__init__(table, label=label, id=id, classes=classes, disabled=disabled)
        self.moved: Callable[[MatrixGrid], None] | None = None  # a message would paint later

    # What stands in the grid.

    @property
    def cells(self) -> list[list[str]]:
        """The texts as typed, a list a row; a copy."""
        return [list(row) for row in self._table.cells]

    @property
    def text(self) -> str:
        """The cells in one line: rows separated by ``; ``, cells by blanks, ``_`` where empty."""
        return self._table.line

    @property
    def cursor(self) -> Place:
        """Row and column, from 0, of the cell that the cursor stands on."""
        return self._table.cursor

    @property
    def editing(self) -> bool:
        """Whether typing adds to the cell's text; otherwise it replaces it."""
        return self._table.caret is not None

    @property
    def full(self) -> bool:
        """Whether no cell is empty."""
        return self._table.full

    def reset(
        self,
        rows: int,
        columns: int,
        *,
        cells: Sequence[Sequence[str]] | None = None,
        label: str = "",
        read_only: bool = False,
    ) -> None:
        """Become another grid, as if made anew; see the constructor."""
        self.show_table(CellTable(rows, columns, cells), label, compact=read_only)
        self.read_only = read_only

    def fill(self, rows: Sequence[Sequence[str]]) -> None:
        """Put a text into every cell, and the cursor on the first empty one; undo takes it back.

        No `Changed` is posted. Another shape than the grid's raises `ValueError`.
        """
        self._apply(lambda: self._table.fill(rows), tell=False)

    def clear(self) -> None:
        """Empty every cell; undo takes it back. No `Changed` is posted."""
        self.fill([[""] * self._table.columns] * self._table.rows)

    def mark(self, marks: Sequence[Sequence[Verdict]]) -> None:
        """Show a verdict behind each cell until it is edited; an empty sequence shows none.

        What is typed next replaces the cell under the cursor.
        """
        table = self._table
        marks = marks or [[""] * table.columns] * table.rows
        table.check_shape(marks)
        table.marks = [list(row) for row in marks]
        table.go(*table.cursor)
        self.refresh()

    def set_echo(self, row: int, column: int, echo: str) -> None:
        """Show how a cell was read, dimmed beside it, until it is edited; ``""`` shows nothing."""
        self._table.echoes[row][column] = clean(echo)
        self.show_cells([(row, column)])

    def begin(self, character: str = "") -> None:
        """Take the focus and, given a character, type it as if the cursor had just arrived."""
        self.focus()
        if character:
            self._table.go(*self.cursor)
            self.insert(character)

    def insert(self, text: str) -> None:
        """Type a text at the caret; in a cell just arrived at it replaces what stood there."""
        if not self.read_only:
            self._apply(lambda: self._table.insert(text))

    def move_to(self, row: int, column: int) -> None:
        """Put the cursor on a cell; beyond the edge it stays at the edge."""
        self._apply(lambda: self._table.go(row, column))

    # Keys and mouse.

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Keys that type into the grid are its own, whatever is bound to them elsewhere."""
        if self.read_only or character is None:
            return False
        return character in (" ", ";") or belongs_in_cell(character)

    def on_key(self, event: events.Key) -> None:
        """Type a character into the cell; a blank or a semicolon may end the cell or the row."""
        character = event.character
        if character is None or not self.check_consume_key(event.key, character):
            return
        event.stop()
        event.prevent_default()
        match character:
            case " ":
                self._apply(self._table.blank)
            case ";":
                self._apply(self._table.next_row)
            case _:
                self.insert(character)

    def on_paste(self, event: events.Paste) -> None:
        """Type a pasted number into the cell; leave what may be a matrix to the owner."""
        event.stop()
        if self.read_only or not event.text.strip():
            return
        if holds_separators(event.text):
            self.post_message(self.Pasted(self, event.text))
        else:
            self.insert(clean(event.text))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the cell that was clicked; a second click edits it."""
        self.move_to(*self.place_at(*event.get_content_offset_capture(self)))
        if event.chain > 1 and not self.read_only:
            self.action_edit("edit")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What changes or submits cells is off, and its keys let through, while read-only."""
        return not (self.read_only and action in WRITING_ACTIONS)

    def action_next_empty(self) -> None:
        """Go to the next empty cell in reading order, round the end; with none left, submit."""
        if self.full:
            self.action_check()
        else:
            self._apply(self._table.next_empty)

    def action_check(self) -> None:
        """Submit what stands in the grid."""
        self.post_message(self.Submitted(self, self.text))

    def action_leave(self) -> None:
        """Give up the focus; on a screen that was left meanwhile there is none."""
        if not self.is_attached:
            return
        self.move_to(*self.cursor)
        self.screen.set_focus(None)
        self.post_message(self.Left(self))

    def action_step(self, cells: int) -> None:
        """Go on in reading order; beyond the first and the last cell the focus moves on."""
        if not self._apply(lambda: self._table.step(cells)):
            raise SkipAction

    def action_walk(self, operation: str) -> None:
        """Move the cursor or the caret: one of the table's operations that move."""
        self._apply(getattr(self._table, operation))

    def action_edit(self, operation: str) -> None:
        """Begin to edit, or change a text: one of the table's operations that change texts."""
        self._apply(getattr(self._table, operation))

    def _apply(self, operation: Callable[[], list[Place] | None], *, tell: bool = True) -> bool:
        """Let the table do something, show it, tell it; whether the cursor moved."""
        table = self._table
        before = table.cursor
        changed = operation() or []
        if changed:
            self.show_cells([before, *changed, table.cursor])
        else:
            self.show_move(before)
        self.show_cursor()
        if tell:
            for row, column in changed:
                self.post_message(self.Changed(self, row, column, table.cells[row][column]))
        if table.cursor == before:
            return False
        if self.moved is not None:
            self.moved(self)
        self.post_message(self.CellMoved(self, *table.cursor))
        return True
