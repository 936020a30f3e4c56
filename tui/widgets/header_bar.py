"""The first line of a lesson: what it is, which pass, how far one is."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from engine.language import tr
from tui.widgets.bars import progress_line

BAR, LEAST_BAR = 20, 8
WIDE = 76


class HeaderBar(Widget):
    """Title on the left, the pass in the middle, "9 of 21" with a bar on the right."""

    DEFAULT_CSS = """
    HeaderBar {
        dock: top;
        width: 1fr;
        height: 1;
        padding: 0 1;
        background: $panel;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._title = self._stage = ""
        self._place, self._total, self._done = 0, 0, 0

    def show(self, title: str, stage: str, place: int, total: int, done: int) -> None:
        """``place`` is the question's number from 1, ``done`` how many are answered."""
        self._title, self._stage = title, stage
        self._place, self._total, self._done = place, total, done
        self.refresh()

    def render(self) -> Content:
        """The line, the title shortened where there is no room for it."""
        width = self.content_size.width
        count = tr("{done} of {total}", done=self._place, total=self._total) if self._place else ""
        stage = Content.styled(self._stage, "$muted")
        room = width - cell_len(count) - stage.cell_length - 4
        bar = Content("")
        if width >= WIDE and self._total:
            # The bar gives way to the title: shorter first, then not at all.
            wide = min(BAR, room - 2 - cell_len(self._title))
            if wide >= LEAST_BAR:
                bar = Content("  ") + progress_line(self._done, self._total, wide)
        right = Content.assemble((count, "$foreground"), bar)
        room -= bar.cell_length
        name = "Backhand   " if room > cell_len(self._title) + 11 else ""
        left = Content.assemble((name, "$muted"), (self._title, "bold"))
        if left.cell_length > room:
            left = left.truncate(max(room, 4), ellipsis=True)
        gap = max(width - left.cell_length - stage.cell_length - right.cell_length - 3, 1)
        return Content.assemble(left, " " * gap, stage, "   ", right)
