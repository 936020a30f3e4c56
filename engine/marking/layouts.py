"""Where the cells of a typed matrix are: every way its text can be cut into rows and cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from engine.language import ntr, tr
from engine.marking.arithmetic import UnreadableAnswer
from engine.marking.characters import excerpt

Span = tuple[int, int]
Shape = tuple[int, int]
CommaReading = Literal["", "decimal", "cells"]

MAX_NESTING = 8
MAX_CELLS = 16_384
# Put over what a cut must not see: the inside of round brackets, a decimal comma. Clean texts
# have no such character, and every position stays what it was.
HIDDEN = "\x00"


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to cut a text: for each row the cells' places in it, blanks around them included.

    ``comma`` says how a comma was read that could have been both, ``example`` is the first one
    with the digits around it.
    """

    rows: tuple[tuple[Span, ...], ...]
    comma: CommaReading = ""
    example: str = ""

    @property
    def shape(self) -> Shape | None:
        """(rows, columns), None where the rows are not equally long."""
        widths = {len(row) for row in self.rows}
        return (len(self.rows), widths.pop()) if len(widths) == 1 else None

    def note(self) -> str:
        """How the comma was read, as a sentence."""
        if self.comma == "decimal":
            return tr(
                "The comma was read as a decimal comma: {typed} is {number}.",
                typed=self.example,
                number=self.example.replace(",", "."),
            )
        first, _, second = self.example.partition(",")
        return tr(
            "The comma was read as separating cells: {typed} is {first} and {second}.",
            typed=self.example,
            first=first,
            second=second,
        )

    @property
    def size(self) -> int:
        """The number of cells."""
        return sum(map(len, self.rows))

    def uneven(self) -> UnreadableAnswer:
        """The error for rows that are not equally long."""
        first = len(self.rows[0])
        row, width = next((i, len(r)) for i, r in enumerate(self.rows, 1) if len(r) != first)
        return UnreadableAnswer(
            ntr(
                "Row 1 has {first} cells, but row {row} has {number} cell.",
                "Row 1 has {first} cells, but row {row} has {number} cells.",
                width,
                first=first,
                row=row,
            ),
            row=row,
        )


def layouts(view: str, *, gaps: bool = False) -> list[Layout]:
    """Every way to cut a canonical text, the likeliest first; there is at least one.

    With ``gaps`` nothing between two separators is an empty cell, and an empty line an empty row,
    as in a table copied from a spreadsheet; otherwise they are a wider separator.
    Raises `UnreadableAnswer` where the brackets make no matrix or there are too many cells.
    """
    if sum(map(view.count, (";", "\n", "&", "[", "\\\\"))) > MAX_CELLS:
        raise _too_many_cells()
    if _LATEX.search(view):
        found = [_latex(view)]
    elif "[" in view or "]" in view:
        found = list(_square(view, gaps))
    else:
        found = list(_plain(view, gaps))
    if any(layout.size > MAX_CELLS for layout in found):
        raise _too_many_cells()
    return found


_ROW_BREAK = re.compile(r";[ \t]*+\n?+|\n")
# Blanks separate unless an operator stands beside them; a sign that touches what follows is the
# next number's: `2 -1` is two cells, `2 - 1` is one.
_BLANKS = r"(?<![ \t*/+,-])[{0}]++(?![ \t*/,])(?![+-](?:[ \t]|$))"
_SEPARATOR = re.compile("," + "|" + _BLANKS.format(r" \t"))
_SEPARATOR_WITH_GAPS = re.compile(r"[,\t]" + "|" + _BLANKS.format(" "))


def _too_many_cells() -> UnreadableAnswer:
    return UnreadableAnswer(tr("The answer has more than {limit} cells.", limit=MAX_CELLS))


def _cut(text: str, start: int, gaps: bool) -> tuple[tuple[Span, ...], ...]:
    """The cells of the veiled ``text``, which begins at ``start`` of the whole."""
    found: list[tuple[Span, ...]] = []
    position = 0
    for line_break in _ROW_BREAK.finditer(text):
        found.append(_cut_row(text, position, line_break.start(), start, gaps))
        position = line_break.end()
    found.append(_cut_row(text, position, len(text), start, gaps))
    width = max(map(len, found))
    if gaps and width * len(found) <= MAX_CELLS:
        return tuple(row or ((start, start),) * width for row in found)
    return tuple(row for row in found if row)


def _cut_row(text: str, low: int, high: int, start: int, gaps: bool) -> tuple[Span, ...]:
    row = text[low:high].rstrip(" " if gaps else None)
    high = low + len(row)
    row = row.lstrip(" " if gaps else None)
    low = high - len(row)
    if not row:
        return ()
    cells = []
    position = 0
    offset = start + low
    for separator in (_SEPARATOR_WITH_GAPS if gaps else _SEPARATOR).finditer(row):
        cells.append((offset + position, offset + separator.start()))
        position = separator.end()
    if position < len(row) or gaps or not cells:
        cells.append((offset + position, offset + len(row)))
    return tuple(cells)


