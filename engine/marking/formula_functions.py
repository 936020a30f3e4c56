"""The functions of typed formulas: what a call makes of its operands, and what a power may be."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from engine.expression import node as nodes
from engine.expression.derive import local_derivative
from engine.expression.node import Node, make, mask, number, size, walk
from engine.expression.parse import ParseError, Token
from engine.expression.symbols import split_key
from engine.expression.windows import SETTINGS
from engine.language import tr

MAX_POWER = 9
ZERO = number(0)

ELEMENTWISE: dict[str, Callable[[Node], Node]] = {
    "relu": nodes.relu,
    "sigmoid": nodes.sigmoid,
    "tanh": nodes.tanh,
    "softmax": nodes.softmax,
    "exp": nodes.exp,
    "ln": nodes.ln,
    "log10": lambda x: nodes.ln(x) / nodes.ln(number(10)),
    "log2": lambda x: nodes.ln(x) / nodes.ln(number(2)),
    "sqrt": nodes.sqrt,
    "abs": nodes.absolute,
    "sign": nodes.sign,
    "square": lambda x: x**2,
    "sum_rows": nodes.sum_rows,
    "sum_columns": nodes.sum_columns,
    "mean_rows": nodes.mean_rows,
    "mean_columns": nodes.mean_columns,
    "transpose": lambda x: x.T,
    "len": lambda x: size(x, "rows"),
    "norm": lambda x: nodes.sqrt(nodes.total(x**2)),
}
"""Functions of one operand."""


WITHOUT_WORDS = frozenset({*SETTINGS, "flatten", "unflatten", "flip", "place_rows"})
"""Ops that nobody can type: windows, and what picks cells out of pictures."""


def picks_cells(root: Node) -> bool:
    """Whether the formula has an op that nobody can type."""
    return any(node.op in WITHOUT_WORDS for node in walk(root))


def has_words(root: Node) -> bool:
    """Whether the formula can be typed at all, so that it makes sense to ask for it.

    Gradients of a norm's mean, variance and result on the way have no words either, nor has a
    division by a whole row or column.
    """
    for node in walk(root):
        divided_by = node.operands[1] if node.op == "div" else None
        if (
            node.op in WITHOUT_WORDS
            or (node.op == "size" and node.argument != "rows")
            or (node.op == "name" and "." in split_key(str(node.argument))[1])
            or (
                divided_by is not None
                and divided_by.op == "broadcast"
                and divided_by.argument != "scalar"
            )
        ):
            return False
    return True


def derivative(function: str, x: Node) -> Node:
    """relu', sigmoid' or tanh' of x."""
    found = local_derivative(make(function, (x,)))
    assert found is not None
    return found


def apply(function: str, operands: list[Node], axes: list[int], token: Token) -> Node:
    """The tree of a function's call; raises `ParseError` where the operands aren't right."""
    count = len(operands)
    if function in ("sum", "mean"):
        if count == 2 and operands[1] in (ZERO, number(1)):
            axes = [0 if operands[1] is ZERO else 1]
        if axes:
            return make(f"{function}_{'columns' if axes[0] else 'rows'}", (operands[0],))
        if count == 1:
            return make("gather", (operands[0],), function)
    elif function == "max" and count == 2 and ZERO in operands:
        return nodes.relu(operands[0] if operands[1] is ZERO else operands[1])
    elif function == "max":
        raise ParseError(tr("max is understood with 0 only: max(0, x)."), token.position)
    elif function == "mask" and count == 1:
        return operands[0] if operands[0].op == "mask" else mask(operands[0])
    elif function == "where" and count == 3:
        condition, one, other = operands
        chosen = condition if one is number(1) else condition * one
        return chosen if other is ZERO else chosen + (1 - condition) * other
    elif function in ("matmul", "multiply") and count == 2:
        return make("dot" if function == "matmul" else "mul", tuple(operands))
    elif function == "power" and count == 2:
        return to_the(operands[0], operands[1], token)
    elif function == "leaky_relu" and count == 2:
        return nodes.leaky_relu(operands[0], operands[1])
    elif function == "leaky_relu":
        raise ParseError(
            tr("leaky_relu needs the slope too: leaky_relu(x, slope)."), token.position
        )
    elif function.endswith("'") and count == 1:
        return derivative(function[:-1], operands[0])
    elif function in ELEMENTWISE and count >= 1 and (count == 1 or function == "softmax"):
        return ELEMENTWISE[function](operands[0])
    raise ParseError(
        tr("{function} has {given} values in its brackets.", function=token.text, given=count),
        token.position,
    )


def to_the(base: Node, exponent: Node, token: Token) -> Node:
    value = _constant(exponent)
    if value == Fraction(1, 2):
        return nodes.sqrt(base)
    if value is None or value.denominator != 1 or abs(value) > MAX_POWER:
        raise ParseError(
            tr(
                "An exponent is a whole number from {low} to {high}.",
                low=-MAX_POWER,
                high=MAX_POWER,
            ),
            token.position,
        )
    return base ** int(value)


def _constant(node: Node) -> Fraction | None:
    if node.op == "number" and isinstance(node.argument, Fraction):
        return node.argument
    if node.op == "neg":
        inside = _constant(node.operands[0])
        return None if inside is None else -inside
    if node.op == "div":
        above, below = map(_constant, node.operands)
        return above / below if above is not None and below else None
    return None
