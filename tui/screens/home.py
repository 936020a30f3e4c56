"""Home: go on where one stopped, the lessons, the quiz, the conventions, the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from engine.language import mark_text, tr
from tui.lessons import LessonCard
from tui.widgets.key_bar import KeyBar
from tui.widgets.menu import Item, Menu

if TYPE_CHECKING:
    from tui.app import BackhandApp

LONGEST_DRAFT = 30
QUIZ = "quiz"


class HomeScreen(Screen[None]):
    """What one can do, the most likely first."""

    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "q,й",
            "app.quit",
            mark_text("Quit"),
            tooltip=mark_text("Leave Backhand; everything is kept"),
            id="home.quit",
        ),
    ]

    menu = getters.query_one(Menu)

    if TYPE_CHECKING:
        app = getters.app(BackhandApp)

    def compose(self) -> ComposeResult:
        """A name, a sentence, a menu."""
        with VerticalScroll(id="body", can_focus=False):
            yield Static(id="name", markup=False)
            yield Static(id="about", markup=False)
            yield Menu(self._items())
            yield Static(id="trouble", markup=False)
        yield KeyBar()

    def _items(self) -> list[Item]:
        return home_items(self.app.lesson_cards(), *(self.app.places.latest() or ("", {})))

    def on_mount(self) -> None:
        """The menu takes the keys."""
        self._write()
        self.menu.focus(scroll_visible=False)  # what stands above it stays in view

    def retranslate(self) -> None:
        """Write every text anew, in the language there is now."""
        self._write()
        here = self.menu.index
        self.menu.show(self._items())
        self.menu.index = here

    def _write(self) -> None:
        self.query_one("#name", Static).update(Content(tr("Backhand")))
        sentence = tr("Backpropagation by hand, one matrix at a time.")
        self.query_one("#about", Static).update(Content(sentence))

    def on_screen_resume(self) -> None:
        """Show how far one has come meanwhile."""
        items = self._items()
        if items != self.menu.items:
            self.menu.show(items)
        trouble = self.query_one("#trouble", Static)
        trouble.update(Content(self.app.places.trouble))
        trouble.display = bool(self.app.places.trouble)

    @on(Menu.Chosen)
    def _open(self, event: Menu.Chosen) -> None:
        match event.key.partition(":"):
            case ("lesson", _, identity):
                self.app.open_lesson(identity)
            case ("quiz", _, "again"):
                self.app.resume_quiz()
            case ("quiz", _, _):
                self.app.action_quiz()
            case ("explore", _, _):
                self.app.action_explore()
            case ("progress", _, _):
                self.app.action_progress()
            case ("conventions", _, _):
                self.app.action_conventions()
            case ("settings", _, _):
                self.app.action_settings()
            case _:
                self.app.exit()


def home_items(lessons: list[LessonCard], latest: str, kept: Mapping[str, Any]) -> list[Item]:
    """The menu: where one stopped, or the first lesson; then everything.

    ``latest`` and ``kept`` are the name and the snapshot of what was practised last.
    """
    items = [_quiz_item(kept) if latest == QUIZ else _first_item(lessons, latest)]
    items += [
        Item("quiz", tr("Quiz: ten questions with new numbers"), heading=" "),
        Item("explore", tr("Explore: change numbers, run steps, see what follows")),
        Item("progress", tr("Progress: mastery, what is due, mistakes")),
        Item("conventions", tr("Conventions: what the letters and the numbers mean")),
        Item("settings", tr("Settings: language, theme, decimal sign")),
    ]
    for index, card in enumerate(lessons):
        heading = tr("Lessons") if index == 0 else ""
        total = card.total if card.begun else 0
        items.append(Item(f"lesson:{card.id}", card.title, "", card.done, total, heading))
    items.append(Item("quit", tr("Quit"), heading=" "))
    return items


def _quiz_item(kept: Mapping[str, Any]) -> Item:
    number, total = int(kept.get("position", 0)) + 1, len(kept.get("questions", ()))
    where = tr("question {number} of {total}", number=number, total=total)
    return Item("quiz:again", tr("Go on: {title}", title=tr("Quiz")), where)


def _first_item(lessons: list[LessonCard], latest: str) -> Item:
    here = next((card for card in lessons if card.id == latest), None)
    if here is None:
        first = lessons[0]
        detail = tr("By keyboard alone: digits and Enter are enough.")
        return Item(f"lesson:{first.id}", tr("Begin: {title}", title=first.title), detail)
    if here.finished:
        following = lessons[lessons.index(here) + 1 :]
        fresh = next((card for card in following if not card.finished), None)
        if fresh is not None:
            words = tr("Go on: {title}", title=fresh.title) if fresh.begun else ""
            title = words or tr("Next lesson: {title}", title=fresh.title)
            return Item(f"lesson:{fresh.id}", title)
        return Item(f"lesson:{here.id}", tr("Look back: {title}", title=here.title))
    where = tr("question {number} of {total}", number=here.position + 1, total=here.total)
    draft = here.draft.strip()
    if draft and set(draft) - set("_; "):
        shown = draft if len(draft) <= LONGEST_DRAFT else draft[: LONGEST_DRAFT - 1] + "…"
        where = tr("{where}, half typed: {draft}", where=where, draft=shown)
    return Item(f"lesson:{here.id}", tr("Go on: {title}", title=here.title), where)
