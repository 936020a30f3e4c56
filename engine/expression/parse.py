"""Reading formulas: a small Pratt parser whose grammar is data, and the grammar of problem files.

A grammar says for each kind of token what it means at the start of an operand (`prefix`) and
between two (`infix`, with how tightly it binds). Nothing is ever executed: text becomes a tree or
an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, NoReturn

from engine.expression import node as nodes
from engine.expression.node import Node, make, mask, name, number, walk
from engine.language import tr

MAX_LENGTH, MAX_DEPTH = 2000, 100
MAX_DIGITS, MAX_EXPONENT, MAX_POWER = 50, 300, 4
NO_POWER = Fraction(MAX_POWER + 1)
LEAST = Fraction(1, 10**MAX_EXPONENT)
"""The least number above 0 that can be written; 1/LEAST is the largest: both are floats, too."""


class ParseError(ValueError):
    """A text that is no formula: what is wrong in a sentence, and where.

    `position` counts the characters before the place, from 0; `unfinished` says that the text only
    breaks off, so that more typing can mend it.
    """

    def __init__(self, message: str, position: int, unfinished: bool = False) -> None:
        self.message, self.position, self.unfinished = message, position, unfinished
        super().__init__(message)


# --- the core -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text: its kind is what a grammar looks up, its value what was read."""

    kind: str
    position: int
    value: Any = None
    text: str = ""
    spaced: bool = False
    """Whether a blank stands before it."""


Prefix = Callable[[Any, Token], Node]
Infix = Callable[[Any, Node, Token], Node]


@dataclass(frozen=True)
class Grammar:
    """What each kind of token means, by place; `depth` bounds how deeply operands nest."""

    prefix: Mapping[str, Prefix]
    infix: Mapping[str, tuple[int, Infix]]
    depth: int = MAX_DEPTH
    side_by_side: tuple[int, Infix] | None = None
    """What two operands with nothing between them mean, where they mean anything."""


class Parser:
    """One reading of a row of tokens, the last of which has the kind "end"."""

    def __init__(self, tokens: Sequence[Token], grammar: Grammar) -> None:
        self.tokens, self.grammar = tokens, grammar
        self.place = self.nesting = 0

    @property
    def next(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.place]

    def take(self) -> Token:
        """The next token, and go on."""
        token = self.tokens[self.place]
        self.place += token.kind != "end"
        return token

    def expect(self, kind: str) -> Token:
        """The next token, which must be of that kind."""
        if self.next.kind != kind:
            self.unexpected(self.next, tr("{sign} is missing here.", sign=kind))
        return self.take()

    def unexpected(self, token: Token, message: str = "") -> NoReturn:
        """Raise what is wrong with a token that has no place here."""
        if token.kind == "end":
            raise ParseError(
                message or tr("The formula breaks off here."), token.position, unfinished=True
            )
        raise ParseError(
            message or tr("{sign} doesn't belong here.", sign=token.text), token.position
        )

    def starts_operand(self, token: Token) -> bool:
        """Whether an operand may begin with the token, so that it stands beside the one before."""
        return token.kind in self.grammar.prefix

    def go_deeper(self, token: Token) -> None:
        """Begin a part of a part; raises where parts nest too deeply."""
        self.nesting += 1
        if self.nesting > self.grammar.depth:
            raise ParseError(tr("The brackets are nested too deeply."), token.position)

    def formula(self) -> Node:
        """The whole text."""
        root = self.expression()
        if self.next.kind != "end":
            self.unexpected(self.next)
        return root

    def expression(self, floor: int = 0) -> Node:
        """An operand and all that binds to it more tightly than `floor`."""
        token = self.take()
        start = self.grammar.prefix.get(token.kind)
        if start is None:
            self.unexpected(token)
        self.go_deeper(token)
        left = start(self, token)
        beside = self.grammar.side_by_side
        while True:
            rule = self.grammar.infix.get(self.next.kind)
            if rule is not None:
                if rule[0] <= floor:
                    break
                left = rule[1](self, left, self.take())
            elif beside is not None and beside[0] > floor and self.starts_operand(self.next):
                left = beside[1](self, left, self.next)
            else:
                break
        self.nesting -= 1
        return left


