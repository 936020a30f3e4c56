"""The arithmetic that may be typed in one cell: read, computed and printed in a single pass."""

from __future__ import annotations

import math
import operator
import re
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from engine.language import tr
from engine.marking.characters import VULGAR_FRACTIONS, excerpt

MAX_DIGITS = 50
MAX_EXPONENT = 400
MAX_DEPTH = 20
MAX_BITS = 4000
MAX_PLAIN = 20
"""The most characters that a number typed with an exponent is spelled out with."""

Value = Fraction | float


class UnreadableAnswer(ValueError):  # noqa: N818 - it says what happened, as in the contract
    """What was typed can't be read; ``message`` tells a learner why.

    ``row`` and ``column`` are the place of the cell, counted from 1, or None where it isn't one
    cell's fault. ``reason`` is the message without the place.
    """

    def __init__(self, reason: str, row: int | None = None, column: int | None = None) -> None:
        self.reason = reason
        self.row = row
        self.column = column
        self.message = reason
        if row is not None and column is not None:
            self.message = tr(
                "Row {row}, column {column}: {reason}", row=row, column=column, reason=reason
            )
        super().__init__(self.message)


class Part(NamedTuple):
    """A piece of arithmetic that has been read.

    ``decimals`` are the digits typed after the point, None where there are no typed digits to
    count. ``printed`` is the piece spelled canonically, ``tightness`` how tightly it holds
    together: 0 a sum, 1 a product or quotient, 2 a signed number, 3 a number, bracket or function.
    """

    value: Value
    decimals: int | None
    printed: str
    tightness: int


def evaluate(text: str) -> Part:
    """Read a canonical text such as ``(1 + 2)/3`` or ``sigmoid(0.5)``; never with ``eval``.

    Raises `UnreadableAnswer` for what is no arithmetic, overflows or has no value.
    """
    tokens = _TOKEN.findall(_without_latex(text))
    reader = _Reader(tokens)
    part = reader.sum(0)
    rest = reader.peek()
    if rest == ")":
        raise UnreadableAnswer(tr("A bracket is closed that was not opened."))
    if rest:
        raise reader.unexpected()
    return part


def literal(token: str) -> Part:
    """An unsigned number such as ``0.20``, ``.5``, ``0,5`` or ``1e-3``, exactly."""
    mantissa, _, power = token.replace(",", ".").replace("E", "e").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    if len(digits) > MAX_DIGITS:
        raise UnreadableAnswer(
            tr(
                "A number has more than {limit} digits: “{number}”.",
                limit=MAX_DIGITS,
                number=excerpt(token),
            )
        )
    exponent = int(power or 0)
    if abs(exponent) > MAX_EXPONENT:
        # Raised before the power of ten is built: 1e999999999 would fill the memory.
        raise _out_of_range()
    scale = len(fraction) - exponent
    if scale > 0:
        value = Fraction(int(digits), 10**scale)
    else:
        value = Fraction(int(digits) * 10**-scale)
    if exponent > 0:
        _checked(value)
    printed = whole.lstrip("0") or "0"
    if fraction:
        printed += "." + fraction
    if power:
        plain = positional(value, scale) if abs(exponent) < MAX_PLAIN else ""
        printed = plain if 0 < len(plain) <= MAX_PLAIN else f"{printed}e{exponent}"
    return Part(value, max(0, scale), printed, 3)


def positional(value: Fraction, decimals: int) -> str:
    """The value with exactly ``decimals`` digits after the point, halves rounded away from 0."""
    decimals = max(0, decimals)
    scaled = math.floor(abs(value) * 10**decimals + Fraction(1, 2))
    digits = str(scaled).rjust(decimals + 1, "0")
    sign = "-" if value < 0 and scaled else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else sign + digits


