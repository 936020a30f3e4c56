"""The operators of ONNX models: what a lesson computes against ONNX's own evaluator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx")

from onnx import ModelProto, helper

import engine
from engine.problems.onnx_model.operators import OPERATORS
from engine.problems.problem import Problem
from tests.engine.problems.models import (
    INPUT,
    OUTPUT,
    expected,
    model,
    node,
    numbers,
    opened,
    write,
)

ROWS = ["n", 3]
PICTURE = [1, 1, 5, 5]
CHANNELS = [1, 2, 5, 5]
FOUR = dict(
    zip(
        "gbmv",
        ([1.0, 0.5, -2.0], [0.0, 0.25, 1.0], [0.5, 0.0, -1.0], [1.0, 4.0, 0.25]),
        strict=True,
    )
)
CHAIN = ("Neg", "Exp", "Identity", "Abs", "Sqrt", "Log", "Dropout")

CASES: dict[str, ModelProto] = {
    "gemm": model([node("Gemm", INPUT, "w", "b")], ROWS, w=numbers(3, 2), b=numbers(2)),
    "gemm without a bias": model([node("Gemm", INPUT, "w")], ROWS, w=numbers(3, 2)),
    "gemm transposed": model(
        [node("Gemm", INPUT, "w", "b", transB=1)], ROWS, w=numbers(2, 3), b=numbers(1, 2)
    ),
    "gemm with factors": model(
        [node("Gemm", INPUT, "w", "b", alpha=0.5, beta=-2.0)], ROWS, w=numbers(3, 2), b=numbers(2)
    ),
    "gemm with no bias by its factor": model(
        [node("Gemm", INPUT, "w", "b", beta=0.0)], ROWS, w=numbers(3, 2), b=numbers(2)
    ),
    "gemm with a number as bias": model(
        [node("Gemm", INPUT, "w", "b")], ROWS, w=numbers(3, 2), b=0.5
    ),
    "gemm of the turned input": model(
        [node("Gemm", INPUT, "w", transA=1)], [4, 3], w=numbers(4, 2)
    ),
    "gemm with a whole matrix as bias": model(
        [node("Gemm", INPUT, "w", "b")], [4, 3], w=numbers(3, 2), b=numbers(4, 2)
    ),
    "gemm of the weight first": model(
        [node("Gemm", "w", INPUT, "b", transB=1)], [4, 3], w=numbers(2, 3), b=numbers(4)
    ),
    "matmul and add": model(
        [node("MatMul", INPUT, "w", to="z"), node("Add", "b", "z")],
        ROWS,
        w=numbers(3, 2),
        b=numbers(2),
    ),
    "matmul to one column, and add": model(
        [node("MatMul", INPUT, "w", to="z"), node("Add", "z", "b")],
        ROWS,
        w=numbers(3, 1),
        b=numbers(1),
    ),
    "matmul whose product is used twice": model(
        [node("MatMul", INPUT, "w", to="z"), node("Add", "z", "b", to="s"), node("Mul", "s", "z")],
        ROWS,
        w=numbers(3, 2),
        b=numbers(2),
    ),
    "matmul from the left": model([node("MatMul", "w", INPUT)], [4, 3], w=numbers(2, 4)),
    "matmul of two results": model(
        [node("Transpose", INPUT, to="t"), node("MatMul", INPUT, "t")], ROWS
    ),
    "a weight that is used turned, too": model(
        [
            node("MatMul", INPUT, "w", to="z"),
            node("Relu", "z", to="r"),
            node("Transpose", "w", to="wt", perm=[1, 0]),
            node("MatMul", "r", "wt"),
        ],
        ROWS,
        w=numbers(3, 2),
    ),
    "a residual": model(
        [node("MatMul", INPUT, "w", to="z"), node("Tanh", "z", to="a"), node("Add", "a", INPUT)],
        ROWS,
        w=numbers(3, 3),
    ),
    "one row": model([node("MatMul", INPUT, "w")], [3], w=numbers(3, 2)),
    "relu": model([node("Relu", INPUT)], ROWS),
    "leaky relu": model([node("LeakyRelu", INPUT)], ROWS),
    "leaky relu with a slope": model([node("LeakyRelu", INPUT, alpha=0.2)], ROWS),
    "sigmoid": model([node("Sigmoid", INPUT)], ROWS),
    "tanh": model([node("Tanh", INPUT)], ROWS),
    "softmax": model([node("Softmax", INPUT)], ROWS),
    "softmax of the columns": model([node("Softmax", INPUT, axis=0)], ROWS),
    "softmax before version 13": model([node("Softmax", INPUT)], ROWS, opset=11),
    "softmax of a picture's rows": model([node("Softmax", INPUT)], PICTURE),
    "functions": model(
        [
            node(
                kind,
                INPUT if i == 0 else f"t{i}",
                to=OUTPUT if i + 1 == len(CHAIN) else f"t{i + 1}",
            )
            for i, kind in enumerate(CHAIN)
        ],
        ROWS,
    ),
    "sums and quotients": model(
        [
            node("Sub", "two", INPUT, to="a"),
            node("Mul", "a", "row", to="b"),
            node("Div", "b", "row"),
        ],
        ROWS,
        two=2.0,
        row=[[1.0, -2.0, 4.0]],
    ),
    "constants from nodes": model(
        [
            helper.make_node("Constant", [], ["c"], value_float=1.5),
            helper.make_node("Constant", [], ["d"], value_floats=[1.0, 2.0, 3.0]),
            node("Add", "c", "d", to="e"),
            node("Mul", INPUT, "e"),
        ],
        ROWS,
    ),
    "batch normalisation": model(
        [node("BatchNormalization", INPUT, *"gbmv", epsilon=0.25)], ROWS, **FOUR
    ),
    "batch normalisation of channels": model(
        [node("BatchNormalization", INPUT, *"gbmv")], [1, 3, 2, 2], **FOUR
    ),
    "convolution": model(
        [node("Conv", INPUT, "w", "b")], PICTURE, w=numbers(1, 1, 3, 2), b=numbers(1)
    ),
    "convolution with settings": model(
        [node("Conv", INPUT, "w", strides=[2, 1], pads=[1, 2, 1, 2], dilations=[1, 2])],
        PICTURE,
        w=numbers(1, 1, 2, 2),
    ),
    "convolution of the same size": model(
        [node("Conv", INPUT, "w", auto_pad="SAME_UPPER")], PICTURE, w=numbers(1, 1, 3, 3)
    ),
    "convolution of several channels": model(
        [
            node("Conv", INPUT, "w", "b", to="c"),
            node("Relu", "c", to="r"),
            node("MaxPool", "r", kernel_shape=[2, 2], strides=[2, 2]),
        ],
        CHANNELS,
        w=numbers(3, 2, 2, 2),
        b=numbers(3),
    ),
    "convolution by groups": model(
        [node("Conv", INPUT, "w", "b", group=2)], CHANNELS, w=numbers(4, 1, 2, 2), b=numbers(4)
    ),
    "a whole small net for pictures": model(
        [
            node("Conv", INPUT, "k", "kb", to="c"),
            node("Relu", "c", to="r"),
            node("AveragePool", "r", to="p", kernel_shape=[2, 2], strides=[2, 2]),
            node("Flatten", "p", to="f"),
            node("Gemm", "f", "w", "b", to="z"),
            node("Softmax", "z"),
        ],
        CHANNELS,
        k=numbers(2, 2, 2, 2),
        kb=numbers(2),
        w=numbers(8, 3),
        b=numbers(3),
    ),
    "max pooling by single steps": model([node("MaxPool", INPUT, kernel_shape=[2, 3])], PICTURE),
    "average pooling": model(
        [node("AveragePool", INPUT, kernel_shape=[3, 2], strides=[1, 2])], PICTURE
    ),
    "the average of the whole picture": model([node("GlobalAveragePool", INPUT)], PICTURE),
    "flatten": model(
        [node("Flatten", INPUT, to="f"), node("MatMul", "f", "w")], PICTURE, w=numbers(25, 2)
    ),
    "reshape": model(
        [node("Reshape", INPUT, "shape", to="f"), node("MatMul", "f", "w")],
        PICTURE,
        w=numbers(25, 2),
        shape=[0, -1],
    ),
    "flatten what is flat": model([node("Flatten", INPUT)], ROWS),
    "rows flattened into one": model([node("Flatten", INPUT, axis=0)], [2, 3]),
    "channels beside a constant": model(
        [node("Mul", INPUT, "c", to="m"), node("Add", "m", "d")],
        CHANNELS,
        c=numbers(2, 1, 1),
        d=numbers(1, 2, 5, 5),
    ),
    "blocks of columns beside a constant": model(
        [node("Flatten", INPUT, to="f"), node("Add", "f", "c", to="s"), node("MatMul", "s", "w")],
        CHANNELS,
        c=numbers(50),
        w=numbers(50, 2),
    ),
    "what nobody uses": model([node("Erf", INPUT, to="lost"), node("Relu", INPUT)], ROWS),
}


def prediction(problem: Problem) -> Any:
    """What the model puts out: a matrix, or one for each channel."""
    found = [step.value for key, step in problem.solution.items() if key.startswith("yhat")]
    return np.array(found or [problem.network.values["X"].array])


@pytest.mark.parametrize("case", CASES)
def test_a_model_computes_what_onnx_does(case: str, tmp_path: Path) -> None:
    made = CASES[case]
    sides = [side.dim_value or 2 for side in made.graph.input[0].type.tensor_type.shape.dim]
    for seed in (1, 2):
        x = numbers(*sides, seed=seed)
        problem = engine.load_problem(write(made, tmp_path / "model.onnx"), input=x)
        wanted = expected(made, x)
        found = prediction(problem).reshape(wanted.shape)
        assert np.allclose(found, wanted, rtol=1e-5, atol=1e-6)


def test_every_operator_of_the_table_is_tried() -> None:
    tried = {each.op_type for made in CASES.values() for each in made.graph.node}
    assert tried >= OPERATORS.keys()


@pytest.mark.parametrize(("axis", "sides"), [(0, ROWS), (1, PICTURE), (2, PICTURE)])
def test_before_version_13_a_softmax_is_over_all_axes_from_its_own_on(
    axis: int, sides: list[Any]
) -> None:
    """ONNX's own evaluator takes every version for the newest; this is the operator's text."""
    problem = opened(model([node("Softmax", INPUT, axis=axis)], sides, opset=11))
    powers = np.exp(problem.network.values["X"].array)
    assert np.allclose(prediction(problem)[0], powers / powers.sum())
