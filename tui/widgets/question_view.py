"""One question on the screen: the map, what is asked, the answer, the verdict, what is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from engine.expression.node import names
from engine.language import tr
from tui.widgets.answer_pair import AnswerPair
from tui.widgets.blank import Blank
from tui.widgets.formula_line import FormulaLine
from tui.widgets.key_bar import key_of
from tui.widgets.known_panel import KnownPanel
from tui.widgets.matrix_grid import MatrixGrid
from tui.widgets.network_map import NetworkMap
from tui.widgets.options_view import OptionsView
from tui.widgets.question_words import (
    ask_content,
    known_items,
    options_of,
    part_content,
    unasked,
)
from tui.widgets.reveal_panel import LIBRARIES, RevealPanel, code_line
from tui.widgets.verdict_panel import note_content, revealed_content, verdict_content
from tui.widgets.worked_panel import WorkedPanel
from tui.wording import STALE

if TYPE_CHECKING:
    from engine.practice.reveal import Reveal
    from engine.practice.session import Question, Session

LEAST_LEFT = 42
"""The least width that the question keeps when the known matrices stand beside it."""

GUTTER, PADDING = 2, 2
"""What stands between the question and the known matrices, and before an answer."""

CONDENSED = ("#part", "#ask", "#worked", "#book", "#reveal")
"""What takes less room behind an answer."""


class _Work(Blank, Container):
    """The question, and what is known beside it or below."""


class _Asked(Blank, Vertical):
    """What is asked, answered and said of the answer."""


class QuestionView(Blank, Widget):
    """Shows the question that a session asks; posts what the learner does and decides nothing.

    A screen that has it takes in `question_view.tcss`.
    """

    answers = getters.query_one("#answers", AnswerPair)
    formula = getters.query_one("#formula", FormulaLine)
    options = getters.query_one("#options", OptionsView)
    known = getters.query_one("#known", KnownPanel)
    reveal_panel = getters.query_one("#reveal", RevealPanel)
    working = getters.query_one("#working", WorkedPanel)

    @dataclass
    class Drafted(Message):
        """The half-typed answer changed."""

        text: str

    @dataclass
    class Answered(Message):
        """The learner wants this answer to be checked."""

        text: str

    @dataclass
    class Pasted(Message):
        """A text that may be a whole matrix was pasted into the grid."""

        text: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._session: Session | None = None
        self._question: Question | None = None
        """What is shown; the session may have gone on while messages about it are on their way."""
        self._reveal: Reveal | None = None
        self._proving = False

    def compose(self) -> ComposeResult:
        """All parts; which of them are seen depends on the question."""
        yield NetworkMap(id="map")
        yield Static(id="intro", markup=False)
        with _Work(id="work"):
            with _Asked(id="asked"):
                yield Static(id="part", markup=False)
                yield Static(id="ask", markup=False)
                yield AnswerPair(id="answers")
                yield FormulaLine(id="formula")
                yield OptionsView(id="options")
                yield Static(id="verdict", markup=False)
                yield Static(id="aside", markup=False)
                yield WorkedPanel(id="working")
            yield KnownPanel(id="known")
        yield RevealPanel(id="reveal")

    def on_mount(self) -> None:
        """Follow the cursor in both matrices."""
        self.answers.grid.moved = self.answers.right.moved = self._moved

    # What is shown.

    def show(self, session: Session, *, intro: str = "", judged: bool = False) -> None:
        """Show the question that the session asks, as far as it has been answered.

        With ``judged`` the verdict on the last answer is said even where the right one is shown.
        """
        self._session, self._question = session, session.question
        question, here = session.question, session.here
        self.query_one(NetworkMap).show(question, session.known(), unasked(session))
        fresh = here.status == "open" and not here.attempts
        # On a small screen the words before the first question would push the answer out of view.
        self._text("#intro", Content(intro if fresh and not self.has_class("-short") else ""))
        self.query_one("#part", Static).update(part_content(question))
        self.judge(judged=judged)
        self._show_known()
        self._show_reveal()
        self.settle()

    def judge(self, *, judged: bool = False) -> None:
        """Show the answer to the question that is on the screen, and what is said of it.

        This is what one waits for; all that explains it takes longer, and `show` shows that too.
        """
        session = self._session
        assert session is not None
        question, here = session.question, session.here
        self._proving = False
        done = here.status in ("right", "revealed")
        self._reveal = session.revelation() if done else None
        self._text("#ask", ask_content(question, digits=not done))
        note = tr(STALE) if session.is_stale else question.afterword if done else ""
        self.say(note_content(note))
        self._show_answer(question, here.draft)
        mark = session.said
        if mark is not None and question.kind == "value":
            self.answers.mark(mark)
        if here.status == "revealed" and not (judged and mark):
            self._text("#verdict", revealed_content())
        else:
            self._text("#verdict", verdict_content(mark) if mark else Content(""))

    def _show_answer(self, question: Question, draft: str) -> None:
        is_value = question.kind == "value"
        self.answers.display = is_value
        self.answers.right.display = False
        self.formula.display = question.kind == "formula"
        self.options.display = question.task is not None
        if is_value:
            self.answers.show(question, draft, self._reveal.value if self._reveal else None)
        elif question.task is not None:
            task = question.task
            self.options.set_class(self.has_class("-tight"), "-dense")
            right = task.right if self._reveal else None
            self.options.show(options_of(task), task.place(draft), right)
        else:
            self.formula.show(question.symbol, draft, read_only=self._reveal is not None)

    def say(self, content: Content) -> None:
        """A word beneath the verdict: a hint, a question back, a note; an empty one hides it."""
        self._text("#aside", content)

    def focus_answer(self) -> None:
        """Put the focus where one types, or on the matrix whose cells are explained."""
        if self._question is None:
            return
        match self._question.kind:
            case "value":
                self.answers.explained.focus()
            case "formula" if not self.formula.field.disabled:
                self.formula.field.focus()
            case "choice" | "shape" | "spot" if not self.options.read_only:
                self.options.focus(scroll_visible=False)
            case _:
                self.screen.set_focus(None)

    def begin(self, character: str) -> None:
        """Take the focus back and type a character."""
        if self._question is None or self._reveal is not None:
            return
        if self._question.task is not None:
            self.options.focus()
            if character.isdecimal():
                self.options.choose(int(character) - 1)
        elif self._question.kind == "formula":
            self.formula.field.focus()
            self.formula.field.insert_text_at_cursor(character)
        else:
            self.answers.grid.begin(character)

    @property
    def typed(self) -> str:
        """What stands in the grid or the line now."""
        if self.options.display:
            return self.options.text
        if self.formula.display:
            return self.formula.field.value
        return self.answers.grid.text

    def _text(self, selector: str, content: Content) -> None:
        static = self.query_one(selector, Static)
        static.update(content)
        static.display = bool(content.plain)

    def _show_known(self) -> None:
        session = self._session
        assert session is not None
        question = session.question
        near = session.nearby()
        shown = {*near, question.key}
        rest = [key for key in reversed(session.at_hand()) if key not in shown]
        noted = session.noted()
        key = key_of(self.screen, "known")
        if self._reveal is not None and self.has_class("-tight"):
            # Behind an answer its explanation needs the room: only what it was made of is shown.
            used = names(question.problem.solution[question.key].node)
            rest = [*(name for name in near if name not in used), *rest]
            near, key = [name for name in near if name in used], ""
        self.known.show(known_items(question, near, noted), known_items(question, rest, noted), key)

    def _show_reveal(self) -> None:
        session = self._session
        assert session is not None
        question = session.question
        if self._reveal is None or question.kind == "spot":  # there the right value is asked next
            self.reveal_panel.clear()
            self.working.clear()
            return
        formula_only = question.kind != "value"
        allowed = not formula_only or session.note_is_due
        keys = {library: key_of(self.screen, f"copy('{library}')") for library in LIBRARIES}
        typed = self.formula.field.value if formula_only else ""
        self.working.show(self._reveal, formula_only=formula_only, typed=typed)
        self.reveal_panel.show(self._reveal, keys, formula_only=formula_only, note_allowed=allowed)
        if not formula_only:
            self._explain(*self.answers.explained.cursor)

    def _explain(self, row: int, column: int) -> None:
        """Write out one cell and light the cells that it was made of."""
        if self._reveal is None or self._question is None or self._question.kind != "value":
            return
        self.working.show_cell(row, column)
        self.known.light(self.working.lit)
        self.working.show_proof(self._reveal.proof(row, column) if self._proving else None)

    @property
    def provable(self) -> bool:
        """Whether the answer that is shown can be held against nudges of the loss."""
        asked = self._question is not None and self._question.kind == "value"
        return asked and self._reveal is not None and self._reveal.provable

    def toggle_proof(self) -> None:
        """Show what nudging the marked cell does to the loss, or no longer."""
        if self.provable:
            self._proving = not self._proving
            self._explain(*self.answers.explained.cursor)

    def toggle_known(self) -> None:
        """Show everything that is known, or only what is needed here."""
        self.known.toggle()
        self.settle()

    def code(self, library: str) -> str | None:
        """The line of code to copy; None where the answer isn't shown yet."""
        if self._reveal is None or not self.reveal_panel.display:
            return None
        return code_line(self._reveal, library)

    # Where it stands.

    def give_room(self, done: bool) -> None:
        """Behind an answer, on a low screen, leave out what its explanation needs the room of."""
        for selector in CONDENSED:  # a class of the view would have all its styles read anew
            self.query_one(selector).set_class(done, "-done")

    def on_resize(self, event: Resize) -> None:
        """Put the known matrices beside the question, or below it."""
        self.settle()

    @property
    def _room(self) -> int:
        """The width that is there with a scrollbar and without one.

        What is decided by it may let the scrollbar come or go, and must not change by that.
        """
        parent = self.parent
        assert isinstance(parent, Widget)
        taken = self.styles.margin.width + parent.styles.scrollbar_size_vertical
        return min(self.size.width, parent.size.width - taken)

    def settle(self) -> None:
        """Decide what stands beside what at the present width."""
        width = self._room
        if not width or self._question is None:
            return
        # Where the numbers stand in the formula itself, they needn't stand beside it too.
        drawn = self.working.fit(width - PADDING)
        asks_shape = self._question.kind == "shape"  # there the shapes alone are needed
        self.known.display = not asks_shape and (not drawn or self.known.everything)
        least = self.known.needed + GUTTER
        left = max(LEAST_LEFT, self.answers.beside + GUTTER)
        if width - least < left:
            left = LEAST_LEFT
        if self._question.kind == "spot":  # a whole pass in one column would leave the screen
            left = max(left, self.options.pair + GUTTER + PADDING)
        beside = self.known.display and width - least >= left
        if self.known.display:  # else nothing follows from it, and a class costs a look at all
            self.set_class(not beside, "-stacked")
        if beside:
            wanted = max(self.known.widest, self.known.width_for(2)) + GUTTER
            panel = max(least, min(wanted, width - left, width * 45 // 100))
            self.known.styles.width = panel - GUTTER
            left = width - panel
            self.working.fit(left - PADDING)
        else:
            self.known.styles.width = "1fr"
            left = width
        self.answers.fit(left - PADDING)

    # What the learner does.

    @on(MatrixGrid.Changed, "#grid")
    def _grid_changed(self, event: MatrixGrid.Changed) -> None:
        event.stop()
        self.post_message(self.Drafted(self.answers.grid.text))

    def _moved(self, grid: MatrixGrid) -> None:
        """Explain the cell that is now under the cursor, in the same frame."""
        explains = self._reveal is not None and self.working.reveal is self._reveal
        if explains and grid is self.answers.explained:
            self._explain(*grid.cursor)

    @on(KnownPanel.Clicked)
    def _known_clicked(self, event: KnownPanel.Clicked) -> None:
        event.stop()
        self.toggle_known()

    @on(MatrixGrid.Submitted, "#grid")
    def _grid_submitted(self, event: MatrixGrid.Submitted) -> None:
        event.stop()
        self.post_message(self.Answered(event.text))

    @on(MatrixGrid.Pasted, "#grid")
    def _grid_pasted(self, event: MatrixGrid.Pasted) -> None:
        event.stop()
        self.post_message(self.Pasted(event.text))

    @on(FormulaLine.Changed)
    def _formula_changed(self, event: FormulaLine.Changed) -> None:
        event.stop()
        from engine.marking.formula import preview

        assert self._question is not None
        question = self._question
        text = event.text
        found = preview(question.problem.solution, question.key, text)
        self.formula.echo(
            tr("read as  {formula}", formula=found.text) if found.read else found.text
        )
        self.post_message(self.Drafted(text))

    @on(OptionsView.Changed)
    def _option_marked(self, event: OptionsView.Changed) -> None:
        event.stop()
        self.post_message(self.Drafted(event.text))

    @on(OptionsView.Submitted)
    def _option_submitted(self, event: OptionsView.Submitted) -> None:
        event.stop()
        self.post_message(self.Answered(event.text))

    @on(FormulaLine.Submitted)
    def _formula_submitted(self, event: FormulaLine.Submitted) -> None:
        event.stop()
        self.post_message(self.Answered(event.text))
