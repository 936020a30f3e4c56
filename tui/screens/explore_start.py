"""Where exploring begins: a problem is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from engine.language import mark_text, tr
from tui.widgets.key_bar import KeyBar
from tui.widgets.menu import Item, Menu

if TYPE_CHECKING:
    from tui.app import BackhandApp


class ExploreStartScreen(Screen[None]):
    """A menu of the built-in problems."""

    CSS_PATH = "progress.tcss"
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "q,й,escape",
            "close",
            mark_text("Home"),
            tooltip=mark_text("Leave this page"),
            id="explore_start.close",
        ),
    ]

    menu = getters.query_one(Menu)

    if TYPE_CHECKING:
        app = getters.app(BackhandApp)

    def compose(self) -> ComposeResult:
        """A title, a sentence and the menu."""
        with VerticalScroll(id="body", can_focus=False):
            yield Static(id="title", markup=False)
            yield Static(id="sum", markup=False)
            yield Menu()
        yield KeyBar()

    def on_mount(self) -> None:
        """The menu takes the keys."""
        self.retranslate()
        self.menu.focus(scroll_visible=False)

    def retranslate(self) -> None:
        """Write every text in the language there is now."""
        here = self.menu.index
        self.query_one("#title", Static).update(Content(tr("Explore")))
        about = tr("Change any number, run gradient descent, and see what follows.")
        self.query_one("#sum", Static).update(Content(about))
        self.menu.show([Item(card.id, card.title) for card in self.app.lesson_cards()])
        self.menu.index = here

    @on(Menu.Chosen)
    def _begin(self, event: Menu.Chosen) -> None:
        event.stop()
        self.app.open_explore(event.key)

    def action_close(self) -> None:
        """Go home."""
        self.app.open_home()
