"""What a model is tried on: the input as matrices, the target, and the loss that fits both."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from engine.expression.evaluate import Array
from engine.expression.shape import Shape, shape_text
from engine.language import tr
from engine.problems.arrays import ArrayError, check_numbers
from engine.problems.example import Example, Given
from engine.problems.faults import Fault, ProblemError
from engine.problems.onnx_model.graph import Graph, UnteachableError, shown
from engine.problems.onnx_model.translation import Form, Translation
from engine.problems.schema import LossTable
from engine.problems.values import MAX_SIDE

DRAWN_ROWS = 2
"""The observations that are drawn where the model takes any number."""
INPUTS = TARGETS = (-2, -1, 0, 1, 2, 3)
INPUT, TARGET = "X", "y"
MAX_CHANNELS = 16


class GivenError(ProblemError):
    """An input or a target that doesn't go with the model."""

    def __init__(self, given: Given, message: str) -> None:
        super().__init__(given.place, [Fault((), message, None)])


# --- the input ----------------------------------------------------------------------------------


def put_input(t: Translation, example: Example) -> None:
    """Give the translation the model's input; raises `GivenError` or `UnteachableError`."""
    name, sides = _only_input(t.graph)
    if example.input is None:
        array = _drawn_input(name, sides, example.seed or 0)
    else:
        array = _fitted(example.input, sides)
    if array.ndim == 4 and len(array) != 1:
        raise _refused(example.input, tr("one picture at a time is taught, not {n}", n=len(array)))
    pieces = [*array[0]] if array.ndim == 4 else [np.atleast_2d(array)]
    if len(pieces) > MAX_CHANNELS:
        message = tr("a picture has at most {limit} channels", limit=MAX_CHANNELS)
        raise _refused(example.input, message)
    keys = [INPUT] if len(pieces) == 1 else [f"{INPUT}_{i}" for i in range(1, len(pieces) + 1)]
    for key, piece in zip(keys, pieces, strict=True):
        try:
            t.give(key, piece)
        except UnteachableError as error:
            raise _refused(example.input, str(error)) from error
        t.tensors[key] = shown(name)
    t.forms[name] = Form(tuple(keys), array.ndim)


def _only_input(graph: Graph) -> tuple[str, tuple[int | None, ...] | None]:
    if len(graph.inputs) != 1:
        names = ", ".join(map(shown, graph.inputs))
        raise UnteachableError(
            tr("A lesson takes one input; the model has: {names}.", names=names or "–")
        )
    ((name, sides),) = graph.inputs.items()
    if sides is not None and len(sides) not in (1, 2, 4):
        raise UnteachableError(
            tr(
                "The input “{name}” has {number} axes: rows of observations (2), a row (1) "
                "or a picture (4) are taught.",
                name=shown(name),
                number=len(sides),
            )
        )
    return name, sides


def _refused(given: Given | None, message: str) -> Exception:
    return UnteachableError(message) if given is None else GivenError(given, message)


def _drawn_input(name: str, sides: tuple[int | None, ...] | None, seed: int) -> Array:
    if sides is not None:
        first = DRAWN_ROWS if len(sides) == 2 else 1
        sides = (sides[0] or first, *sides[1:])
    if sides is None or None in sides:
        raise UnteachableError(
            tr(
                "The size of the input “{name}” is open, so it can't be drawn: give --input.",
                name=shown(name),
            )
        )
    whole = [side or 0 for side in sides]
    if max(whole) > MAX_SIDE:
        raise UnteachableError(tr("a matrix has at most {limit} rows and columns", limit=MAX_SIDE))
    return draw(whole, INPUTS, f"{seed}/input")


def draw(shape: Sequence[int], choices: Sequence[int], seed: str) -> Array:
    """Whole numbers by seed; only `random()` gives the same ones on every Python."""
    chance = random.Random(seed).random
    cells = [choices[int(chance() * len(choices))] for _ in range(int(np.prod(shape)))]
    return np.array(cells).reshape(shape)


def _numbers(given: Given) -> Array:
    try:
        check_numbers(given.array)
    except ArrayError as error:
        raise GivenError(given, str(error)) from error
    return given.array


def _fitted(given: Given, sides: tuple[int | None, ...] | None) -> Array:
    """The array with the axes that the model's input has."""
    array = _numbers(given)
    if sides is None:
        sides = (None,) * (array.ndim if array.ndim in (1, 2, 4) else 2)
    if len(sides) == 2 and sides[1] == 1 and array.ndim == 1:
        array = array[:, np.newaxis]
    while array.ndim < len(sides):
        array = array[np.newaxis]
    while array.ndim > len(sides) and len(array) == 1:
        array = array[0]
    open_sides = [str(side or "?") for side in sides]
    if array.ndim != len(sides) or any(
        side is not None and side != found for side, found in zip(sides, array.shape, strict=False)
    ):
        message = tr(
            "the model takes {expected}, not {found}",
            expected="x".join(open_sides),
            found=shape_text(given.array.shape),
        )
        raise GivenError(given, message)
    return array


# --- the target ---------------------------------------------------------------------------------


def put_target(t: Translation, example: Example) -> LossTable | None:
    """Give the translation a target, and say which loss; None for a forward pass only."""
    prediction = t.forms[t.graph.outputs[0]]
    assert isinstance(prediction, Form)
    if len(prediction.pieces) > 1:
        if example.target is None:
            return None
        raise GivenError(example.target, tr("an output of several channels has no target here"))
    (of,) = prediction.pieces
    shape = t.shape(of)
    last = next((table.get("layer", "") for table in t.tables if table["to"] == of), "")
    if example.target is not None:
        array = _as_prediction(example.target, shape, last)
    elif example.draws_target:
        array = _drawn_target(shape, last, example.seed or 0)
    else:
        return None
    t.give(TARGET, array)
    return LossTable(kind=_loss(last, array), of=of, target=TARGET)


def _loss(last: str, target: Array) -> str:
    if last == "softmax" and (target >= 0).all() and np.allclose(target.sum(axis=1), 1, atol=1e-6):
        return "cross_entropy"
    if last == "sigmoid" and np.isin(target, (0, 1)).all():
        return "logloss"
    return "mse"


def _as_prediction(given: Given, shape: Shape, last: str) -> Array:
    """The target in the prediction's shape; after a softmax also the classes' numbers, from 0."""
    array = _numbers(given)
    rows, columns = shape
    if [side for side in array.shape if side > 1] == [side for side in shape if side > 1]:
        return array.reshape(shape)
    if last == "softmax" and array.size == rows and (array == np.floor(array)).all():
        classes = array.reshape(-1).astype(int)
        wrong = [number for number in classes if not 0 <= number < columns]
        if wrong:
            message = tr(
                "there is no class {number}: 0 to {last}", number=wrong[0], last=columns - 1
            )
            raise GivenError(given, message)
        return one_hot(classes, columns)
    message = tr(
        "the target must have the prediction's shape {expected}, not {found}",
        expected=shape_text(shape),
        found=shape_text(array.shape),
    )
    raise GivenError(given, message)


def _drawn_target(shape: Shape, last: str, seed: int) -> Array:
    rows, columns = shape
    if last == "softmax":
        return one_hot(draw([rows], range(columns), f"{seed}/target"), columns)
    return draw(shape, (0, 1) if last == "sigmoid" else TARGETS, f"{seed}/target")


def one_hot(classes: Array, columns: int) -> Array:
    """A row for each class: 1 in its column, else 0."""
    rows: Array = np.eye(columns, dtype=int)[classes]
    return rows