def number_at(text: str, position: int) -> Fraction:
    """A number such as ``2``, ``.5`` or ``1e-5``, exactly; `ParseError` beyond the limits."""
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > MAX_DIGITS or len(exponent) > 4 or abs(int(exponent or 0)) > MAX_EXPONENT:
        raise ParseError(tr("The number has too many digits."), position)
    value = Fraction(text)
    if value and not LEAST <= value <= 1 / LEAST:
        raise ParseError(tr("The number is too large or too small."), position)
    return value


def check_depth(root: Node, limit: int = MAX_DEPTH) -> None:
    """Raises `ParseError` for a tree that is deeper than the limit."""
    depth: dict[Node, int] = {}
    for node in walk(root):
        depth[node] = 1 + max((depth[operand] for operand in node.operands), default=0)
    if depth[root] > limit:
        raise ParseError(tr("The formula is too long: split it into several steps."), 0)


# --- the grammar of problem files -----------------------------------------------------------------

SUM, PRODUCT, MINUS, POSTFIX = 10, 20, 30, 40

FUNCTIONS: dict[str, tuple[int, Callable[..., Node]]] = {
    "relu": (1, nodes.relu),
    "sigmoid": (1, nodes.sigmoid),
    "tanh": (1, nodes.tanh),
    "softmax": (1, nodes.softmax),
    "exp": (1, nodes.exp),
    "ln": (1, nodes.ln),
    "sqrt": (1, nodes.sqrt),
    "abs": (1, nodes.absolute),
    "sum": (1, nodes.total),
    "mean": (1, nodes.mean),
    "sum_rows": (1, nodes.sum_rows),
    "mean_rows": (1, nodes.mean_rows),
    "sum_columns": (1, nodes.sum_columns),
    "mean_columns": (1, nodes.mean_columns),
    "square": (1, lambda x: x**2),
    "leaky_relu": (2, nodes.leaky_relu),
}
"""The functions by name: how many operands they take, and the tree they make."""


def _name(parser: Parser, token: Token) -> Node:
    return name(token.text)


def _number(parser: Parser, token: Token) -> Node:
    return number(token.value)


def _minus(parser: Parser, token: Token) -> Node:
    return -parser.expression(MINUS)


def _group(parser: Parser, token: Token) -> Node:
    inside = parser.expression()
    parser.expect(")")
    return inside


def _mask(parser: Parser, token: Token) -> Node:
    inside = parser.expression()
    parser.expect(">")
    zero = parser.take()
    if zero.kind != "number" or zero.value != 0:
        parser.unexpected(zero, tr("A mask is written [H > 0]: 0 is missing here."))
    parser.expect("]")
    return mask(inside)


def _call(parser: Parser, token: Token) -> Node:
    count, build = FUNCTIONS[token.text]
    if parser.next.kind != "(":
        parser.unexpected(
            parser.next,
            tr("{function} is a function: its brackets are missing.", function=token.text),
        )
    parser.take()
    operands = [parser.expression()]
    while parser.next.kind == ",":
        parser.take()
        operands.append(parser.expression())
    parser.expect(")")
    if len(operands) != count:
        raise ParseError(
            tr(
                "{function} has {given} values in its brackets; it takes {expected}.",
                function=token.text,
                expected=count,
                given=len(operands),
            ),
            token.position,
        )
    return build(*operands)


def binary(op: str, power: int) -> tuple[int, Infix]:
    """The rule of an operator that takes the left side first."""

    def build(parser: Parser, left: Node, token: Token) -> Node:
        return make(op, (left, parser.expression(power)))

    return power, build


def _power(parser: Parser, left: Node, token: Token) -> Node:
    return left ** _exponent(parser)


