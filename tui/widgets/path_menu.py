"""The path of lessons as a menu: chapters, each lesson's state as a symbol and a word."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content

from engine.language import mark_text, tr
from tui.lessons import LessonCard
from tui.widgets.bars import progress_line
from tui.widgets.menu import Item, Menu

BAR = 10
NARROW = 52

PAGE = 7
"""So many lessons further at once: about a chapter."""


class PathMenu(Menu):
    """A menu of lessons in the order of the path; where one is stands in words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "pageup",
            f"move(-{PAGE})",
            mark_text("Far up"),
            tooltip=mark_text("Mark a line further up"),
            id="path.far_up",
            show=False,
        ),
        Binding(
            "pagedown",
            f"move({PAGE})",
            mark_text("Far down"),
            tooltip=mark_text("Mark a line further down"),
            id="path.far_down",
            show=False,
        ),
    ]

    NUMBERED = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._cards: list[LessonCard] = []
        self._here = ""

    def show_path(self, cards: Sequence[LessonCard], here: str, marked: str) -> None:
        """Show these lessons; ``here`` is the one that one was in last, ``marked`` gets the mark.

        Both are ids, or empty.
        """
        self._cards, self._here = list(cards), here
        items: list[Item] = []
        for _, lessons in groupby(cards, attrgetter("chapter")):
            for place, card in enumerate(lessons):
                heading = card.chapter if place == 0 else ""
                items.append(Item(f"lesson:{card.id}", card.title, total=1, heading=heading))
        self.show(items)
        ids = [card.id for card in cards]
        self.index = ids.index(marked) if marked in ids else 0

    def _mark(self, index: int) -> tuple[str, str]:
        card = self._cards[index]
        if card.finished:
            return "✓", "$verdict-right"
        return ("◐", "$accent") if card.begun else ("○", "$muted")

    def _heading(self, item: Item, width: int) -> Content:
        lessons = [card for card in self._cards if card.chapter == item.heading]
        done = sum(1 for card in lessons if card.finished)
        count = tr("{done} of {total}", done=done, total=len(lessons))
        return _spread(Content.styled(item.heading, "$muted"), (count, "$muted"), width)

    def _with_progress(self, title: Content, item: Item, width: int) -> Content:
        card = next(card for card in self._cards if item.key == f"lesson:{card.id}")
        words = state_words(card)
        is_here = card.id == self._here
        if is_here:
            words = tr("here: {words}", words=words)
        tail = Content.styled(words, "$accent" if is_here else "$muted")
        if card.begun and not card.finished and width >= NARROW:
            tail = Content.assemble(progress_line(card.done, card.total, BAR), "  ", tail)
        return _spread(title, tail, width)


def state_words(card: LessonCard) -> str:
    """How far one is in a lesson, in a word or two."""
    if card.finished:
        return tr("done")
    return tr("{done} of {total}", done=card.done, total=card.total) if card.begun else tr("new")


def _spread(left: Content, right: Content | tuple[str, str], width: int) -> Content:
    """Both on one line, the right one at its end; the left one gives way."""
    tail = right if isinstance(right, Content) else Content.styled(*right)
    room = max(width - cell_len(tail.plain) - 1, 8)
    if left.cell_length > room:
        left = left.truncate(room, ellipsis=True)
    return Content.assemble(left, " " * (room - left.cell_length + 1), tail)
