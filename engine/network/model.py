"""What a network is made of: given values, forward entries, a loss, an update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from engine.expression.evaluate import Array
from engine.expression.node import Node, names
from engine.expression.shape import Shape


@dataclass(frozen=True, eq=False)
class Value:
    """A given value: exact as it was written, and as floats for computing."""

    name: str
    exact: Array
    """`Fraction` cells; shape () for a scalar, (rows, columns) for a matrix."""
    array: Array

    @property
    def shape(self) -> Shape:
        return self.exact.shape


def scalar_value(name: str, value: Fraction) -> Value:
    """A given number."""
    return Value(name, np.array(value, dtype=object), np.array(float(value)))


def matrix_value(name: str, rows: Sequence[Sequence[Fraction]]) -> Value:
    """A given matrix; the rows must be equally long."""
    exact = np.empty((len(rows), len(rows[0])), dtype=object)
    for i, row in enumerate(rows):
        exact[i, :] = row
    return Value(name, exact, exact.astype(float))


@dataclass(frozen=True, eq=False)
class Entry:
    """One forward step: `to` is the value of `node`, which a layer made from its input `source`."""

    to: str
    node: Node
    layer: str = "formula"
    source: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    """Which value plays which part in the layer, such as ``{"weight": "W1"}``."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What else the layer was told: names of given values, numbers, windows' settings."""
    local: Node | None = None
    """The local derivative, where the tree's last op alone doesn't tell."""
    part: str = "forward"
    """What the step is called among the layer's skills: a result on the way has its own."""


@dataclass(frozen=True)
class Loss:
    """What is made small, and by which convention its gradient is passed back."""

    kind: str
    of: str = ""
    target: str = ""
    half: bool = False
    reduction: str = "mean"
    per_observation: bool = False
    """Pass back the derivative of n·L: each observation's own loss, not divided by n."""
    upstream: str = ""
    node: Node | None = None
    """The loss itself where it is a formula of one's own."""

    @property
    def names(self) -> tuple[str, ...]:
        """What it is computed from; nothing where only its gradient is given."""
        if self.kind == "given":
            return ()
        return names(self.node) if self.node is not None else (self.of, self.target)

    counted: str = ""
    """The prediction whose rows n counts, where such a formula has an n."""

    @property
    def prediction(self) -> str:
        """The quantity whose rows n counts; empty where no n is needed."""
        return self.of or self.counted


@dataclass(frozen=True, eq=False)
class Update:
    """How the parameters change."""

    optimizer: str
    learning_rate: str
    """The name of the scalar."""
    parameters: tuple[str, ...]
    after: bool = False
    """Whether the forward pass and the loss come once more, with the new parameters."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """The optimizer's numbers, each by the name of its scalar, such as ``{"beta1": "beta1"}``."""
    steps: tuple[tuple[int, ...] | None, ...] = (None,)
    """The observations of each step, counted from 0; None for all."""
    batch: tuple[str, ...] = ()
    """The values that a step's observations are chosen from."""
    first_step: int = 1
    """The count t of the first step, for optimizers that need it."""


@dataclass(frozen=True, eq=False)
class Network:
    """Given values and how they are wired."""

    values: Mapping[str, Value]
    entries: tuple[Entry, ...]
    loss: Loss | None = None
    update: Update | None = None
    wrt: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every weight, bias, gamma and beta of the layers, trained or not, each once."""
        return tuple(dict.fromkeys(name for entry in self.entries for name in entry.roles.values()))

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shapes of what is given."""
        return {name: value.shape for name, value in self.values.items()}