_VULGAR = "".join(VULGAR_FRACTIONS)
_TOKEN = re.compile(
    rf"[0-9]*[{_VULGAR}]"
    r"|(?:[0-9]++(?:\.[0-9]*+|,[0-9]++)?+|[.,][0-9]++)(?:[eE][+-]?[0-9]++)?"
    rf"|\\?[^\W\d_{_VULGAR}][^\W_{_VULGAR}]*+"
    r"|\*\*|[^\s]"
)
_LATEX = (
    (re.compile(r"\\(?:operatorname|mathrm|text)\*?\s*\{\s*([A-Za-z]+)\s*\}"), r"\1"),
    (re.compile(r"\\(?:left|right)(?![A-Za-z])"), " "),
    (re.compile(r"\\(?:cdot|times)(?![A-Za-z])"), "*"),
    (re.compile(r"\\div(?![A-Za-z])"), "/"),
    (re.compile(r"\{,\}"), "."),
)


def _without_latex(text: str) -> str:
    if "\\" in text or "{" in text:
        for pattern, plain in _LATEX:
            text = pattern.sub(plain, text)
        text = text.replace("{", "(").replace("}", ")")
    return text


class _Reader:
    """Recursive descent over the tokens of one cell; at most `MAX_DEPTH` brackets deep."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.position = 0

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def sum(self, depth: int) -> Part:
        part = self.product(depth)
        while (sign := self.peek()) in ("+", "-"):
            self.position += 1
            part = _combine(sign, part, self.product(depth))
        return part

    def product(self, depth: int) -> Part:
        part = self.signed(depth)
        while (sign := self.peek()) in ("*", "/"):
            self.position += 1
            part = _combine(sign, part, self.signed(depth))
        return part

    def signed(self, depth: int) -> Part:
        sign = self.peek()
        if sign not in ("+", "-"):
            return self.primary(depth)
        self.position += 1
        if self.peek() in ("+", "-"):
            raise UnreadableAnswer(tr("Two signs stand next to each other."))
        part = self.primary(depth)
        return negated(part) if sign == "-" else part

    def primary(self, depth: int) -> Part:
        token = self.peek()
        self.position += 1
        if not token:
            raise UnreadableAnswer(tr("A number is missing at the end."))
        first = token[0]
        if token[-1] in VULGAR_FRACTIONS:
            return _vulgar(token)
        if first in "0123456789" or (first in ".," and len(token) > 1):
            return literal(token)
        if first == "(":
            return self.bracket(depth)
        if first.isalpha() or first in "\\√":
            return self.name(token, depth)
        if token in ("+", "-", "*", "/", "**", ")"):
            raise UnreadableAnswer(tr("A number is missing before “{token}”.", token=token))
        raise _unexpected_character(token)

    def bracket(self, depth: int) -> Part:
        if depth >= MAX_DEPTH:
            raise UnreadableAnswer(tr("Too many brackets stand inside each other."))
        part = self.sum(depth + 1)
        following = self.peek()
        if following == ")":
            self.position += 1
            return part
        if not following:
            raise UnreadableAnswer(tr("A bracket is opened but not closed."))
        raise self.unexpected()

    def name(self, token: str, depth: int) -> Part:
        name = token.lstrip("\\").lower()
        if name == "e":
            return Part(math.e, None, "e", 3)
        if token == "\\frac" or token in ("\\tfrac", "\\dfrac"):
            numerator = self.opened(name, depth)
            return _combine("/", numerator, self.opened(name, depth))
        name = _SYNONYMS.get(name, name)
        function = _FUNCTIONS.get(name)
        if function is None:
            raise UnreadableAnswer(
                tr(
                    "“{name}” is not known here. Besides digits there are exp, ln, sqrt, "
                    "sigmoid (σ), tanh and e.",
                    name=excerpt(token),
                )
            )
        if token == "√" and self.peek() != "(":
            if depth >= MAX_DEPTH:
                raise UnreadableAnswer(tr("Too many brackets stand inside each other."))
            argument = self.primary(depth + 1)
        else:
            argument = self.opened(name, depth)
        value = _guarded(function, float(argument.value))
        return Part(value, None, f"{name}({argument.printed})", 3)

    def unexpected(self) -> UnreadableAnswer:
        """The error for a token where only an operator or a bracket could follow."""
        right = self.peek()
        if right[0].isalnum() or right[0] in "\\√(" or len(right) > 1:
            return UnreadableAnswer(
                tr(
                    "There is no operator between “{left}” and “{right}”.",
                    left=excerpt(self.tokens[self.position - 1]),
                    right=excerpt(right),
                )
            )
        return _unexpected_character(right)

    def opened(self, name: str, depth: int) -> Part:
        if self.peek() != "(":
            raise UnreadableAnswer(
                tr("Brackets are missing after {name}: write {name}(1).", name=name)
            )
        self.position += 1
        return self.bracket(depth)


def _unexpected_character(character: str) -> UnreadableAnswer:
    if character == ",":
        return UnreadableAnswer(tr("A comma can't stand here."))
    return UnreadableAnswer(tr("“{character}” can't stand in a number.", character=character))


def _vulgar(token: str) -> Part:
    value = VULGAR_FRACTIONS[token[-1]]
    if len(token) > 1:
        value += Fraction(literal(token[:-1]).value)
    return Part(value, None, f"{value.numerator}/{value.denominator}", 1)


def negated(part: Part) -> Part:
    """A piece with a minus sign in front."""
    printed = part.printed
    if part.tightness == 0 or printed.startswith("-"):
        printed = f"({printed})"
    # The sign of a product is the sign of its first factor, and the value is the same.
    tightness = 1 if part.tightness == 1 else 2
    return Part(-part.value, part.decimals, f"-{printed}", tightness)


def _combine(sign: str, left: Part, right: Part) -> Part:
    value = _guarded(_COMPUTE[sign], left.value, right.value)
    before, after = left.printed, right.printed
    if sign in "+-":
        if right.tightness == 0 or after.startswith("-"):
            after = f"({after})"
        return Part(value, None, f"{before} {sign} {after}", 0)
    if left.tightness == 0:
        before = f"({before})"
    if right.tightness < 3:
        after = f"({after})"
    return Part(value, None, f"{before}{'·' if sign == '*' else '/'}{after}", 1)


def _guarded(compute: Callable[..., Value], *operands: Value) -> Value:
    try:
        return _checked(compute(*operands))
    except ZeroDivisionError:
        raise UnreadableAnswer(tr("This divides by zero.")) from None
    except OverflowError:
        raise _out_of_range() from None


def _checked(value: Value) -> Value:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _out_of_range()
        return value
    bits = value.numerator.bit_length()
    if bits > 1000 and abs(value) > sys.float_info.max:
        raise _out_of_range()
    # Small texts such as (1+1e-300)*(1+1e-300)*… have fractions that grow without an overflow.
    if bits > MAX_BITS or value.denominator.bit_length() > MAX_BITS:
        raise UnreadableAnswer(tr("The result of this has too many digits."))
    return value


def _out_of_range() -> UnreadableAnswer:
    return UnreadableAnswer(tr("This number is too large or too small to compute with."))


def _sigmoid(x: float) -> float:
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))


def _ln(x: float) -> float:
    if x <= 0:
        raise UnreadableAnswer(tr("ln is only defined for numbers greater than 0."))
    return math.log(x)


def _sqrt(x: float) -> float:
    if x < 0:
        raise UnreadableAnswer(tr("A negative number has no square root here."))
    return math.sqrt(x)


_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "ln": _ln,
    "sqrt": _sqrt,
    "sigmoid": _sigmoid,
    "tanh": math.tanh,
}
_SYNONYMS = {"σ": "sigmoid", "sigma": "sigmoid", "√": "sqrt"}
_COMPUTE: dict[str, Callable[..., Value]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
