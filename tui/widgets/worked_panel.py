"""Why each number is what it is: the formula with the numbers in it, and one cell written out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from engine.expression.worked import show_value
from engine.language import tr
from tui.shown import shown
from tui.widgets.blank import Blank
from tui.widgets.equation import Picture, equation
from tui.widgets.lit_text import LitText
from tui.widgets.matrix_view import Highlight
from tui.widgets.proof_text import proof_content
from tui.widgets.rewriting import rewrite

if TYPE_CHECKING:
    from engine.expression.worked import Worked
    from engine.practice.proof import Proof
    from engine.practice.reveal import Reveal


class WorkedPanel(Blank, Vertical):
    """The formula, with the matrices where their names stand, its other forms, and one cell."""

    DEFAULT_CSS = """
    WorkedPanel {
        height: auto;
        display: none;
        & > Static { height: auto; }
        #formula-text { text-wrap: nowrap; text-overflow: ellipsis; }
        #formula-text.-wrapped { text-wrap: wrap; }
        #worked { margin-top: 1; }
        #proof { margin-top: 1; display: none; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.reveal: Reveal | None = None
        self._formula_only = False
        self._typed = ""
        self._worked: Worked | None = None
        self._place = (0, 0)
        self._width = 0
        self._drawn: dict[int, tuple[Picture | None, Content]] = {}
        """By the width: the formula with its numbers, if they fit, and all that is said of it."""

    def compose(self) -> ComposeResult:
        """Three texts."""
        yield LitText(id="formula-text")
        yield Static(id="worked", markup=False)
        yield Static(id="proof", markup=False)

    def clear(self) -> None:
        """Show nothing."""
        self.display = False
        self.reveal = self._worked = None
        self.query_one("#formula-text", LitText).show(Content(""))
        for name in ("#worked", "#proof"):
            self.query_one(name, Static).update(Content(""))

    def show(self, reveal: Reveal, *, formula_only: bool, typed: str = "") -> None:
        """``formula_only`` keeps every number out; what was ``typed`` isn't said once more."""
        self.display = True
        self.reveal, self._formula_only, self._worked = reveal, formula_only, None
        self._typed = "".join(typed.split())
        self._drawn = {}
        self.query_one("#worked").display = not formula_only
        self.query_one("#proof").display = False

    def show_cell(self, row: int, column: int) -> Worked:
        """Write out one cell, from 0, with its numbers; returns what it was made of."""
        assert self.reveal is not None
        self._place = (row, column)
        self._worked = self.reveal.cell(row, column)
        self.fit(self._width)
        return self._worked

    def show_proof(self, proof: Proof | None) -> None:
        """Show what nudging the cell does to the loss; None shows nothing."""
        static = self.query_one("#proof", Static)
        if proof is not None:
            rewrite(static, proof_content(proof))
        static.display = proof is not None

    @property
    def lit(self) -> dict[str, Highlight]:
        """The cells that the one written out is made of, by the key of their matrix."""
        if self._worked is None:
            return {}
        cells, beside = _by_key(self._worked.sources), _by_key(self._worked.compared)
        return {key: Highlight(cells=cells[key], beside=beside[key]) for key in {**cells, **beside}}

    def fit(self, width: int) -> bool:
        """Draw everything at a width; whether the numbers stand in the formula."""
        reveal = self.reveal
        self._width = width
        if reveal is None or not width:
            return False
        if width not in self._drawn:
            self._drawn[width] = self._draw(reveal, width)
        picture, content = self._drawn[width]
        text = self.query_one("#formula-text", LitText)
        text.set_class(picture is None, "-wrapped")
        text.show(content)
        text.display = bool(content.plain)
        if self._worked is not None:
            worked = self._cell_content(reveal, self._worked)
            static = self.query_one("#worked", Static)
            fits = "\n" not in worked.plain and worked.cell_length <= width
            static.styles.text_wrap = "nowrap" if fits else "wrap"  # wrapping takes its time
            rewrite(static, worked)
            if picture is not None:
                text.light(picture.lights(self._worked.sources, self._worked.compared))
        return picture is not None

    def _draw(self, reveal: Reveal, width: int) -> tuple[Picture | None, Content]:
        picture = None
        if not self._formula_only:
            picture = equation(reveal.problem.solution, reveal.key, width)
        formula = f"{reveal.symbol} = {reveal.formula}"
        lines = [picture.content if picture else Content.styled(formula, "bold $foreground")]
        if self._formula_only and self._typed == "".join(reveal.formula.split()):
            lines = []
        others = [form for form in reveal.other_formulas if form != reveal.formula]
        if others:
            also = tr("the same as {formulas}", formulas="  =  ".join(others))
            lines.append(Content.styled(also, "$muted"))
        return picture, Content("\n").join(lines)

    def _cell_content(self, reveal: Reveal, worked: Worked) -> Content:
        """``row 1, column 2:  1·(-1) + 2·0 = -1``; where that is too long on two lines."""
        row, column = self._place
        value = reveal.value
        number = show_value(float(value[row, column] if value.shape else value))
        place = (
            tr("row {row}, column {column}", row=row + 1, column=column + 1)
            if value.size > 1
            else reveal.symbol
        )
        text = shown(f"{worked.text} = {number}" if worked.text != number else number)
        fits = cell_len(place) + cell_len(text) + 3 <= self._width
        gap = ":  " if fits else ":\n"
        return Content.assemble((place + gap, "$muted"), (text, "$foreground"))


def _by_key(sources: Iterable[tuple[str, int, int]]) -> defaultdict[str, set[tuple[int, int]]]:
    cells: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for key, row, column in sources:
        cells[key].add((row, column))
    return cells
