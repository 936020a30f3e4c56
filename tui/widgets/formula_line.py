"""One line for a formula, and beneath it how it is read while one types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from engine.language import mark_text


class FormulaInput(Input):
    """A text field that leaves the question mark to the hints."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "submit",
            mark_text("Check"),
            tooltip=mark_text("Check the formula"),
            id="formula.check",
        ),
        Binding(
            "f5",
            "submit",
            mark_text("Check"),
            tooltip=mark_text("Check the formula"),
            id="formula.check_now",
            show=False,
        ),
        Binding(
            "escape",
            "leave",
            mark_text("Commands"),
            tooltip=mark_text("Leave the line, so that single letters are commands"),
            id="formula.leave",
        ),
    ]

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Everything that can be printed but the question mark."""
        return character != "?" and super().check_consume_key(key, character)

    async def _on_key(self, event: events.Key) -> None:
        if event.character == "?":
            event.prevent_default()  # the field's own handler would type it

    def action_leave(self) -> None:
        """Give up the focus; on a screen that was left meanwhile there is none."""
        if self.is_attached:
            self.screen.set_focus(None)


class FormulaLine(Vertical):
    """``∂L/∂H₁ = `` and a text field; beneath it the echo."""

    DEFAULT_CSS = """
    FormulaLine {
        height: auto;
        #formula-row { height: 1; }
        #formula-label { width: auto; }
        #formula-input {
            width: 1fr;
            height: 1;
            max-width: 60;
            background: $foreground 8%;
            &:disabled { opacity: 100%; background: transparent; color: $foreground; }
        }
        #formula-echo { color: $muted; height: auto; min-height: 1; }
    }
    """

    @dataclass
    class Changed(Message):
        """The learner changed the formula."""

        text: str

    @dataclass
    class Submitted(Message):
        """The learner wants the formula to be checked."""

        text: str

    def compose(self) -> ComposeResult:
        """The row, and the echo beneath."""
        with Horizontal(id="formula-row"):
            yield Static(id="formula-label", markup=False)
            field = FormulaInput(id="formula-input", compact=True, select_on_focus=False)
            field.cursor_blink = False
            yield field
        yield Static(id="formula-echo", markup=False)

    @property
    def field(self) -> FormulaInput:
        """The text field."""
        return self.query_one(FormulaInput)

    def show(self, label: str, text: str, *, read_only: bool) -> None:
        """Become the line of another question, with a draft in it."""
        self.query_one("#formula-label", Static).update(Content(f"{label} = "))
        with self.prevent(Input.Changed):
            self.field.value = text
        self.field.cursor_position = len(text)
        self.field.disabled = read_only
        self.echo("")

    def echo(self, text: str) -> None:
        """Show how the formula is read."""
        echo = self.query_one("#formula-echo", Static)
        echo.update(Content(text))
        echo.visible = bool(text)
        echo.display = bool(text) or not self.field.disabled

    @on(Input.Changed)
    def _tell_change(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _tell_submission(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(event.value))
