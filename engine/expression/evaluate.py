"""The table of values: what each op computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.expression.node import Node, walk
from engine.expression.windows import WINDOW_VALUES, windowed

Array = NDArray[Any]
Function = Callable[..., Any]


def _sigmoid(x: Array) -> Array:
    """1/(1+e⁻ˣ), without overflow on either side."""
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1, small) / (1 + small))


def _softmax(x: Array) -> Array:
    """Of each row; shifted by the row's largest value, which changes nothing and can't overflow."""
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def _mask(x: Array) -> Array:
    return np.greater(x, 0).astype(np.asarray(x).dtype)


def _broadcast(x: Array, like: Array) -> Array:
    return np.broadcast_to(x, np.shape(like))


def _place_rows(x: Array, like: Array, rows: list[int]) -> Array:
    found = np.zeros(np.shape(like), dtype=np.asarray(x).dtype)
    np.add.at(found, rows, x)
    return found


VALUES: dict[str, Function] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "matmul": np.matmul,
    "neg": np.negative,
    "transpose": np.transpose,
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x, slope: np.where(x > 0, x, slope * x),
    "leaky_mask": lambda x, slope: np.where(x > 0, np.ones_like(x), slope),
    "mask": _mask,
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "softmax": _softmax,
    "exp": np.exp,
    "ln": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "sum": np.sum,
    "mean": np.mean,
    "sum_rows": lambda x: x.sum(axis=0, keepdims=True),
    "mean_rows": lambda x: x.mean(axis=0, keepdims=True),
    "sum_columns": lambda x: x.sum(axis=1, keepdims=True),
    "mean_columns": lambda x: x.mean(axis=1, keepdims=True),
    "broadcast": _broadcast,
    "flatten": lambda x: x.reshape(1, -1),
    "unflatten": lambda x, like: x.reshape(np.shape(like)),
    "flip": lambda x: x[::-1, ::-1],
}

SIZES: dict[str, Function] = {
    "all": np.size,
    "rows": lambda x: np.shape(x)[0],
    "columns": lambda x: np.shape(x)[1],
}

WITH_ARGUMENT: dict[str, Callable[[Any], Function]] = {
    "power": lambda exponent: lambda x: np.asarray(x) ** exponent,
    "size": lambda axis: SIZES[axis],
    "select_rows": lambda rows: lambda x: x[list(rows)],
    "place_rows": lambda rows: lambda x, like: _place_rows(x, like, list(rows)),
    **{op: partial(windowed, op) for op in WINDOW_VALUES},
}
"""Ops whose function depends on the node's argument."""


def operation(node: Node) -> Function:
    """The function that computes the node from its operands' values."""
    if node.op in WITH_ARGUMENT:
        return WITH_ARGUMENT[node.op](node.argument)
    return VALUES[node.op]


def evaluate(root: Node, values: Mapping[str, Any]) -> Array:
    """The value of one tree; `values` gives the names' values. Shape () for a scalar.

    Where the mathematics has no value (ln 0, 1/0) the cell is inf or nan, without a warning: the
    caller knows the place and says so.
    """
    found: dict[Node, Any] = {}
    with np.errstate(all="ignore"):
        for node in walk(root):
            if node.op == "name":
                found[node] = values[str(node.argument)]
            elif node.op == "number":
                found[node] = np.float64(node.argument)  # type: ignore[arg-type]
            else:
                found[node] = operation(node)(*(found[operand] for operand in node.operands))
    return np.asarray(found[root], dtype=float)