def _exponent(parser: Parser) -> int:
    """A whole number, perhaps in brackets; powers bind from the right, as in Python."""
    token = parser.take()
    parser.go_deeper(token)
    if token.kind == "-":
        found = Fraction(-_exponent(parser))
    elif token.kind == "(":
        found = Fraction(_exponent(parser))
        parser.expect(")")
    elif token.kind == "number":
        found = token.value
    else:
        _refuse(parser, token)
    if token.kind != "-" and parser.next.kind == "^":
        parser.take()
        above = _exponent(parser)
        found = found**above if found or above >= 0 else NO_POWER
    parser.nesting -= 1
    if found.denominator != 1 or abs(found) > MAX_POWER:
        _refuse(parser, token)
    return int(found)


def _refuse(parser: Parser, token: Token) -> NoReturn:
    parser.unexpected(
        token,
        tr("An exponent is a whole number from {low} to {high}.", low=-MAX_POWER, high=MAX_POWER),
    )


def _transpose(parser: Parser, left: Node, token: Token) -> Node:
    return left.T


FILE = Grammar(
    prefix={
        "name": _name,
        "number": _number,
        "function": _call,
        "(": _group,
        "[": _mask,
        "-": _minus,
    },
    infix={
        "+": binary("add", SUM),
        "-": binary("sub", SUM),
        "@": binary("matmul", PRODUCT),
        "*": binary("mul", PRODUCT),
        "/": binary("div", PRODUCT),
        "^": (POSTFIX, _power),
        "T": (POSTFIX, _transpose),
    },
)

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]+|\.(?![A-Za-z]))?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<T>\.T(?![A-Za-z0-9_])|ᵀ)"
    r"|(?P<sign>[-−+*/@·⊙^()\[\],>])"
    r"|(?P<blank>\s+)"
    r"|(?P<other>.)"
)
_SAME = {"·": "@", "⊙": "*", "−": "-"}


def _tokens(text: str, known: Container[str]) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        kind, found, place = str(match.lastgroup), match.group(), match.start()
        if kind == "blank":
            continue
        if kind == "number":
            yield Token(kind, place, number_at(found, place), found)
        elif kind == "name":
            called = found in FUNCTIONS and (found not in known or _opens(text, match.end()))
            if not called and found not in known:
                raise ParseError(_unknown(found, known), place)
            yield Token("function" if called else "name", place, None, found)
        elif kind == "other":
            raise ParseError(tr("{sign} has no meaning in a formula.", sign=repr(found)), place)
        else:
            yield Token("T" if kind == "T" else _SAME.get(found, found), place, None, found)
    yield Token("end", len(text))


def _opens(text: str, place: int) -> bool:
    return text[place:].lstrip().startswith("(")


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that is likeliest meant, capitals or not; empty where none is similar."""
    words = [*known]
    close = get_close_matches(word, words, n=1)
    if close:
        return close[0]
    by_small = {other.casefold(): other for other in words}
    close = get_close_matches(word.casefold(), by_small, n=1)
    return by_small[close[0]] if close else ""


def _unknown(word: str, known: Container[str]) -> str:
    words = [*FUNCTIONS, *(known if isinstance(known, Iterable) else ())]
    meant = closest(word, words)
    if meant:
        return tr("There is no {name} here. Did you mean {close}?", name=word, close=meant)
    return tr("There is no {name} here.", name=word)


def parse(text: str, names: Container[str]) -> Node:
    """The tree of a formula in a problem file; `names` are the names that it may use.

    Raises `ParseError`. Broadcasts are not in it yet: `engine.expression.broadcasting.resolve`
    puts them where the shapes want them.
    """
    if len(text) > MAX_LENGTH:
        raise ParseError(
            tr("The formula is longer than {limit} characters.", limit=MAX_LENGTH), MAX_LENGTH
        )
    root = Parser(list(_tokens(text, names)), FILE).formula()
    check_depth(root)
    return root
