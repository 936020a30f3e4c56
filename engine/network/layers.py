"""The table of layers: each is its forward expression; everything else is read off that tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.expression.node import Node, broadcast, relu, sigmoid

Parameters = Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer's declaration; its roles are the parts that named values play in it."""

    forward: Callable[[Node, Parameters], Node]
    """The result, from the input and the values by role."""
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        return self.required + self.optional


def _linear(x: Node, parameters: Parameters) -> Node:
    """X·W, and the bias on every row where there is one."""
    product = x @ parameters["weight"]
    bias = parameters.get("bias")
    return product if bias is None else product + broadcast(bias, product, "row")


LAYERS: dict[str, Layer] = {
    "linear": Layer(_linear, required=("weight",), optional=("bias",)),
    "relu": Layer(lambda x, _: relu(x)),
    "sigmoid": Layer(lambda x, _: sigmoid(x)),
}

ROWS = frozenset({"bias", "gamma", "beta"})
"""Roles whose flat list in a problem file is a row; every other flat list is a column."""
