"""ONNX's own operator tests, as the `onnx` package ships them: one model and its tensors a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[Any]


@dataclass(frozen=True, eq=False)
class OnnxCase:
    """One operator on some tensors, with what it must give."""

    name: str
    operator: str
    """The operator, or "" for a graph of several."""
    attributes: Mapping[str, Any]
    inputs: Sequence[Tensor | None]
    """By the operator's own order; None for an input that is left out."""
    outputs: Sequence[Tensor]

    def __str__(self) -> str:
        return self.name

    @property
    def x(self) -> Tensor:
        """The first input."""
        first = self.inputs[0]
        assert first is not None
        return first

    def input(self, place: int) -> Tensor | None:
        """An input that may be left out."""
        return self.inputs[place] if place < len(self.inputs) else None

    def attribute(self, key: str, default: Any = None) -> Any:
        return self.attributes.get(key, default)


@lru_cache(maxsize=1)
def folders() -> dict[str, Path]:
    """Every case's folder by its name, without the leading ``test_``."""
    import onnx

    root = Path(onnx.__file__).parent / "backend" / "test" / "data" / "node"
    return {path.name.removeprefix("test_"): path for path in sorted(root.iterdir())}


@lru_cache(maxsize=1)
def operators() -> dict[str, str]:
    """The operator of every case by the case's name; "" for a graph of several."""
    import onnx

    found = {}
    for name, folder in folders().items():
        nodes = onnx.load(folder / "model.onnx").graph.node
        found[name] = nodes[0].op_type if len(nodes) == 1 else ""
    return found


def read(name: str) -> OnnxCase:
    """The case with its tensors."""
    import onnx

    folder = folders()[name]
    graph = onnx.load(folder / "model.onnx").graph
    node = graph.node[0]
    given = dict(
        zip((entry.name for entry in graph.input), _tensors(folder, "input"), strict=False)
    )
    return OnnxCase(
        name,
        operators()[name],
        {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute},
        [given.get(key) for key in node.input],
        [*_tensors(folder, "output")],
    )


def same_data(one: str, other: str) -> bool:
    """Whether two cases have the same tensors, byte for byte."""
    return _bytes(one) == _bytes(other)


def _bytes(name: str) -> dict[str, bytes]:
    data = folders()[name] / "test_data_set_0"
    return {path.name: path.read_bytes() for path in data.glob("*.pb")}


def _tensors(folder: Path, kind: str) -> Iterator[Tensor]:
    import onnx

    data = folder / "test_data_set_0"
    for place in range(len(list(data.glob(f"{kind}_*.pb")))):
        tensor = onnx.TensorProto()
        tensor.ParseFromString((data / f"{kind}_{place}.pb").read_bytes())
        yield np.asarray(onnx.numpy_helper.to_array(tensor))
