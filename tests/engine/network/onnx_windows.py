"""Convolution and pooling of ONNX on the tutor's: picture by picture, padded beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tests.engine.network.on_arrays import formula, layer
from tests.engine.network.onnx_cases import OnnxCase, Tensor

Sides = list[tuple[int, int]]


def _sides(case: OnnxCase, size: Sequence[int], stride: Sequence[int]) -> Sides:
    """How much is added before and behind each dimension of the picture."""
    shape, count = case.x.shape[2:], len(size)
    mode = case.attribute("auto_pad", b"NOTSET").decode()
    if mode.startswith("SAME"):
        sides = []
        for length, window, step in zip(shape, size, stride, strict=True):
            whole = max((-(-length // step) - 1) * step + window - length, 0)
            less, more = whole // 2, whole - whole // 2
            sides.append((less, more) if mode == "SAME_UPPER" else (more, less))
        return sides
    pads = case.attribute("pads", [0] * 2 * count)
    return [(pads[axis], pads[axis + count]) for axis in range(count)]


def _beyond(case: OnnxCase, size: Sequence[int], stride: Sequence[int], sides: Sides) -> Sides:
    """What a last window that reaches over the edge needs behind, where the case lets it reach."""
    found = []
    for axis, (before, behind) in enumerate(sides):
        length = case.x.shape[2 + axis]
        places = case.outputs[0].shape[2 + axis]
        needed = (places - 1) * stride[axis] + size[axis] - length - before
        found.append((before, max(behind, needed)))
    return found


def _pictures(case: OnnxCase, of_one: Callable[[Tensor], Tensor]) -> Sequence[Any]:
    """Each channel of each observation is a picture; a line is a picture of one row."""
    wanted = case.outputs[0].shape
    pictures = case.x.astype(float).reshape(-1, *case.x.shape[2:])
    return [np.stack([of_one(np.atleast_2d(picture)) for picture in pictures]).reshape(wanted)]


def _convolution(case: OnnxCase) -> Sequence[Any]:
    w = case.input(1)
    assert w is not None
    size, stride = w.shape[2:], case.attribute("strides", [1, 1])
    sides = _sides(case, size, stride)
    others: dict[str, Any] = {"stride": tuple(stride)}
    if all(before == behind for before, behind in sides):
        others["padding"], sides = tuple(before for before, _ in sides), [(0, 0), (0, 0)]

    def of_one(picture: Tensor) -> Tensor:
        return layer("conv2d", others, X=np.pad(picture, sides), weight=w[0, 0])["H"]

    return _pictures(case, of_one)


def _pooling(kind: str) -> Callable[[OnnxCase], Sequence[Any]]:
    """The tutor's pooling has no padding: a padded picture is pooled.

    Where the cells added don't count, the largest has low ones, the mean is the quotient of two.
    """

    def run(case: OnnxCase) -> Sequence[Any]:
        size = [*case.attribute("kernel_shape", case.x.shape[2:])]
        stride = [*case.attribute("strides", [1] * len(size))]
        own = _sides(case, size, stride)
        sides = _beyond(case, size, stride, own)
        if len(size) == 1:
            size, stride, own, sides = [1, *size], [1, *stride], [(0, 0), *own], [(0, 0), *sides]
        others = {"size": tuple(size), "stride": tuple(stride)}

        def pool(picture: Tensor) -> Tensor:
            return layer(kind, others, X=picture)["H"]

        def of_one(picture: Tensor) -> Tensor:
            if kind == "max_pool2d":
                return pool(np.pad(picture, sides, constant_values=float(picture.min()) - 1))
            counted = np.ones(picture.shape)
            if case.attribute("count_include_pad"):
                counted = np.pad(counted, own, constant_values=1)
            whole = [
                (end[0] - now[0], end[1] - now[1]) for end, now in zip(sides, own, strict=True)
            ]
            counted = np.pad(counted, whole if case.attribute("count_include_pad") else sides)
            if counted.all():
                return pool(np.pad(picture, sides))
            return formula("a/b", a=pool(np.pad(picture, sides)), b=pool(counted))

        places = [None] * (len(case.outputs) - 1)  # of the largest cells: no result here
        return [*_pictures(case, of_one), *places]

    return run


WINDOWS = {
    "Conv": _convolution,
    "MaxPool": _pooling("max_pool2d"),
    "AveragePool": _pooling("avg_pool2d"),
    "GlobalMaxPool": _pooling("max_pool2d"),
    "GlobalAveragePool": _pooling("avg_pool2d"),
}
"""How each operator with a window is run."""
