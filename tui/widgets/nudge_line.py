"""One number to be typed: by how much a cell is nudged."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from engine.language import mark_text
from tui.widgets.matrix_grid import MatrixGrid


class NudgeLine(MatrixGrid):
    """A grid of one cell that asks for a nudge; Enter tries it, Escape has had enough."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "check",
            mark_text("Nudge"),
            tooltip=mark_text("See what the loss does when the cell is changed by this"),
            id="nudge.try",
        ),
        Binding(
            "escape",
            "leave",
            mark_text("Back"),
            tooltip=mark_text("Go back to the values"),
            id="nudge.leave",
        ),
    ]

    def __init__(self) -> None:
        super().__init__(1, 1)

    def propose(self, amount: str, label: str) -> None:
        """Ask for the nudge of what is called by the label; what is typed replaces the amount."""
        self.reset(1, 1, cells=[[amount]], label=label)
