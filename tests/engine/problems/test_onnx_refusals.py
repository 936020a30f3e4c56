"""ONNX models that no lesson can be made of: what is said, and that nothing else happens."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx")

from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import ModelProto, TensorProto, helper

from engine.problems.example import Example
from engine.problems.faults import ProblemError
from engine.problems.onnx_model.opening import MOST_FAULTS, open_model
from engine.problems.problem import Problem
from tests.engine.problems.models import (
    INPUT,
    OUTPUT,
    classifier,
    faults,
    model,
    node,
    numbers,
)

ROWS = ["n", 3]
PICTURE = [1, 1, 5, 5]
NORM = {"g": [1.0, 0.5], "b": [0.0, 0.25], "m": [0.5, -1.0], "v": [1.0, 4.0]}


# --- what can't be taught -----------------------------------------------------------------------


def test_everything_that_cannot_be_taught_is_named_with_its_node() -> None:
    nodes = [
        node("Erf", INPUT, to="a", name="/act/Erf"),
        node("Relu", "a", to="b"),
        node("Gemm", INPUT, "w", to="c"),
        helper.make_node("Fancy", ["c"], ["d"], domain="my.own"),
        node("Softmax", "c", to="e", axis=-1),
        helper.make_node("Dropout", ["e", "", "training"], ["f"]),
        node("Sum", "b", "d", "f"),
    ]
    made = model(nodes, ROWS, w=numbers(3, 3), training=np.array(True))
    made.opset_import.append(helper.make_opsetid("my.own", 1))
    assert faults(made) == [
        "model.onnx: node 1 “/act/Erf” (Erf): this operator isn't taught",
        "model.onnx: node 4 (my.own.Fancy): this operator isn't taught",
        "model.onnx: node 6 (Dropout): it is set for training, not for use",
        "model.onnx: node 7 (Sum): this operator isn't taught",
    ]


PICTURES: list[tuple[ModelProto, str]] = [
    (
        model([node("Conv", INPUT, "w", pads=[0, 0, 1, 1])], PICTURE, w=numbers(1, 1, 2, 2)),
        "the padding differs from side to side: [0, 0, 1, 1]",
    ),
    (
        model([node("Conv", INPUT, "w")], [1, 3, 5, 5], w=numbers(6, 3, 2, 2)),
        "18 kernels are too many to do by hand: at most 16",
    ),
    (
        model([node("Conv", INPUT, "w")], PICTURE, w=numbers(1, 2, 2, 2)),
        "the kernels “w” of the shape [1, 2, 2, 2] don't fit 1 channels",
    ),
    (
        model([node("Conv", INPUT, "w")], PICTURE, w=numbers(1, 1, 6, 2)),
        "The kernel K1 (6x2) doesn't fit into X (5x5).",
    ),
    (
        model([node("MaxPool", INPUT, kernel_shape=[2, 2], pads=[1, 1, 1, 1])], PICTURE),
        "pooling with padding or with gaps isn't taught",
    ),
    (
        model([node("MaxPool", INPUT, kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)], PICTURE),
        "windows that reach beyond the picture aren't taught",
    ),
    (
        model([node("MatMul", INPUT, "w")], PICTURE, w=numbers(5, 2)),
        "it works on a picture, which isn't flattened before",
    ),
    (
        model([node("Softmax", INPUT, axis=1)], [1, 2, 3, 3]),
        "a softmax over several channels isn't taught",
    ),
    (
        model([node("Reshape", INPUT, "s")], PICTURE, s=[5, 5]),
        "[1, 1, 5, 5] to [5, 5]: only one picture becomes one row",
    ),
]
ROWWISE: list[tuple[ModelProto, str]] = [
    (
        model([node("MatMul", INPUT, "w")], ROWS, w=numbers(2, 2)),
        "X (2x3) and W1 (2x2) can't be multiplied: the columns of the first (3)",
    ),
    (
        model([node("MatMul", INPUT, "w")], ROWS, w=numbers(3)),
        "“w” must be a matrix, not of the shape [3]",
    ),
    (
        model([node("MatMul", INPUT, "w")], ROWS, w=np.full((3, 2), np.inf)),
        "“w”: inf at [0, 0] is not a number",
    ),
    (
        model([node("Add", INPUT, "c")], ROWS, c=numbers(2, 1)),
        "“c” of the shape [2, 1] goes with no matrix of the shape [2, 3]",
    ),
    (
        model([node("MatMul", INPUT, "w", to="a"), node("Mul", INPUT, "a")], ROWS, w=numbers(3, 1)),
        "X (2x3) and H1 (2x1) don't fit cell by cell: their shapes differ.",
    ),
    (
        model([node("Transpose", INPUT, perm=[0, 2, 1, 3])], PICTURE),
        "only a matrix is transposed here",
    ),
    (
        model([node("BatchNormalization", INPUT, *NORM, training_mode=1)], ["n", 2], **NORM),
        "it is set for training, not for use",
    ),
    (
        model([node("BatchNormalization", INPUT, *NORM)], ROWS, **NORM),
        "it needs 3 numbers for each of its four values",
    ),
]


@pytest.mark.parametrize(("made", "message"), [*PICTURES, *ROWWISE])
def test_what_cannot_be_taught_is_said_in_a_sentence(made: ModelProto, message: str) -> None:
    (found,) = faults(made)
    assert found.startswith("model.onnx: node ")
    assert message in found


def test_an_output_that_does_not_depend_on_the_input_is_refused() -> None:
    made = model([node("Gemm", "w", "w")], ROWS, w=numbers(3, 3))
    assert faults(made) == ["model.onnx: The output “output” doesn't depend on the input."]


def test_a_long_list_of_faults_is_cut() -> None:
    nodes = [node("Erf", INPUT, to=f"t{i}") for i in range(MOST_FAULTS + 5)]
    made = model([*nodes, node("Sum", *(f"t{i}" for i in range(MOST_FAULTS + 5)))], ROWS)
    found = faults(made)
    assert len(found) == MOST_FAULTS + 1
    assert found[-1] == "model.onnx: and 6 more"


def test_a_model_beyond_the_bounds_of_a_lesson_is_refused() -> None:
    names = [INPUT, *(f"t{i}" for i in range(999)), OUTPUT]
    chain = [node("Relu", a, to=b) for a, b in pairwise(names)]
    assert faults(model(chain, ROWS)) == ["model.onnx: at most 200 entries"]
    wide = model([node("Gemm", INPUT, "w")], ROWS, w=np.ones((3, 65)))
    assert faults(wide) == ["model.onnx: node 1 (Gemm): a matrix has at most 64 rows and columns"]
    huge = model([node("Gemm", INPUT, "w")], ROWS, w=np.ones((300, 300)))
    assert faults(huge) == ["model.onnx: node 1 (Gemm): “w” has too many numbers"]


def edited(edit: Callable[[ModelProto], Any]) -> ModelProto:
    """The classifier, changed."""
    made = classifier()
    edit(made)
    return made


def outside(made: ModelProto) -> None:
    """Put a tensor's numbers into a file that is somewhere else."""
    tensor = made.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            edited(lambda m: m.ClearField("ir_version")),
            "isn't a valid ONNX model: The model does not have an ir_version",
        ),
        (edited(lambda m: m.graph.ClearField("input")), "isn't a valid ONNX model: "),
        (
            edited(lambda m: setattr(m.opset_import[0], "version", 6)),
            "The model is of operator set 6; 7 or a newer one is read.",
        ),
        (edited(outside), "lie in another file, which isn't read"),
        (
            edited(lambda m: m.graph.initializer[0].dims.append(7)),
            "the numbers of “fc1.weight” can't be read",
        ),
        (
            edited(lambda m: m.graph.input.append(helper.make_tensor_value_info("more", 1, [2]))),
            "A lesson takes one input; the model has: input, more.",
        ),
    ],
)
def test_a_model_that_is_not_sound_is_refused_in_one_sentence(
    made: ModelProto, message: str
) -> None:
    (found,) = faults(made)
    assert message in found
    assert "\n" not in found


def outcome(data: bytes) -> Problem | ProblemError:
    """The lesson, or what is said instead."""
    try:
        return open_model(data, "model.onnx", Example())
    except ProblemError as error:
        return error


MODELS = [classifier(), *(made for made, _ in PICTURES)]


@settings(max_examples=300)
@given(
    st.sampled_from(MODELS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=4)
)
def test_a_model_with_exchanged_bytes_is_a_lesson_or_refused(
    made: ModelProto, changes: list[tuple[float, int]]
) -> None:
    data = bytearray(made.SerializeToString())
    for place, byte in changes:
        data[int(place * (len(data) - 1))] = byte
    found = outcome(bytes(data))
    assert isinstance(found, Problem) or all(found.lines())


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    assert isinstance(outcome(data), ProblemError)
