"""Home: go on where one stopped, what else one can do, and the path of lessons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from engine.language import mark_text, tr
from engine.problems.course import FIRST
from tui.lessons import LessonCard, next_lesson
from tui.widgets.key_bar import KeyBar
from tui.widgets.menu import Item, Menu
from tui.widgets.path_menu import PathMenu

if TYPE_CHECKING:
    from tui.app import BackhandApp

LONGEST_DRAFT = 30
QUIZ = "quiz"

ACTIONS: tuple[tuple[str, str], ...] = (
    ("quiz", mark_text("Quiz: ten questions with new numbers")),
    ("explore", mark_text("Explore: change numbers, see what follows")),
    ("progress", mark_text("Progress: mastery, what is due, mistakes")),
    ("conventions", mark_text("Conventions: what letters and numbers mean")),
    ("settings", mark_text("Settings: language, theme, decimal sign")),
)
"""What one can do besides the lessons: the app's action, and how the line reads."""


class HomeScreen(Screen[None]):
    """What one can do, the most likely first; the lessons below it, or beside it if it is wide."""

    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (108, "-wide")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left,right",
            "other_side",
            mark_text("Lessons"),
            key_display="←→",
            tooltip=mark_text("Between what one can do and the path of lessons"),
            id="home.other_side",
        ),
        Binding(
            "q,й",
            "app.quit",
            mark_text("Quit"),
            tooltip=mark_text("Leave Backhand; everything is kept"),
            id="home.quit",
        ),
    ]

    doing = getters.query_one("#doing", Menu)
    path = getters.query_one("#path", PathMenu)

    if TYPE_CHECKING:
        app = getters.app(BackhandApp)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[list[LessonCard], list[Item]] | None = None

    def compose(self) -> ComposeResult:
        """A name, a sentence, what one can do; the path."""
        with Vertical(id="body"):
            with Vertical(id="left"):
                yield Static(id="name", markup=False)
                yield Static(id="about", markup=False)
                yield Menu(id="doing")
                yield Static(id="trouble", markup=False)
            with Vertical(id="right"):
                yield PathMenu(id="path")
        yield KeyBar()

    def on_mount(self) -> None:
        """The first line takes the keys."""
        self._write()
        self.doing.focus(scroll_visible=False)  # what stands above it stays in view

    def _show_items(self) -> None:
        """Both menus, as far as one has come; the marks where one is likeliest to go on."""
        cards = self.app.lesson_cards()
        latest, kept = self.app.places.latest() or ("", {})
        items = home_items(cards, latest, kept)
        here = latest if any(card.id == latest for card in cards) else ""
        if self._shown == (cards, items):
            return  # the marks stay where they were
        self._shown = cards, items
        first = items[0].key.partition(":")
        marked = first[2] if first[0] == "lesson" else here
        self.doing.show(items)
        self._go_to(self.doing)
        self.path.show_path(cards, here, marked or FIRST)
        self.call_after_refresh(self._show_where_one_is)

    def _show_where_one_is(self) -> None:
        if self.has_class("-wide"):  # the path has a pane of its own, which scrolls by itself
            self.path.keep_in_view()

    def retranslate(self) -> None:
        """Write every text anew, in the language there is now."""
        self._write()
        places, focused = (self.doing.index, self.path.index), self.focused
        self._show_items()
        self.doing.index, self.path.index = places
        self.set_focus(focused, scroll_visible=False)

    def _write(self) -> None:
        self.query_one("#name", Static).update(Content(tr("Backhand")))
        sentence = tr("Backpropagation by hand, one matrix at a time.")
        self.query_one("#about", Static).update(Content(sentence))

    def on_screen_resume(self) -> None:
        """Show how far one has come meanwhile."""
        self._show_items()
        trouble = self.query_one("#trouble", Static)
        trouble.update(Content(self.app.places.trouble))
        trouble.display = bool(self.app.places.trouble)

    def on_key(self, event: events.Key) -> None:
        """The digits belong to what one can do, wherever the mark is."""
        if event.character and event.character in "123456789":
            self.doing.choose_line(int(event.character))

    def action_other_side(self) -> None:
        """From the one menu to the other."""
        self._go_to(self.doing if self.path.has_focus else self.path)

    def _go_to(self, menu: Menu) -> None:
        self.set_focus(menu, scroll_visible=False)

    @on(Menu.Left)
    def _go_on(self, event: Menu.Left) -> None:
        """The last line of the one menu is followed by the first of the other."""
        if event.menu is self.doing and event.direction > 0:
            self.path.index = 0
            self._go_to(self.path)
        elif event.menu is self.path and event.direction < 0:
            self.doing.index = len(self.doing.items) - 1
            self._go_to(self.doing)

    @on(Menu.Chosen)
    async def _open(self, event: Menu.Chosen) -> None:
        match event.key.partition(":"):
            case ("lesson", _, identity):
                self.app.open_lesson(identity)
            case ("quiz", _, "again"):
                self.app.resume_quiz()
            case (action, _, _):
                await self.run_action(f"app.{action}")


