"""Rewrites of particular layers: what goes wrong there and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.expression.node import Node, flip, make, number
from engine.marking.rewrites import Change, Place, each, put


def kernel_flipped(place: Place, root: Node) -> Iterator[Change]:
    """The mathematicians' convolution, which turns the kernel round, for the networks' own."""
    for node in [*each(root, "conv2d"), *each(root, "conv2d_to_input")]:
        other, kernel, *like = node.operands
        yield put(root, node, make(node.op, (other, flip(kernel), *like), node.argument))
    for node in each(root, "conv2d_to_kernel"):
        yield put(root, node, flip(node))


def gradient_to_every_cell(place: Place, root: Node) -> Iterator[Change]:
    """A max's gradient for each cell of the window, as if every one had won."""
    for node in each(root, "max_pool2d_to_input"):
        size: Any = node.argument
        shares = make("avg_pool2d_to_input", node.operands, node.argument)
        yield put(root, node, number(size[0][0] * size[0][1]) * shares)
