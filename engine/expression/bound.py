"""The table of rounding bounds: how far honest rounding of the operands can move a result.

Each row is first-order error propagation made safe: a product moves by |a|·B_b + |b|·B_a + B_a·B_b,
a function by the largest |f'| within reach times B (Higham, Accuracy and Stability of Numerical
Algorithms, §3). A named quantity's own rounding is added by the caller, once for each name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.expression.evaluate import Array, operation
from engine.expression.node import Node, walk
from engine.expression.windows import window_of

Rule = Callable[[Node, Array, tuple[Array, ...], tuple[Array, ...]], Any]
"""From the node, its value, its operands' values and their bounds."""


def _product(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    left, right = np.abs(x[0]), np.abs(x[1])
    return left * b[1] + right * b[0] + b[0] * b[1]


def _matmul(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    left, right = np.abs(x[0]), np.abs(x[1])
    return left @ b[1] + b[0] @ right + b[0] @ b[1]


def _quotient(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    above, below = np.abs(x[0]), np.abs(x[1])
    least = below - b[1]
    reach = (above * b[1] + below * b[0]) / (below * least)
    return np.where(least > 0, reach, np.inf)


def _power(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    exponent = node.argument
    assert isinstance(exponent, int)
    size = np.abs(x[0])
    if exponent >= 0:
        return exponent * (size + b[0]) ** max(exponent - 1, 0) * b[0]
    least = size - b[0]
    return np.where(
        least > 0, -exponent * np.maximum(least, 1e-300) ** (exponent - 1) * b[0], np.inf
    )


def _function(slope: Callable[[Array, Array], Any]) -> Rule:
    """`slope(x, B)` is the largest |f'| within x ± B."""

    def rule(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
        return slope(x[0], b[0]) * b[0]

    return rule


def _nearest_zero(x: Array, b: Array) -> Array:
    return np.asarray(np.maximum(np.abs(x) - b, 0))


def _sigmoid_slope(x: Array, b: Array) -> Any:
    p = 1 / (1 + np.exp(-_nearest_zero(x, b)))
    return p * (1 - p)


def _logarithm_slope(x: Array, b: Array) -> Any:
    return np.where(x - b > 0, 1 / np.maximum(x - b, 1e-300), np.inf)


def _root(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    """Exactly, since the slope is infinite at 0: √x - √(x - B), the larger side of a root."""
    return np.maximum(np.sqrt(x[0] + b[0]) - y, y - np.sqrt(np.maximum(x[0] - b[0], 0)))


def _softmax(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    """Exactly: pᵢ is largest where zᵢ is as large and every other z as small as it can be."""
    z = x[0] - x[0].max(axis=1, keepdims=True)
    up, down = np.exp(z + b[0]), np.exp(z - b[0])
    most = up / (up + _others(down))
    least = down / (down + _others(up))
    return np.maximum(most - y, y - least)


def _others(cells: Array) -> Array:
    """For each cell the sum of the others in its row."""
    return np.asarray(cells @ (1 - np.eye(cells.shape[1])))


def _can_flip(x: Array, b: Array) -> Array:
    """Where a value lies so near 0 that rounding can take it to the other side."""
    return np.asarray((b > 0) & (np.abs(x) <= b))


def _mask(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    return np.where(_can_flip(x[0], b[0]), 1.0, 0.0)


def _sign(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    return np.where(_can_flip(x[0], b[0]), 1 + np.abs(y), 0.0)


def _leaky_mask(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    flipped = np.abs(1 - x[1]) + b[1]
    return np.where(_can_flip(x[0], b[0]), flipped, np.where(x[0] > 0, 0.0, b[1]))


def _largest_slope(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    return np.maximum(1, np.abs(x[1])) * b[0] + (np.abs(x[0]) + b[0]) * b[1]


def _added(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    return b[0] + b[1]


def _unchanged(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    return b[0]


def _bilinear(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    """A product of the first two operands, gathered by windows."""
    product, like = operation(node), x[2:]
    left, right = np.abs(x[0]), np.abs(x[1])
    return product(left, b[1], *like) + product(b[0], right, *like) + product(b[0], b[1], *like)


def _largest(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    return operation(node)(b[0])


def _largest_to_input(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    """Where another cell could win, the whole gradient may go there instead."""
    window = window_of(node.op, node.argument, ())
    contenders = window.contenders(x[1], b[1])
    doubtful = contenders.sum(axis=0) > 1
    return window.spread(contenders * (b[0] + doubtful * np.abs(x[0])), x[1].shape)


def _pick(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    window = window_of(node.op, node.argument, ())
    contenders = window.contenders(x[1], b[1])
    return (contenders * (np.abs(window.stack(x[0]) - y) + window.stack(b[0]))).max(axis=0)


def _same_op(node: Node, y: Array, x: tuple[Array, ...], b: tuple[Array, ...]) -> Any:
    """Linear in its first operand with weights that aren't negative: the bounds go the same way."""
    return operation(node)(b[0], *x[1:])


BOUNDS: dict[str, Rule] = {
    "add": _added,
    "sub": _added,
    "mul": _product,
    "matmul": _matmul,
    "div": _quotient,
    "power": _power,
    "neg": _unchanged,
    "abs": _unchanged,
    "relu": _unchanged,
    "leaky_relu": _largest_slope,
    "mask": _mask,
    "leaky_mask": _leaky_mask,
    "sign": _sign,
    "sigmoid": _function(_sigmoid_slope),
    "tanh": _function(lambda x, b: 1 - np.tanh(_nearest_zero(x, b)) ** 2),
    "exp": _function(lambda x, b: np.exp(x + b)),
    "ln": _function(_logarithm_slope),
    "sqrt": _root,
    "softmax": _softmax,
    **dict.fromkeys(("conv2d", "conv2d_to_input", "conv2d_to_kernel"), _bilinear),
    "max_pool2d": _largest,
    "max_pool2d_to_input": _largest_to_input,
    "max_pool2d_pick": _pick,
    "size": lambda node, y, x, b: np.zeros(()),
    **dict.fromkeys(
        (
            "transpose",
            "sum",
            "mean",
            "sum_rows",
            "mean_rows",
            "sum_columns",
            "mean_columns",
            "broadcast",
            "select_rows",
            "place_rows",
            "avg_pool2d",
            "avg_pool2d_to_input",
            "flatten",
            "unflatten",
            "flip",
        ),
        _same_op,
    ),
}


def bound(root: Node, values: Mapping[str, Array], bounds: Mapping[str, Array]) -> Array:
    """How far the tree's value can move when each name moves within its bound; cell by cell.

    `values` and `bounds` give each name's value and bound; a name without a bound doesn't move.
    Infinite where a division or logarithm comes within reach of 0.
    """
    found: dict[Node, Array] = {}
    moved: dict[Node, Array] = {}
    with np.errstate(all="ignore"):
        for node in walk(root):
            if node.op == "name":
                key = str(node.argument)
                found[node] = np.asarray(values[key], dtype=float)
                moved[node] = np.asarray(bounds.get(key, 0.0)) + np.zeros(found[node].shape)
            elif node.op == "number":
                found[node] = np.asarray(float(node.argument))  # type: ignore[arg-type]
                moved[node] = np.zeros(())
            else:
                x = tuple(found[operand] for operand in node.operands)
                b = tuple(moved[operand] for operand in node.operands)
                found[node] = np.asarray(operation(node)(*x), dtype=float)
                moved[node] = np.nan_to_num(
                    np.asarray(BOUNDS[node.op](node, found[node], x, b), dtype=float),
                    nan=np.inf,
                    posinf=np.inf,
                )
    return moved[root]