_BRACKET = re.compile(r"[(){};\n]")
_FUNCTION_GAP = re.compile(r"(?i:exp|ln|sqrt|sigmoid|sigma|tanh|σ|√)[ \t]++(?=\()")


def _hide_blanks(found: re.Match[str]) -> str:
    return found[0].replace(" ", HIDDEN).replace("\t", HIDDEN)


def _hide_comma(found: re.Match[str]) -> str:
    return found[0].replace(",", HIDDEN)


def _veil(text: str) -> str:
    """The text with everything inside its round brackets hidden; the end of a row closes them."""
    if "(" not in text and "{" not in text:
        return text
    pieces = []
    depth = shown = 0
    for bracket in _BRACKET.finditer(text):
        at = bracket.start()
        if bracket[0] in "({":
            if depth == 0:
                pieces.append(text[shown : at + 1])
                shown = at + 1
            depth += 1
        elif depth and (bracket[0] in ";\n" or depth == 1):
            pieces.append(HIDDEN * (at - shown))
            shown, depth = at, 0
        elif depth:
            depth -= 1
    pieces.append(HIDDEN * (len(text) - shown) if depth else text[shown:])
    return _FUNCTION_GAP.sub(_hide_blanks, "".join(pieces))


# A comma with digits on both sides that is the only mark in its number.
_EITHER = re.compile(r"(?<![0-9.])(?<![0-9],)[0-9]++,[0-9]++(?!\.|,[0-9])")
# A comma that nothing stands before: `,5` is a number as `.5` is.
_LEADING = re.compile(r"(?m:^|;)[ \t]*+,(?=[0-9])|[-+*/],(?=[0-9])")
_LEADING_ALSO = re.compile(r"[ \t],(?=[0-9])")
_TIGHT = re.compile(r",(?=[^\s;])")


def _plain(view: str, gaps: bool) -> Iterator[Layout]:
    for text in _without_round_brackets(view):
        veiled = _veil(text)
        tuples = _tuples(text, veiled)
        if tuples:
            yield from _square(tuples, gaps)
        if _LEADING.search(veiled):
            veiled = _LEADING_ALSO.sub(_hide_comma, _LEADING.sub(_hide_comma, veiled))
        either = _EITHER.search(veiled)
        if either is None:
            yield Layout(_cut(veiled, 0, gaps))
            continue
        decimal = _EITHER.sub(_hide_comma, veiled)
        readings: list[tuple[CommaReading, str]] = [("decimal", decimal), ("cells", veiled)]
        # Who writes a decimal point, or 2,-1 without a blank, separates with the comma.
        if "." in veiled or _TIGHT.search(decimal):
            readings.reverse()
        for comma, cut in readings:
            yield Layout(_cut(cut, 0, gaps), comma, either[0])


def _without_round_brackets(view: str) -> list[str]:
    """The text without brackets around the whole or around each row, and as it stands."""
    inside = view
    for _ in range(2):
        inside = _peeled(inside)
    if inside != view:
        return [inside] if _ROW_BREAK.search(inside) else [inside, view]
    if "(" not in view:
        return [view]
    veiled = _veil(view)
    rows = []
    position = 0
    for line_break in (*_ROW_BREAK.finditer(veiled), None):
        end = line_break.start() if line_break else len(veiled)
        row = view[position:end]
        if row.strip() and not _ONE_BRACKET.fullmatch(veiled, position, end):
            return [view]
        rows.append(row.replace("(", " ", 1)[::-1].replace(")", " ", 1)[::-1])
        if line_break:
            rows.append(line_break[0])
            position = line_break.end()
    return [view, "".join(rows)]


def _tuples(text: str, veiled: str) -> str | None:
    """Rows in round brackets with commas between, ``(1, 2), (3, 4)``, in square ones instead."""
    if "(" not in text or "," not in text or not _TUPLES.fullmatch(veiled):
        return None
    pieces: list[str] = []
    position = 0
    for row in _TUPLE.finditer(veiled):
        pieces += (text[position : row.start()], "[", text[row.start() + 1 : row.end() - 1], "]")
        position = row.end()
    return "".join((*pieces, text[position:]))


_TUPLE = re.compile(rf"\({HIDDEN}++\)")
_TUPLES = re.compile(rf"\s*+(?:\({HIDDEN}++\)\s*+(?:,\s*+|$))++")
_ONE_BRACKET = re.compile(rf"[ \t]*+\({HIDDEN}*+\)[ \t]*+")
_ROUND = re.compile(r"[()]")


