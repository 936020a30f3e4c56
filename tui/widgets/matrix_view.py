"""A known matrix, shown with its label; several of them are placed side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TypeAlias

from textual.content import Content
from textual.widget import Widget

from tui.shown import decimal_comma
from tui.widgets.brackets import Span, layout, middle, readable
from tui.widgets.verdicts import SYMBOLS, Verdict

Value: TypeAlias = float | int | Fraction | str
"""A number, or a text that is shown as it stands."""

Values: TypeAlias = Value | Sequence[Sequence[Value]]
"""A scalar, or a matrix: equally long rows."""

LIT_BESIDE = "bold underline"
LIT_CELL = "bold reverse"
_VERDICT_STYLES = {"right": "$verdict-right", "wrong": "bold $verdict-wrong"}


@dataclass(frozen=True, slots=True)
class Highlight:
    """What is lit in a matrix, counted from 0: rows, columns, cells, and those beside them."""

    rows: Collection[int] = ()
    columns: Collection[int] = ()
    cells: Collection[tuple[int, int]] = ()
    beside: Collection[tuple[int, int]] = ()

    def style(self, row: int, column: int) -> str:
        """The style of a cell; lit cells differ without colour too."""
        if (row, column) in self.cells:
            return LIT_CELL
        near = row in self.rows or column in self.columns or (row, column) in self.beside
        return LIT_BESIDE if near else ""


UNLIT = Highlight()


def matrix_content(
    label: str,
    values: Values,
    *,
    decimals: int = 4,
    comma: bool | None = None,
    highlight: Highlight = UNLIT,
    marks: Sequence[Sequence[Verdict]] = (),
) -> Content:
    """``label = matrix`` on as many lines as the matrix has rows, the label on the middle one.

    An empty label leaves out the equals sign too. ``marks`` has the shape of ``values``, or is
    empty. All lines are equally wide. Show it where lines don't wrap (``text-wrap: nowrap``).
    Without ``comma`` the decimal sign is the learner's.
    """
    rows = [[values]] if isinstance(values, (int, float, Fraction, str)) else values
    comma = decimal_comma() if comma is None else comma
    texts = [[_text(value, decimals, comma) for value in row] for row in rows]

    def draw(row: int, column: int, text: str) -> Iterable[Span]:
        verdict = marks[row][column] if marks else ""
        style = f"{highlight.style(row, column)} {_VERDICT_STYLES.get(verdict, '')}".strip()
        if not style and not marks:
            yield Span(text)
            return
        before, shown, behind = text.partition(text.strip())
        yield from (Span(before), Span(shown, style), Span(behind))
        if marks:
            yield Span(SYMBOLS[verdict] or " ", _VERDICT_STYLES.get(verdict, ""))

    lines = layout(texts, draw)
    name = Content(f"{label} = " if label else "")
    blank = Content.blank(name.cell_length)
    return Content("\n").join(
        Content.assemble(name if row == middle(len(lines)) else blank, *_runs(line))
        for row, line in enumerate(lines)
    )


def _runs(line: Sequence[Span]) -> Iterator[Span]:
    """The spans with those of one style made one: a large matrix is drawn at every move."""
    for style, spans in groupby(line, key=lambda span: span.style):
        yield Span("".join(span.text for span in spans), style)


def side_by_side(
    contents: Iterable[Content], width: int, *, gap: int = 3, row_gap: int = 0
) -> Content:
    """The contents from left to right, their middle lines level, folded to ``width`` cells.

    ``gap`` blanks stand between neighbours, ``row_gap`` empty lines between folded rows, where one
    of them is taller than a line. A content that is wider than ``width`` gets a row to itself and
    keeps its width.
    """
    shelves: list[list[list[Content]]] = []
    room = 0
    for content in contents:
        block = _even(content)
        wide = block[0].cell_length
        if not shelves or wide + gap > room:
            shelves.append([block])
            room = width - wide
        else:
            shelves[-1].append(block)
            room -= wide + gap
    lines: list[Content] = []
    for before, blocks in zip([[], *shelves], shelves, strict=False):
        tall = any(len(block) > 1 for block in (*before, *blocks))
        if before and tall:
            lines += [Content("")] * row_gap
        lines.append(_shelf(blocks, gap))
    return Content("\n").join(lines)


def _even(content: Content) -> list[Content]:
    lines = content.split(allow_blank=True) or [Content()]
    width = max(line.cell_length for line in lines)
    return [line.pad_right(width - line.cell_length) for line in lines]


def _shelf(blocks: Sequence[list[Content]], gap: int) -> Content:
    above = max(middle(len(block)) for block in blocks)
    below = max(len(block) - middle(len(block)) for block in blocks)
    columns = []
    for block in blocks:
        blank = Content.blank(block[0].cell_length)
        top = above - middle(len(block))
        columns.append([blank] * top + block + [blank] * (above + below - top - len(block)))
    return Content("\n").join(
        Content(" " * gap).join(parts) for parts in zip(*columns, strict=True)
    )


def _text(value: Value, decimals: int, comma: bool) -> str:
    if isinstance(value, str):
        return "".join(each for each in value if each.isprintable())
    return readable(value, decimals, comma=comma)


class MatrixView(Widget):
    """One known matrix with its label; rows, columns and cells can be lit."""

    DEFAULT_CSS = """
    MatrixView {
        width: auto;
        height: auto;
        max-width: 100%;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(
        self,
        values: Values,
        *,
        label: str = "",
        decimals: int = 4,
        comma: bool | None = None,
        highlight: Highlight = UNLIT,
        marks: Sequence[Sequence[Verdict]] = (),
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """See `matrix_content` for the arguments."""
        super().__init__(id=id, classes=classes, markup=False)
        self._decimals = decimals
        self._comma = comma
        self._values = values
        self._label = label
        self._marks = marks
        self._highlight = highlight
        self._content = self._draw()

    @property
    def highlight(self) -> Highlight:
        """What is lit; assign to light something else."""
        return self._highlight

    @highlight.setter
    def highlight(self, highlight: Highlight) -> None:
        self._highlight = highlight
        self._content = self._draw()
        self.refresh()

    def update(
        self,
        values: Values,
        *,
        label: str | None = None,
        marks: Sequence[Sequence[Verdict]] = (),
    ) -> None:
        """Show another matrix, with nothing lit; the label stays if none is given."""
        self._values = values
        self._label = self._label if label is None else label
        self._marks = marks
        self._highlight = UNLIT
        self._content = self._draw()
        self.refresh(layout=True)

    def render(self) -> Content:
        """The matrix as `matrix_content` draws it."""
        return self._content

    def _draw(self) -> Content:
        return matrix_content(
            self._label,
            self._values,
            decimals=self._decimals,
            comma=self._comma,
            highlight=self._highlight,
            marks=self._marks,
        )
