"""Every matrix of a network on one sheet, with a cursor; given ones are typed over in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.widgets.cell_table import CellTable
from tui.widgets.cell_text import STARTS_TYPING, belongs_in_cell, clean, holds_separators
from tui.widgets.sheet_canvas import SheetCanvas
from tui.widgets.sheet_keys import SHEET_KEYS
from tui.widgets.sheet_layout import Place


class ValueSheet(SheetCanvas, can_focus=True):
    """Shows blocks of numbers; posts what is typed and decides nothing.

    Digits begin to type over a given cell, Enter changes its text; while nothing is typed letters
    are left to the screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = SHEET_KEYS

    typing: reactive[bool] = reactive(False, bindings=True, init=False)
    """Whether a cell is being typed over."""

    @dataclass
    class Edited(Message):
        """The learner typed a number over a cell, from 0; nothing was changed yet."""

        key: str
        row: int
        column: int
        text: str

    @dataclass
    class Pasted(Message):
        """The learner pasted a text that may be a whole matrix while the cursor was in one."""

        key: str
        text: str

    @dataclass
    class Moved(Message):
        """The cursor stands on another cell."""

        key: str
        row: int
        column: int

    # The cursor, and what is typed over its cell.

    def go(self, key: str, row: int = 0, column: int = 0) -> None:
        """Put the cursor on a cell."""
        keys = [block.key for block in self._blocks]
        self._go(Place(keys.index(key), row, column))

    def begin(self, text: str = "", *, replace: bool = False) -> None:
        """Begin to type over the cell under the cursor; without a text, to change what is there.

        With ``replace`` what is typed next takes the place of what is there.
        """
        if not self._blocks:
            return
        key, row, column = self.cursor
        block = self._blocks[self._place.block]
        if not block.given:
            self.post_message(self.Edited(key, row, column, text))  # it will be refused in words
            return
        table = CellTable(1, 1, [[block.texts[row][column]]])
        if text:
            table.insert(text)
        elif not replace:
            table.edit()
        self._typed, self.typing = table, True
        self._arrange()

    def leave(self) -> None:
        """Type no longer; the cell is as it was."""
        if self._typed is not None:
            self._typed, self.typing = None, False
            self._arrange()

    def take(self) -> None:
        """Post what was typed."""
        if self._typed is not None:
            text = self._typed.here
            key, row, column = self.cursor
            self.leave()
            self.post_message(self.Edited(key, row, column, text))

    # Keys and mouse.

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """While a cell is typed its characters are its own; otherwise only what begins a number."""
        if character is None:
            return False
        if self.typing:
            return character == " " or belongs_in_cell(character)
        return character in STARTS_TYPING

    def on_key(self, event: events.Key) -> None:
        """Type a character."""
        character = event.character
        if character is None or not self.check_consume_key(event.key, character):
            return
        event.stop()
        event.prevent_default()
        if self._typed is None:
            self.begin(character)
        else:
            self._type(lambda table: table.insert(character))

    def on_paste(self, event: events.Paste) -> None:
        """Type a pasted number; leave what may be a matrix to the owner."""
        event.stop()
        if not self._blocks or not event.text.strip():
            return
        if self._typed is None and holds_separators(event.text):
            self.post_message(self.Pasted(self.cursor[0], event.text))
        elif self._typed is None:
            self.begin(clean(event.text))
        else:
            text = clean(event.text)
            self._type(lambda table: table.insert(text))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the cell that was clicked; a second click begins to change it."""
        offset = event.get_content_offset_capture(self) + self.scroll_offset
        place = self._page.at(offset.x, offset.y)
        if place is None:
            return
        self.take()
        self._go(place)
        if event.chain > 1:
            self.begin()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What ends typing is there while something is typed, and the other way round."""
        if action in ("take", "leave"):
            return self.typing
        if action == "begin":
            return not self.typing
        return True

    def action_begin(self) -> None:
        """Change the text of the cell under the cursor."""
        self.begin()

    def action_take(self) -> None:
        """Put what was typed into the cell."""
        self.take()

    def action_leave(self) -> None:
        """Leave the cell as it was."""
        self.leave()

    def action_erase(self, operation: str) -> None:
        """Erase a character while typing; otherwise begin with the text shortened, or empty."""
        if self._typed is None and self._blocks and self._blocks[self._place.block].given:
            self.begin(replace=operation == "delete")
        self._type(lambda table: getattr(table, operation)())

    def action_walk(self, direction: str) -> None:
        """Move over the cells; while typing, left and right move in the text."""
        if self._typed is not None and direction in ("left", "right", "home", "end"):
            self._type(lambda table: getattr(table, direction)())
            return
        self.take()
        page, place = self._page, self._place
        if not page.placed:
            return
        here = page.placed[place.block]
        match direction:
            case "left" | "right":
                self._go(page.step(place, 1 if direction == "right" else -1))
            case "up" | "down":
                self._go(page.climb(place, 1 if direction == "down" else -1))
            case "home":
                self._go(place._replace(column=0))
            case "end":
                self._go(place._replace(column=len(here.columns) - 1))
            case "first":
                self._go(Place(0, 0, 0))
            case _:
                last = page.placed[-1]
                self._go(Place(len(page.placed) - 1, last.block.rows - 1, len(last.columns) - 1))

    def action_given(self, cells: int) -> None:
        """Go to the next cell that can be typed over."""
        self.take()
        if self._page.placed:
            self._go(self._page.next_given(self._place, cells))

    def _type(self, operation: Callable[[CellTable], object]) -> None:
        if self._typed is not None:
            operation(self._typed)
            self._arrange()

    def _go(self, place: Place) -> None:
        if place != self._place:
            self._place = place
            self.refresh()
            self.post_message(self.Moved(*self.cursor))
        self._show_cursor()

    def on_focus(self) -> None:
        """The cursor shows with the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """What was half typed is left; the cursor shows less."""
        self.leave()
        self.refresh()
