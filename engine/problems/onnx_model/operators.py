"""The table of ONNX operators: what entries of a problem file each becomes.

The operators' meaning: https://onnx.ai/onnx/operators, versions 7 to 25.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from engine.language import tr
from engine.problems.arrays import as_cells
from engine.problems.onnx_model.graph import Operation, UnteachableError, shown
from engine.problems.onnx_model.pictures import PICTURE_OPERATORS, logical_shape
from engine.problems.onnx_model.translation import Constant, Form, Operand, Translation, joined

Operator = Callable[[Translation, Operation], None]

ROW_AXIS_SINCE = 13
"""From this version on a softmax is taken along one axis; before it was over all axes behind it."""


# --- cell by cell -------------------------------------------------------------------------------


def _layer(kind: str) -> Operator:
    return lambda t, o: t.each(o, "O", lambda x: {"layer": kind, "from": x})


def _leaky_relu(t: Translation, operation: Operation) -> None:
    slope = decimal(operation.get("alpha", 0.01))
    t.each(operation, "O", lambda x: {"layer": "leaky_relu", "from": x, "slope": slope})


def _function(written: str) -> Operator:
    """A function without a layer of its own; ``{}`` stands for what it is taken of."""
    return lambda t, o: t.each(o, "R", lambda x: {"formula": written.format(x)})


def decimal(number: float) -> Any:
    """An attribute's number, which ONNX keeps as a float32, as short as it can be written."""
    return as_cells(np.array(number, dtype=np.float32))


def written(number: float) -> str:
    """The same within a formula."""
    text = f"{Decimal(decimal(number)):f}"
    return f"({text})" if number < 0 else text


def _softmax(t: Translation, operation: Operation) -> None:
    """Along the rows it is the layer; along the columns, or over everything, a formula."""
    form = t.form(operation)
    if len(form.pieces) > 1:
        raise UnteachableError(tr("a softmax over several channels isn't taught"))
    (piece,) = form.pieces
    shape = logical_shape(t, form)
    by_axis = t.graph.opset >= ROW_AXIS_SINCE
    axis = operation.get("axis", -1 if by_axis else 1)
    axis += len(shape) if axis < 0 else 0
    if not 0 <= axis < len(shape):
        raise UnteachableError(tr("there is no axis {axis}", axis=axis))
    together = shape[axis] if by_axis else int(np.prod(shape[axis:]))
    rows, columns = t.shape(piece)
    (to,) = t.results("O", operation.outputs[0])
    if axis == len(shape) - 1 or (rows == 1 and together == columns):
        t.entry(operation, to, layer="softmax", **{"from": piece})
    elif together == rows * columns:
        t.entry(operation, to, formula=f"exp({piece}) / sum(exp({piece}))")
    elif together == rows and axis == len(shape) - 2:
        t.entry(operation, to, formula=f"exp({piece}) / sum_rows(exp({piece}))")
    else:
        raise UnteachableError(tr("a softmax along axis {axis} isn't taught", axis=axis))
    t.become(operation, replace(form, pieces=(to,)))


# --- of two -------------------------------------------------------------------------------------


def _binary(sign: str, fold: Callable[[Any, Any], Any]) -> Operator:
    def translate(t: Translation, operation: Operation) -> None:
        if operation.number in t.merged:
            return
        both = t.operand(operation, 0), t.operand(operation, 1)
        left, right = both
        if isinstance(left, Constant) and isinstance(right, Constant):
            t.become(operation, Constant(fold(left.array, right.array), left.name))
            return
        forms = [side for side in both if isinstance(side, Form)]
        like = max(forms, key=lambda form: len(form.pieces))
        if len({(len(form.pieces), form.rank == 4) for form in forms}) > 1:
            raise UnteachableError(tr("its two sides have different axes"))
        found = t.results("R", operation.outputs[0], len(like.pieces))
        for index, to in enumerate(found):
            a, b = (_side(t, side, like, index) for side in both)
            t.entry(operation, to, formula=f"{a} {sign} {b}")
            _must_grow_alike(t, to, [t.shape(key) for key in (a, b)])
        t.become(operation, Form(found, max(form.rank for form in forms)))

    return translate


def _must_grow_alike(t: Translation, to: str, shapes: list[Any]) -> None:
    """A formula repeats numbers and rows, ONNX columns too: the result must be the same."""
    if np.broadcast_shapes(*shapes) != t.shape(to):
        raise UnteachableError(tr("its two sides have shapes that no formula joins"))


