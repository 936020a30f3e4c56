"""Problems that grow: wider matrices, more layers."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from engine.expression.node import name
from engine.network.layers import LAYERS
from engine.network.model import Entry, Loss, Network, Update, Value, matrix_value, scalar_value
from engine.problems.problem import Precision, Problem


def _matrix(key: str, rows: int, columns: int) -> Value:
    cells = [
        [Fraction((5 * i + 3 * j + len(key)) % 7 - 3, 2) for j in range(columns)]
        for i in range(rows)
    ]
    return matrix_value(key, cells)


def _layered(identity: str, side: int, depth: int) -> Problem:
    values = {"X": _matrix("X", side, side), "y": _matrix("y", side, side)}
    values["eta"] = scalar_value("eta", Fraction(1, 10))
    entries: list[Entry] = []
    before = "X"
    for layer in range(1, depth + 1):
        weight = f"W{layer}"
        values[weight] = _matrix(weight, side, side)
        node = LAYERS["linear"].forward(name(before), {"weight": name(weight)})
        entries.append(Entry(f"H{layer}", node, "linear", before, {"weight": weight}))
        before = f"H{layer}"
        if layer < depth:
            node = LAYERS["relu"].forward(name(before), {})
            entries.append(Entry(f"O{layer}", node, "relu", before))
            before = f"O{layer}"
    weights = tuple(f"W{layer}" for layer in range(1, depth + 1))
    network = Network(
        values, tuple(entries), Loss("mse", before, "y"), Update("sgd", "eta", weights)
    )
    return Problem(identity, identity, network, Precision(decimals=4))


@cache
def wide_problem(side: int) -> Problem:
    """Two layers of square matrices with that many rows and columns."""
    return _layered(f"wide-{side}", side, 2)


@cache
def deep_problem(depth: int) -> Problem:
    """That many layers of 2x2 matrices."""
    return _layered(f"deep-{depth}", 2, depth)
