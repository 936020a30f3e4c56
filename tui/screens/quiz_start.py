"""Where a quiz begins: what helps most now, an exam, or any one skill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from engine.language import mark_text, tr
from engine.practice.planning import reason_for
from engine.practice.skills import SKILLS
from engine.practice.titles import skill_title
from tui.widgets.key_bar import KeyBar
from tui.widgets.menu import Item, Menu
from tui.widgets.skill_menu import SkillMenu

if TYPE_CHECKING:
    from tui.app import BackhandApp


class QuizStartScreen(Screen[None]):
    """A menu; its first line is what the records advise."""

    CSS_PATH = "progress.tcss"
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "q,й,escape",
            "close",
            mark_text("Home"),
            tooltip=mark_text("Leave this page"),
            id="quiz_start.close",
        ),
    ]

    menu = getters.query_one(SkillMenu)

    if TYPE_CHECKING:
        app = getters.app(BackhandApp)

    def compose(self) -> ComposeResult:
        """A title and the menu."""
        with VerticalScroll(id="body", can_focus=False):
            yield Static(id="title", markup=False)
            yield Static(id="sum", markup=False)
            yield SkillMenu()
        yield KeyBar()

    def on_mount(self) -> None:
        """The menu takes the keys."""
        self.retranslate()
        self.menu.focus(scroll_visible=False)

    def retranslate(self) -> None:
        """Write every text in the language there is now."""
        self.query_one("#title", Static).update(Content(tr("Quiz")))
        about = tr("Untimed, by keyboard alone; what goes wrong comes back at the end.")
        self.query_one("#sum", Static).update(Content(about))
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
