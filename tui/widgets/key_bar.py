"""The last line of a screen: the keys that can be pressed now, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.binding import Binding
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from engine.language import mark_text, tr

if TYPE_CHECKING:
    from textual import events
    from textual.screen import Screen

KEY_NAMES = {
    "question_mark": "?",
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}

HELP_KEY = Binding(
    "f1",
    "app.help",
    mark_text("Help"),
    tooltip=mark_text("The keys that can be pressed now"),
    id="app.help",
)
"""The app's; a page that lies over another screen and hides the app's keys has it, too."""

ORDER = {"enter": 0, "f5": 2}
"""What comes first, and what gives way first; everything else stays in between."""


class Hint(NamedTuple):
    """A key and what it does."""

    key: str
    name: str
    description: str


def key_name(binding: Binding) -> str:
    """How a binding's key is called on the screen."""
    return binding.key_display or name_of(binding.key)


def name_of(key: str) -> str:
    """How a key is called: its sign where it has one, also behind ctrl and shift."""
    *held, last = key.split("+")
    return "+".join((*held, KEY_NAMES.get(last, last)))


def key_of(screen: Screen[object], action: str) -> str:
    """The key that does an action now, as it is called on the screen; empty if none does."""
    bindings = (active.binding for active in screen.active_bindings.values() if active.enabled)
    return next((key_name(binding) for binding in bindings if binding.action == action), "")


def hints(screen: Screen[object]) -> list[Hint]:
    """The keys of the screen that can be pressed now, the first one of each action."""
    found: dict[str, Hint] = {}
    for _, binding, enabled, _ in screen.active_bindings.values():
        if binding.show and enabled and binding.action not in found:
            found[binding.action] = Hint(binding.key, key_name(binding), tr(binding.description))
    return sorted(found.values(), key=lambda hint: ORDER.get(hint.key, 1))


class KeyBar(Widget):
    """One line with as many keys as fit; help stays to the last. A click presses the key."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        width: 1fr;
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $muted;
        text-wrap: nowrap;
        text-overflow: clip;
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._hints: list[Hint] = []

    def on_mount(self) -> None:
        """Follow the keys of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)
        self._follow(self.screen)

    def follow(self) -> None:
        """Show the keys that can be pressed now, in the language there is now."""
        self._hints = hints(self.screen)
        self.refresh()

    def _follow(self, screen: Screen[object]) -> None:
        if screen is not self.screen or not self.is_attached:
            return
        found = hints(screen)
        if found != self._hints:
            self._hints = found
            self.refresh()

    def render(self) -> Content:
        """The keys, whole ones only."""
        room = self.content_size.width
        parts = [(hint, len(hint.name) + 1 + len(hint.description) + 3) for hint in self._hints]
        keep = [wide for hint, wide in parts if hint.key == "f1"]
        room -= sum(keep)
        shown = []
        for hint, wide in parts:
            if hint.key != "f1":
                room -= wide
                if room < -3:
                    continue
            shown.append(
                Content.assemble((hint.name, "$foreground"), " ", hint.description).stylize(
                    Style.from_meta({"key": hint.key})
                )
            )
        return Content("   ").join(shown)

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        key = event.style.meta.get("key")
        if isinstance(key, str):
            self.app.simulate_key(key)
