"""The grammar of typed formulas: what each token means, in each of the ways people bracket.

What is read here is a surface tree. Beside the ops of `engine.expression.node` it has some that
only the shapes decide: ``star`` (*), ``dot`` (·), ``beside`` (nothing between), ``gather`` (Σ),
``upstream`` (d) and ``choice``; `engine.marking.formula_shapes` makes true trees of it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from engine.expression import node as nodes
from engine.expression.node import Node, make, mask, name, number, size
from engine.expression.parse import Grammar, Infix, ParseError, Parser, Token, binary
from engine.language import tr
from engine.marking.formula_functions import ELEMENTWISE, ZERO, apply, to_the

BRACKETS = 20
COMPARISON, SUM, MINUS, LOOSE, PRODUCT, TIGHT, PREFIX, POSTFIX = 5, 10, 15, 20, 30, 40, 45, 50

CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖"}


class FormulaParser(Parser):
    """One reading of a typed formula.

    `scalars` are the keys that are numbers; `sum_first` makes Σ take a whole product with it, not
    only the bracket behind it.
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        grammar: Grammar,
        scalars: Container[str],
        sum_first: bool = False,
    ) -> None:
        super().__init__(tokens, grammar)
        self.scalars, self.sum_first = scalars, sum_first
        self.open: list[str] = []

    def starts_operand(self, token: Token) -> bool:
        """A bar closes what a bar opened, as long as one is open."""
        if token.kind in ("|", "‖") and token.kind in self.open:
            return False
        return super().starts_operand(token)

    def inside(self, opening: Token) -> Node:
        """What stands in a bracket that was just opened, with its end."""
        self.open.append(opening.kind)
        found = self.expression()
        self.open.pop()
        self.expect(CLOSING[opening.kind])
        return found


# --- at the start of an operand -------------------------------------------------------------------


def _number(parser: FormulaParser, token: Token) -> Node:
    """A number; the 1 of an indicator, 1[H > 0], is no factor."""
    if token.value != 1 or parser.next.kind not in ("[", "{", "(") or parser.next.spaced:
        return number(token.value)
    found = parser.inside(parser.take())
    return found if found.op == "mask" else make("beside", (number(1), found))


def _name(parser: FormulaParser, token: Token) -> Node:
    return name(token.value)


def _upstream(parser: FormulaParser, token: Token) -> Node:
    return make("upstream")


def _minus(parser: FormulaParser, token: Token) -> Node:
    return -parser.expression(MINUS)


def _plus(parser: FormulaParser, token: Token) -> Node:
    return parser.expression(MINUS)


def _group(parser: FormulaParser, token: Token) -> Node:
    return parser.inside(token)


def _absolute(parser: FormulaParser, token: Token) -> Node:
    return nodes.absolute(parser.inside(token))


def _norm(parser: FormulaParser, token: Token) -> Node:
    found = parser.inside(token)
    if parser.next.kind == "number" and not parser.next.spaced:
        parser.take()  # the 2 of the Euclidean norm, ‖x‖₂
    return ELEMENTWISE["norm"](found)


def _e(parser: FormulaParser, token: Token) -> Node:
    if parser.next.kind == "power":
        return nodes.exp(number(parser.take().value))
    if parser.next.kind != "^":
        return nodes.exp(number(1))
    parser.take()
    negative = parser.next.kind == "-"
    if negative:
        parser.take()
    exponent = parser.expression(POSTFIX)
    return nodes.exp(-exponent if negative else exponent)


def _root(parser: FormulaParser, token: Token) -> Node:
    return nodes.sqrt(parser.expression(POSTFIX))


def _sigma(parser: FormulaParser, token: Token) -> Node:
    """Σ takes the bracket behind it with its power, or a whole product."""
    bracket = parser.next.kind in CLOSING and not parser.sum_first
    return make("gather", (parser.expression(PREFIX if bracket else MINUS),), "sum")


def _call(parser: FormulaParser, token: Token) -> Node:
    function = str(token.value)
    if parser.next.kind == "prime":
        parser.take()
        function += "'"
    if parser.next.kind in ("(", "[", "{"):
        found = apply(function, *_arguments(parser, parser.take()), token)
        return _power_of_sum(parser, found)
    if parser.next.kind in ("^", "power"):
        parser.unexpected(
            parser.next, tr("Put the power behind the bracket: {name}(x)².", name=token.text)
        )
    return apply(function, [parser.expression(PREFIX)], [], token)


def _power_of_sum(parser: FormulaParser, found: Node) -> Node:
    """``sum(x)^2``: some mean the square of the sum, most the sum of the squares."""
    if found.op != "gather" or parser.next.kind not in ("^", "power"):
        return found
    operator = parser.take()
    raised = _raise(parser, found, operator)
    if raised.op != "power":
        return raised
    (x,) = found.operands
    inner = make("gather", (make("power", (x,), raised.argument),), found.argument)
    return make("choice", (raised, inner))


PREFIXES: dict[str, Callable[[FormulaParser, Token], Node]] = {
    "number": _number,
    "name": _name,
    "upstream": _upstream,
    "function": _call,
    "e": _e,
    "(": _group,
    "[": _group,
    "{": _group,
    "|": _absolute,
    "‖": _norm,
    "-": _minus,
    "+": _plus,
    "√": _root,
    "Σ": _sigma,
}


# --- functions ------------------------------------------------------------------------------------


