"""After the answer: what the book prints, and the formula as NumPy and PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from engine.expression.symbols import identifier
from engine.language import tr
from engine.practice.published import formula_agrees
from tui.widgets.blank import Blank
from tui.widgets.matrix_view import matrix_content

if TYPE_CHECKING:
    from engine.practice.reveal import Reveal
    from engine.problems.problem import Published

NUMPY, PYTORCH = "numpy", "pytorch"
LIBRARIES = {NUMPY: "NumPy", PYTORCH: "PyTorch"}


class RevealPanel(Blank, Vertical):
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

    def show(
        self, reveal: Reveal, keys: Mapping[str, str], *, formula_only: bool, note_allowed: bool
    ) -> None:
        """``formula_only`` keeps every number out, ``note_allowed`` lets the remark be read.

        ``keys`` are those that copy a library's line.
        """
        self.display = True
        book = self.query_one("#book", Static)
        about_book = _about_book(reveal, formula_only, note_allowed)
        book.display = about_book is not None
        self.set_class(about_book is not None, "-boxed")
        if about_book is not None:
            book.border_title = Content(about_book[0])
            book.update(about_book[1])
        self.query_one("#code", Static).update(_code(reveal, keys))


def code_line(reveal: Reveal, library: str) -> str:
    """The line of code for ``numpy`` or ``pytorch``."""
    formula = reveal.numpy if library == NUMPY else reveal.pytorch
    return f"{identifier(reveal.key)} = {formula}"


def _code(reveal: Reveal, keys: Mapping[str, str]) -> Content:
    """Each library's line behind the key that copies it; one line where both have the same."""
    lines = {library: code_line(reveal, library) for library in LIBRARIES}
    if len({*lines.values()}) == 1:
        lines = {NUMPY: lines[NUMPY]}
        names = {NUMPY: ", ".join(LIBRARIES.values())}
    else:
        names = LIBRARIES
    widest = max(map(len, (names[library] for library in lines)))
    return Content("\n").join(
        Content.assemble(
            (f"{keys.get(library, '')} ".lstrip(), "$foreground"),
            (names[library].ljust(widest) + "  ", "$muted"),
            line,
        )
        for library, line in lines.items()
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
    if len(parts) > 1 or not published.note:
        title = tr("What the book prints")
    else:
        title = tr("A word about the book") if reveal.problem.source else tr("By the way")
    return title, Content("\n").join(parts)


def _printed_matrix(published: Published, symbol: str, *, scalar: bool) -> Content:
    assert published.value is not None
    rows = [[str(cell) for cell in row] for row in published.value]
    return matrix_content(symbol, rows[0][0] if scalar else rows)
