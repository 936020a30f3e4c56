"""Typed matrices: any way people type, print or paste one, read into cells, with notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from engine.language import tr
from engine.marking.characters import canonical, clean
from engine.marking.layouts import Layout, Shape, layouts
from engine.marking.numbers import Number, UnreadableAnswer, read_number

__all__ = ["MAX_TEXT", "Matrix", "Number", "UnreadableAnswer", "read_matrix", "read_number"]

MAX_TEXT = 100_000
"""The most characters that a typed matrix may have."""

MAX_ARITHMETIC = 20_000
"""The most characters that the different expressions in a matrix may have together."""

MAX_WRAPPERS = 8

Rows = tuple[tuple[Number | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A typed matrix: equally long rows of numbers, None for an empty cell, and how it was read.

    ``notes`` are sentences in the learner's language about what could have been read otherwise.
    """

    rows: Rows
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> Shape:
        """(rows, columns); a scalar's is (1, 1)."""
        return len(self.rows), len(self.rows[0])

    def echo(self) -> tuple[tuple[str, ...], ...]:
        """How each cell was read, spelled canonically; an empty one is ``""``."""
        return tuple(
            tuple("" if cell is None else cell.printed for cell in row) for row in self.rows
        )


def read_matrix(text: str, shape: tuple[int, ...] | None = None) -> Matrix:
    """Read a typed or pasted matrix.

    ``shape`` is the shape asked, () for a scalar and (n,) for a column. It decides where a text
    could be read in several ways, makes a row a column or a column a row where only that fits, and
    gives an empty answer its blanks; a text that fits in no way is read as it stands.

    Raises `UnreadableAnswer`, with the row and column at fault where it is one cell's.
    """
    if len(text) > MAX_TEXT:
        raise UnreadableAnswer(tr("The answer is longer than {limit} characters.", limit=MAX_TEXT))
    asked = _asked(shape)
    source, view = _unwrapped(clean(text))
    if not view.strip(" \t\n[](),;"):
        return Matrix(_blanks(asked or (1, 1)))
    if "=" in view:
        raise UnreadableAnswer(tr("Type only the numbers, without an equals sign."))
    layout, rows = _first_readable(source, _by_fit(view, asked))
    if all(cell is None for row in rows for cell in row) and (asked or not rows):
        return Matrix(_blanks(asked or (1, 1)))
    notes = []
    # A comma in a single number is a decimal comma; nobody needs to be told.
    if layout.comma == "cells" or (layout.comma and asked != (1, 1)):
        notes.append(layout.note())
    if asked and layout.shape != asked and _is_turned(layout.shape, asked):
        notes.append(
            tr("A row was typed where a column is asked; it was read as that column.")
            if asked[1] == 1
            else tr("A column was typed where a row is asked; it was read as that row.")
        )
        rows = tuple(zip(*rows, strict=True))
    return Matrix(rows, tuple(notes))


def _asked(shape: tuple[int, ...] | None) -> Shape | None:
    if shape is None or len(shape) > 2:
        return None
    rows, columns = (*shape, 1, 1)[:2]
    return rows, columns


def _blanks(shape: Shape) -> Rows:
    rows, columns = shape
    return ((None,) * columns,) * rows


def _is_turned(shape: Shape | None, asked: Shape) -> bool:
    return 1 in asked and shape == asked[::-1]


def _by_fit(view: str, asked: Shape | None) -> list[Layout]:
    """The ways to cut the text, those that fit the shape asked first."""

    def misfit(layout: Layout) -> int:
        shape = layout.shape
        if shape is None:
            return 3
        if asked is None or shape == asked:
            return 0
        return 1 if _is_turned(shape, asked) else 2

    found = layouts(view)
    # Gaps only ever add cells.
    if (
        asked is not None
        and all(misfit(layout) > 1 for layout in found)
        and min(layout.size for layout in found) < asked[0] * asked[1]
    ):
        with suppress(UnreadableAnswer):
            found += [layout for layout in layouts(view, gaps=True) if misfit(layout) <= 1]
    return sorted(found, key=misfit)


def _first_readable(source: str, found: Sequence[Layout]) -> tuple[Layout, Rows]:
    first: UnreadableAnswer | None = None
    known: dict[str, Number | None] = {}
    for layout in found:
        try:
            return layout, _read_cells(source, layout, known)
        except UnreadableAnswer as error:
            first = first or error
    assert first is not None
    raise first


def _read_cells(source: str, layout: Layout, known: dict[str, Number | None]) -> Rows:
    rows = []
    arithmetic = 0
    for i, spans in enumerate(layout.rows, 1):
        row = []
        for j, (low, high) in enumerate(spans, 1):
            text = source[low:high].strip()
            if text not in known:
                try:
                    number = read_number(text) if text.strip("_\uff3f") else None
                except UnreadableAnswer as error:
                    alone = len(layout.rows) == len(spans) == 1
                    raise (error if alone else UnreadableAnswer(error.reason, i, j)) from None
                known[text] = number
                if number is not None and number.decimals is None:
                    arithmetic += len(text)
                    if arithmetic > MAX_ARITHMETIC:
                        raise UnreadableAnswer(
                            tr("There is too much arithmetic in the cells: type its results.")
                        )
            row.append(known[text])
        rows.append(tuple(row))
    if layout.shape is None and rows:
        raise layout.uneven()
    return tuple(rows)


def _unwrapped(text: str) -> tuple[str, str]:
    """A clean text without ``array(…)``, ``tensor(…, dtype=…)``, ``$…$`` around it.

    Returns it as typed and in canonical spelling, position by position the same.
    """
    if "\\" in text:
        text = _LATEX_BLANK.sub(" ", text)
    if "np." in text or "numpy." in text:
        text = _NUMPY_SCALAR.sub(r"\1", text)
    view = canonical(text)
    low, high = 0, len(text)
    for _ in range(MAX_WRAPPERS):
        inside = view[low:high]
        low += len(inside) - len(inside.lstrip(" \n$"))
        inside = view[low:high].rstrip(" \n$")
        high = low + len(inside)
        call = _CALL.match(inside)
        if call is None or not inside.endswith(")"):
            break
        option = _OPTION.search(inside, call.end(), len(inside) - 1)
        high = low + (option.start() if option else len(inside) - 1)
        low += call.end()
    return text[low:high], view[low:high]


_LATEX_BLANK = re.compile(r"(?<!\\)\\(?:[,;:! ]|q?quad(?![A-Za-z]))|~")
_NUMPY_SCALAR = re.compile(r"\b(?:np|numpy)\.(?:float|int)[0-9]*\(([^()]*)\)")
_CALL = re.compile(
    r"(?:Parameter containing:\s*)?(?:[A-Za-z_]\w*\.)*"
    r"(?:array|asarray|matrix|mat|tensor|as_tensor|Array|Matrix|Tensor|Parameter)\s*\("
)
# `, dtype=float`, `, device='cpu', grad_fn=<…>`, `, np.float64`: nothing after it is a cell.
_OPTION = re.compile(
    r",\s*(?:[A-Za-z_]\w*\s*=|(?:(?:np|numpy|torch)\.)?(?:float|double|int|half)\w*\s*$)"
)
