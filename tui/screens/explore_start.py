"""Where exploring begins: a problem is chosen."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import BindingType

from engine.language import mark_text, tr
from tui.screens.menu_page import MenuPage, close_key
from tui.widgets.menu import Item, Menu


class ExploreStartScreen(MenuPage):
    """A menu of the built-in problems."""

    BINDINGS: ClassVar[list[BindingType]] = [close_key("explore_start", mark_text("Home"))]

    @property
    def heading(self) -> str:
        """The title."""
        return tr("Explore")

    @property
    def about(self) -> str:
        """What one can do here."""
        return tr("Change any number, run gradient descent, and see what follows.")

    def show_items(self) -> None:
        """Every lesson's problem; the marked one stays."""
        here = self.menu.index
        self.menu.show([Item(card.id, card.title) for card in self.app.lesson_cards()])
        self.menu.index = here

    @on(Menu.Chosen)
    def _begin(self, event: Menu.Chosen) -> None:
        event.stop()
        self.app.open_explore(event.key)

    def action_close(self) -> None:
        """Go home."""
        self.app.open_home()
