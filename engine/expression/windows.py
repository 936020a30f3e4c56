"""Sliding windows: convolution and pooling of one picture, and what they send back.

One picture, one channel, a matrix. The convolution is the networks' one, a cross-correlation: the
kernel isn't flipped (Goodfellow, Bengio, Courville, Deep Learning, §9.1). Rows and columns have
their own stride, padding and dilation, each a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.expression.node import Node, Pair

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Window:
    """How a window moves over a picture: its size, and the steps between."""

    size: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)

    def results(self, picture: Pair) -> Pair:
        """How many places the window has: a window that doesn't fit is left out.

        (rows + 2·padding - dilation·(size - 1) - 1) / stride + 1, rounded down (Dumoulin, Visin,
        A guide to convolution arithmetic for deep learning, 2016).
        """
        rows, columns = (
            (
                picture[axis]
                + 2 * self.padding[axis]
                - self.dilation[axis] * (self.size[axis] - 1)
                - 1
            )
            // self.stride[axis]
            + 1
            for axis in (0, 1)
        )
        return rows, columns

    def cells(self, place: Pair, picture: Pair) -> Iterator[tuple[Pair, Pair]]:
        """The cells under the window at a place: the window's own and the picture's.

        Cells in the padding are left out: they are 0.
        """
        top = place[0] * self.stride[0] - self.padding[0]
        left = place[1] * self.stride[1] - self.padding[1]
        for i in range(self.size[0]):
            row = top + i * self.dilation[0]
            if not 0 <= row < picture[0]:
                continue
            for j in range(self.size[1]):
                column = left + j * self.dilation[1]
                if 0 <= column < picture[1]:
                    yield (i, j), (row, column)

    def _slices(self, i: int, j: int, results: Pair) -> tuple[slice, slice]:
        """Where the padded picture's cells under the window's cell (i, j) lie, for all places."""
        top, left = i * self.dilation[0], j * self.dilation[1]
        return (
            slice(top, top + self.stride[0] * (results[0] - 1) + 1, self.stride[0]),
            slice(left, left + self.stride[1] * (results[1] - 1) + 1, self.stride[1]),
        )

    def _padded(self, x: Array) -> Array:
        return np.pad(x, [(self.padding[0],) * 2, (self.padding[1],) * 2])

    # --- convolution ------------------------------------------------------------------------------

    def convolve(self, x: Array, w: Array) -> Array:
        """Each result is the sum of the window's cells times the kernel's."""
        results = self.results(x.shape)
        padded = self._padded(x)
        found = np.zeros(results, dtype=np.result_type(x, w))
        for i in range(self.size[0]):
            for j in range(self.size[1]):
                found = found + w[i, j] * padded[self._slices(i, j, results)]
        return found

    def convolve_to_input(self, g: Array, w: Array, picture: Pair) -> Array:
        """Each cell of the picture collects g·w from every window that it lay under."""
        spread = self._padded(np.zeros(picture, dtype=np.result_type(g, w)))
        for i in range(self.size[0]):
            for j in range(self.size[1]):
                spread[self._slices(i, j, g.shape)] += g * w[i, j]
        rows, columns = self.padding
        return spread[rows : rows + picture[0], columns : columns + picture[1]]

    def convolve_to_kernel(self, g: Array, x: Array) -> Array:
        """Each cell of the kernel collects g·x over every place of the window."""
        padded = self._padded(x)
        found = np.zeros(self.size, dtype=np.result_type(g, x))
        for i in range(self.size[0]):
            for j in range(self.size[1]):
                found[i, j] = (g * padded[self._slices(i, j, g.shape)]).sum()
        return found

    # --- pooling ----------------------------------------------------------------------------------

    def stack(self, x: Array) -> Array:
        """(cells of the window, rows, columns): each window's cells in reading order."""
        results = self.results(x.shape)
        return np.stack(
            [
                x[self._slices(i, j, results)]
                for i in range(self.size[0])
                for j in range(self.size[1])
            ]
        )

    def winners(self, x: Array) -> Array:
        """Which cell of each window is the largest; of equal ones the first in reading order."""
        return np.asarray(self.stack(x).argmax(axis=0))

    def largest(self, x: Array) -> Array:
        """The largest cell of each window."""
        return np.asarray(self.stack(x).max(axis=0))

    def average(self, x: Array) -> Array:
        """The mean of each window's cells."""
        return np.asarray(self.stack(x).mean(axis=0))

    def largest_to_input(self, g: Array, x: Array) -> Array:
        """The gradient goes to the winner of each window, the others get nothing."""
        return self.pick_to_input(g, self.winners(x), x.shape)

    def pick_to_input(self, g: Array, winners: Array, picture: Pair) -> Array:
        """Send each window's gradient to the cell of it that `winners` names."""
        cells = range(self.size[0] * self.size[1])
        return self.spread(np.stack([np.where(winners == cell, g, 0) for cell in cells]), picture)

    def spread(self, parts: Array, picture: Pair) -> Array:
        """Add up in the picture what each window gives to its cells, in the order of `stack`."""
        spread = np.zeros(picture, dtype=parts.dtype)
        for cell, part in enumerate(parts):
            spread[self._slices(*divmod(cell, self.size[1]), part.shape)] += part
        return spread

    def pick(self, g: Array, x: Array) -> Array:
        """Of each window the cell of g that stands where x is largest."""
        return np.asarray(np.take_along_axis(self.stack(g), self.winners(x)[None], axis=0)[0])

    def contenders(self, x: Array, b: Array) -> Array:
        """Which cells of each window could be the largest when each may move by its b."""
        stack, reach = self.stack(x), self.stack(b)
        first = np.arange(len(stack))[:, None, None] == stack.argmax(axis=0)
        return np.asarray(first | ((stack + reach >= (stack - reach).max(axis=0)) & (reach > 0)))

    def average_to_input(self, g: Array, picture: Pair) -> Array:
        """Each cell of a window gets the same share of its gradient."""
        spread = np.zeros(picture, dtype=g.dtype)
        for i in range(self.size[0]):
            for j in range(self.size[1]):
                spread[self._slices(i, j, g.shape)] += g / (self.size[0] * self.size[1])
        return spread

    def every_to_input(self, g: Array, picture: Pair) -> Array:
        """Each cell of a window gets its whole gradient: what a max doesn't do."""
        return self.average_to_input(g, picture) * (self.size[0] * self.size[1])