def _side(t: Translation, side: Operand, like: Form, index: int) -> str:
    """One side of a formula for one piece of the other side."""
    if isinstance(side, Form):
        return side.pieces[index]
    shape = t.shape(like.pieces[index])
    array, count = side.array, len(like.pieces)
    if like.rank == 4 and array.ndim >= 3:
        channels = array.reshape((1,) * (4 - array.ndim) + array.shape)[0]
        if len(channels) not in (1, count):
            raise UnteachableError(tr("“{name}” has other channels", name=shown(side.name)))
        if len(channels) == count > 1:
            part = f"_{index + 1}"
            return t.beside(replace(side, array=channels[index]), shape, "a", part)
    elif like.rank != 4 and count > 1 and array.ndim and array.shape[-1] > 1:
        widths = [t.shape(piece)[1] for piece in like.pieces]
        start = sum(widths[:index])
        block = array[..., start : start + widths[index]]
        return t.beside(replace(side, array=block), shape, "a", f"_{index + 1}")
    return t.beside(side, shape, "a")


# --- products -----------------------------------------------------------------------------------


def _matmul(t: Translation, operation: Operation) -> None:
    left, right = t.operand(operation, 0), t.operand(operation, 1)
    if isinstance(left, Form) and isinstance(right, Constant):
        t.rows(operation)
        bias, output = _bias_behind(t, operation, right)
        _linear(t, operation, output, left, right, bias)
        return
    sides = [_factor(t, operation, side) for side in (left, right)]
    rank = min(side.rank if isinstance(side, Form) else side.array.ndim for side in (left, right))
    if rank < 2:
        raise UnteachableError(tr("a product with a vector on this side isn't taught"))
    (to,) = t.results("H", operation.outputs[0])
    t.entry(operation, to, formula=f"{sides[0]} @ {sides[1]}")
    t.become(operation, Form((to,), 2))


def _factor(t: Translation, operation: Operation, side: Operand, turned: bool = False) -> str:
    """One factor of a product as a formula has it."""
    if isinstance(side, Constant):
        _must_be_matrix(side)
        t.layer += 1
        key, other = t.oriented(side, "W")
        return f"{key}.T" if turned is not other else key
    if side.rank == 4 or len(side.pieces) > 1:
        raise UnteachableError(tr("a product of pictures isn't taught"))
    return f"{side.pieces[0]}.T" if turned else side.pieces[0]


def _must_be_matrix(constant: Constant) -> None:
    if constant.array.ndim != 2:
        raise UnteachableError(
            tr(
                "“{name}” must be a matrix, not of the shape {shape}",
                name=shown(constant.name),
                shape=[*constant.array.shape],
            )
        )


def _bias_behind(
    t: Translation, operation: Operation, weight: Constant
) -> tuple[Constant | None, str]:
    """The row that the next operation adds, if that is all it does, and where the sum goes."""
    product = operation.outputs[0]
    readers = t.graph.readers.get(product, [])
    if len(readers) != 1 or readers[0].kind != "Add" or product in t.graph.outputs:
        return None, product
    added = [name for name in readers[0].inputs if name != product]
    array = t.graph.constant(added[0]) if added and added[0] not in t.forms else None
    width = weight.array.shape[-1]
    if array is None or array.ndim > 2 or array.size != width or array.shape[-1:] != (width,):
        return None, product
    t.merged.add(readers[0].number)
    return Constant(array, added[0]), readers[0].outputs[0]


def _linear(
    t: Translation,
    operation: Operation,
    output: str,
    source: Form,
    weight: Constant,
    bias: Constant | None,
) -> None:
    """X·W + b as the layer; as a formula where the layer's form doesn't do."""
    _must_be_matrix(weight)
    t.layer += 1
    rows, columns = weight.array.shape
    widths = [t.shape(piece)[1] for piece in source.pieces]
    blocks = len(source.pieces) > 1
    if blocks and sum(widths) != rows:
        raise UnteachableError(
            tr(
                "{width} columns can't be multiplied with “{name}” of {rows} rows",
                width=sum(widths),
                name=shown(weight.name),
                rows=rows,
            )
        )
    keys = []
    for index, width in enumerate(widths):
        start = sum(widths[:index])
        part = replace(weight, array=weight.array[start : start + width]) if blocks else weight
        keys.append(t.oriented(part, "W", f"_{index + 1}" if blocks else ""))
    added = None
    if bias is not None and columns == 1 and bias.array.size == 1:
        added = t.value(bias, bias.array.reshape(1, 1), "b")
    elif bias is not None:
        added = t.beside(bias, (t.shape(source.pieces[0])[0], columns), "b")
    (to,) = t.results("H", output)
    plain = not blocks and not keys[0][1] and (added is None or t.shape(added) == (1, columns))
    if plain:
        roles = {"weight": keys[0][0]} | ({} if added is None else {"bias": added})
        t.entry(operation, to, layer="linear", **{"from": source.pieces[0]}, **roles)
    else:
        terms = [
            f"{piece} @ {key}{'.T' if turned else ''}"
            for piece, (key, turned) in zip(source.pieces, keys, strict=True)
        ]
        t.entry(operation, to, formula=joined([*terms, *([added] if added else [])]))
    t.become(operation, Form((to,), source.rank), output)


