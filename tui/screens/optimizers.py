"""The optimizers to choose from, each with its rule."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from engine.language import mark_text, tr
from tui.steady import ClosesOnce
from tui.widgets.key_bar import HELP_KEY, KeyBar
from tui.widgets.menu import Item, Menu

RULES = {
    "sgd": "W - ηg",
    "momentum": "m ← βm + ηg,   W - m",
    "nesterov": "m ← βm + ηg(W - βm),   W - m",
    "adagrad": "v ← v + g²,   W - ηg/(√v + ε)",
    "rmsprop": "v ← ρv + (1-ρ)g²,   W - ηg/(√v + ε)",
    "adam": "m ← β₁m + (1-β₁)g,   v ← β₂v + (1-β₂)g²,   W - ηm̂/(√v̂ + ε)",
    "adamw": "W ← W - ηλW,   m, v = adam,   W - ηm̂/(√v̂ + ε)",
}


class OptimizerScreen(ClosesOnce, ModalScreen[str]):
    """Returns the optimizer that was chosen; nothing where one went back."""

    CSS_PATH = "page.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (60, "-roomy")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,q,й",
            "close",
            mark_text("Back"),
            tooltip=mark_text("Leave this page"),
            id="optimizers.close",
        ),
        HELP_KEY,
    ]

    menu = getters.query_one(Menu)

    def __init__(self, chosen: str) -> None:
        super().__init__()
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """A title and the menu."""
        with VerticalScroll(id="page", can_focus=False):
            yield Static(id="title", markup=False)
            yield Menu()
        yield KeyBar()

    def on_mount(self) -> None:
        """The optimizer that there is now is marked."""
        self.retranslate()
        self.menu.index = [*RULES].index(self._chosen)
        self.menu.focus()

    def retranslate(self) -> None:
        """Write the title in the language there is now."""
        self.query_one("#title", Static).update(Content(tr("Optimizer")))
        here = self.menu.index
        self.menu.show([Item(name, name, rule) for name, rule in RULES.items()])
        self.menu.index = here

    @on(Menu.Chosen)
    def _choose(self, event: Menu.Chosen) -> None:
        event.stop()
        self.dismiss(event.key)

    def action_close(self) -> None:
        """Back, with nothing chosen."""
        self.dismiss(None)
