"""A menu of skills: how well each is known as a bar and a share, and when it is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from engine.language import ntr, tr
from engine.practice.mastery import Standing
from tui.widgets.bars import progress_line
from tui.widgets.menu import Item, Menu

BAR = 12
NARROW = 60


class SkillMenu(Menu):
    """A menu whose items named ``skill:…`` show how the learner stands."""

    standings: Mapping[str, Standing] = {}
    due: Mapping[str, str] = {}
    """When each is due, in words."""

    def show_standings(
        self, items: list[Item], standings: Mapping[str, Standing], now: datetime
    ) -> None:
        """Show these items; the marked line stays where it was."""
        here = self.index
        self.standings = standings
        self.due = {skill: due_words(each, now) for skill, each in standings.items()}
        self.show(items)
        self.index = min(here, max(len(items) - 1, 0))

    def watch_index(self) -> None:
        """Keep the marked line in view, and with the first one what stands above."""
        super().watch_index()
        if self.index == 0 and self.is_mounted and isinstance(self.parent, Widget):
            self.parent.scroll_home(animate=False)

    def _with_progress(self, title: Content, item: Item, width: int) -> Content:
        skill = item.key.partition(":")[2]
        standing = self.standings.get(skill, Standing())
        roomy = width >= NARROW
        share = standing.expected if standing.firsts else 0.0
        percent = f"{share:4.0%}" if standing.firsts else "   –"
        tail = Content.assemble(
            ("✓ " if standing.mastered else "  ", "$verdict-right"),
            (f"{percent} ", "$muted"),
        )
        if roomy:
            wide = max(map(cell_len, self.due.values()), default=0)
            due = self.due.get(skill, "")
            bar = progress_line(round(share * 100), 100, BAR)
            tail = Content.assemble(tail, bar, "  ", (due.ljust(wide), "$muted"))
        room = max(width - tail.cell_length - 2, 8)
        if title.cell_length > room:
            title = title.truncate(room, ellipsis=True)
        return Content.assemble(title, " " * (room - title.cell_length + 1), tail)


def due_words(standing: Standing, now: datetime) -> str:
    """When a skill is due, in a word or two; nothing before it was practised."""
    if standing.card is None:
        return ""
    if standing.is_due(now):
        return tr("due now")
    days = max(1, (standing.card.due.astimezone().date() - now.astimezone().date()).days)
    return ntr("due in {number} day", "due in {number} days", days)
