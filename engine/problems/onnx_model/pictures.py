"""The ONNX operators of pictures: convolution, pooling, flattening, and batch normalisation.

A picture of several channels is one matrix a channel. A convolution then becomes one entry for each
pair of channels and a formula that adds them up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.expression.evaluate import Array
from engine.language import tr
from engine.problems.arrays import as_cells
from engine.problems.onnx_model.graph import Operation, UnteachableError, shown
from engine.problems.onnx_model.translation import Constant, Form, Translation, joined

MAX_KERNELS = 16
"""The most pairs of channels that a convolution is taught with."""

Pair = tuple[int, int]


def logical_shape(t: Translation, form: Form) -> list[int]:
    """The tensor's shape in the model."""
    rows, columns = t.shape(form.pieces[0])
    if form.rank == 4:
        return [1, len(form.pieces), rows, columns]
    width = sum(t.shape(piece)[1] for piece in form.pieces)
    return [rows, width] if form.rank == 2 else [width]


# --- windows ------------------------------------------------------------------------------------


def _pair(operation: Operation, key: str, default: int) -> list[int]:
    found = [*operation.get(key, [default, default])]
    if len(found) != 2:
        raise UnteachableError(tr("{key} must have two numbers: only pictures are taught", key=key))
    if min(found) < 1:
        raise UnteachableError(tr("{key} must be at least 1", key=key))
    return found


