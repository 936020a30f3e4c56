"""A lesson of values of one's own, made while exploring: neither counted nor kept."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import Static

from engine.language import mark_text, tr
from engine.practice.session import lesson
from tui.screens.lesson import LessonScreen, score_content
from tui.steady import ClosesOnce
from tui.widgets.menu import Item, Menu


class OwnLessonScreen(ClosesOnce, LessonScreen):
    """A lesson that lies over the explore screen and leads back to it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "q,й,escape",
            "home",
            mark_text("Back"),
            tooltip=mark_text("Go back to exploring; this lesson isn't kept"),
            id="own_lesson.back",
        ),
    ]

    @property
    def heading(self) -> str:
        """The problem's title, and that the numbers are other ones."""
        return tr("{title}: your values", title=self.problem.title)

    def save(self) -> None:
        """Nothing is kept: the original's place is somebody else's."""

    def retranslate(self) -> None:
        """Write every text anew; the answers are marked again for that."""
        fresh = lesson(self.problem)
        fresh.restore(self.session.snapshot())
        self.session = fresh
        super(LessonScreen, self).retranslate()

    def show_finished(self) -> None:
        """The score, and the ways on."""
        self.query_one("#score", Static).update(score_content(self.session))
        menu = self.query_one("#after", Menu)
        menu.show(
            [
                Item("back", tr("Back to exploring")),
                Item("again", tr("This lesson from the beginning")),
                Item("home", tr("Home")),
            ]
        )
        menu.focus()

    @on(Menu.Chosen, "#after")
    def _after(self, event: Menu.Chosen) -> None:
        event.prevent_default()  # an inherited handler is called as well, otherwise
        match event.key:
            case "again":
                self.session = lesson(self.problem)
                self.show()
            case "home":
                self.app.open_home()
            case _:
                self.action_home()

    def action_home(self) -> None:
        """Back to exploring."""
        self.dismiss()

    def action_explore(self) -> None:
        """Back to exploring."""
        self.dismiss()
