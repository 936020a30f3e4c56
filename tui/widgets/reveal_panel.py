"""After the answer: the formula, one cell worked out, what the book prints, NumPy and PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from engine.expression.symbols import identifier
from engine.expression.worked import show_value
from engine.language import tr
from engine.practice.published import formula_agrees
from tui.shown import shown
from tui.widgets.matrix_view import matrix_content
from tui.widgets.proof_text import proof_content

if TYPE_CHECKING:
    from engine.expression.worked import Worked
    from engine.practice.proof import Proof
    from engine.practice.reveal import Reveal
    from engine.problems.problem import Published

CODE_LABEL = 8


class WorkedPanel(Vertical):
    """The formula, its other forms, and one cell with the numbers put in."""

    DEFAULT_CSS = """
    WorkedPanel {
        height: auto;
        display: none;
        & > Static { height: auto; }
        #worked { margin-top: 1; }
        #proof { margin-top: 1; display: none; }
    }
    """

    def compose(self) -> ComposeResult:
        """Three texts."""
        yield Static(id="formula-text", markup=False)
        yield Static(id="worked", markup=False)
        yield Static(id="proof", markup=False)

    def clear(self) -> None:
        """Show nothing."""
        self.display = False
        for static in self.query(Static):
            static.update(Content(""))

    def show(self, reveal: Reveal, *, formula_only: bool) -> None:
        """``formula_only`` keeps every number out."""
        self.display = True
        lines = [Content.styled(f"{reveal.symbol} = {reveal.formula}", "bold $foreground")]
        others = [form for form in reveal.other_formulas if form != reveal.formula]
        if others:
            also = tr("the same as {formulas}", formulas="  =  ".join(others))
            lines.append(Content.styled(also, "$muted"))
        self.query_one("#formula-text", Static).update(Content("\n").join(lines))
        self.query_one("#worked").display = not formula_only

    def show_cell(self, reveal: Reveal, row: int, column: int) -> Worked:
        """Write out one cell, from 0, with its numbers; returns what it was made of."""
        worked = reveal.cell(row, column)
        value = reveal.value
        number = show_value(float(value[row, column] if value.shape else value))
        place = (
            tr("row {row}, column {column}", row=row + 1, column=column + 1)
            if value.size > 1
            else reveal.symbol
        )
        sum_text = shown(f"{worked.text} = {number}" if worked.text != number else number)
        content = Content.assemble((f"{place}:  ", "$muted"), (sum_text, "$foreground"))
        self.query_one("#worked", Static).update(content)
        return worked

    def show_proof(self, proof: Proof | None) -> None:
        """Show what nudging the cell does to the loss; None shows nothing."""
        static = self.query_one("#proof", Static)
        static.update(proof_content(proof) if proof else Content(""))
        static.display = proof is not None


class RevealPanel(Vertical):
    """What the book prints, and the formula as code."""

    DEFAULT_CSS = """
    RevealPanel {
        height: auto;
        display: none;
        & > Static { height: auto; }
        #book {
            border: round $accent 50%;
            border-title-color: $accent;
            padding: 0 1;
            margin-bottom: 1;
        }
    }
    """

    def compose(self) -> ComposeResult:
        """Two texts below each other."""
        yield Static(id="book", markup=False)
        yield Static(id="code", markup=False)

    def clear(self) -> None:
        """Show nothing."""
        self.display = False
        for static in self.query(Static):
            static.update(Content(""))

    def show(self, reveal: Reveal, *, formula_only: bool, note_allowed: bool) -> None:
        """``formula_only`` keeps every number out, ``note_allowed`` lets the remark be read."""
        self.display = True
        book = self.query_one("#book", Static)
        about_book = _about_book(reveal, formula_only, note_allowed)
        book.display = about_book is not None
        if about_book is not None:
            book.border_title = Content(about_book[0])
            book.update(about_book[1])
        self.query_one("#code", Static).update(_code(reveal))


def code_lines(reveal: Reveal) -> list[tuple[str, str]]:
    """Each library's name and the line of code; one entry where both have the same."""
    name = identifier(reveal.key)
    numpy, pytorch = f"{name} = {reveal.numpy}", f"{name} = {reveal.pytorch}"
    if numpy == pytorch:
        return [("NumPy, PyTorch", numpy)]
    return [("NumPy", numpy), ("PyTorch", pytorch)]


def _code(reveal: Reveal) -> Content:
    return Content("\n").join(
        Content.assemble((label.ljust(CODE_LABEL) + " ", "$muted"), line)
        for label, line in code_lines(reveal)
    )


def _about_book(
    reveal: Reveal, formula_only: bool, note_allowed: bool
) -> tuple[str, Content] | None:
    """The title and the text of the book's box, or None where there is nothing to say."""
    published = reveal.published
    if published is None:
        return None
    step = reveal.problem.solution[reveal.key]
    parts: list[Content] = []
    if published.formula is not None and published.node is not None:
        printed = reveal.problem.solution.write(published.node)
        parts.append(Content(f"{reveal.symbol} = {printed}"))
    if not formula_only and published.value is not None and not published.value_agrees(step):
        parts.append(_printed_matrix(published, reveal.symbol, scalar=not step.shape))
    if note_allowed and published.note:
        parts.append(Content(published.note))
    elif parts and not formula_agrees(reveal.problem, published):
        parts.append(Content(tr("That isn't the right formula. More when its value is known.")))
    if not parts:
        return None
    disagrees = len(parts) > 1 or not published.note
    title = tr("What the book prints") if disagrees else tr("A word about the book")
    return title, Content("\n").join(parts)


def _printed_matrix(published: Published, symbol: str, *, scalar: bool) -> Content:
    assert published.value is not None
    rows = [[str(cell) for cell in row] for row in published.value]
    return matrix_content(symbol, rows[0][0] if scalar else rows)
