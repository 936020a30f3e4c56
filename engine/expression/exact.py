"""The table of exact values: the ops whose results are finite decimals when their operands are."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from engine.expression.evaluate import SIZES, VALUES, Array, operation
from engine.expression.node import Node, walk
from engine.expression.windows import CONVOLUTIONS
from engine.expression.windows import WINDOW_VALUES as WITH_WINDOW

ZERO: Any = Fraction(0)
ONE: Any = Fraction(1)

_FRACTION = np.frompyfunc(Fraction, 1, 1)
_FRACTIONS = np.frompyfunc(Fraction, 2, 1)
"""Cell by cell: of a number; of numerators and a denominator."""
MAX_BITS = 512
"""Beyond 150 digits a number isn't kept exactly: squared again and again it would double each time.
"""
MAX_PRODUCTS = 2**15
"""A matrix product of more products than this isn't done exactly: it would take too long."""


def _divide_by_constant(x: Any, divisor: Any) -> Any:
    if np.ndim(divisor):
        raise InexactError
    if divisor == 0:
        raise ZeroDivisionError
    return x / divisor


def _mean(x: Any) -> Any:
    return np.sum(x) / Fraction(int(np.size(x)))


def _matmul(left: Any, right: Any) -> Any:
    if left.shape[0] * left.shape[1] * right.shape[1] > MAX_PRODUCTS:
        raise InexactError
    (whole, below), (other, below_other) = _over_one_denominator(left), _over_one_denominator(right)
    denominator = below * below_other
    return _FRACTIONS(np.matmul(whole, other), denominator)


def _over_one_denominator(x: Any) -> tuple[Any, int]:
    """Whole numerators and their one denominator: adding them up needs no common divisors."""
    denominator = math.lcm(*(cell.denominator for cell in x.flat))
    found = np.empty(x.size, dtype=object)
    found[:] = [cell.numerator * (denominator // cell.denominator) for cell in x.flat]
    return found.reshape(x.shape), denominator


def _place_rows(x: Any, like: Any, rows: tuple[Any, ...]) -> Any:
    found = np.full(np.shape(like), ZERO, dtype=object)
    np.add.at(found, list(rows), x)
    return found


def _windowed(node: Node, operands: list[Any]) -> Any:
    """A window's op; cells that nothing was added to are Python's own 0 at first."""
    if node.op in CONVOLUTIONS and math.prod(map(np.size, operands[:2])) > MAX_PRODUCTS:
        raise InexactError
    return _FRACTION(operation(node)(*operands))


def _bounded(value: Any) -> Any:
    """The value, if nobody would need more than a lifetime to write it down."""
    for cell in np.asarray(value, dtype=object).flat:
        if max(cell.numerator.bit_length(), cell.denominator.bit_length()) > MAX_BITS:
            raise InexactError
    return value


class InexactError(ArithmeticError):
    """The tree isn't exact: it uses another op, or a cell's decimals don't end."""


EXACT: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "matmul": _matmul,
    "div": _divide_by_constant,
    "neg": np.negative,
    "transpose": np.transpose,
    "relu": lambda x: np.where(np.greater(x, 0), x, ZERO),
    "mask": lambda x: np.where(np.greater(x, 0), ONE, ZERO),
    "leaky_relu": lambda x, slope: np.where(np.greater(x, 0), x, slope * x),
    "leaky_mask": lambda x, slope: np.where(np.greater(x, 0), ONE, slope),
    "abs": np.abs,
    "sign": lambda x: np.where(np.greater(x, 0), ONE, np.where(np.less(x, 0), -ONE, ZERO)),
    "sum": np.sum,
    "mean": _mean,
    "sum_rows": lambda x: x.sum(axis=0, keepdims=True),
    "mean_rows": lambda x: x.sum(axis=0, keepdims=True) / Fraction(x.shape[0]),
    "sum_columns": lambda x: x.sum(axis=1, keepdims=True),
    "mean_columns": lambda x: x.sum(axis=1, keepdims=True) / Fraction(x.shape[1]),
    "broadcast": lambda x, like: np.broadcast_to(x, np.shape(like)),
    **{op: VALUES[op] for op in ("flatten", "unflatten", "flip")},
}
"""Ops by name, on arrays of `Fraction`; `evaluate_exactly` has those that take an argument."""

GROWING = frozenset({"mul", "matmul", "div", "power", "leaky_relu"}) | CONVOLUTIONS
"""Ops whose results can have twice the digits of their operands."""


def evaluate_exactly(root: Node, values: Mapping[str, Array]) -> Array:
    """The tree's value as an array of `Fraction`; raises `InexactError` where it has none.

    `values` gives the names' exact values, arrays of `Fraction` (shape () for a scalar); a name
    that is missing there counts as inexact. Raises `ZeroDivisionError` for a division by 0.
    """
    found: dict[Node, Any] = {}
    for node in walk(root):
        if node.op == "name":
            if str(node.argument) not in values:
                raise InexactError
            found[node] = values[str(node.argument)]
        elif node.op == "number":
            found[node] = node.argument
        elif node.op == "size":
            found[node] = Fraction(int(SIZES[str(node.argument)](found[node.operands[0]])))
        elif node.op == "power" and isinstance(node.argument, int) and node.argument >= 0:
            found[node] = np.asarray(found[node.operands[0]]) ** node.argument
        elif node.op == "select_rows" and isinstance(node.argument, tuple):
            found[node] = found[node.operands[0]][list(node.argument)]
        elif node.op == "place_rows" and isinstance(node.argument, tuple):
            x, like = (found[operand] for operand in node.operands)
            found[node] = _place_rows(x, like, node.argument)
        elif node.op in WITH_WINDOW:
            found[node] = _windowed(node, [found[operand] for operand in node.operands])
        elif node.op == "div" and node.operands[1].op == "broadcast":
            x, divisor = node.operands  # a single number is a constant, however often repeated
            found[node] = _divide_by_constant(found[x], found[divisor.operands[0]])
        elif node.op in EXACT:
            found[node] = EXACT[node.op](*(found[operand] for operand in node.operands))
        else:
            raise InexactError
        if node.op in GROWING:
            _bounded(found[node])
    return np.asarray(found[root], dtype=object)


def decimals_of(value: Fraction) -> int | None:
    """How many decimals the number has; None if they never end."""
    denominator = value.denominator
    if denominator == 1:
        return 0
    twos = (denominator & -denominator).bit_length() - 1
    denominator >>= twos
    fives = 0
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives) if denominator == 1 else None