# --- what nodes say -------------------------------------------------------------------------------

CONVOLUTIONS = frozenset({"conv2d", "conv2d_to_input", "conv2d_to_kernel"})
POOLINGS = frozenset(
    {
        "max_pool2d",
        "max_pool2d_to_input",
        "max_pool2d_pick",
        "avg_pool2d",
        "avg_pool2d_to_input",
    }
)
SETTINGS = {
    **dict.fromkeys(CONVOLUTIONS, (("stride", (1, 1)), ("padding", (0, 0)), ("dilation", (1, 1)))),
    **dict.fromkeys(POOLINGS, (("size", None), ("stride", None))),
}
"""What the pairs of a node's argument are called, with the default; None follows the size."""


def window_of(op: str, argument: Any, shapes: Sequence[Any]) -> Window:
    """The window of a convolution or a pooling; `shapes` are those of its operands."""
    if op in POOLINGS:
        return Window(*argument)
    return Window(shapes[2] if op == "conv2d_to_kernel" else shapes[1], *argument)


def settings(node: Node) -> dict[str, Pair]:
    """The settings that a reader must be told: those that aren't the default."""
    told: dict[str, Pair] = {}
    pairs: Any = node.argument
    for (key, default), pair in zip(SETTINGS[node.op], pairs, strict=True):
        if pair != (told.get("size") if default is None else default):
            told[key] = pair
    return told


WINDOW_VALUES: dict[str, Callable[[Window, Any, Any, Any], Array]] = {
    "conv2d": lambda window, x, w, _: window.convolve(x, w),
    "conv2d_to_input": lambda window, g, w, x: window.convolve_to_input(g, w, np.shape(x)),
    "conv2d_to_kernel": lambda window, g, x, _: window.convolve_to_kernel(g, x),
    "max_pool2d": lambda window, x, *_: window.largest(x),
    "max_pool2d_to_input": lambda window, g, x, _: window.largest_to_input(g, x),
    "max_pool2d_pick": lambda window, g, x, _: window.pick(g, x),
    "avg_pool2d": lambda window, x, *_: window.average(x),
    "avg_pool2d_to_input": lambda window, g, x, _: window.average_to_input(g, np.shape(x)),
}
"""What each op with a window computes, from its three operands at most."""


def windowed(op: str, argument: Any) -> Callable[..., Array]:
    """The function of an op with a window, over its operands' values."""
    compute = WINDOW_VALUES[op]

    def run(x: Any, second: Any = None, third: Any = None) -> Array:
        window = window_of(op, argument, [np.shape(part) for part in (x, second, third)])
        return compute(window, x, second, third)

    return run
