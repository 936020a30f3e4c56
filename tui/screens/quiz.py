"""Quiz mode: questions with new numbers, the verdict at once, and a page of what was missed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from engine.language import ntr, tr
from engine.practice.quiz import Missed, Quiz, summary
from engine.practice.titles import skill_title
from tui.screens.session import Body, SessionScreen
from tui.widgets.header_bar import HeaderBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.menu import Item, Menu
from tui.widgets.question_view import QuestionView


class QuizScreen(SessionScreen):
    """One answer a question; after a wrong one the right matrix is shown."""

    def __init__(self, quiz: Quiz, options: Mapping[str, Any]) -> None:
        super().__init__(quiz)
        self.quiz = quiz
        self._options = options

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
        """The quiz, and the skill of the question."""
        if self.session.finished:
            return tr("Quiz")
        item = self.quiz.items[self.session.position]
        return tr("Quiz · {skill}", skill=skill_title(item.skill))

    @property
    def stage(self) -> str:
        """The level of the question, or why it is asked again."""
        place = self.session.position
        if place >= self.quiz.length:
            return tr("once more")
        return tr("level {level}", level=self.quiz.items[place].level)

    @property
    def intro(self) -> str:
        """Why this question is asked."""
        why = self.session.question.why
        return why.sentence if why else ""

    def save(self) -> None:
        """Keep the place until the quiz is done."""
        if self.session.finished:
            self.app.places.forget(self.session.name)
        else:
            self.app.keep(self.session)

    @property
    def judges_revealed(self) -> bool:
        """The verdict is what one waits for."""
        return True

    def after_answer(self, accepted: bool, free: bool) -> None:
        """A wrong answer is answered by the right one at once."""
        if not accepted and not free:
            self.session.reveal()

    def show(self) -> None:
        """Show the question, or the closing page."""
        self.query_one("#finished").display = self.session.finished
        super().show()

    def show_finished(self) -> None:
        """The score, and each question that was missed with what went wrong."""
        self.query_one("#score", Static).update(score_content(self.quiz))
        menu = self.query_one("#after", Menu)
        menu.show(
            [
                Item("again", tr("Another quiz")),
                Item("home", tr("Home")),
            ]
        )
        menu.focus()

    @on(Menu.Chosen, "#after")
    def _after(self, event: Menu.Chosen) -> None:
        if event.key == "again":
            self.app.open_quiz({**self._options, "seed": None})
        else:
            self.action_home()


def score_content(quiz: Quiz) -> Content:
    """How many were right, and each that was missed with what went wrong."""
    result = summary(quiz)
    score = ntr(
        "{right} of {number} question right at the first try.",
        "{right} of {number} questions right at the first try.",
        result.length,
        right=result.score,
    )
    parts = [Content.styled(tr("The quiz is done."), "bold"), Content(""), Content(score)]
    if result.missed:
        parts += [Content(""), Content.styled(tr("To look at again:"), "$muted")]
        parts += [_missed_line(quiz, missed) for missed in result.missed]
    return Content("\n").join(parts)


def _missed_line(quiz: Quiz, missed: Missed) -> Content:
    question, progress = quiz.questions[missed.place], quiz.progress[missed.place]
    marks = [attempt.mark for attempt in progress.attempts]
    named = next((mark.misconception for mark in marks if mark.misconception), None)
    if named is not None:
        why = named.message
    elif progress.status == "right":
        why = tr("right with more than one try or a hint")
    elif marks:
        why = tr("not right")
    else:
        why = tr("shown") if progress.status == "revealed" else tr("left open")
    mended = "  " + tr("Right when it came back.") if missed.mended else ""
    return Content.assemble(
        ("✗ ", "$verdict-wrong"),
        f"{skill_title(missed.skill)}, {question.symbol}",
        (f"   {why}{mended}", "$muted"),
    )
