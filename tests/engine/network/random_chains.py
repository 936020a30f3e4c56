"""Random chains of layers of every kind, with a loss behind them, as a strategy of hypothesis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import assume, reject
from hypothesis import strategies as st

from engine.expression.evaluate import Array
from engine.expression.shape import shape_of
from engine.expression.windows import Window
from engine.network.layers import entries
from engine.network.losses import LOSSES
from engine.network.model import Entry, Loss, Network, Value, matrix_value, scalar_value
from engine.network.solution import Solution, SolveError, solve_network
from tests.engine.network.other_libraries import parts_of

PICTURE_LAYERS = ("conv2d", "max_pool2d", "avg_pool2d", "relu", "tanh")
ROW_LAYERS = (
    *("linear", "relu", "leaky_relu", "sigmoid", "tanh", "softmax"),
    *("dropout", "batch_norm", "layer_norm"),
)
FAR = 0.05
"""How far from every kink a net must stay, so that finite differences don't cross it."""


@dataclass(frozen=True, eq=False)
class Chain:
    """A chain of layers on random numbers, solved by the engine."""

    solution: Solution
    entries: tuple[Entry, ...]
    loss: Loss

    @property
    def inputs(self) -> dict[str, Array]:
        """What has a gradient: X, the parameters and the named numbers."""
        values = self.solution.network.values
        return {key: v.array for key, v in values.items() if f"grad.{key}" in self.solution}

    @property
    def values(self) -> dict[str, Array]:
        """Everything that is given."""
        return {key: value.array for key, value in self.solution.network.values.items()}


class _Growing:
    """A chain that is being drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        self.values: dict[str, Value] = {}
        self.entries: list[Entry] = []
        self.shapes: dict[str, tuple[Any, ...]] = {}
        self.last = "X"

    def value(self, key: str, shape: tuple[int, ...], low: float = -2, high: float = 2) -> str:
        """A new value with three decimals, named after the next layer."""
        name = key if key in "Xy" else f"{key}{len(self.entries)}"
        cells = self.random.uniform(low, high, shape).round(3)
        if shape:
            exact = [[Fraction(str(cell)) for cell in row] for row in cells]
            self.values[name] = matrix_value(name, exact)
        else:
            self.values[name] = scalar_value(name, Fraction(str(float(cells))))
        self.shapes[name] = shape
        return name

    def size(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def add(self, kind: str) -> None:
        """A layer behind the last one, with keys of every kind that it has."""
        rows, columns = self.shapes[self.last]
        roles: dict[str, str] = {}
        others: dict[str, Any] = {}
        if kind == "linear":
            wide = self.size(1, 4)
            roles["weight"] = self.value("W", (columns, wide))
            if self.draw(st.booleans()):
                roles["bias"] = self.value("b", (1, wide))
        elif kind == "conv2d":
            roles["weight"] = self.value("K", (self.size(1, 3), self.size(1, 3)))
            roles["bias"] = self.value("b", ())
            others = {
                "stride": self.size(1, 2),
                "padding": (self.size(0, 1), self.size(0, 2)),
                "dilation": (1, self.size(1, 2)),
            }
        elif kind in ("max_pool2d", "avg_pool2d"):
            others["size"] = (self.size(1, min(3, rows)), self.size(1, min(2, columns)))
            if self.draw(st.booleans()):
                others["stride"] = self.size(1, 2)
        elif kind in ("batch_norm", "layer_norm"):
            assume((rows if kind == "batch_norm" else columns) > 2)
            if self.draw(st.booleans()):
                roles = {role: self.value(role[0], (1, columns)) for role in ("gamma", "beta")}
            others["epsilon"] = Fraction(1, 10)
        elif kind == "dropout":
            mask = self.value("M", (rows, columns), 0, 1)
            kept = (self.values[mask].array > 0.4).astype(int)
            self.values[mask] = matrix_value(mask, [[Fraction(int(c)) for c in r] for r in kept])
            others = {"mask": mask, "keep": self.value("k", (), 0.5, 1)}
        elif kind == "leaky_relu":
            others["slope"] = self.value("s", (), 0.1, 0.4)
        made = entries(kind, self.last, f"H{len(self.entries)}", roles, others)
        for entry in made:
            self.shapes[entry.to] = shape_of(entry.node, self.shapes)
        self.entries.extend(made)
        self.last = made[-1].to

    def far_from_kinks(self, solution: Solution) -> bool:
        """Whether no small change turns a ReLU over or lets another cell be the largest."""
        for entry in self.entries:
            x = solution.numbers[entry.source]
            if entry.layer in ("relu", "leaky_relu") and np.abs(x).min() < FAR:
                return False
            if entry.layer == "max_pool2d":
                parts = parts_of(entry.layer, {}, entry.settings, {})
                ordered = np.sort(Window(parts["size"], parts["stride"]).stack(x), axis=0)
                if len(ordered) > 1 and (ordered[-1] - ordered[-2]).min() < FAR:
                    return False
            if entry.layer == "sigmoid" and np.abs(x).max() > 6:
                return False
            if entry.layer == "softmax" and np.ptp(x, axis=1).max() > 6:
                return False
        return True


def _fits(growing: _Growing, kind: str) -> bool:
    rows, columns = growing.shapes[growing.last]
    return kind != "conv2d" or (rows > 2 and columns > 4)


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """Perhaps layers on a picture, then layers on rows, then a loss and what it needs before it."""
    growing = _Growing(draw)
    if draw(st.booleans()):
        growing.value("X", (growing.size(4, 6), growing.size(5, 7)))
        for kind in draw(st.lists(st.sampled_from(PICTURE_LAYERS), min_size=1, max_size=3)):
            if _fits(growing, kind):
                growing.add(kind)
        growing.add("flatten")
    else:
        growing.value("X", (growing.size(1, 4), growing.size(1, 4)))
    for kind in draw(st.lists(st.sampled_from(ROW_LAYERS), min_size=1, max_size=4)):
        growing.add(kind)
    loss = draw(st.sampled_from([*LOSSES]))
    if LOSSES[loss].activation:
        growing.add(LOSSES[loss].activation)
    growing.value("y", growing.shapes[growing.last], 0, 1)
    behind = Loss(
        loss,
        growing.last,
        "y",
        half=loss == "mse" and draw(st.booleans()),
        reduction=draw(st.sampled_from(["mean", "sum"])),
        per_observation=draw(st.booleans()),
    )
    numbers = tuple(key for key, value in growing.values.items() if not value.shape)
    network = Network(growing.values, tuple(growing.entries), behind, wrt=numbers)
    try:
        solution = solve_network(network)
    except SolveError:  # so far out that 1 - p is 0
        reject()
    assume(growing.far_from_kinks(solution))
    return Chain(solution, network.entries, behind)


def steps(chain: Chain) -> tuple[str, Mapping[str, Any]]:
    """The result's key, and every tree of a pass in which any gradient may arrive there."""
    from engine.network.passes import quantities

    of = chain.loss.of
    given = {**chain.solution.network.values, "d": chain.solution.network.values["y"]}
    network = Network(
        given, chain.entries, Loss("given", of, upstream="d"), wrt=chain.solution.network.wrt
    )
    return of, {quantity.key: quantity.node for quantity in quantities(network)}
