"""Help for what is focused: the keys that can be pressed now, each with what it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from engine.language import mark_text, tr
from tui.widgets.key_bar import KeyBar, name_of

if TYPE_CHECKING:
    from tui.app import BackhandApp

ABOUT = {
    "MatrixGrid": mark_text(
        "You are in a matrix. Typing begins a cell, Enter goes to the next empty one, and when "
        "none is empty it checks. Arrows and Tab move, a matrix can be pasted."
    ),
    "FormulaInput": mark_text(
        "You are typing a formula. Beneath the line you see how it is read: W1 is W₁, @ or · the "
        "matrix product, * or ⊙ cell by cell, .T the transpose, [H1 > 0] the mask."
    ),
    "ValueSheet": mark_text(
        "Every number of the network. Those behind := are given: type over one, and everything "
        "follows; ▴ has grown, ▾ has shrunk by it. Arrows move over all cells, Tab over the given "
        "ones. S makes a step of gradient descent, V goes to the curve of the loss."
    ),
    "RunPanel": mark_text(
        "The runs, side by side. Left and right move along the steps, and the values show the "
        "weights of that step; up and down choose a run. A new learning rate or optimizer begins "
        "where the run before began."
    ),
    "NudgeLine": mark_text(
        "Type by how much the number is changed, and Enter says what the loss does: ΔL/Δ beside "
        "the gradient. The number itself stays as it is."
    ),
    "OptionsView": mark_text(
        "Choose with a digit, or with the arrows; Enter checks. Nothing counts before that."
    ),
    "SettingsMenu": mark_text(
        "A setting a line. Enter or an arrow to the side changes the marked one, and it is at work "
        "at once."
    ),
    "Menu": mark_text("Choose a line with the arrows and Enter, or with its digit."),
    "SessionScreen": mark_text(
        "Single letters are commands now, on both keyboard layouts. Enter or a digit goes back to "
        "the answer."
    ),
    "ConventionsScreen": mark_text("What the letters and the numbers mean. Enter goes on."),
}
"""What is said about a focused widget, or about a screen where nothing is focused, by class."""

ANSWERED = mark_text(
    "The question is answered, and Enter goes on. The arrows move over the cells of a matrix; each "
    "is worked out below."
)


class KeyHelp(NamedTuple):
    """The keys of one action, and what it does."""

    keys: str
    text: str


def key_helps(screen: Screen[object]) -> list[KeyHelp]:
    """Every action of a screen that can be done now, with all its keys."""
    found: dict[str, tuple[list[str], str]] = {}
    for _, binding, enabled, tooltip in screen.active_bindings.values():
        if not (enabled and tooltip and binding.id):
            continue
        name = name_of(binding.key)
        if name.startswith("U+") or len(binding.key.split("_")) > 2:
            continue
        keys, _ = found.setdefault(binding.action, ([], tooltip))
        if name not in keys:
            keys.append(name)
    return [KeyHelp(", ".join(keys), tr(text)) for keys, text in found.values()]


def about(screen: Screen[object]) -> str:
    """What is focused, and how it is used."""
    if getattr(screen, "done", False):
        return tr(ANSWERED)
    names = [each.__name__ for at in (screen.focused, screen) for each in type(at).__mro__]
    return next((tr(ABOUT[name]) for name in names if name in ABOUT), "")


class HelpScreen(ModalScreen[None]):
    """What is focused, and its keys."""

    CSS_PATH = "page.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (60, "-roomy")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,enter,f1,q,й",
            "close",
            mark_text("Close"),
            tooltip=mark_text("Close the help"),
            id="help.close",
        ),
        Binding(
            "c,с",
            "conventions",
            mark_text("Conventions"),
            tooltip=mark_text("What the letters and the numbers mean"),
            id="help.conventions",
        ),
        Binding(
            "down,pagedown,space",
            "scroll_page(1)",
            mark_text("Scroll"),
            key_display="↑↓",
            tooltip=mark_text("Show what is further below"),
            id="help.down",
        ),
        Binding(
            "up,pageup",
            "scroll_page(-1)",
            mark_text("Scroll up"),
            tooltip=mark_text("Show what is further above"),
            id="help.up",
            show=False,
        ),
    ]

    if TYPE_CHECKING:
        app = getters.app(BackhandApp)

    def __init__(self, text: str, keys: Sequence[KeyHelp]) -> None:
        super().__init__()
        self._about = text
        self._keys = keys

    def compose(self) -> ComposeResult:
        """What is focused; then a key a line."""
        width = max((cell_len(key.keys) for key in self._keys), default=0)
        with VerticalScroll(id="page", can_focus=False):
            yield Static(Content(tr("Help")), id="title", markup=False)
            if self._about:
                yield Static(Content(self._about), classes="keys", markup=False)
            for key in self._keys:
                with Horizontal(classes="key"):
                    yield Static(Content(key.keys.rjust(width)), classes="name", markup=False)
                    yield Static(Content(key.text), classes="text", markup=False)
        yield KeyBar()

    def action_close(self) -> None:
        """Close the help."""
        self.dismiss()

    def action_conventions(self) -> None:
        """Show the conventions instead."""
        self.dismiss()
        self.app.action_conventions()

    def action_scroll_page(self, direction: int) -> None:
        """Scroll by a few lines."""
        self.query_one("#page").scroll_relative(y=3 * direction, animate=False)
