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
from tui.answers import cell_echo, split_cells
from tui.shown import shown
from tui.widgets.formula_line import FormulaLine
from tui.widgets.key_bar import key_of
from tui.widgets.known_panel import KnownPanel
from tui.widgets.matrix_grid import MatrixGrid
from tui.widgets.matrix_view import Highlight
from tui.widgets.network_map import NetworkMap
from tui.widgets.options_view import OptionsView
from tui.widgets.question_words import (
    ask_content,
    known_items,
    options_of,
    part_content,
    texts,
    two_dimensional,
    unasked,
)
from tui.widgets.reveal_panel import RevealPanel, WorkedPanel, code_lines
from tui.widgets.verdict_panel import note_content, revealed_content, verdict_content
from tui.wording import STALE

if TYPE_CHECKING:
    from engine.marking.mark import Mark
    from engine.practice.reveal import Reveal
    from engine.practice.session import Question, Session

LEAST_LEFT = 42
"""The least width that the question keeps when the known matrices stand beside it."""

GUTTER = 2


class QuestionView(Widget):
    """Shows the question that a session asks; posts what the learner does and decides nothing.

    A screen that has it takes in `question_view.tcss`.
    """

    grid = getters.query_one("#grid", MatrixGrid)
    right = getters.query_one("#right", MatrixGrid)
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
        self._reveal: Reveal | None = None
        self._proving = False
        self._copied = 0

    def compose(self) -> ComposeResult:
        """All parts; which of them are seen depends on the question."""
        yield NetworkMap(id="map")
        with Container(id="work"):
            with Vertical(id="asked"):
                yield Static(id="intro", markup=False)
                yield Static(id="part", markup=False)
                yield Static(id="ask", markup=False)
                with Container(id="answers"):
                    yield MatrixGrid(1, 1, id="grid")
                    yield MatrixGrid(1, 1, id="right")
                yield FormulaLine(id="formula")
                yield OptionsView(id="options")
                yield Static(id="verdict", markup=False)
                yield Static(id="aside", markup=False)
                yield WorkedPanel(id="working")
            yield KnownPanel(id="known")
        yield RevealPanel(id="reveal")

    # What is shown.

    def show(self, session: Session, *, intro: str = "", judged: bool = False) -> None:
        """Show the question that the session asks, as far as it has been answered.

        With ``judged`` the verdict on the last answer is said even where the right one is shown.
        """
        self._session = session
        self._proving, self._copied = False, 0
        question, here = session.question, session.here
        self.query_one(NetworkMap).show(question, session.known(), unasked(session))
        fresh = here.status == "open" and not here.attempts
        # On a small screen the words before the first question would push the answer out of view.
        self._text("#intro", Content(intro if fresh and not self.has_class("-short") else ""))
        self.query_one("#part", Static).update(part_content(question))
        self._text("#ask", ask_content(question))
        done = here.status in ("right", "revealed")
        note = tr(STALE) if session.is_stale else question.afterword if done else ""
        self.say(note_content(note))
        self._reveal = session.revelation() if done else None
        is_value = question.kind == "value"
        self.query_one("#answers").display = is_value
        self.right.display = False
        self.grid.display = True
        self.formula.display = question.kind == "formula"
        self.options.display = question.task is not None
        if is_value:
            self._show_grid(question, here.draft, read_only=done)
        elif question.task is not None:
            task = question.task
            self.options.set_class(self.has_class("-tight"), "-dense")
            right = task.right if done else None
            self.options.show(options_of(task), task.place(here.draft), right)
        else:
            self.formula.show(question.symbol, here.draft, read_only=done)
        mark = here.last
        if mark is not None:
            self._mark_cells(mark)
        if here.status == "revealed" and not (judged and mark):
            self._text("#verdict", revealed_content())
        else:
            self._text("#verdict", verdict_content(mark) if mark else Content(""))
        self._show_known()
        self._show_reveal()
        self.settle()

    def say(self, content: Content) -> None:
        """A word beneath the verdict: a hint, a question back, a note; an empty one hides it."""
        self._text("#aside", content)

    def focus_answer(self) -> None:
        """Put the focus where one types, or on the matrix whose cells are explained."""
        if self._session is None:
            return
        match self._session.question.kind:
            case "value":
                self._explained.focus()
            case "formula" if not self.formula.field.disabled:
                self.formula.field.focus()
            case "choice" | "shape" | "spot" if not self.options.read_only:
                self.options.focus(scroll_visible=False)
            case _:
                self.screen.set_focus(None)

    def begin(self, character: str) -> None:
        """Take the focus back and type a character."""
        if self._session is None or self._reveal is not None:
            return
        if self._session.question.task is not None:
            self.options.focus()
            if character.isdecimal():
                self.options.choose(int(character) - 1)
        elif self._session.question.kind == "formula":
            self.formula.field.focus()
            self.formula.field.insert_text_at_cursor(character)
        else:
            self.grid.begin(character)

    @property
    def typed(self) -> str:
        """What stands in the grid or the line now."""
        if self.options.display:
            return self.options.text
        if self.formula.display:
            return self.formula.field.value
        return self.grid.text

    def _text(self, selector: str, content: Content) -> None:
        static = self.query_one(selector, Static)
        static.update(content)
        static.display = bool(content.plain)

    def _show_grid(self, question: Question, draft: str, *, read_only: bool) -> None:
        rows, columns = two_dimensional(question.shape)
        cells = split_cells(draft, rows, columns) if draft else None
        self.grid.reset(rows, columns, cells=cells, label=question.symbol)
        self.grid.read_only = read_only
        if cells and not read_only and not self.grid.full:
            for row, cells_of_row in enumerate(cells):
                if "" in cells_of_row:
                    self.grid.move_to(row, cells_of_row.index(""))
                    break
        if self._reveal is None:
            return
        right = texts(self._reveal.value)
        if cells != right:
            typed = cells is not None and any(text for row in cells for text in row)
            label = tr("right") if typed else question.symbol
            cells = [[shown(text) for text in row] for row in right]
            self.right.reset(rows, columns, cells=cells, label=label)
            self.right.read_only = True
            self.right.display = True
            self.grid.display = typed

    def _mark_cells(self, mark: Mark) -> None:
        if not mark.cells:
            return
        rows, columns = len(self.grid.cells), len(self.grid.cells[0])
        if (len(mark.cells), len(mark.cells[0])) == (rows, columns):
            self.grid.mark(mark.cells)
            wrong = [
                (i, j)
                for i, row in enumerate(mark.cells)
                for j, cell in enumerate(row)
                if cell == "wrong"
            ]
            if wrong and not mark.accepted:
                self.grid.move_to(*wrong[0])
                self.right.move_to(*wrong[0])

    def _show_known(self) -> None:
        session = self._session
        assert session is not None
        question = session.question
        self.known.display = question.kind != "shape"  # the shapes alone are what one needs
        near = session.nearby()
        shown = {*near, question.key}
        rest = [key for key in reversed(session.known()) if key not in shown]
        key = key_of(self.screen, "known")
        if self._reveal is not None and self.has_class("-tight"):
            # Behind an answer its explanation needs the room: only what it was made of is shown.
            used = names(question.problem.solution[question.key].node)
            near, key = [key for key in near if key in used] or near, ""
        self.known.show(known_items(question, near), known_items(question, rest), key)

    def _show_reveal(self) -> None:
        session = self._session
        assert session is not None
        if self._reveal is None:
            self.reveal_panel.clear()
            self.working.clear()
            return
        question = session.question
        if question.kind == "spot":
            self.reveal_panel.clear()
            self.working.clear()
            return  # the right value is asked next
        formula_only = question.kind != "value"
        allowed = not formula_only or session.note_is_due
        self.working.show(self._reveal, formula_only=formula_only)
        self.reveal_panel.show(self._reveal, formula_only=formula_only, note_allowed=allowed)
        if not formula_only:
            self._explain(*self._explained.cursor)

    @property
    def _explained(self) -> MatrixGrid:
        """The matrix whose cells are worked out."""
        return self.right if self.right.display else self.grid

    def _explain(self, row: int, column: int) -> None:
        """Write out one cell and light the cells that it was made of."""
        if self._reveal is None or self._session is None or self._session.question.kind != "value":
            return
        worked = self.working.show_cell(self._reveal, row, column)
        cells: dict[str, set[tuple[int, int]]] = {}
        for key, i, j in worked.sources:
            cells.setdefault(key, set()).add((i, j))
        self.known.light({key: Highlight(cells=frozenset(at)) for key, at in cells.items()})
        proof = self._reveal.proof(row, column) if self._proving else None
        self.working.show_proof(proof)

    @property
    def provable(self) -> bool:
        """Whether the answer that is shown can be held against nudges of the loss."""
        asked = self._session is not None and self._session.question.kind == "value"
        return asked and self._reveal is not None and self._reveal.provable

    def toggle_proof(self) -> None:
        """Show what nudging the marked cell does to the loss, or no longer."""
        if self.provable:
            self._proving = not self._proving
            self._explain(*self._explained.cursor)

    def next_code(self) -> tuple[str, str] | None:
        """The name and the line of code to copy; another call gives the other line."""
        if self._reveal is None or not self.reveal_panel.display:
            return None
        lines = code_lines(self._reveal)
        self._copied += 1
        return lines[(self._copied - 1) % len(lines)]

    # Where it stands.

    def on_resize(self, event: Resize) -> None:
        """Put the known matrices beside the question, or below it."""
        self.settle()

    def settle(self) -> None:
        """Decide what stands beside what at the present width."""
        width = self.size.width
        if not width or self._session is None:
            return
        least = self.known.needed
        both = self.grid.virtual_size.width + self.right.virtual_size.width + 6
        left = max(LEAST_LEFT, both) if self.right.display else LEAST_LEFT
        if width - least - GUTTER < left:
            left = LEAST_LEFT
        beside = width - least - GUTTER >= left
        self.set_class(not beside, "-stacked")
        if beside:
            wanted = max(self.known.widest, self.known.width_for(2))
            panel = max(least, min(wanted, width - left - GUTTER, width * 45 // 100))
            self.known.styles.width = panel
            left = width - panel - GUTTER
        else:
            self.known.styles.width = "1fr"
            left = width
        pair = self.right.display and self.grid.display
        self.set_class(pair and both > left, "-narrow-answers")
        own = self.grid.virtual_size.width
        self.grid.styles.width = own + 3 if pair and both <= left else "1fr"

    # What the learner does.

    @on(MatrixGrid.Changed, "#grid")
    def _grid_changed(self, event: MatrixGrid.Changed) -> None:
        event.stop()
        self.post_message(self.Drafted(self.grid.text))

    @on(MatrixGrid.CellMoved)
    def _cell_moved(self, event: MatrixGrid.CellMoved) -> None:
        event.stop()
        if self._reveal is None:
            self._echo_cells()
        elif event.grid is self._explained:
            self._explain(*event.grid.cursor)  # the grid may be another question's meanwhile

    def _echo_cells(self) -> None:
        for row, cells_of_row in enumerate(self.grid.cells):
            for column, text in enumerate(cells_of_row):
                if (row, column) != self.grid.cursor:
                    self.grid.set_echo(row, column, cell_echo(text))

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

        assert self._session is not None
        question = self._session.question
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