def _peeled(view: str) -> str:
    """The text with the round brackets around the whole made blanks, if there are any."""
    inside = view.strip()
    if not (inside.startswith("(") and inside.endswith(")")):
        return view
    low = view.index("(")
    high = view.rindex(")")
    depth = 0
    for bracket in _ROUND.finditer(view, low, high):
        depth += 1 if bracket[0] == "(" else -1
        if depth == 0 or depth > 2 * MAX_NESTING:
            return view
    return f"{view[:low]} {view[low + 1 : high]} {view[high + 1 :]}" if depth == 1 else view


_SQUARE = re.compile(r"[\[\]]")
_CONTINUED = re.compile(r",[ \t]*+\n")


def _square(view: str, gaps: bool) -> Iterator[Layout]:
    leaves = _innermost(view)
    if len(leaves) > 1:
        veiled = _veil(view.replace("\n", " "))
        yield Layout(
            tuple(_cut_row(veiled, low, high, 0, gaps) or ((low, high),) for low, high in leaves)
        )
        return
    low, high = leaves[0]
    veiled = _veil(view[low:high])
    tuples = _tuples(view[low:high], veiled)
    if tuples:
        yield from _square(view[:low] + tuples + view[high:], gaps)
    veiled = _CONTINUED.sub(lambda found: found[0].replace("\n", " "), veiled)
    yield Layout(_cut(veiled, low, gaps))
    if "\n" in veiled and ";" not in veiled:
        # NumPy breaks a long row into several lines.
        yield Layout(_cut(veiled.replace("\n", " "), low, gaps))


def _innermost(view: str) -> list[Span]:
    """The places inside the innermost square brackets, which must be the rows of one matrix."""
    leaves: list[Span] = []
    depths = set()
    depth = position = lowest = 0
    fresh = False
    for bracket in _SQUARE.finditer(view):
        opens = bracket[0] == "["
        if not (opens or depth):
            raise UnreadableAnswer(tr("A square bracket is closed that was not opened."))
        if opens or not fresh:
            _only_separators(view[position : bracket.start()])
        if opens:
            depth += 1
            fresh = True
        elif fresh:
            if leaves and lowest < depth - 1:
                raise UnreadableAnswer(
                    tr("These are several matrices, or a block with more than two dimensions.")
                )
            leaves.append((position, bracket.start()))
            depths.add(depth)
            depth -= 1
            lowest = depth
            fresh = False
        else:
            depth -= 1
            lowest = min(lowest, depth)
        if depth > MAX_NESTING:
            raise UnreadableAnswer(tr("Too many brackets stand inside each other."))
        position = bracket.end()
    if depth:
        raise UnreadableAnswer(tr("A square bracket is opened but not closed."))
    _only_separators(view[position:])
    if len(depths) > 1:
        raise UnreadableAnswer(
            tr("The square brackets don't match: each row needs a pair of its own.")
        )
    return leaves


def _only_separators(between: str) -> None:
    rest = between.strip(" \t\n,;")
    if rest:
        raise UnreadableAnswer(
            tr("This stands outside the brackets of a row: “{text}”.", text=excerpt(rest))
        )


_LATEX = re.compile(r"\\begin|\\\\|&")
_BEGIN = re.compile(
    r"\\begin\s*\{(?:[A-Za-z]*matrix\*?|array)\}(?:\s*\{[lcr|\s]*\}|\s*\[[lcr]*\])?"
)
_END = re.compile(r"\\end\s*\{[A-Za-z]*\*?\}")
_LATEX_ROW = re.compile(r"\\\\(?:\[[^\]\n]{0,20}\])?")
_AROUND = re.compile(r"(?:[\s$.,]|\\[\[\]()]|\\(?:left|right)\s*[\[\]().|])*+")


def _latex(view: str) -> Layout:
    low, high = 0, len(view)
    begin = _BEGIN.search(view)
    if begin:
        end = _END.search(view, begin.end())
        if end is None:
            raise UnreadableAnswer(tr("\\begin has no \\end that belongs to it."))
        low, high = begin.end(), end.start()
        for around in (view[: begin.start()], view[end.end() :]):
            if not _AROUND.fullmatch(around):
                raise UnreadableAnswer(
                    tr("This stands outside the matrix: “{text}”.", text=excerpt(around))
                )
    rows = []
    position = low
    for line_break in _LATEX_ROW.finditer(view, low, high):
        rows.append(_latex_row(view, position, line_break.start()))
        position = line_break.end()
    if view[position:high].strip():
        rows.append(_latex_row(view, position, high))
    return Layout(tuple(rows))


def _latex_row(view: str, low: int, high: int) -> tuple[Span, ...]:
    cells = []
    while (at := view.find("&", low, high)) >= 0:
        cells.append((low, at))
        low = at + 1
    return (*cells, (low, high))
