"""A guided lesson: its questions in order, and the page behind the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from engine.language import mark_text, ntr, tr
from tui.screens.session import Body, SessionScreen
from tui.widgets.header_bar import HeaderBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.menu import Item, Menu
from tui.widgets.question_view import QuestionView

if TYPE_CHECKING:
    from engine.practice.session import Question, Session
    from engine.problems.problem import Problem

LISTED = 8
"""The most questions that the closing page names in one list."""


class LessonScreen(SessionScreen):
    """A lesson, kept in its place after every answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "x,ч",
            "explore",
            mark_text("Explore"),
            tooltip=mark_text("Change this problem's numbers and see what follows"),
            id="lesson.explore",
            show=False,
        ),
    ]

    def __init__(self, problem: Problem, session: Session) -> None:
        super().__init__(session)
        self.problem = problem
        self._warned = False

    def compose(self) -> ComposeResult:
        """The question, and the closing page that takes its place."""
        yield HeaderBar()
        with Body(id="body"):
            yield QuestionView(id="question")
            with Vertical(id="finished"):
                yield Static(id="score", markup=False)
                yield Menu(id="after")
        yield KeyBar()

    @property
    def heading(self) -> str:
        """The problem's title."""
        return self.problem.title

    @property
    def intro(self) -> str:
        """The problem's introduction, before its first question."""
        return " ".join(self.problem.intro.split()) if self.session.position == 0 else ""

    def save(self) -> None:
        """Keep the place and the half-typed answer."""
        self.app.keep(self.session)

    def retranslate(self) -> None:
        """Write every text anew, the verdicts too."""
        self.session = self.app.taken_up(self.session, self.problem)
        super().retranslate()

    def show(self) -> None:
        """Show the question, or the closing page."""
        self._warned = False
        self.query_one("#finished").display = self.session.finished
        super().show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One may explore at any time."""
        return self._there if action == "explore" else super().check_action(action, parameters)

    def action_explore(self) -> None:
        """Open the problem to play with; while there are questions, only when asked twice."""
        if not (self._warned or self.session.finished):
            self._warned = True
            warning = tr("Exploring shows every value of this problem. Press X once more for that.")
            self.note(warning)
            return
        self.save()
        self.app.open_explore(self.problem)

    def show_finished(self) -> None:
        """The score, what took more than one try, and what one may do next."""
        self.query_one("#score", Static).update(score_content(self.session))
        items = []
        following = self.app.lesson_after(self.problem.id)
        if following is not None:
            title = tr("Next lesson: {title}", title=following.title)
            items.append(Item(f"lesson:{following.id}", title))
        if any(p.status in ("open", "skipped") for p in self.session.progress):
            items.append(Item("open", tr("Go to the questions left open")))
        items += [
            Item("explore", tr("Explore this network")),
            Item("quiz", tr("Quiz")),
            Item("again", tr("This lesson from the beginning")),
            Item("home", tr("Home")),
        ]
        menu = self.query_one("#after", Menu)
        menu.show(items)
        menu.focus()

    @on(Menu.Chosen, "#after")
    def _after(self, event: Menu.Chosen) -> None:
        if not self.session.finished:
            return  # chosen twice before the page went
        match event.key.partition(":"):
            case ("lesson", _, identity):
                self.save()
                self.app.open_lesson(identity)
            case ("open", _, _):
                states = [progress.status for progress in self.session.progress]
                self.session.go(next(i for i, s in enumerate(states) if s in ("open", "skipped")))
                self.show()
            case ("explore", _, _):
                self.action_explore()
            case ("quiz", _, _):
                self.save()
                self.app.open_quiz()
            case ("again", _, _):
                self.app.open_lesson(self.problem, restart=True)
            case _:
                self.action_home()


def score_content(session: Session) -> Content:
    """How many were right at the first try, and which took more."""
    total = len(session.questions)
    first = sum(1 for progress in session.progress if progress.first_try)
    pairs = list(zip(session.questions, session.progress, strict=True))
    lists = [
        (
            tr("More than one try, or with a hint:"),
            [q for q, p in pairs if p.status == "right" and not p.first_try],
        ),
        (tr("Shown:"), [q for q, p in pairs if p.status == "revealed"]),
        (tr("Left open:"), [q for q, p in pairs if p.status in ("open", "skipped")]),
    ]
    parts = [
        Content.styled(tr("The lesson is done."), "bold"),
        Content(""),
        Content(
            ntr(
                "{first} of {number} question right at the first try.",
                "{first} of {number} questions right at the first try.",
                total,
                first=first,
            )
        ),
    ]
    for words, questions in lists:
        if not questions:
            continue
        names = [_name(question) for question in questions[:LISTED]]
        more = len(questions) - len(names)
        text = ",  ".join(names) + (f"  + {more}" if more else "")
        parts += [Content(""), Content.styled(words, "$muted"), Content(text)]
    return Content("\n").join(parts)


def _name(question: Question) -> str:
    part = f"{question.part.label}) " if question.part else ""
    if question.kind == "formula":
        return part + tr("formula of {symbol}", symbol=question.symbol)
    return part + question.symbol
