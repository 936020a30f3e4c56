"""Where a quiz begins: what helps most now, an exam, or any one skill."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import getters, on
from textual.binding import BindingType

from engine.language import mark_text, tr
from engine.practice.planning import reason_for
from engine.practice.skills import SKILLS
from engine.practice.titles import skill_title
from tui.screens.menu_page import MenuPage, close_key
from tui.widgets.menu import Item, Menu
from tui.widgets.skill_menu import SkillMenu


class QuizStartScreen(MenuPage):
    """A menu; its first line is what the records advise."""

    BINDINGS: ClassVar[list[BindingType]] = [close_key("quiz_start", mark_text("Home"))]

    MENU = SkillMenu

    menu = getters.query_one(SkillMenu)

    @property
    def heading(self) -> str:
        """The title."""
        return tr("Quiz")

    @property
    def about(self) -> str:
        """What kind of quiz it is."""
        return tr("Untimed, by keyboard alone; what goes wrong comes back at the end.")

    def show_items(self) -> None:
        """What helps most, an exam, and every skill."""
        standings, now = self.app.recorder.standings(), self.app.recorder.now()
        items = [
            Item("quiz", tr("Ten items: what helps most now")),
            Item("exam", tr("Exam: ten items, nothing said before the end")),
        ]
        # What presses most comes first among the skills, and says why when it is asked.
        urgent = {"mistake": 0, "due": 1}
        order = sorted(
            SKILLS.values(), key=lambda each: urgent.get(reason_for(each, standings, now).code, 2)
        )
        for place, skill in enumerate(order):
            heading = tr("Or one skill") if place == 0 else ""
            title = skill_title(skill.id)
            items.append(Item(f"skill:{skill.id}", title, total=100, heading=heading))
        self.menu.show_standings(items, standings, now)

    @on(Menu.Chosen)
    def _begin(self, event: Menu.Chosen) -> None:
        event.stop()
        options: dict[str, Any] = {}
        match event.key.partition(":"):
            case ("skill", _, skill):
                options["skill"] = skill
            case ("exam", _, _):
                options["exam"] = True
        self.app.open_quiz(options)

    def action_close(self) -> None:
        """Go home."""
        self.app.open_home()
