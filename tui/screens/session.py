"""What the lesson and the quiz have in common: a session, one question on the screen at a time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen

from engine.language import ntr, tr
from engine.marking.arithmetic import UnreadableAnswer
from engine.marking.mark import FREE
from tui.answers import pasted_cells
from tui.preparing import prepare_verdict
from tui.screens.session_keys import SESSION_KEYS
from tui.widgets.blank import Blank
from tui.widgets.cell_text import STARTS_TYPING
from tui.widgets.header_bar import HeaderBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.question_view import QuestionView
from tui.widgets.reveal_panel import LIBRARIES
from tui.widgets.verdict_panel import hint_content, note_content
from tui.wording import pass_words

if TYPE_CHECKING:
    from textual.timer import Timer

    from engine.practice.session import Session
    from tui.app import BackhandApp

SHORT, TIGHT = 20, 32
"""Below these heights blank lines go, and what is no longer needed beside an answer."""

SAVE_AFTER = 2.0
"""Seconds without a key after which a half-typed answer is kept, should the terminal go away."""

PREPARE_AFTER = 0.3
"""Seconds, while the first question is read, after which what its verdict needs is loaded."""


class Body(Blank, VerticalScroll, can_focus=False, inherit_bindings=False):
    """The scrolled part; it leaves PgUp and PgDn to looking back and forth."""


class SessionScreen(Blank, Screen[None]):
    """Shows a session and sends it what was typed; it decides nothing."""

    CSS_PATH = ["session.tcss", "../widgets/question_view.tcss"]  # noqa: RUF012
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (60, "-roomy")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = SESSION_KEYS

    body = getters.query_one("#body", Body)
    view = getters.query_one("#question", QuestionView)
    header = getters.query_one(HeaderBar)

    if TYPE_CHECKING:
        app = getters.app(BackhandApp)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._asked_to_confirm = False
        self._saving: Timer | None = None
        self._composed = False

    def compose(self) -> ComposeResult:
        """Header, question, keys."""
        yield HeaderBar()
        with Body(id="body"):
            yield QuestionView(id="question")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show where the session stands; a screen that is left at once has nothing to show it."""
        self._composed = True
        if self._there:
            self.show()
        self.set_timer(PREPARE_AFTER, prepare_verdict)

    @property
    def _there(self) -> bool:
        """Whether the question's widgets are on the screen: not before, nor while it is closed."""
        return self._composed and self in self.app.screen_stack

    # What a kind of session decides for itself.

    @property
    def heading(self) -> str:
        """What the header calls this."""
        return self.session.name

    @property
    def stage(self) -> str:
        """What the header says beside it."""
        return pass_words(self.session.question)

    @property
    def end_stage(self) -> str:
        """The same behind the last question."""
        return tr("finished")

    @property
    def intro(self) -> str:
        """Words before the first question."""
        return ""

    @property
    def judges_revealed(self) -> bool:
        """Whether the verdict stays where the right answer was shown after it."""
        return False

    def save(self) -> None:
        """Keep where one is; called after every answer and on leaving."""

    def show_finished(self) -> None:
        """Show what stands behind the last question."""

    def after_answer(self, accepted: bool, free: bool) -> None:
        """React to an answer that was marked, before its verdict is shown."""

    def retranslate(self) -> None:
        """Write every text anew, in the language and with the decimal sign there are now."""
        focused = self.focused
        self.show()
        self.set_focus(focused)

    # Showing.

    def show(self) -> None:
        """Show the question that is asked now, or the end."""
        self._asked_to_confirm = False
        session = self.session
        total = len(session.questions)
        finished = session.finished
        self.view.display = not finished
        if finished:
            self.header.show(self.heading, self.end_stage, 0, total, session.answered)
            self.set_focus(None)
            self.show_finished()
            return
        number, counted = session.counted
        done = session.answered * counted // total
        self.header.show(self.heading, self.stage, number, counted, done)
        self._fit(self.size.height)
        with self.app.batch_update():
            self._show_question()
        self.refresh_bindings()
        if self.done:
            # The first refresh only finds out how tall everything has become.
            self.call_after_refresh(self.call_after_refresh, self._show_explanation)

    def _show_question(self) -> None:
        session = self.session
        self.view.show(session, intro=self.intro, judged=self.judges_revealed)
        self._show_hint()
        self.view.focus_answer()
        self.body.scroll_home(animate=False)

    def _show_explanation(self) -> None:
        """Scroll as far as the explanation needs, but keep the answer in view."""
        if not self.view.answers.display:
            self._show_verdict()
        elif self._there and self.body.max_scroll_y:
            self.body.scroll_to_widget(self.view.query_one("#answers"), animate=False, top=True)

    def _show_part(self, selector: str) -> None:
        if self._there:
            self.body.scroll_to_widget(self.view.query_one(selector), animate=False)

    @property
    def done(self) -> bool:
        """Whether the question shown is answered, so that one goes on from it."""
        session = self.session
        return not session.finished and session.here.status in ("right", "revealed")

    def on_resize(self, event: events.Resize) -> None:
        """Use the height there is."""
        if not self.session.finished and self._there:
            self._fit(event.size.height)

    def _fit(self, height: int) -> None:
        self.view.set_class(height < SHORT, "-short")
        self.view.set_class(height < TIGHT, "-tight")
        self.view.give_room(height < TIGHT and self.done)

    # What the learner does.

    @on(QuestionView.Drafted)
    def _draft(self, event: QuestionView.Drafted) -> None:
        if not self.done:
            self.session.write_draft(event.text)
            if self._saving is None:
                self._saving = self.set_timer(SAVE_AFTER, self._save_draft)
            else:
                self._saving.reset()
        if self._asked_to_confirm:
            self._asked_to_confirm = False
            self.view.say(Content(""))

    def _save_draft(self) -> None:
        self._saving = None
        self.save()

    @on(QuestionView.Answered)
    def _answer(self, event: QuestionView.Answered) -> None:
        self._mark(event.text)

    @on(QuestionView.Pasted)
    def _paste(self, event: QuestionView.Pasted) -> None:
        grid = self.view.answers.grid
        try:
            cells = pasted_cells(event.text, len(grid.cells), len(grid.cells[0]))
        except UnreadableAnswer as error:
            self.note(tr("Nothing was pasted. {reason}", reason=str(error)))
            return
        grid.fill(cells)
        self.session.write_draft(grid.text)

    def _mark(self, text: str) -> None:
        session = self.session
        if session.finished or self.done:
            return
        attempts = session.here.attempts
        if attempts and attempts[-1].text == text:
            self.on_unchanged()
            return
        mark = session.answer(text)
        self.after_answer(mark.accepted, mark.verdict in FREE)
        self.save()
        if self.done and session.question.kind == "value":
            # The verdict is painted first: to draw what explains it takes as long again.
            self.view.judge(judged=self.judges_revealed)
            self.refresh(repaint=False, layout=True)
            self.call_after_refresh(self.explain)
            return
        self.show()
        if not self.done:
            self.call_after_refresh(self._show_verdict)

    def explain(self) -> None:
        """Show what explains the answer, unless one has gone on meanwhile."""
        if self._there and self.done:
            self.show()

    def on_unchanged(self) -> None:
        """Say that the answer to be checked is the one that was checked last."""
        self.note(tr("Nothing has changed since the last check."))

    def _show_verdict(self) -> None:
        self._show_part("#verdict")

    def on_key(self, event: events.Key) -> None:
        """A digit typed outside the grid begins a cell again."""
        if self.done or self.session.finished or self.focused is not None or not self._there:
            return
        if event.character and event.character in STARTS_TYPING:
            event.stop()
            self.view.begin(event.character)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What can be done depends on whether the question is answered."""
        session = self.session
        if action == "home":
            return True
        if not self._there:  # keys may arrive before the question is there
            return False
        if action == "scroll_body":
            return True
        if session.finished:
            return action == "look_back"
        match action:
            case "go_on":
                return self.done
            case "answer":
                return not self.done and self.focused is None
            case "check" | "skip":
                return not self.done
            case "reveal":
                return not self.done
            case "hint":
                return not self.done
            case "look_back":
                return session.position > 0
            case "look_forth":
                return session.position < self._frontier
            case "proof":
                return self.done and self.view.provable
            case "copy":
                return self.done
        return True

    @property
    def _frontier(self) -> int:
        """The first question that was never answered, revealed or skipped."""
        for position, progress in enumerate(self.session.progress):
            if progress.status == "open":
                return position
        return len(self.session.questions)

    def action_go_on(self) -> None:
        """Go to the next question."""
        self.session.next()
        self.save()
        self.show()

    def action_answer(self) -> None:
        """Go back to typing."""
        self.view.focus_answer()

    def action_check(self) -> None:
        """Check what is typed so far."""
        self._mark(self.view.typed)

    def action_skip(self) -> None:
        """Go on without an answer."""
        self.session.skip()
        self.save()
        self.show()

    def action_look_back(self) -> None:
        """Look at the question before."""
        self.session.back()
        self.show()

    def action_look_forth(self) -> None:
        """Look at the next question that was already asked."""
        self.session.next()
        self.show()

    def action_known(self) -> None:
        """Show every known matrix, or only those needed here."""
        self.view.toggle_known()

    def action_proof(self) -> None:
        """Show what nudging the marked cell does to the loss, or no longer."""
        self.view.toggle_proof()
        self.call_after_refresh(self._show_proof)

    def _show_proof(self) -> None:
        self._show_part("#working")

    def action_copy(self, library: str) -> None:
        """Copy the formula's line of code for ``numpy`` or ``pytorch``."""
        line = self.view.code(library)
        if line is not None:
            self.app.copy_to_clipboard(line)
            told = tr("Copied for {name}: {line}", name=LIBRARIES[library], line=line)
            self.app.notify(told, timeout=4, markup=False)

    def action_scroll_body(self, direction: int) -> None:
        """Scroll by half a screen."""
        self.body.scroll_relative(y=direction * max(self.body.size.height // 2, 1), animate=False)

    def action_hint(self) -> None:
        """Show the next hint, once it is open."""
        seconds = math.ceil(self.session.hint_waits())
        if self.session.hint() is None:
            wait = ntr(
                "The next hint opens after a try, or in {number} second.",
                "The next hint opens after a try, or in {number} seconds.",
                seconds,
            )
            self._show_hint(wait)
            return
        self.save()
        self._show_hint()

    def _show_hint(self, more: str = "") -> None:
        here = self.session.here
        given = self.session.given_hints()
        if here.status == "open" and given:
            self._say(hint_content(given[-1], more))

    def note(self, text: str) -> None:
        """Say something beneath the verdict, where it is seen."""
        self._say(note_content(text))

    def _say(self, content: Content) -> None:
        self.view.say(content)
        self.call_after_refresh(self._show_aside)

    def _show_aside(self) -> None:
        self._show_part("#aside")

    def action_reveal(self) -> None:
        """Show the right answer; where nothing was tried yet, only when asked twice."""
        here = self.session.here
        if not (here.attempts or here.hints or self._asked_to_confirm):
            self._asked_to_confirm = True
            self.note(tr("Show the answer without a try? Press F3 once more."))
            return
        self.session.reveal()
        self.save()
        self.show()

    def action_home(self) -> None:
        """Leave for the home screen."""
        self.save()
        self.app.open_home()
