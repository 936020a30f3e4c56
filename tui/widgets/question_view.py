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

from engine.language import tr
from engine.practice.wording import question_text
from tui.answers import cell_echo, split_cells
from tui.widgets.brackets import format_number
from tui.widgets.formula_line import FormulaLine
from tui.widgets.known_panel import Known, KnownPanel
from tui.widgets.matrix_grid import MatrixGrid
from tui.widgets.matrix_view import Highlight, Values
from tui.widgets.network_map import NetworkMap
from tui.widgets.reveal_panel import RevealPanel, WorkedPanel
from tui.widgets.verdict_panel import note_content, revealed_content, verdict_content
from tui.wording import STALE, precision_words, question_words

if TYPE_CHECKING:
    from engine.expression.evaluate import Array
    from engine.marking.mark import Mark
    from engine.practice.reveal import Reveal
    from engine.practice.session import Question, Session

LEAST_LEFT = 42
"""The least width that the question keeps when the known matrices stand beside it."""

GUTTER = 2
SHOWN_DECIMALS = 4


class QuestionView(Widget):
    """Shows the question that a session asks; posts what the learner does and decides nothing."""

    DEFAULT_CSS = """
    QuestionView {
        width: 1fr;
        height: auto;
        max-width: 116;
        layout: vertical;
        #map { margin-bottom: 1; }
        #work { height: auto; layout: horizontal; }
        &.-stacked #work { layout: vertical; }
        #asked { width: 1fr; height: auto; }
        #asked > Static { height: auto; }
        #intro { color: $muted; margin-bottom: 1; display: none; }
        #ask { margin-top: 1; }
        #answers { height: auto; layout: horizontal; padding-left: 2; margin-top: 1; }
        &.-narrow-answers #answers { layout: vertical; }
        #answers > MatrixGrid { max-height: 24; }
        #right { display: none; }
        &.-narrow-answers #right { margin-top: 1; }
        #formula { padding-left: 2; margin-top: 1; }
        #verdict { margin-top: 1; }
        #aside { margin-top: 1; display: none; }
        #known { margin-left: 2; }
        &.-stacked #known { margin: 1 0 0 0; width: 1fr; }
        #working { margin-top: 1; padding-left: 2; }
        #reveal { margin-top: 1; }
    }
    QuestionView.-tight.-done {
        #part { display: none; }
        #ask { margin-top: 0; }
        #worked { margin-top: 0; }
        #book { margin-bottom: 0; }
    }
    QuestionView.-short {
        #map, #intro { margin-bottom: 0; }
        #ask, #answers, #formula, #verdict, #aside, #working { margin-top: 0; }
        #answers, #formula, #working { padding-left: 0; }
        &.-stacked #known { border: none; padding: 0; margin-top: 0; }
    }
    """

    grid = getters.query_one("#grid", MatrixGrid)
    right = getters.query_one("#right", MatrixGrid)
    formula = getters.query_one("#formula", FormulaLine)
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
        question, here = session.question, session.here
        short = self.has_class("-short")
        self.query_one(NetworkMap).show(question, session.known(), short, _unasked(session))
        fresh = here.status == "open" and not here.attempts
        self._text("#intro", Content(intro if fresh else ""))
        self.query_one("#part", Static).update(_part_content(question))
        self._text("#ask", _ask_content(question))
        self.say(note_content(tr(STALE)) if session.is_stale else Content(""))
        done = here.status in ("right", "revealed")
        self._reveal = session.revelation() if done else None
        self.set_class(done, "-done")
        is_value = question.kind == "value"
        self.query_one("#answers").display = is_value
        self.right.display = False
        self.grid.display = True
        self.formula.display = not is_value
        if is_value:
            self._show_grid(question, here.draft, read_only=done)
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
        if self._session.question.kind == "formula":
            if not self.formula.field.disabled:
                self.formula.field.focus()
            else:
                self.screen.set_focus(None)
        else:
            self._explained.focus()

    def begin(self, character: str) -> None:
        """Take the focus back and type a character."""
        if self._session is None or self._reveal is not None:
            return
        if self._session.question.kind == "formula":
            self.formula.field.focus()
            self.formula.field.insert_text_at_cursor(character)
        else:
            self.grid.begin(character)

    @property
    def typed(self) -> str:
        """What stands in the grid or the line now."""
        if self._session is not None and self._session.question.kind == "formula":
            return self.formula.field.value
        return self.grid.text

    def _text(self, selector: str, content: Content) -> None:
        static = self.query_one(selector, Static)
        static.update(content)
        static.display = bool(content.plain)

    def _show_grid(self, question: Question, draft: str, *, read_only: bool) -> None:
        rows, columns = _two_dimensional(question.shape)
        cells = split_cells(draft, rows, columns) if draft else None
        self.grid.reset(rows, columns, cells=cells, label=question.symbol)
        self.grid.read_only = read_only
        if cells and not read_only and not self.grid.full:
            for row, texts in enumerate(cells):
                if "" in texts:
                    self.grid.move_to(row, texts.index(""))
                    break
        if self._reveal is None:
            return
        right = _texts(self._reveal.value)
        if cells != right:
            typed = cells is not None and any(text for row in cells for text in row)
            label = tr("right") if typed else question.symbol
            self.right.reset(rows, columns, cells=right, label=label)
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
        solution = question.problem.solution
        upstream = solution[question.key].quantity.upstream
        near = session.nearby()

        def item(key: str) -> Known:
            symbol = solution.symbol(key)
            label = f"d = {symbol}" if key == upstream else symbol
            value: Values = solution.numbers[key].tolist()
            return Known(key, label, value)

        shown = {*near, question.key}
        rest = [key for key in reversed(session.known()) if key not in shown]
        # Behind an answer its explanation needs the room.
        crowded = self._reveal is not None and self.has_class("-tight")
        room = 0 if crowded else max(self.screen.size.height - 12, 4)
        self.known.show([item(key) for key in near], [item(key) for key in rest], room)

    def _show_reveal(self) -> None:
        session = self._session
        assert session is not None
        if self._reveal is None:
            self.reveal_panel.clear()
            self.working.clear()
            return
        question = session.question
        formula_only = question.kind == "formula"
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
        if self._reveal is None:
            return
        worked = self.working.show_cell(self._reveal, row, column)
        cells: dict[str, set[tuple[int, int]]] = {}
        for key, i, j in worked.sources:
            cells.setdefault(key, set()).add((i, j))
        self.known.light({key: Highlight(cells=frozenset(at)) for key, at in cells.items()})

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
            self._explain(event.row, event.column)

    def _echo_cells(self) -> None:
        for row, texts in enumerate(self.grid.cells):
            for column, text in enumerate(texts):
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

    @on(FormulaLine.Submitted)
    def _formula_submitted(self, event: FormulaLine.Submitted) -> None:
        event.stop()
        self.post_message(self.Answered(event.text))


def _unasked(session: Session) -> list[str]:
    """The keys whose formula is still to be found."""
    return [
        asked.key
        for asked, progress in zip(session.questions, session.progress, strict=True)
        if asked.kind == "formula" and progress.status not in ("right", "revealed")
    ]


def _part_content(question: Question) -> Content:
    label = question.part.label if question.part else ""
    text = question.text or question_text(question.problem, question.key, question.kind)
    return Content.assemble((f"{label}  " if label else "", "bold $accent"), text)


def _ask_content(question: Question) -> Content:
    """What is asked now, of all that the part asks, and how exactly."""
    asked = question_words(question) if question.text else ""
    digits = precision_words(question)
    gap = "  " if asked and digits else ""
    return Content.assemble((asked, "bold"), (gap + digits, "$muted"))


def _two_dimensional(shape: tuple[int, ...]) -> tuple[int, int]:
    rows, columns = (*shape, 1, 1)[:2]
    return rows, columns


def _texts(value: Array) -> list[list[str]]:
    rows = value.tolist() if value.shape else [[float(value)]]
    return [[format_number(cell, SHOWN_DECIMALS) for cell in row] for row in rows]
