"""Matrices laid out as text: tall brackets, columns aligned on the decimal point, numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from rich.cells import cell_len

GAP = 2
"""Blanks between two columns."""

NOISE = 1e-12

_LARGE = 10**15
_EXACT, _MOST_EXACT = 2.0**52, 15
"""Below the one every half is a float; with more decimals than the other there is hardly any."""
_NUMBER = re.compile(r"([-+−–]?\d*)((?:[.,]\d*)?(?:[eE][-+−]?\d*)?)")
_NUMBERS = re.compile(f"^{_NUMBER.pattern}$", re.MULTILINE)


class Span(NamedTuple):
    """A run of text in one style; what a style's name means is up to who draws it."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """How wide a column is, and how many of its cells, from the decimal point on, are fraction.

    A field (``left``) has its text at its left edge, as where one types.
    """

    width: int
    fraction: int = 0
    left: bool = False


Draw = Callable[[int, int, str], Iterable[Span]]
"""Draws one cell: given its row, its column and its padded text, the spans to put there. They may
add to the text (a mark behind it), but all cells of one column must come out equally wide."""


def format_number(value: float | int | Fraction, decimals: int, *, comma: bool = False) -> str:
    """The number with at most ``decimals`` decimals: ``0.5`` rather than ``0.5000``, never ``-0``.

    The exact value is rounded, halves away from zero as they are at school. From 10^15 on, a
    number that isn't an ``int`` gets an exponent. ``comma`` writes a decimal comma. Negative
    ``decimals`` raise ``ValueError``.
    """
    if decimals < 0:
        raise ValueError(f"decimals: expected 0 or more, got {decimals}")
    if isinstance(value, float):
        if not math.isfinite(value):
            return "nan" if math.isnan(value) else "∞" if value > 0 else "-∞"
        halves = value * (2 * 10**decimals) if decimals <= _MOST_EXACT else math.inf
        # A half, which Python would round to even, is an odd number of these, and is exact.
        if abs(halves) < _EXACT and halves % 2 != 1:
            return _formatted(value, decimals, comma=comma)
    numerator, denominator = value.as_integer_ratio()
    power = 0
    if not isinstance(value, int) and abs(numerator) >= _LARGE * denominator:
        power = len(str(abs(numerator) // denominator)) - 1
        denominator *= 10**power
    scaled = (2 * abs(numerator) * 10**decimals + denominator) // (2 * denominator)
    if power and scaled == 10 ** (decimals + 1):
        scaled, power = 10**decimals, power + 1
    digits = str(scaled).rjust(decimals + 1, "0")
    whole, fraction = digits[: len(digits) - decimals], digits[len(digits) - decimals :].rstrip("0")
    sign = "-" if numerator < 0 and scaled else ""
    point = ("," if comma else ".") if fraction else ""
    return f"{sign}{whole}{point}{fraction}" + (f"e{power}" if power else "")


def _formatted(value: float, decimals: int, *, comma: bool) -> str:
    text = f"{value:.{decimals}f}"
    if decimals:
        text = text.rstrip("0").rstrip(".")
    if text == "-0":
        return "0"
    return text.replace(".", ",") if comma else text


def readable(value: float | int | Fraction, decimals: int, *, comma: bool = False) -> str:
    """As `format_number`, but a small number that would become 0 keeps two digits: ``3.7e-6``.

    What is smaller than `NOISE` is what rounding left of a 0.
    """
    text = format_number(value, decimals, comma=comma)
    if text != "0" or not NOISE < abs(float(value)) < math.inf:
        return text
    digits, _, power = f"{float(value):.1e}".partition("e")
    return f"{format_number(float(digits), 1, comma=comma)}e{int(power)}"


def measure_column(texts: Iterable[str], least: int = 0) -> Column:
    """The column that holds these texts, at least ``least`` cells wide.

    Plain numbers stand with their decimal points under each other (integers so that their last
    digits do), signs right before the digits; anything else stands at the right edge.
    """
    texts = list(texts)
    numbers = _NUMBERS.findall("\n".join(texts))  # at once: a column may be long
    whole = max((len(number[0]) for number in numbers), default=0)
    fraction = max((len(number[1]) for number in numbers), default=0)
    other = 0
    if len(numbers) < len(texts):
        others = (text for text in texts if not _NUMBER.fullmatch(text))
        other = max(map(cell_len, others), default=0)
    return Column(max(whole + fraction, other, least), fraction)


def padding(text: str, column: Column) -> tuple[int, int]:
    """How many blanks stand before and behind a cell's text."""
    free = column.width - cell_len(text)
    if column.left:
        return 0, free
    number = _NUMBER.fullmatch(text)
    behind = column.fraction - len(number[2]) if number else 0
    return free - behind, behind


def pad(text: str, column: Column) -> str:
    """The cell's text, as wide as its column."""
    before, behind = padding(text, column)
    return " " * before + text + " " * behind


def bracket_pair(row: int, rows: int) -> tuple[str, str]:
    """The pieces of the brackets on the left and on the right of a row."""
    if rows == 1:
        return "(", ")"
    if row == 0:
        return "⎛", "⎞"
    return ("⎝", "⎠") if row == rows - 1 else ("⎜", "⎟")


def middle(rows: int) -> int:
    """The line of a matrix that its label stands on; of two in the middle, the upper one."""
    return (rows - 1) // 2


def plain(row: int, column: int, text: str) -> Iterable[Span]:
    """Draws a cell as it is."""
    return (Span(text),)


def layout_row(
    texts: Sequence[str],
    row: int,
    rows: int,
    columns: Sequence[Column],
    draw: Draw = plain,
    *,
    gap: int = GAP,
    bracket: str = "",
    shown: range | None = None,
) -> list[Span]:
    """One line of a matrix of ``rows`` rows; a matrix of one cell gets no brackets.

    ``texts`` are the row's cells, ``bracket`` is the style of the brackets. ``shown`` limits the
    line to some columns: it begins with the first of them, or with the bracket before it, and
    ends likewise.
    """
    shown = range(len(texts)) if shown is None else shown
    spans: list[Span] = []
    blanks = Span(" " * gap)
    for column in shown:
        if spans:
            spans.append(blanks)
        spans.extend(draw(row, column, pad(texts[column], columns[column])))
    if rows == 1 and len(texts) == 1:
        return spans
    left, right = bracket_pair(row, rows)
    if 0 in shown:
        spans.insert(0, Span(f"{left} ", bracket))
    if len(texts) - 1 in shown:
        spans.append(Span(f" {right}", bracket))
    return spans


def layout(
    cells: Sequence[Sequence[str]], draw: Draw = plain, *, gap: int = GAP, bracket: str = ""
) -> list[list[Span]]:
    """The lines of a matrix, given the texts of its cells: equally long rows, one at least."""
    columns = [measure_column(texts) for texts in zip(*cells, strict=True)]
    rows = len(cells)
    return [
        layout_row(texts, row, rows, columns, draw, gap=gap, bracket=bracket)
        for row, texts in enumerate(cells)
    ]
