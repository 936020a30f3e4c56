"""A step's formula with the numbers put in, drawn: a matrix stands where its name would."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content, Span

from engine.expression.node import names
from tui.widgets.matrix_view import LIT_BESIDE, LIT_CELL, Highlight, matrix_content, side_by_side

if TYPE_CHECKING:
    from engine.network.solution import Solution

FIRST = 0xE000
"""Where the characters begin that no text has: each stands for one name."""

TALLEST = 10
"""The most rows of a matrix that is put into a formula."""

INDENT = 2
DECIMALS = 4

_PIECES = re.compile("([\ue000-\uf8ff])")
_TRANSPOSE = "ᵀ"
_MARK = re.compile(r"cell-(\d+)-(\d+)-(\d+)")


@dataclass(frozen=True)
class Picture:
    """The drawn formula, and where in its text each cell stands."""

    content: Content
    places: Mapping[tuple[str, int, int], Sequence[tuple[int, int]]]

    def lights(
        self, cells: Iterable[tuple[str, int, int]], beside: Iterable[tuple[str, int, int]] = ()
    ) -> list[Span]:
        """What lights some cells of the text, each given by its name, row and column, from 0.

        Those ``beside`` them are lit less.
        """
        return [
            Span(*at, style)
            for style, lit in ((LIT_CELL, cells), (LIT_BESIDE, beside))
            for cell in {*lit}
            for at in self.places.get(cell, ())
        ]


def equation(solution: Solution, key: str, width: int) -> Picture | None:
    """``H₁ = X·W₁`` and behind it, or below, the same with numbers; None where that doesn't fit."""
    drawn = _drawn(solution, key, width)
    if drawn is None:
        return None
    used = names(solution[key].node)
    places: dict[tuple[str, int, int], list[tuple[int, int]]] = {}
    spans = []
    for span in drawn.spans:
        mark = _MARK.fullmatch(str(span.style))
        if mark is None:
            spans.append(span)
        else:
            number, row, column = map(int, mark.groups())
            places.setdefault((used[number], row, column), []).append((span.start, span.end))
    return Picture(Content(drawn.plain, spans), places)


def _drawn(solution: Solution, key: str, width: int) -> Content | None:
    """The drawing, each cell in a style of its own that says which one it is."""
    formula = f"{solution.symbol(key)} = {solution.formula(key)}"
    title = Content.styled(formula, "bold $foreground")
    put_in = _put_in(solution, key)
    if put_in is None or formula.endswith(f"= {put_in[0].plain}"):
        return None
    together = side_by_side([title, Content(" = "), *put_in], 10_000, gap=0)
    if _width(together) <= width:
        return together
    for indent in (cell_len(solution.symbol(key)) + 1, INDENT):
        below = side_by_side([Content(" " * indent + "= "), *put_in], 10_000, gap=0)
        if max(_width(below), cell_len(formula)) <= width:
            return Content("\n").join([title, below])
    return None


@dataclass(frozen=True, slots=True)
class _Marked(Highlight):
    """Marks each cell with the name's number, its row and its column."""

    number: int = 0

    def style(self, row: int, column: int) -> str:
        return f"cell-{self.number}-{row}-{column}"


def _put_in(solution: Solution, key: str) -> list[Content] | None:
    """The formula's pieces: texts, and in the place of each name its numbers."""
    used = names(solution[key].node)
    if not used or any(solution.numbers[name].shape[:1] > (TALLEST,) for name in used):
        return None
    signs = {name: chr(FIRST + number) for number, name in enumerate(used)}
    blocks: list[Content] = []
    for piece in _PIECES.split(solution.write_with(key, signs)):
        if _PIECES.fullmatch(piece):
            number = ord(piece) - FIRST
            blocks.append(_numbers(solution, used[number], _Marked(number=number)))
        elif piece.startswith(_TRANSPOSE):
            below = len(blocks[-1].split(allow_blank=True)) - 1
            blocks += [Content(_TRANSPOSE + "\n " * below), Content(piece[len(_TRANSPOSE) :])]
        else:
            blocks.append(Content(piece))
    return [block for block in blocks if block.plain]


def _numbers(solution: Solution, name: str, marks: _Marked) -> Content:
    """The value of a name; a single negative number in brackets."""
    value = solution.numbers[name]
    if value.size > 1:
        return matrix_content("", value.tolist(), decimals=DECIMALS, highlight=marks)
    content = matrix_content("", value.item(), decimals=DECIMALS, highlight=marks)
    return Content.assemble("(", content, ")") if value.item() < 0 else content


def _width(content: Content) -> int:
    return max(line.cell_length for line in content.split(allow_blank=True))
