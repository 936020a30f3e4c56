"""A model's graph as plain data: the operations that its outputs rest on, and its constants."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from engine.expression.evaluate import Array
from engine.language import tr
from engine.problems.arrays import ArrayError, check_numbers
from engine.problems.texts import clean

MAX_CELLS = 2**16
"""The most numbers that a constant may have: a kernel has four axes."""
LONGEST_NAME = 60


class UnteachableError(ValueError):
    """Something in a model that no lesson can be made of: why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One node of the graph."""

    number: int
    """Its place in the model, counted from 1."""
    name: str
    kind: str
    """The operator, such as ``Gemm``; with its domain where that isn't ONNX's own."""
    inputs: tuple[str, ...]
    """Names of tensors; an optional one that is left out is ``""``."""
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """How a message names it."""
        called = f" “{shown(self.name)}”" if self.name else ""
        return tr(
            "node {number}{called} ({kind})", number=self.number, called=called, kind=self.kind
        )

    def get(self, attribute: str, default: Any) -> Any:
        """An attribute's value, or what ONNX takes where there is none."""
        return self.attributes.get(attribute, default)


def shown(name: str) -> str:
    """A name from a model, fit to be shown."""
    text = " ".join(clean(name).split())
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def check_whole(model: ModelProto) -> None:
    """Raise `UnteachableError` where numbers lie in other files, which a model could name at will,

    where there is no output, and where a name isn't text: protobuf then has bytes in its place.
    """
    graph = model.graph
    names: list[Any] = [each.domain for each in model.opset_import]
    names += [each.name for each in (*graph.input, *graph.output, *graph.initializer)]
    for node in graph.node:
        names += [node.name, node.op_type, node.domain, *node.input, *node.output]
        names += [attribute.name for attribute in node.attribute]
    if not all(isinstance(name, str) for name in names):
        raise UnteachableError(tr("A name in the model isn't UTF-8 text."))
    if not graph.output:
        raise UnteachableError(tr("The model has no output."))
    for tensor in graph.initializer:
        if tensor.data_location == TensorProto.EXTERNAL:
            name = shown(tensor.name)
            message = tr("the numbers of “{name}” lie in another file, which isn't read", name=name)
            raise UnteachableError(message)


class Graph:
    """What a model computes, as far as its outputs rest on it."""

    def __init__(self, model: ModelProto) -> None:
        graph = model.graph
        self.opset = max(
            (o.version for o in model.opset_import if o.domain in OWN_DOMAINS), default=1
        )
        self.outputs: list[str] = [output.name for output in graph.output]
        self._tensors = {tensor.name: tensor for tensor in graph.initializer}
        self.inputs = {
            value.name: _sides(value) for value in graph.input if value.name not in self._tensors
        }
        """The shape of each input: None for a side that is open, None alone where nothing is said.
        """
        nodes = _needed([*graph.node], self.outputs)
        self.operations = [
            _operation(number, node) for number, node in nodes if node.op_type != "Constant"
        ]
        self._constants = {
            node.output[0]: node for _, node in nodes if node.op_type == "Constant" and node.output
        }
        self.readers: dict[str, list[Operation]] = {}
        """Who takes a tensor in."""
        for operation in self.operations:
            for name in operation.inputs:
                self.readers.setdefault(name, []).append(operation)

    @property
    def prediction(self) -> str:
        """The tensor that the first output is, under whatever name."""
        found = self.outputs[0]
        for operation in reversed(self.operations):
            if operation.outputs[0] == found and operation.kind in SAME:
                found = operation.inputs[0]
        return found

    def is_parameter(self, name: str) -> bool:
        """Whether the tensor is one that training changes: kept beside the graph, not in it."""
        return name in self._tensors

    def constant(self, name: str) -> Array | None:
        """The numbers of a tensor that is the same for every input; None for another one.

        Raises `UnteachableError` where they can't be used.
        """
        if name in self._tensors:
            return _array(self._tensors[name], name)
        node = self._constants.get(name)
        return None if node is None else _of_node(node, name)


OWN_DOMAINS = ("", "ai.onnx")
SAME = ("Identity", "Dropout")
"""Operators whose result is what came in, once a network is trained."""


def _needed(nodes: list[NodeProto], outputs: list[str]) -> list[tuple[int, NodeProto]]:
    """The nodes that the outputs rest on, each with its place; a model has them in order."""
    wanted, found = set(outputs), []
    for number, node in reversed([*enumerate(nodes, 1)]):
        if wanted.intersection(node.output):
            wanted.update(node.input)
            found.append((number, node))
    return found[::-1]


def _operation(number: int, node: NodeProto) -> Operation:
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    texts = {
        k: v.decode(errors="replace") if isinstance(v, bytes) else v for k, v in attributes.items()
    }
    own = node.domain in OWN_DOMAINS
    kind = shown(node.op_type if own else f"{node.domain}.{node.op_type}")
    return Operation(number, node.name, kind, tuple(node.input), tuple(node.output), texts)


def _sides(value: Any) -> tuple[int | None, ...] | None:
    sides = value.type.tensor_type.shape.dim
    return tuple(side.dim_value if side.dim_value > 0 else None for side in sides) or None


def _of_node(node: NodeProto, name: str) -> Array:
    for attribute in node.attribute:
        value = helper.get_attribute_value(attribute)
        if attribute.name == "value":
            return _array(value, name)
        if attribute.name in ("value_float", "value_floats", "value_int", "value_ints"):
            kind = np.float32 if "float" in attribute.name else np.int64
            return _checked(np.array(value, dtype=kind), name)
    raise UnteachableError(tr("the constant “{name}” has no numbers", name=shown(name)))


def _array(tensor: TensorProto, name: str) -> Array:
    if math.prod(tensor.dims) > MAX_CELLS:
        raise UnteachableError(tr("“{name}” has too many numbers", name=shown(name)))
    try:
        array = numpy_helper.to_array(tensor)
    except (ValueError, TypeError, KeyError) as error:
        message = tr("the numbers of “{name}” can't be read", name=shown(name))
        raise UnteachableError(message) from error
    return _checked(array, name)


def _checked(array: Array, name: str) -> Array:
    """Numbers as NumPy has them: what is finer than its own kinds becomes a float32."""
    if array.dtype.kind not in "fiub" and "float" not in array.dtype.name:
        kind = array.dtype.name
        raise UnteachableError(
            tr("“{name}” holds no plain numbers but {kind}", name=shown(name), kind=kind)
        )
    if array.dtype.kind not in "fiub":
        array = array.astype(np.float32)
    if array.size == 0:
        raise UnteachableError(tr("“{name}” is empty", name=shown(name)))
    try:
        check_numbers(array)
    except ArrayError as error:
        raise UnteachableError(f"“{shown(name)}”: {error}") from error
    return array
