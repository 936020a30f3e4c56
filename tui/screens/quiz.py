"""Quiz mode: questions with new numbers, the verdict at once, and a page of what was missed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual import on
from textual.app import ComposeResult

from engine.language import tr
from engine.practice.question import Question
from engine.practice.quiz import Quiz
from engine.practice.titles import skill_title
from tui.closing import closing
from tui.screens.session import Body, SessionScreen
from tui.widgets.closing_page import ClosingPage
from tui.widgets.header_bar import HeaderBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.menu import Menu
from tui.widgets.question_view import QuestionView


class QuizScreen(SessionScreen):
    """One answer a question; after a wrong one the right matrix is shown."""

    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (60, "-roomy"), (110, "-wide")]  # noqa: RUF012

    def __init__(self, quiz: Quiz, options: Mapping[str, Any]) -> None:
        super().__init__(quiz)
        self.quiz = quiz
        self._options = options

    def compose(self) -> ComposeResult:
        """The question, and the closing page that takes its place."""
        yield HeaderBar()
        with Body(id="body"):
            yield QuestionView(id="question")
            yield ClosingPage(id="finished")
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
        """The level of the question, or why it is asked again; of a whole pass the step."""
        if self.quiz.place >= self.quiz.length:
            return tr("once more")
        level = tr("level {level}", level=self.quiz.item.level)
        if not self.session.question.whole:
            return level
        step, steps = self.quiz.step
        return tr("{level}, step {step} of {steps}", level=level, step=step, steps=steps)

    @property
    def end_stage(self) -> str:
        """An exam isn't over before it is handed in."""
        return tr("not handed in yet") if self.quiz.secret else super().end_stage

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
        if self.session.finished and not self.quiz.secret:
            self.app.places.forget(self.session.name)
        else:
            self.app.keep(self.session)

    @property
    def judges_revealed(self) -> bool:
        """The verdict is what one waits for."""
        return True

    def after_answer(self, accepted: bool, free: bool) -> None:
        """A wrong answer is answered by the right one at once; in an exam one just goes on."""
        if self.quiz.secret:
            if self.session.here.status == "noted" and self.session.said is None:
                self.session.next()
        elif not accepted and not free:
            self.session.reveal()

    def show(self) -> None:
        """Show the question, or the closing page."""
        self.query_one("#finished").display = self.session.finished
        super().show()

    def on_unchanged(self) -> None:
        """In an exam an answer that stays as it was is left behind; a quiz says so."""
        if self.quiz.secret and self.session.here.status == "noted":
            self.action_go_on()
        else:
            super().on_unchanged()

    @property
    def _frontier(self) -> int:
        """In an exam one goes back and forth as one likes."""
        return len(self.session.questions) if self.quiz.secret else super()._frontier

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In an exam there is no help before the end."""
        if self.quiz.secret and action in ("hint", "reveal"):
            return False
        return super().check_action(action, parameters)

    def show_finished(self) -> None:
        """The score, and each question that was missed; of an exam first what is left open."""
        page = self.query_one(ClosingPage)
        if self.quiz.secret:
            questions = zip(self.quiz.questions, self.quiz.progress, strict=True)
            pairs = [(progress.status == "noted", _title(asked)) for asked, progress in questions]
            page.show_overview([done for done, _ in pairs], [title for _, title in pairs])
        else:
            exam = self.quiz.exam
            finished = tr("The exam is done.") if exam else tr("The quiz is done.")
            again = tr("Another exam") if exam else tr("Another quiz")
            page.show_closing(finished, closing(self.quiz), again)
        self.body.scroll_home(animate=False)

    @on(Menu.Chosen, "#after")
    def _after(self, event: Menu.Chosen) -> None:
        match event.key.partition(":"):
            case ("question", _, place):
                self.session.go(int(place))
                self.show()
            case ("hand_in", _, _):
                self.quiz.hand_in()
                self.save()
                self.show()
            case ("again", _, _):
                self.app.open_quiz({**self._options, "seed": None})
            case _:
                self.action_home()


def _title(question: Question) -> str:
    """What a question of an exam is called; which step of a pass is wrong it doesn't say."""
    if question.kind == "spot":
        return tr("spot the error")
    skill = skill_title(question.skill)
    return tr("{skill}, {symbol}", skill=skill, symbol=question.symbol)