def home_items(lessons: Sequence[LessonCard], latest: str, kept: Mapping[str, Any]) -> list[Item]:
    """What one can do: go on where one stopped, or begin; then everything else.

    ``latest`` and ``kept`` are the name and the snapshot of what was practised last.
    """
    if not latest:
        items = _beginnings(lessons)
    else:
        items = [_quiz_item(kept) if latest == QUIZ else _first_item(lessons, latest)]
    others = [Item(action, tr(words)) for action, words in ACTIONS]
    return [*items, Item(others[0].key, others[0].title, heading=" "), *others[1:]]


def _beginnings(lessons: Sequence[LessonCard]) -> list[Item]:
    """The exercise that all is about, and the lessons before it for those who want to warm up."""
    exercise = next(card for card in lessons if card.id == FIRST)
    warm_up = lessons[0]
    return [
        Item(
            f"lesson:{exercise.id}",
            tr("Begin: {title}", title=exercise.title),
            tr("Digits and Enter are enough."),
        ),
        Item(
            f"lesson:{warm_up.id}",
            tr("Or warm up first: {title}", title=warm_up.title),
            tr("If matrices or gradients are new to you."),
        ),
    ]


def _quiz_item(kept: Mapping[str, Any]) -> Item:
    number, total = int(kept.get("position", 0)) + 1, len(kept.get("questions", ()))
    where = tr("question {number} of {total}", number=number, total=total)
    return Item("quiz:again", tr("Go on: {title}", title=tr("Quiz")), where)


def _first_item(lessons: Sequence[LessonCard], latest: str) -> Item:
    here = next((card for card in lessons if card.id == latest), None)
    if here is not None and here.begun and not here.finished:
        return Item(f"lesson:{here.id}", tr("Go on: {title}", title=here.title), _where(here))
    following = next_lesson(lessons, latest)
    if following is None:
        last = here or lessons[-1]
        return Item(f"lesson:{last.id}", tr("Look back: {title}", title=last.title))
    if following.begun:
        words = tr("Go on: {title}", title=following.title)
        return Item(f"lesson:{following.id}", words, _where(following))
    words = tr("Next lesson: {title}", title=following.title)
    return Item(f"lesson:{following.id}", words, following.chapter)


def _where(card: LessonCard) -> str:
    """The question that one stopped at, and what was half typed there."""
    where = tr("question {number} of {total}", number=card.position + 1, total=card.total)
    draft = card.draft.strip()
    if not set(draft) - set("_; "):
        return where
    shown = draft if len(draft) <= LONGEST_DRAFT else draft[: LONGEST_DRAFT - 1] + "…"
    return tr("{where}, half typed: {draft}", where=where, draft=shown)