def _padding(operation: Operation, picture: Pair, size: list[int]) -> list[int]:
    """The rows and columns of zeros on each side; both sides must have as many."""
    mode = operation.get("auto_pad", "NOTSET")
    strides, dilations = _pair(operation, "strides", 1), _pair(operation, "dilations", 1)
    pads = [*operation.get("pads", [0, 0, 0, 0])]
    if mode in ("SAME_UPPER", "SAME_LOWER"):
        needed = [
            max(
                0,
                (math.ceil(picture[i] / strides[i]) - 1) * strides[i]
                + (size[i] - 1) * dilations[i]
                + 1
                - picture[i],
            )
            for i in (0, 1)
        ]
        pads = [n // 2 for n in needed] + [n - n // 2 for n in needed]
    elif mode == "VALID":
        pads = [0, 0, 0, 0]
    elif len(pads) != 4:
        raise UnteachableError(
            tr("{key} must have four numbers: only pictures are taught", key="pads")
        )
    if pads[:2] != pads[2:]:
        raise UnteachableError(tr("the padding differs from side to side: {pads}", pads=pads))
    return pads[:2]


def _conv(t: Translation, operation: Operation) -> None:
    form, kernels = t.picture(operation), t.constant(operation, 1)
    biases = t.constant(operation, 2) if t.has(operation, 2) else None
    groups = operation.get("group", 1)
    count, depth = _channels(kernels, len(form.pieces), groups)
    shape = t.shape(form.pieces[0])
    settings = {
        "stride": _pair(operation, "strides", 1),
        "padding": _padding(operation, shape, [*kernels.array.shape[2:]]),
        "dilation": _pair(operation, "dilations", 1),
    }
    if biases is not None and biases.array.shape != (count,):
        raise UnteachableError(tr("there must be one bias for each channel"))
    t.layer += 1
    found = t.results("C", operation.outputs[0], count)
    terms = [t.fresh("T", count * depth)] if depth > 1 else []
    for m, to in enumerate(found):
        first = m // (count // groups) * depth
        sources = form.pieces[first : first + depth]
        parts = [
            f"_{m + 1}_{c + 1}" if depth > 1 else f"_{m + 1}" if count > 1 else ""
            for c in range(depth)
        ]
        weights = [t.value(kernels, kernels.array[m, c], "K", part) for c, part in enumerate(parts)]
        bias = None
        if biases is not None:
            bias = t.value(biases, biases.array[m], "b", f"_{m + 1}" if count > 1 else "")
        if depth == 1:
            roles = {"weight": weights[0]} | ({} if bias is None else {"bias": bias})
            t.entry(operation, to, layer="conv2d", **{"from": sources[0]}, **roles, **settings)
            continue
        summed = terms[0][m * depth : (m + 1) * depth]
        for source, weight, term in zip(sources, weights, summed, strict=True):
            t.entry(operation, term, layer="conv2d", **{"from": source}, weight=weight, **settings)
        t.entry(operation, to, formula=joined([*summed, *([bias] if bias else [])]))
    t.become(operation, Form(found, 4))


def _channels(kernels: Constant, given: int, groups: int) -> Pair:
    """How many channels come out, and of how many each is made."""
    if kernels.array.ndim != 4:
        raise UnteachableError(tr("only pictures are taught: kernels of rows and columns"))
    count, depth = kernels.array.shape[:2]
    if groups < 1 or count % groups or depth * groups != given:
        raise UnteachableError(
            tr(
                "the kernels “{name}” of the shape {shape} don't fit {channels} channels",
                name=shown(kernels.name),
                shape=[*kernels.array.shape],
                channels=given,
            )
        )
    if count * depth > MAX_KERNELS:
        raise UnteachableError(
            tr(
                "{number} kernels are too many to do by hand: at most {limit}",
                number=count * depth,
                limit=MAX_KERNELS,
            )
        )
    return count, depth


def _pool(kind: str) -> Callable[[Translation, Operation], None]:
    def translate(t: Translation, operation: Operation) -> None:
        form = t.picture(operation)
        shape = t.shape(form.pieces[0])
        size, stride = _pair(operation, "kernel_shape", 1), _pair(operation, "strides", 1)
        if len(operation.outputs) > 1 and operation.outputs[1]:
            raise UnteachableError(tr("where the maxima stood isn't a result here"))
        if _pair(operation, "dilations", 1) != [1, 1] or any(_padding(operation, shape, size)):
            raise UnteachableError(tr("pooling with padding or with gaps isn't taught"))
        if operation.get("ceil_mode", 0) and any((shape[i] - size[i]) % stride[i] for i in (0, 1)):
            raise UnteachableError(tr("windows that reach beyond the picture aren't taught"))
        _pooled(t, operation, kind, size, stride)

    return translate


def _pooled(
    t: Translation, operation: Operation, kind: str, size: list[int], stride: list[int]
) -> None:
    t.each(operation, "P", lambda x: {"layer": kind, "from": x, "size": size, "stride": stride})


def _average_of_all(t: Translation, operation: Operation) -> None:
    size = [*t.shape(t.picture(operation).pieces[0])]
    _pooled(t, operation, "avg_pool2d", size, size)


# --- another shape ------------------------------------------------------------------------------


def _flatten(t: Translation, operation: Operation) -> None:
    shape = logical_shape(t, t.form(operation))
    axis = operation.get("axis", 1)
    axis += len(shape) if axis < 0 else 0
    if not 0 <= axis <= len(shape):
        raise UnteachableError(tr("there is no axis {axis}", axis=axis))
    _reshaped(t, operation, [math.prod(shape[:axis]), math.prod(shape[axis:])])


def _reshape(t: Translation, operation: Operation) -> None:
    shape = logical_shape(t, t.form(operation))
    wanted = [int(side) for side in t.constant(operation, 1).array.reshape(-1)]
    if operation.get("allowzero", 0) and 0 in wanted:
        raise UnteachableError(tr("a shape without any cell isn't taught"))
    sides = [shape[i] if side == 0 and i < len(shape) else side for i, side in enumerate(wanted)]
    others = math.prod(side for side in sides if side != -1)
    if -1 in sides and others > 0:
        sides[sides.index(-1)] = math.prod(shape) // others
    _reshaped(t, operation, sides)


def _reshaped(t: Translation, operation: Operation, wanted: list[int]) -> None:
    """The same numbers in another shape: as they are, or all in one row."""
    form = t.form(operation)
    shape = logical_shape(t, form)
    if wanted == shape:
        t.become(operation, form)
    elif wanted == [1, math.prod(shape)] and shape == wanted[1:]:
        t.become(operation, replace(form, rank=2))
    elif wanted == [1, math.prod(shape)]:
        t.each(operation, "F", lambda x: {"layer": "flatten", "from": x})
        found = t.forms[operation.outputs[0]]
        assert isinstance(found, Form)
        t.become(operation, replace(found, rank=2))
    else:
        raise UnteachableError(
            tr("{shape} to {other}: only one picture becomes one row", shape=shape, other=wanted)
        )


# --- batch normalisation ------------------------------------------------------------------------


def _batch_norm(t: Translation, operation: Operation) -> None:
    """With the running mean and variance, as a trained network has them: a formula."""
    if operation.get("training_mode", 0) or len([*filter(None, operation.outputs)]) > 1:
        raise UnteachableError(tr("it is set for training, not for use"))
    form = t.form(operation)
    constants = [t.constant(operation, index) for index in range(1, 5)]
    epsilon = as_cells(np.array(operation.get("epsilon", 1e-5), dtype=np.float32))
    width = len(form.pieces) if form.rank == 4 else sum(t.shape(p)[1] for p in form.pieces)
    if any(constant.array.shape != (width,) for constant in constants):
        raise UnteachableError(
            tr("it needs {width} numbers for each of its four values", width=width)
        )
    found = t.results("N", operation.outputs[0], len(form.pieces))
    start = 0
    for index, (piece, to) in enumerate(zip(form.pieces, found, strict=True)):
        count = 1 if form.rank == 4 else t.shape(piece)[1]
        part = f"_{index + 1}" if len(form.pieces) > 1 else ""
        gamma, beta, mean, variance = (
            t.value(constant, _share(constant.array, start, count, form.rank), stem, part)
            for constant, stem in zip(constants, ("gamma", "beta", "mu", "var"), strict=True)
        )
        t.trained -= {mean, variance}
        below = f"sqrt({variance} + {epsilon:f})" if epsilon else f"sqrt({variance})"
        t.entry(operation, to, formula=f"{gamma} * ({piece} - {mean}) / {below} + {beta}")
        start += count
    t.become(operation, replace(form, pieces=found))


def _share(array: Array, start: int, count: int, rank: int) -> Array:
    """A piece's numbers: one for a picture, otherwise a row."""
    return array[start] if rank == 4 else array[np.newaxis, start : start + count]


PICTURE_OPERATORS: dict[str, Callable[[Translation, Operation], None]] = {
    "Conv": _conv,
    "MaxPool": _pool("max_pool2d"),
    "AveragePool": _pool("avg_pool2d"),
    "GlobalAveragePool": _average_of_all,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "BatchNormalization": _batch_norm,
}
