"""Quiz mode: questions with new numbers, the verdict at once, and a page of what was missed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from engine.language import tr
from engine.practice.quiz import Quiz
from engine.practice.titles import skill_title
from tui.closing import closing
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
        name = tr("Exam") if self.quiz.exam else tr("Quiz")
        if self.session.finished:
            return name
        # Which skill a wrong step needs would say which step it is.
        spot = self.session.question.kind == "spot"
        what = tr("spot the error") if spot else skill_title(self.quiz.item.skill)
        return tr("{quiz} · {skill}", quiz=name, skill=what)

    @property
    def stage(self) -> str:
        """The level of the question, or why it is asked again."""
        if self.quiz.place >= self.quiz.length:
            return tr("once more")
        return tr("level {level}", level=self.quiz.item.level)

    @property
    def intro(self) -> str:
        """Why this question is asked."""
        question = self.session.question
        if question.why is None or question.mends is not None:
            return ""
        hidden = question.kind == "spot" and question.why.detail
        return "" if hidden else question.why.sentence

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
        """A wrong answer is answered by the right one at once; in an exam one just goes on."""
        if self.quiz.exam:
            if not free:
                self.session.next()
        elif not accepted and not free:
            self.session.reveal()

    def show(self) -> None:
        """Show the question, or the closing page."""
        self.query_one("#finished").display = self.session.finished
        super().show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In an exam there is no help and no way back before the end."""
        helps = ("hint", "reveal", "look_back", "look_forth")
        if self.quiz.exam and not self._over and action in helps:
            return False
        return super().check_action(action, parameters)

    @property
    def _over(self) -> bool:
        """Whether everything was asked once."""
        return all(progress.status != "open" for progress in self.session.progress)

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
        menu.focus(scroll_visible=False)
        self.body.scroll_home(animate=False)

    @on(Menu.Chosen, "#after")
    def _after(self, event: Menu.Chosen) -> None:
        if event.key == "again":
            self.app.open_quiz({**self._options, "seed": None})
        else:
            self.action_home()


def score_content(quiz: Quiz) -> Content:
    """How many were right, what went well, what to repeat, and each mistake by its name."""
    page = closing(quiz)
    finished = tr("The exam is done.") if quiz.exam else tr("The quiz is done.")
    parts = [Content.styled(finished, "bold"), Content(""), Content(page.score)]
    if page.well:
        skills = ";  ".join(page.well)
        parts += [Content(""), Content.styled(tr("Went well:"), "$muted")]
        parts += [Content.assemble(("✓ ", "$verdict-right"), skills)]
    if page.missed:
        parts += [Content(""), Content.styled(tr("To look at again:"), "$muted")]
        parts += [
            Content.assemble(("✗ ", "$verdict-wrong"), each.title, (f"   {each.why}", "$muted"))
            for each in page.missed
        ]
    if page.mistakes:
        parts += [Content(""), Content.styled(tr("Mistakes met:"), "$muted")]
        parts += [Content(f"  {mistake}") for mistake in page.mistakes]
    return Content("\n").join(parts)
