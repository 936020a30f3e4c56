"""Small ONNX models for the tests: built from nodes, with their outputs by ONNX's own evaluator."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import ArrayLike
from onnx import NodeProto, TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from engine.problems.example import Example, Given
from engine.problems.faults import ProblemError
from engine.problems.onnx_model.opening import open_model
from engine.problems.problem import Problem

INPUT, OUTPUT = "input", "output"


def node(kind: str, *inputs: str, to: str = OUTPUT, name: str = "", **attributes: Any) -> NodeProto:
    """One node with one result."""
    return helper.make_node(kind, [*inputs], [to], name=name, **attributes)


def model(
    nodes: Sequence[NodeProto],
    sides: Sequence[int | str],
    opset: int = 17,
    outputs: Sequence[str] = (OUTPUT,),
    **constants: ArrayLike,
) -> onnx.ModelProto:
    """A model of these nodes; numbers with a point are float32."""
    tensors = [
        numpy_helper.from_array(_as_tensor(array), name) for name, array in constants.items()
    ]
    graph = helper.make_graph(
        [*nodes],
        "graph",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [*sides])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, []) for name in outputs],
        tensors,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    made.ir_version = 8
    return made


def _as_tensor(array: ArrayLike) -> Any:
    found = np.asarray(array)
    return found.astype(np.float32) if found.dtype.kind == "f" else found


def expected(made: onnx.ModelProto, x: ArrayLike) -> Any:
    """The model's first output by ONNX's reference evaluator."""
    (found, *_) = ReferenceEvaluator(made).run(None, {INPUT: np.asarray(x, dtype=np.float32)})
    return found


def numbers(*shape: int, seed: int = 0) -> Any:
    """Multiples of 1/8 between -2 and 2, which a float32 has exactly."""
    return np.random.default_rng(seed).integers(-16, 17, shape) / 8.0


def write(made: onnx.ModelProto, path: Path) -> str:
    """The path of a file with the model."""
    path.write_bytes(made.SerializeToString())
    return str(path)


def classifier() -> onnx.ModelProto:
    """Two linear layers as PyTorch exports them, a ReLU between, a softmax at the end."""
    return model(
        [
            node("Gemm", INPUT, "fc1.weight", "fc1.bias", to="h", name="/fc1/Gemm", transB=1),
            node("Relu", "h", to="r", name="/Relu"),
            node("Gemm", "r", "fc2.weight", "fc2.bias", to="z", name="/fc2/Gemm", transB=1),
            node("Softmax", "z", name="/Softmax", axis=-1),
        ],
        ["batch", 2],
        **{
            "fc1.weight": [[0.5, -1.0], [1.0, 0.25], [-0.5, 1.5]],
            "fc1.bias": [0.1, 0.0, -0.25],
            "fc2.weight": [[1.0, 0.5, -1.0], [-0.5, 0.25, 1.0], [0.0, 1.0, 0.5]],
            "fc2.bias": [0.0, 0.5, -0.5],
        },
    )


def opened(made: onnx.ModelProto, **example: Any) -> Problem:
    """The lesson of a model; the example's parts are arrays and a seed."""
    parts = {
        role: part if role == "seed" else Given(np.asarray(part), f"{role}.npy")
        for role, part in example.items()
    }
    return open_model(made.SerializeToString(), "model.onnx", Example(**parts))


def faults(made: onnx.ModelProto, **example: Any) -> list[str]:
    """What can't be taught, each with its file."""
    with pytest.raises(ProblemError) as raised:
        opened(made, **example)
    return raised.value.lines()
