"""One typed number: a decimal, a fraction or a short expression, and how it was typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from engine.language import mark_text, tr
from engine.marking.arithmetic import (
    MAX_PLAIN,
    Part,
    UnreadableAnswer,
    Value,
    evaluate,
    literal,
    negated,
    positional,
)
from engine.marking.characters import canonical, clean

__all__ = ["MAX_CELL", "Number", "UnreadableAnswer", "read_number"]

MAX_CELL = 200
"""The most characters that a cell may have."""


@dataclass(frozen=True, slots=True)
class Number:
    """One typed cell.

    ``text`` is what was typed, without control characters and outer blanks. ``value`` is a
    Fraction where the text is rational, else a float. ``decimals`` are the digits typed after the
    point (``0.20`` has 2, ``1e-3`` has 3, ``3`` and ``2e3`` have 0); None for a fraction or an
    expression, which count as unlimited digits.
    """

    text: str
    value: Value
    decimals: int | None
    printed: str = field(compare=False)
    """How it was read, spelled canonically: ``-½`` is ``-1/2``, ``0,50`` is ``0.50``."""
    number: float = field(init=False, compare=False)
    """The value as a float: cells are compared again and again."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", float(self.value))

    @property
    def exact(self) -> bool:
        """Whether the value is a rational number, known exactly."""
        return isinstance(self.value, Fraction)

    def shown(self, decimals: int) -> str:
        """The value for a screen: ``≈ 0.3333``, or ``= 0.125`` where that is all of it.

        ``decimals`` is the most digits after the point; a value that would show as zero, or has
        more than 16 digits before the point, is shown in powers of ten (``≈ 1.2e-07``).
        """
        value = Fraction(self.value)
        rounded = positional(value, decimals)
        if self.exact and Fraction(rounded) == value and len(rounded) <= decimals + 18:
            return "= " + (rounded.rstrip("0").rstrip(".") if "." in rounded else rounded)
        if abs(value) >= 10**16 or (value and not Fraction(rounded)):
            return f"≈ {float(value):.{max(1, decimals)}g}"
        return f"≈ {rounded}"


def read_number(text: str) -> Number:
    """Read one cell; ``UnreadableAnswer`` says why where that can't be done.

    Blanks inside a cell join: as a whole cell ``2 -1`` is 1.
    """
    if len(text) > MAX_CELL:
        text = text.strip()
    if len(text) > MAX_CELL:
        raise UnreadableAnswer(tr("A cell may have {limit} characters at most.", limit=MAX_CELL))
    text = clean(text).strip()
    plain = _PLAIN.fullmatch(text)
    if plain:
        sign, digits = plain.groups()
        return _number(text, negated(literal(digits)) if sign == "-" else literal(digits))
    spelled = canonical(text)
    if not spelled.strip("_ "):
        raise UnreadableAnswer(tr("Nothing was typed here."))
    try:
        part = evaluate(spelled)
    except UnreadableAnswer as error:
        raise (_refusal(spelled) or error) from None
    return _number(text, part)


def _number(text: str, part: Part) -> Number:
    printed = part.printed
    if part.decimals is not None and not part.value and part.decimals < MAX_PLAIN:
        # The sign of a zero is dropped.
        printed = "0." + "0" * part.decimals if part.decimals else "0"
    return Number(text, part.value, part.decimals, printed)


_PLAIN = re.compile(r"([+-]?)([0-9]++(?:\.[0-9]*+)?|\.[0-9]++)")

# What is refused on purpose, and why; looked for only where a cell could not be read.
_REFUSED = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (
            r"\^|\*\s*\*|[²³¹\u2070-\u207f]",
            mark_text("Powers can't be typed here: write a product such as 3·3, or 1e4 for 10000."),
        ),
        (r"[%‰]", mark_text("Percent signs can't be typed here: write 0.5 for 50 %.")),
        (
            r"(?<![0-9A-Za-z.,])0[xXbBoO][0-9A-Za-z]",
            mark_text("Only decimal numbers can be typed here, no hexadecimal or binary ones."),
        ),
        (
            r"_",
            mark_text("An underscore can't stand inside a number; alone it is an empty cell."),
        ),
        (
            r"[0-9.)\s][ijIJ](?![A-Za-z0-9])|^[+-]?[ijIJ]$",
            mark_text("Only real numbers can be typed here, no complex ones."),
        ),
        (
            r"(?i)(?<![a-z])(?:nan|inf|infinity|infty)(?![a-z])|∞",
            mark_text("nan and inf are no numbers that can be marked: type a finite number."),
        ),
        (r"=", mark_text("Type only the numbers, without an equals sign.")),
        (
            r"…|\.\.\.",
            mark_text("The dots stand for numbers that are left out: type every number."),
        ),
        (
            r"[0-9]*[.,][0-9]*[.,][0-9]",
            mark_text("A number has two decimal points or commas."),
        ),
    )
)


def _refusal(spelled: str) -> UnreadableAnswer | None:
    for character in spelled:
        if character.isdecimal() and not character.isascii():
            return UnreadableAnswer(
                tr(
                    "“{character}” is a digit of another script: type the digits 0 to 9.",
                    character=character,
                )
            )
    for pattern, reason in _REFUSED:
        if pattern.search(spelled):
            return UnreadableAnswer(tr(reason))
    return None
