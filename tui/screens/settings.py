"""The settings: a line each, changed with Enter or with the arrows, at work at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from engine.language import LANGUAGES, language, mark_text, tr
from tui.settings import FILE, THEME_NAMES, Settings
from tui.widgets.key_bar import HELP_KEY, KeyBar
from tui.widgets.menu import Item, Menu

if TYPE_CHECKING:
    from tui.app import BackhandApp

LANGUAGE_NAMES = {"en": "English", "ru": "Русский"}
THEME_WORDS = {
    "dark": mark_text("dark"),
    "light": mark_text("light"),
    "contrast": mark_text("dark, high contrast"),
    "colour-blind": mark_text("dark, for colour-blind eyes"),
}
CHOICES: dict[str, Sequence[Any]] = {
    "language": LANGUAGES,
    "theme": THEME_NAMES,
    "decimal_comma": (False, True),
    "animation": (True, False),
}
"""What each setting may be, in the order in which Enter goes through it."""


def setting_items(settings: Settings) -> list[Item]:
    """A line for each setting, with what it is now."""
    sign = tr("comma (0,5)") if settings.decimal_comma else tr("point (0.5)")
    return [
        Item("language", tr("Language: {value}", value=LANGUAGE_NAMES[language()])),
        Item("theme", tr("Theme: {value}", value=tr(THEME_WORDS[settings.theme]))),
        Item("decimal_comma", tr("Decimal sign: {value}", value=sign)),
        Item(
            "animation",
            tr("Animation: {value}", value=tr("on") if settings.animation else tr("off")),
        ),
    ]


class Page(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The scrolled part; it leaves left and right to changing a setting."""


class SettingsMenu(Menu):
    """A setting a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "choose",
            mark_text("Change"),
            tooltip=mark_text("Change the marked setting"),
            id="settings.change",
            show=False,
        ),
    ]


class SettingsScreen(ModalScreen[None]):
    """A menu whose lines change when they are chosen."""

    CSS_PATH = "page.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (60, "-roomy")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,f9,q,й",
            "close",
            mark_text("Close"),
            tooltip=mark_text("Close the settings; they are kept"),
            id="settings.close",
        ),
        Binding(
            "right",
            "turn(1)",
            mark_text("Change"),
            key_display="←→",
            tooltip=mark_text("Change the marked setting"),
            id="settings.next",
        ),
        Binding(
            "left",
            "turn(-1)",
            mark_text("Change back"),
            tooltip=mark_text("Change the marked setting the other way"),
            id="settings.previous",
            show=False,
        ),
        HELP_KEY,
    ]

    menu = getters.query_one(SettingsMenu)

    if TYPE_CHECKING:
        app = getters.app(BackhandApp)

    def compose(self) -> ComposeResult:
        """A title, the settings, where they are kept."""
        with Page(id="page"):
            yield Static(id="title", markup=False)
            yield SettingsMenu(setting_items(self.app.settings))
            yield Static(id="kept", classes="keys", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Write the texts, unless the screen was left at once."""
        if self in self.app.screen_stack:
            self.retranslate()
            self.menu.focus(scroll_visible=False)

    def retranslate(self) -> None:
        """Write every text anew, in the language there is now."""
        self.query_one("#title", Static).update(Content(tr("Settings")))
        path = self.app.places.path.with_name(FILE)
        kept = tr("Kept in {path}. Keys of your own go there, under [keys].", path=path)
        self.query_one("#kept", Static).update(Content.styled(kept, "$muted"))
        here = self.menu.index
        self.menu.show(setting_items(self.app.settings))
        self.menu.index = here

    @on(Menu.Chosen)
    def _chosen(self, event: Menu.Chosen) -> None:
        event.stop()
        self._turn(event.key, 1)

    def action_turn(self, step: int) -> None:
        """Give the marked setting its next value."""
        self._turn(self.menu.items[self.menu.index].key, step)

    def _turn(self, key: str, step: int) -> None:
        settings, choices = self.app.settings, CHOICES[key]
        now = language() if key == "language" else getattr(settings, key)
        after = choices[(choices.index(now) + step) % len(choices)]
        self.app.change_settings(replace(settings, **{key: after}))

    def action_close(self) -> None:
        """Close the settings."""
        self.dismiss()
