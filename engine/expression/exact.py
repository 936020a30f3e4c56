"""The table of exact values: the ops whose results are finite decimals when their operands are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from engine.expression.evaluate import SIZES, Array
from engine.expression.node import Node, walk

ZERO: Any = Fraction(0)
ONE: Any = Fraction(1)


def _divide_by_constant(x: Any, divisor: Any) -> Any:
    if np.ndim(divisor):
        raise InexactError
    if divisor == 0:
        raise ZeroDivisionError
    return x / divisor


def _mean(x: Any) -> Any:
    return x.sum() / Fraction(int(np.size(x)))


class InexactError(ArithmeticError):
    """The tree isn't exact: it uses another op, or a cell's decimals don't end."""


EXACT: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "matmul": np.matmul,
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
}
"""Ops by name, on arrays of `Fraction`; an op that isn't here is never exact."""


def evaluate_exactly(root: Node, values: Mapping[str, Array]) -> Array:
    """The tree's value as an array of `Fraction`; raises `InexactError` where it has none.

    `values` gives the names' exact values, arrays of `Fraction` (shape () for a scalar); a name
    that is missing there counts as inexact.
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
        elif node.op in EXACT:
            found[node] = EXACT[node.op](*(found[operand] for operand in node.operands))
        else:
            raise InexactError
    return np.asarray(found[root], dtype=object)


def decimals_of(value: Fraction) -> int | None:
    """How many decimals the number has; None if they never end."""
    denominator = value.denominator
    twos = (denominator & -denominator).bit_length() - 1
    denominator >>= twos
    fives = 0
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives) if denominator == 1 else None