def _gemm(t: Translation, operation: Operation) -> None:
    """alpha·A′·B′ + beta·C, a prime for what is transposed."""
    left, right = t.operand(operation, 0), t.operand(operation, 1)
    turn_left, turn_right = bool(operation.get("transA", 0)), bool(operation.get("transB", 0))
    alpha, beta = operation.get("alpha", 1.0), operation.get("beta", 1.0)
    added = t.operand(operation, 2) if t.has(operation, 2) and beta != 0 else None
    simple = alpha == 1 and (added is None or (beta == 1 and isinstance(added, Constant)))
    if simple and not turn_left and isinstance(left, Form) and isinstance(right, Constant):
        bias = added if isinstance(added, Constant) else None
        t.rows(operation)
        weight = right.T if turn_right else right
        _linear(t, operation, operation.outputs[0], left, weight, bias)
        return
    product = (
        f"{_factor(t, operation, left, turn_left)} @ {_factor(t, operation, right, turn_right)}"
    )
    if alpha != 1:
        product = f"{written(alpha)} * ({product})"
    if added is not None:
        factor = "" if beta == 1 else f"{written(beta)} * "
        if isinstance(added, Form):
            other = _factor(t, operation, added)
        else:
            shape = _product_shape(t, left, right, turn_left, turn_right)
            other = t.beside(added, shape, "b")
        product = f"{product} + {factor}{other}"
    (to,) = t.results("H", operation.outputs[0])
    t.entry(operation, to, formula=product)
    t.become(operation, Form((to,), 2))


def _product_shape(
    t: Translation, left: Operand, right: Operand, turn_left: bool, turn_right: bool
) -> tuple[int, int]:
    shapes = [
        side.array.shape if isinstance(side, Constant) else t.shape(side.pieces[0])
        for side in (left, right)
    ]
    return shapes[0][1 if turn_left else 0], shapes[1][0 if turn_right else 1]


# --- without numbers of their own ---------------------------------------------------------------


def _same(t: Translation, operation: Operation) -> None:
    t.become(operation, t.operand(operation, 0))


def _dropout(t: Translation, operation: Operation) -> None:
    """Once trained, a network drops nothing."""
    if t.has(operation, 2) and t.constant(operation, 2).array.any():
        raise UnteachableError(tr("it is set for training, not for use"))
    _same(t, operation)


def _transpose(t: Translation, operation: Operation) -> None:
    operand = t.operand(operation, 0)
    rank = operand.rank if isinstance(operand, Form) else operand.array.ndim
    axes = operation.get("perm", [*range(rank)][::-1])
    if axes == [*range(rank)]:
        _same(t, operation)
    elif rank != 2 or axes != [1, 0]:
        raise UnteachableError(tr("only a matrix is transposed here"))
    elif isinstance(operand, Constant):
        t.become(operation, operand.T)
    elif len(operand.pieces) > 1:
        raise UnteachableError(tr("only a matrix is transposed here"))
    else:
        t.each(operation, "R", lambda x: {"formula": f"{x}.T"})


OPERATORS: dict[str, Operator] = {
    "Relu": _layer("relu"),
    "Sigmoid": _layer("sigmoid"),
    "Tanh": _layer("tanh"),
    "LeakyRelu": _leaky_relu,
    "Softmax": _softmax,
    "Gemm": _gemm,
    "MatMul": _matmul,
    "Add": _binary("+", np.add),
    "Sub": _binary("-", np.subtract),
    "Mul": _binary("*", np.multiply),
    "Div": _binary("/", np.divide),
    "Neg": _function("-{}"),
    "Exp": _function("exp({})"),
    "Log": _function("ln({})"),
    "Sqrt": _function("sqrt({})"),
    "Abs": _function("abs({})"),
    "Identity": _same,
    "Dropout": _dropout,
    "Transpose": _transpose,
    **PICTURE_OPERATORS,
}
