"""The palette's commands: every action of the screen, and where one can go."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Self

from textual.app import ComposeResult
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.types import IgnoreReturnCallbackType
from textual.visual import VisualType
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from engine.language import mark_text, tr

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from tui.app import BackhandApp

PLACES = (
    ("home", mark_text("Home"), mark_text("Leave for the home screen; the place is kept")),
    ("quiz", mark_text("Quiz"), mark_text("Ten questions with new numbers")),
    ("explore", mark_text("Explore"), mark_text("Change a problem's numbers and see what follows")),
    ("progress", mark_text("Progress"), mark_text("Mastery by skill, what is due, mistakes")),
    ("conventions", mark_text("Conventions"), mark_text("What the letters and the numbers mean")),
    ("settings", mark_text("Settings"), mark_text("Language, theme, decimal sign, animation")),
    ("theme", mark_text("Light or dark"), mark_text("Switch between the light and the dark theme")),
    ("export", mark_text("Export"), mark_text("Write all your records to a file")),
    ("help", mark_text("Help"), mark_text("The keys that can be pressed now")),
    ("quit", mark_text("Quit"), mark_text("Leave Backhand; everything is kept")),
)


MOVING = frozenset({"move", "walk", "step", "go", "scroll_body", "scroll_page"})
"""Actions that one has at one's fingertips; in the palette they stand behind the others."""


class Command(NamedTuple):
    """One line of the palette."""

    title: str
    help: str
    run: IgnoreReturnCallbackType


class ActionProvider(Provider):
    """Everything that can be done now, under the name it has on the screen."""

    def _commands(self) -> Iterator[Command]:
        app: BackhandApp = self.app  # type: ignore[assignment]
        below = {f"app.{name}" for name, _, _ in PLACES} | {name for name, _, _ in PLACES}
        below.add("command_palette")
        seen: set[tuple[DOMNode, str]] = set()
        moving: list[Command] = []
        for node, binding, enabled, tooltip in self.screen.active_bindings.values():
            action = (node, binding.action)  # another widget's may have the same name
            if (
                not (enabled and binding.id and tooltip)
                or action in seen
                or binding.action in below
            ):
                continue
            seen.add(action)
            run = partial(app.run_action, binding.action, node)
            command = Command(tr(binding.description), tr(tooltip), run)
            if binding.action.partition("(")[0] in MOVING:
                moving.append(command)
            else:
                yield command
        for name, title, text in PLACES:
            yield Command(tr(title), tr(text), partial(app.run_action, f"app.{name}"))
        yield from moving
        for card in app.lesson_cards():
            title = tr("Lesson: {title}", title=card.title)
            yield Command(title, "", partial(app.open_lesson, card.id))

    async def discover(self) -> Hits:
        """All of it, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(Content(command.title), command.run, command.title, command.help)

    async def search(self, query: str) -> Hits:
        """What fits what is typed."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(command.title)
            if score > 0:
                title = Content(command.title)
                yield Hit(score, title, command.run, command.title, command.help)


class Commands(CommandList):
    """Textual's list of commands, in the learner's language; it may be clicked while it changes."""

    def add_option(self, option: Option | VisualType | None = None) -> Self:
        """The line that is no command says that nothing was found."""
        if isinstance(option, Option) and option.id == CommandPalette._NO_MATCHES:
            option = Option(Content(tr("Nothing has this name.")), option.id, disabled=True)
        return super().add_option(option)

    def _on_click(self, event: Click) -> None:  # type: ignore[override]
        """Leave a click on a line alone that has gone meanwhile."""
        if event.style.meta.get("option", -1) >= self.option_count:
            event.prevent_default()


class Palette(CommandPalette):
    """Textual's palette, whose list may be moved over where there is no room to see it."""

    def compose(self) -> ComposeResult:
        """What Textual's palette has, with a list of our own."""
        for widget in super().compose():
            yield Commands() if type(widget) is CommandList else widget

    async def _on_message(self, message: Message) -> None:
        """What is chosen or clicked twice before the palette went counts once."""
        chosen = isinstance(message, (Input.Submitted, OptionList.OptionSelected, Click))
        if self.app.screen is self or not chosen:
            await super()._on_message(message)

    def _action_command_list(self, action: str) -> None:
        """A list without lines, in a terminal that is too small, has none to move to."""
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)
