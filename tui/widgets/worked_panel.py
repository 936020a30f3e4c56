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
from tui.widgets.equation import Picture, equation
from tui.widgets.matrix_view import Highlight
from tui.widgets.proof_text import proof_content
from tui.widgets.rewriting import rewrite

if TYPE_CHECKING:
    from engine.expression.worked import Worked
    from engine.practice.proof import Proof
    from engine.practice.reveal import Reveal


class WorkedPanel(Vertical):
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
        self._pictures: dict[int, Picture | None] = {}

    def compose(self) -> ComposeResult:
        """Three texts."""
        yield Static(id="formula-text", markup=False)
        yield Static(id="worked", markup=False)
        yield Static(id="proof", markup=False)

    def clear(self) -> None:
        """Show nothing."""
        self.display = False
        self.reveal = self._worked = None
        for static in self.query(Static):
            static.update(Content(""))

    def show(self, reveal: Reveal, *, formula_only: bool, typed: str = "") -> None:
        """``formula_only`` keeps every number out; what was ``typed`` isn't said once more."""
        self.display = True
        self.reveal, self._formula_only, self._worked = reveal, formula_only, None
        self._typed = "".join(typed.split())
        self._pictures = {}
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
        rewrite(static, proof_content(proof) if proof else Content(""))
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
        solution = reveal.problem.solution
        if width not in self._pictures and not self._formula_only:
            self._pictures[width] = equation(solution, reveal.key, width)
        picture = self._pictures.get(width)
        drawn = self._lit_picture(picture) if picture else None
        formula = f"{reveal.symbol} = {reveal.formula}"
        lines = [drawn or Content.styled(formula, "bold $foreground")]
        if self._formula_only and self._typed == "".join(reveal.formula.split()):
            lines = []
        others = [form for form in reveal.other_formulas if form != reveal.formula]
        if others:
            also = tr("the same as {formulas}", formulas="  =  ".join(others))
            lines.append(Content.styled(also, "$muted"))
        text = self.query_one("#formula-text", Static)
        text.set_class(drawn is None, "-wrapped")
        rewrite(text, Content("\n").join(lines))
        text.display = bool(lines)
        if self._worked is not None:
            worked = self._cell_content(reveal, self._worked)
            rewrite(self.query_one("#worked", Static), worked)
        return drawn is not None

    def _lit_picture(self, picture: Picture) -> Content:
        if self._worked is None:
            return picture.content
        return picture.lit(self._worked.sources, self._worked.compared)

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
