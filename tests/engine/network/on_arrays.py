"""A formula or a layer of a problem file on plain arrays, without a file."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.expression.broadcasting import resolve
from engine.expression.evaluate import evaluate
from engine.expression.parse import parse
from engine.network.layers import entries

Tensor = NDArray[Any]


def formula(text: str, **values: Any) -> Tensor:
    """A formula of a problem file on matrices and numbers."""
    given = {key: np.asarray(value, dtype=float) for key, value in values.items()}
    shapes = {key: value.shape for key, value in given.items()}
    return evaluate(resolve(parse(text, shapes), shapes), given)


def layer(kind: str, others: Mapping[str, Any] | None = None, **values: Any) -> dict[str, Tensor]:
    """A layer's result H, and those on the way; a value is called by its role, the input X."""
    found = {key: np.asarray(value, dtype=float) for key, value in values.items()}
    roles = {key: key for key in found if key not in ("X", "mask")}
    given = dict.fromkeys(found.keys() & {"mask"}, "mask")
    for entry in entries(kind, "X", "H", roles, {**(others or {}), **given}):
        found[entry.to] = evaluate(entry.node, found)
    return found


def exactly(value: float) -> Fraction:
    """A number of ONNX, which is a float32, as it was meant: 0.01 and not 0.0099999998."""
    return Fraction(str(np.float32(value)))


def as_matrix(x: Tensor) -> Tensor:
    """Any tensor as rows of its last dimension; a single number stays one."""
    return x if x.ndim == 0 else x.reshape(-1, x.shape[-1])


def as_rows(x: Tensor, first: int) -> Tensor:
    """A row for each place of the dimensions before `first`."""
    return x.reshape(int(np.prod(x.shape[:first], dtype=int)), -1)