def _arguments(parser: FormulaParser, opening: Token) -> tuple[list[Node], list[int]]:
    """The operands in a call's brackets, and the axes that ``axis=0`` or ``dim=1`` name."""
    operands: list[Node] = []
    axes: list[int] = []
    parser.open.append(opening.kind)
    closing = CLOSING[opening.kind]
    while parser.next.kind != closing:
        if parser.next.kind == "keyword":
            word = parser.take()
            parser.expect("=")
            value = parser.take()
            negative = value.kind == "-"
            value = parser.take() if negative else value
            if str(word.value) in ("axis", "dim"):
                axes.append(_axis(parser, value, negative))
            elif value.kind != "keyword":
                parser.unexpected(value)
        else:
            operands.append(parser.expression())
        if parser.next.kind in (",", ";"):
            parser.take()
        elif parser.next.kind != closing:
            parser.unexpected(parser.next, tr("{sign} is missing here.", sign=closing))
    parser.open.pop()
    parser.take()
    return operands, axes


def _axis(parser: FormulaParser, token: Token, negative: bool) -> int:
    if token.kind != "number" or token.value not in (0, 1):
        parser.unexpected(token, tr("The axis is 0 (over the rows) or 1 (over the columns)."))
    return 1 if negative else int(token.value)


# --- between two operands -------------------------------------------------------------------------


def _beside(parser: FormulaParser, left: Node, token: Token) -> Node:
    return make("beside", (left, parser.expression(PRODUCT)))


def _divide(parser: FormulaParser, left: Node, token: Token) -> Node:
    """In 1/2n the n belongs to the 2: a number and the numbers' names that touch it are one."""
    below = parser.expression(PRODUCT)
    touches = below.op == "number"
    while (
        touches
        and parser.next.kind == "name"
        and not parser.next.spaced
        and parser.next.value in parser.scalars
    ):
        below = make("beside", (below, name(parser.take().value)))
    return left / below


def _greater(parser: FormulaParser, left: Node, token: Token) -> Node:
    right = parser.expression(COMPARISON)
    if token.kind == "<":
        left, right = right, left
    side = left if right is ZERO else right
    if not parser.open and side.op in ("star", "dot", "beside", "mul", "matmul"):
        raise ParseError(tr("Put the mask in brackets: [H > 0]."), token.position)
    return mask(left if right is ZERO else -right if left is ZERO else left - right)


def _at_most(parser: FormulaParser, left: Node, token: Token) -> Node:
    """[x ≤ 0] is what the mask leaves out; [x ≥ 0] isn't the mask, though it looks like it."""
    right = parser.expression(COMPARISON)
    if token.kind == "≥":
        left, right = right, left
    if left is ZERO:
        raise ParseError(
            tr("The mask is written with > here: at 0 the ReLU's derivative is taken as 0."),
            token.position,
        )
    return 1 - mask(left if right is ZERO else left - right)


def _transpose(parser: FormulaParser, left: Node, token: Token) -> Node:
    return left.T


def _superscript(parser: FormulaParser, left: Node, token: Token) -> Node:
    return to_the(left, number(token.value), token)


def _raise(parser: FormulaParser, left: Node, token: Token) -> Node:
    if token.kind == "power":
        return _superscript(parser, left, token)
    opening = parser.take() if parser.next.kind in ("{", "(") else None
    if parser.next.kind == "transpose":
        parser.take()
        if opening is not None:
            parser.expect(CLOSING[opening.kind])
        return left.T
    if opening is not None:
        return to_the(left, parser.inside(opening), token)
    negative = parser.next.kind == "-"
    if negative:
        parser.take()
    exponent = parser.expression(POSTFIX)
    return to_the(left, -exponent if negative else exponent, token)


def _method(parser: FormulaParser, left: Node, token: Token) -> Node:
    operands, axes = _arguments(parser, parser.expect("("))
    function = str(token.value)
    if function in ("sum", "mean") and operands in ([ZERO], [number(1)]):
        operands, axes = [], [0 if operands[0] is ZERO else 1]
    return _power_of_sum(parser, apply(function, [left, *operands], axes, token))


def _size(parser: FormulaParser, left: Node, token: Token) -> Node:
    return size(left, str(token.value))


def _rows(parser: FormulaParser, left: Node, token: Token) -> Node:
    return nodes.select_rows(left, token.value)


def _grammar(loose: int, star: int) -> Grammar:
    """The grammar in which ⊙ and * bind as given."""
    rules: dict[str, tuple[int, Infix]] = {
        "+": binary("add", SUM),
        "-": binary("sub", SUM),
        "⊙": binary("mul", loose),
        "*": binary("star", star),
        "·": binary("dot", PRODUCT),
        "@": binary("matmul", PRODUCT),
        "/": (PRODUCT, _divide),
        ">": (COMPARISON, _greater),
        "<": (COMPARISON, _greater),
        "≥": (COMPARISON, _at_most),
        "≤": (COMPARISON, _at_most),
        "^": (POSTFIX, _raise),
        "power": (POSTFIX, _superscript),
        "transpose": (POSTFIX, _transpose),
        "method": (POSTFIX, _method),
        "size": (POSTFIX, _size),
        "rows": (POSTFIX, _rows),
    }
    # Three operands for a bracket: a sum, a product in it, and what the bracket stands behind.
    return Grammar(PREFIXES, rules, 3 * BRACKETS, (PRODUCT, _beside))


GRAMMARS: tuple[Grammar, ...] = (
    _grammar(LOOSE, PRODUCT),
    _grammar(LOOSE, LOOSE),
    _grammar(PRODUCT, PRODUCT),
    _grammar(TIGHT, TIGHT),
)
"""The ways people bracket, likeliest first: the product binds tighter than ⊙, and so on."""
