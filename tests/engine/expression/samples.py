"""One table of sample trees: every op at least once, with what plain NumPy makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from engine.expression.node import (
    Node,
    absolute,
    avg_pool2d,
    broadcast,
    conv2d,
    exp,
    flatten,
    flip,
    leaky_mask,
    leaky_relu,
    ln,
    make,
    mask,
    max_pool2d,
    mean,
    mean_columns,
    mean_rows,
    name,
    number,
    place_rows,
    relu,
    select_rows,
    sigmoid,
    sign,
    size,
    softmax,
    sqrt,
    sum_columns,
    sum_rows,
    tanh,
    total,
)

A, B, W, P = name("A"), name("B"), name("W"), name("P")
ROW, COLUMN, S, T = name("r"), name("c"), name("s"), name("t")

VALUES: dict[str, Any] = {
    "A": np.array([[1.0, -2.0], [0.0, 0.5], [-1.5, 3.0]]),
    "B": np.array([[2.0, 4.0], [-1.0, 0.25], [0.5, -8.0]]),
    "W": np.array([[1.0, -1.0, 0.5], [2.0, 0.25, -3.0]]),
    "P": np.array([[0.25, 2.0], [1.0, 0.5], [3.0, 0.125]]),
    "r": np.array([[10.0, -20.0]]),
    "c": np.array([[1.0], [-2.0], [4.0]]),
    "s": np.array(0.5),
    "t": np.array(-4.0),
}
"""A and B of one shape, W to be multiplied with, P positive, a row, a column, two numbers."""

SHAPES = {key: value.shape for key, value in VALUES.items()}


@dataclass(frozen=True, eq=False)
class Sample:
    """A tree and its value, computed without the tree."""

    node: Node
    expected: Callable[[Mapping[str, Any]], Any]


def _rows_placed(v: Mapping[str, Any]) -> Any:
    found = np.zeros((3, 2))
    found[2] = v["r"][0]
    return found


def _slid(x: Any, w: Any, stride: Any, padding: Any, dilation: Any = (1, 1)) -> Any:
    """The convolution once more, cell by cell."""
    x = np.pad(x, [(padding[0],) * 2, (padding[1],) * 2])
    tall, wide = (dilation[k] * (w.shape[k] - 1) + 1 for k in (0, 1))
    return np.array(
        [
            [
                (x[i : i + tall : dilation[0], j : j + wide : dilation[1]] * w).sum()
                for j in range(0, x.shape[1] - wide + 1, stride[1])
            ]
            for i in range(0, x.shape[0] - tall + 1, stride[0])
        ]
    )


def _slid_back(g: Any, x: Any, w: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    """What the convolution of x with w sends to either when g comes back, product by product."""
    to_x, to_w = np.zeros(x.shape), np.zeros(w.shape)
    for (i, j), (k, m) in product(np.ndindex(*g.shape), np.ndindex(*w.shape)):
        row = i * stride[0] + k * dilation[0] - padding[0]
        column = j * stride[1] + m * dilation[1] - padding[1]
        if 0 <= row < x.shape[0] and 0 <= column < x.shape[1]:
            to_x[row, column] += g[i, j] * w[k, m]
            to_w[k, m] += g[i, j] * x[row, column]
    return to_x, to_w


STRIDES, PADDING = (2, 3), (2, 2)
PAIRS_OF_ROWS = ((2, 1), (1, 1))
PLAIN = ((1, 1), (0, 0), (1, 1))
APART = ((1, 1), (1, 2), (1, 2))

SAMPLES: dict[str, Sample] = {
    "a name": Sample(A, lambda v: v["A"]),
    "a number": Sample(number(Fraction(3, 8)), lambda v: 0.375),
    "an unending number": Sample(number(Fraction(1, 3)) * A, lambda v: v["A"] / 3),
    "a negative number": Sample(A - number(-2), lambda v: v["A"] + 2),
    "add": Sample(A + B, lambda v: v["A"] + v["B"]),
    "add, number first": Sample(1 + A, lambda v: 1 + v["A"]),
    "sub": Sample(A - B, lambda v: v["A"] - v["B"]),
    "sub, nested right": Sample(A - (B - A), lambda v: v["A"] - (v["B"] - v["A"])),
    "sub, number first": Sample(1 - A, lambda v: 1 - v["A"]),
    "mul": Sample(A * B, lambda v: v["A"] * v["B"]),
    "mul, of sums": Sample((A + B) * (A - B), lambda v: (v["A"] + v["B"]) * (v["A"] - v["B"])),
    "mul, scale": Sample(2 * A, lambda v: 2 * v["A"]),
    "mul, by a number behind": Sample(A * 2, lambda v: 2 * v["A"]),
    "div": Sample(A / B, lambda v: v["A"] / v["B"]),
    "div, nested": Sample(A / (B / P), lambda v: v["A"] * v["P"] / v["B"]),
    "div, number first": Sample(1 / B, lambda v: 1 / v["B"]),
    "matmul": Sample(A @ W, lambda v: v["A"] @ v["W"]),
    "matmul, chain": Sample(A @ W @ B, lambda v: v["A"] @ v["W"] @ v["B"]),
    "matmul, right first": Sample(A @ (W @ B), lambda v: v["A"] @ (v["W"] @ v["B"])),
    "matmul, of sums": Sample((A + B) @ W, lambda v: (v["A"] + v["B"]) @ v["W"]),
    "neg": Sample(-A, lambda v: -v["A"]),
    "neg, of a sum": Sample(-(A + B), lambda v: -v["A"] - v["B"]),
    "neg, as a summand": Sample(A + -B, lambda v: v["A"] - v["B"]),
    "transpose": Sample(A.T, lambda v: v["A"].T),
    "transpose, of a product": Sample((A @ W).T, lambda v: (v["A"] @ v["W"]).T),
    "power": Sample(A**2, lambda v: v["A"] ** 2),
    "power, of a difference": Sample((A - B) ** 2, lambda v: (v["A"] - v["B"]) ** 2),
    "power, of a power": Sample((A**2) ** 3, lambda v: v["A"] ** 6),
    "power, of a negative": Sample((-A) ** 3, lambda v: -(v["A"] ** 3)),
    "power, inverse": Sample(B**-1, lambda v: 1 / v["B"]),
    "power, -3": Sample(B**-3, lambda v: v["B"] ** -3.0),
    "power, 1": Sample(A**1, lambda v: v["A"]),
    "power, 0": Sample(A**0, lambda v: np.ones((3, 2))),
    "relu": Sample(relu(A), lambda v: np.where(v["A"] > 0, v["A"], 0)),
    "leaky_relu": Sample(leaky_relu(A, S), lambda v: np.where(v["A"] > 0, 1, 0.5) * v["A"]),
    "leaky_relu, of a sum": Sample(
        leaky_relu(A + B, number(Fraction(1, 100))),
        lambda v: np.where(v["A"] + v["B"] > 0, 1, 0.01) * (v["A"] + v["B"]),
    ),
    "mask": Sample(mask(A), lambda v: np.array([[1, 0], [0, 1], [0, 1]])),
    "mask, as a factor": Sample(B * mask(A), lambda v: v["B"] * (v["A"] > 0)),
    "mask, squared": Sample(mask(A) * mask(B), lambda v: np.array([[1, 0], [0, 1], [0, 0]])),
    "mask, subtracted": Sample(mask(A) - mask(B), lambda v: np.array([[0, -1], [0, 0], [-1, 1]])),
    "leaky_mask": Sample(leaky_mask(A, S), lambda v: np.where(v["A"] > 0, 1, 0.5)),
    "leaky_mask, of a difference": Sample(
        leaky_mask(A - B, S + S * S), lambda v: np.where(v["A"] > v["B"], 1, 0.75)
    ),
    "sigmoid": Sample(sigmoid(A), lambda v: 1 / (1 + np.exp(-v["A"]))),
    "sigmoid, of a sum": Sample(sigmoid(A + B), lambda v: 1 / (1 + np.exp(-v["A"] - v["B"]))),
    "tanh": Sample(tanh(A), lambda v: np.sinh(v["A"]) / np.cosh(v["A"])),
    "softmax": Sample(
        softmax(A), lambda v: np.exp(v["A"]) / np.exp(v["A"]).sum(axis=1).reshape(3, 1)
    ),
    "exp": Sample(exp(A), lambda v: np.e ** v["A"]),
    "ln": Sample(ln(P), lambda v: np.log2(v["P"]) * np.log(2)),
    "sqrt": Sample(sqrt(P), lambda v: v["P"] ** 0.5),
    "abs": Sample(absolute(A), lambda v: np.maximum(v["A"], -v["A"])),
    "sign": Sample(sign(A), lambda v: np.array([[1, -1], [0, 1], [-1, 1]])),
    "sum": Sample(total(A), lambda v: 1.0),
    "sum, squared": Sample(total(A - B) ** 2, lambda v: (v["A"] - v["B"]).sum() ** 2),
    "mean": Sample(mean(A), lambda v: 1 / 6),
    "mean, of a sum": Sample(mean(total(A) + S), lambda v: 1.5),
    "sum_rows": Sample(sum_rows(A), lambda v: np.array([[-0.5, 1.5]])),
    "mean_rows": Sample(mean_rows(A), lambda v: np.array([[-0.5 / 3, 0.5]])),
    "sum_columns": Sample(sum_columns(A), lambda v: np.array([[-1.0], [0.5], [1.5]])),
    "mean_columns": Sample(mean_columns(A), lambda v: np.array([[-0.5], [0.25], [0.75]])),
    "size, all": Sample(size(A, "all"), lambda v: 6),
    "size, rows": Sample(A / size(A, "rows"), lambda v: v["A"] / 3),
    "size, columns": Sample(size(A, "columns") * A, lambda v: v["A"] * 2),
    "broadcast, scalar": Sample(broadcast(S, A, "scalar"), lambda v: np.full((3, 2), 0.5)),
    "broadcast, row": Sample(broadcast(ROW, A, "row"), lambda v: np.array([[10.0, -20.0]] * 3)),
    "broadcast, column": Sample(
        broadcast(COLUMN, A, "column"), lambda v: np.array([[1.0, 1], [-2, -2], [4, 4]])
    ),
    "broadcast, beside a matrix": Sample(
        A @ W + broadcast(T, A @ W, "scalar"), lambda v: v["A"] @ v["W"] - 4
    ),
    "broadcast, two together": Sample(
        broadcast(S, A, "scalar") * broadcast(ROW, A, "row"),
        lambda v: np.array([[5.0, -10.0]] * 3),
    ),
    "broadcast, beside a number": Sample(
        2 * broadcast(ROW, A, "row"), lambda v: np.array([[20.0, -40.0]] * 3)
    ),
    "broadcast, before a product": Sample(
        broadcast(S, A, "scalar") @ W, lambda v: np.full((3, 2), 0.5) @ v["W"]
    ),
    "select_rows": Sample(select_rows(A, (2, 0)), lambda v: np.array([[-1.5, 3.0], [1.0, -2.0]])),
    "select_rows, of a sum": Sample(
        select_rows(A + B, (1, 1)), lambda v: np.array([[-1.0, 0.75]] * 2)
    ),
    "place_rows": Sample(place_rows(ROW, A, (2,)), _rows_placed),
    "place_rows, twice": Sample(
        place_rows(select_rows(A, (0, 1)), A, (1, 1)),
        lambda v: np.array([[0.0, 0.0], [1.0, -1.5], [0.0, 0.0]]),
    ),
    "conv2d": Sample(conv2d(A, ROW), lambda v: v["A"] @ v["r"].T),
    "conv2d, strided and padded": Sample(
        conv2d(A + B, W, STRIDES, PADDING),
        lambda v: _slid(v["A"] + v["B"], v["W"], STRIDES, PADDING),
    ),
    "conv2d, dilated": Sample(conv2d(A, ROW, *APART), lambda v: _slid(v["A"], v["r"], *APART)),
    "conv2d_to_input": Sample(
        make("conv2d_to_input", (conv2d(B, ROW), ROW, A), PLAIN),
        lambda v: v["B"] @ v["r"].T @ v["r"],
    ),
    "conv2d_to_input, strided and padded": Sample(
        make("conv2d_to_input", (conv2d(B, W, STRIDES, PADDING), W, A), (STRIDES, PADDING, (1, 1))),
        lambda v: _slid_back(
            _slid(v["B"], v["W"], STRIDES, PADDING), v["A"], v["W"], STRIDES, PADDING, (1, 1)
        )[0],
    ),
    "conv2d_to_kernel": Sample(
        make("conv2d_to_kernel", (conv2d(B, ROW), A, ROW), PLAIN),
        lambda v: (v["B"] @ v["r"].T).T @ v["A"],
    ),
    "conv2d_to_kernel, dilated": Sample(
        make("conv2d_to_kernel", (conv2d(B, ROW, *APART), A, ROW), APART),
        lambda v: _slid_back(_slid(v["B"], v["r"], *APART), v["A"], v["r"], *APART)[1],
    ),
    "max_pool2d": Sample(
        max_pool2d(A, *PAIRS_OF_ROWS), lambda v: np.array([[1.0, 0.5], [0.0, 3.0]])
    ),
    "max_pool2d, of squares": Sample(
        max_pool2d(A @ W, (2, 2), (2, 2)), lambda v: (v["A"] @ v["W"])[:2, :2].max().reshape(1, 1)
    ),
    "max_pool2d_to_input": Sample(
        make("max_pool2d_to_input", (max_pool2d(B, *PAIRS_OF_ROWS), A), PAIRS_OF_ROWS),
        lambda v: np.array([[2.0, 0.0], [0.5, 4.0], [0.0, 0.25]]),
    ),
    "max_pool2d_pick": Sample(
        make("max_pool2d_pick", (B, A), PAIRS_OF_ROWS),
        lambda v: np.array([[2.0, 0.25], [-1.0, -8.0]]),
    ),
    "avg_pool2d": Sample(avg_pool2d(A, *PAIRS_OF_ROWS), lambda v: (v["A"][:-1] + v["A"][1:]) / 2),
    "avg_pool2d_to_input": Sample(
        make("avg_pool2d_to_input", (avg_pool2d(B, *PAIRS_OF_ROWS), A), PAIRS_OF_ROWS),
        lambda v: np.array([[0.25, 1.0625], [0.125, -0.875], [-0.125, -1.9375]]),
    ),
    "flatten": Sample(flatten(A), lambda v: np.array([[1.0, -2.0, 0.0, 0.5, -1.5, 3.0]])),
    "unflatten": Sample(make("unflatten", (flatten(A + B), B)), lambda v: v["A"] + v["B"]),
    "flip": Sample(flip(A), lambda v: np.array([[3.0, -1.5], [0.5, 0.0], [-2.0, 1.0]])),
    "numbers only": Sample(S * (T + S) / 2 - T**2, lambda v: 0.5 * -3.5 / 2 - 16),
    "a loss": Sample(
        total((A - B) ** 2) / (2 * size(A, "rows")),
        lambda v: ((v["A"] - v["B"]) ** 2).sum() / 6,
    ),
}
"""Trees by what is special about them, with their values."""
