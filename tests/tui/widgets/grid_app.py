"""An app of one matrix grid, for tests: it keeps what the grid tells, and shows what it draws."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Button

from tui.widgets.matrix_grid import MatrixGrid
from tui.widgets.verdicts import verdict_variables


class GridApp(App[None]):
    """One grid and a button below it; keeps the grid's messages and the commands given."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "tell('h')"),
        Binding("?", "tell('?')"),
        Binding("1", "tell('1')"),
        Binding("enter", "tell('enter')"),
    ]

    def __init__(self, grid: MatrixGrid) -> None:
        super().__init__()
        self.grid = grid
        self.messages: list[Message] = []
        self.commands: list[str] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return verdict_variables(dark=True)

    def compose(self) -> ComposeResult:
        yield self.grid
        yield Button("below")

    def action_tell(self, command: str) -> None:
        self.commands.append(command)

    @on(MatrixGrid.Changed)
    @on(MatrixGrid.CellMoved)
    @on(MatrixGrid.Submitted)
    @on(MatrixGrid.Pasted)
    @on(MatrixGrid.Left)
    def keep(self, message: Message) -> None:
        self.messages.append(message)

    def told(self, kind: type[Message]) -> list[Message]:
        return [message for message in self.messages if isinstance(message, kind)]

    def submitted(self) -> list[str]:
        return [m.text for m in self.messages if isinstance(m, MatrixGrid.Submitted)]


def lines_of(grid: MatrixGrid) -> list[str]:
    return [grid.render_line(y).text.rstrip() for y in range(grid.size.height)]


def reversed_at(grid: MatrixGrid, y: int) -> list[tuple[int, str]]:
    """Column and text of what is drawn in reverse on a line: the caret."""
    found, x = [], 0
    for segment in grid.render_line(y):
        if segment.style is not None and segment.style.reverse:
            found.append((x, segment.text))
        x += segment.cell_length
    return found


def colour_of(grid: MatrixGrid, y: int, text: str) -> str:
    for segment in grid.render_line(y):
        if text in segment.text and segment.style and segment.style.color:
            return segment.style.color.name
    raise AssertionError(f"{text!r} is not on line {y}")
