"""A list to choose from: arrows, digits, Enter, or a click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from engine.language import mark_text, tr
from tui.widgets.bars import progress_line

BAR = 20
NARROW = 60


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a menu."""

    key: str
    """What is sent when it is chosen."""
    title: str
    detail: str = ""
    """A second line, dimmed."""
    done: int = 0
    total: int = 0
    """How far it is: shown as a bar where there is a total."""
    heading: str = ""
    """Begins a new section under these words; a blank line where it is a blank."""


class Menu(Widget, can_focus=True):
    """Items below each other, one of them marked; posts `Chosen`."""

    DEFAULT_CSS = """
    Menu {
        width: 1fr;
        height: auto;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "up",
            "move(-1)",
            mark_text("Up"),
            tooltip=mark_text("Mark the line above"),
            id="menu.up",
            show=False,
        ),
        Binding(
            "down",
            "move(1)",
            mark_text("Choose"),
            key_display="↑↓",
            tooltip=mark_text("Mark the line below"),
            id="menu.down",
        ),
        Binding(
            "home",
            "move(-1000)",
            mark_text("First"),
            tooltip=mark_text("Mark the first line"),
            id="menu.first",
            show=False,
        ),
        Binding(
            "end",
            "move(1000)",
            mark_text("Last"),
            tooltip=mark_text("Mark the last line"),
            id="menu.last",
            show=False,
        ),
        Binding(
            "enter",
            "choose",
            mark_text("Open"),
            tooltip=mark_text("Open the marked line"),
            id="menu.choose",
        ),
    ]

    NUMBERED: ClassVar[bool] = True
    """Whether the digits choose lines; otherwise they are left to others."""

    index: reactive[int] = reactive(0)

    @dataclass
    class Chosen(Message):
        """An item was chosen."""

        menu: Menu
        key: str

        @property
        def control(self) -> Menu:
            """The menu that the item stands in."""
            return self.menu

    @dataclass
    class Left(Message):
        """One wants to move on from the last line, or back from the first."""

        menu: Menu
        direction: int
        """1 or -1."""

    def __init__(self, items: Sequence[Item] = (), *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._items = list(items)

    @property
    def items(self) -> list[Item]:
        """The items, in order."""
        return self._items

    def show(self, items: Sequence[Item]) -> None:
        """Show other items, the first one marked."""
        self._items = list(items)
        self.index = 0
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All lines."""
        return max(len(self._lines(width)), 1)

    def render(self) -> Content:
        """All lines at the width there is."""
        return Content("\n").join(line for line, _ in self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[tuple[Content, int]]:
        """Each line with the index of its item, -1 for a heading."""
        lines: list[tuple[Content, int]] = []
        for index, item in enumerate(self._items):
            if item.heading:
                if lines:
                    lines.append((Content(""), -1))
                if item.heading.strip():
                    lines.append((self._heading(item, width), -1))
            here = index == self.index and self.has_focus
            style = "bold $accent" if here else "$foreground"
            title = Content.assemble(
                ("▸ " if here else "  ", "$accent"), self._mark(index), "  ", (item.title, style)
            )
            if item.total:
                title = self._with_progress(title, item, width)
            lines.append((title, index))
            if item.detail:
                lines.append((Content.assemble("     ", (item.detail, "$muted")), index))
        return lines

    def _mark(self, index: int) -> tuple[str, str]:
        """One character in front of an item, and its style: the digit that chooses it."""
        return (str(index + 1) if index < 9 else " ", "$muted")

    def _heading(self, item: Item, width: int) -> Content:
        return Content.styled(item.heading, "$muted")

    def _with_progress(self, title: Content, item: Item, width: int) -> Content:
        bar = BAR if width >= NARROW else 0
        count = tr("{done} of {total}", done=item.done, total=item.total)
        room = width - cell_len(count) - (bar + 2 if bar else 0) - 2
        if title.cell_length > room:
            title = title.truncate(max(room, 8), ellipsis=True)
        gap = " " * (room - title.cell_length + 2)
        tail = Content.assemble("  ", progress_line(item.done, item.total, bar)) if bar else ""
        return Content.assemble(title, gap, (count, "$muted"), tail)

    def action_move(self, lines: int) -> None:
        """Mark another item; at the edges the mark stays, and who shows the menu is told."""
        if not self._items:
            return
        before = self.index
        self.index = min(max(self.index + lines, 0), len(self._items) - 1)
        if self.index == before:
            self.post_message(self.Left(self, 1 if lines > 0 else -1))

    def action_choose(self) -> None:
        """Send the marked item."""
        if self._items:
            self.post_message(self.Chosen(self, self._items[self.index].key))

    def watch_index(self) -> None:
        """Keep the marked line in view."""
        if self.is_attached and self.has_focus:
            self.keep_in_view()

    def keep_in_view(self) -> None:
        """Scroll so far that the marked line is seen, and the heading above it if there is room."""
        lines = [at for _, at in self._lines(self.content_size.width or 80)]
        if self.index not in lines or not self.is_mounted:
            return
        around = (each for each in self.ancestors if isinstance(each, Widget))
        body = next((each for each in around if each.max_scroll_y > 0), None)
        if body is None:
            return
        if self.index == 0 and self.screen.focus_chain[:1] == [self]:
            body.scroll_home(animate=False)  # what stands above the menu is seen, too
            return
        first, last = lines.index(self.index), len(lines) - 1 - lines[::-1].index(self.index)
        top = max((at for at in range(first) if lines[at] < 0), default=first)
        if last - top >= body.content_size.height:
            top = first
        above = self.content_region.y - body.content_region.y + body.scroll_offset.y
        region = Region(0, int(above) + top, 1, last - top + 1)
        body.scroll_to_region(region, animate=False)

    def on_key(self, event: events.Key) -> None:
        """A digit chooses its line at once."""
        if self.NUMBERED and event.character and event.character in "123456789":
            event.stop()
            self.choose_line(int(event.character))

    def choose_line(self, number: int) -> None:
        """Choose the line with this number, counted from 1, if there is one."""
        if number <= len(self._items):
            self.index = number - 1
            self.action_choose()

    def on_click(self, event: events.Click) -> None:
        """A click chooses the line."""
        offset = event.get_content_offset(self)
        lines = self._lines(self.content_size.width)
        if offset is not None and offset.y < len(lines) and lines[offset.y][1] >= 0:
            self.index = lines[offset.y][1]
            self.action_choose()

    def on_focus(self) -> None:
        """The mark shows with the focus."""
        self.keep_in_view()
        self.refresh()

    def on_blur(self) -> None:
        """The mark hides without the focus."""
        self.refresh()
