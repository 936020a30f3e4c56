"""What the pages with one menu have in common: a title, a few words, the menu, the keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from engine.language import mark_text
from tui.widgets.key_bar import KeyBar
from tui.widgets.menu import Menu

if TYPE_CHECKING:
    from tui.app import BackhandApp


def close_key(page: str, name: str) -> Binding:
    """The key that closes a page, whose ids begin with its name; ``name`` is where one gets to."""
    tooltip = mark_text("Leave this page")
    return Binding("q,й,escape", "close", name, tooltip=tooltip, id=f"{page}.close")


class MenuPage(Screen[None]):
    """A page whose menu takes the keys; what it says and offers is the page's own."""

    CSS_PATH = "progress.tcss"
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012

    MENU: ClassVar[type[Menu]] = Menu

    menu = getters.query_one(Menu)

    if TYPE_CHECKING:
        app = getters.app(BackhandApp)

    def compose(self) -> ComposeResult:
        """The title, the words, the menu, and what a page has around it."""
        with VerticalScroll(id="body", can_focus=False):
            yield Static(id="title", markup=False)
            yield Static(id="sum", markup=False)
            yield from self.above_menu()
            yield self.MENU()
            yield from self.below_menu()
        yield KeyBar()

    def on_mount(self) -> None:
        """The menu takes the keys."""
        self.retranslate()
        self.menu.focus(scroll_visible=False)

    def retranslate(self) -> None:
        """Write every text in the language there is now."""
        self.query_one("#title", Static).update(Content(self.heading))
        self.query_one("#sum", Static).update(Content(self.about))
        self.show_items()

    # What a page decides for itself.

    @property
    def heading(self) -> str:
        """The title."""
        raise NotImplementedError

    @property
    def about(self) -> str:
        """The words beneath it."""
        raise NotImplementedError

    def show_items(self) -> None:
        """Fill the menu."""
        raise NotImplementedError

    def above_menu(self) -> Iterator[Widget]:
        """What stands between the words and the menu."""
        yield from ()

    def below_menu(self) -> Iterator[Widget]:
        """What stands below the menu."""
        yield from ()
