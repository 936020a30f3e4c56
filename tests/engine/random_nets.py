"""Random small networks as problems: what the marking tests play on."""

from __future__ import annotations

import random
from fractions import Fraction

from engine.expression.node import Node, name
from engine.network.layers import LAYERS
from engine.network.model import (
    Entry,
    Loss,
    Network,
    Update,
    Value,
    matrix_value,
    scalar_value,
)
from engine.problems.problem import Precision, Problem


def _matrix(dice: random.Random, key: str, rows: int, columns: int, decimals: int) -> Value:
    scale = 10**decimals
    cells = [
        [Fraction(dice.randint(-2 * scale, 2 * scale), scale) for _ in range(columns)]
        for _ in range(rows)
    ]
    return matrix_value(key, cells)


def random_problem(seed: int, precision: Precision | None = None) -> Problem:
    """Two linear layers with an activation between and, for a logloss, a sigmoid behind."""
    dice = random.Random(seed)
    n, inputs, hidden = dice.choice([3, 4]), dice.randint(2, 3), dice.randint(2, 3)
    outputs = dice.choice([1, 2])
    digits = dice.choice([0, 1, 2])
    values = {
        "X": _matrix(dice, "X", n, inputs, digits),
        "W1": _matrix(dice, "W1", inputs, hidden, digits),
        "b1": _matrix(dice, "b1", 1, hidden, digits),
        "W2": _matrix(dice, "W2", hidden, outputs, digits),
        "eta": scalar_value("eta", Fraction(1, 10)),
    }
    entries = [
        _entry("linear", "X", "H1", {"weight": "W1", "bias": "b1"}),
        _entry(dice.choice(["relu", "sigmoid"]), "H1", "O1"),
        _entry("linear", "O1", "yhat", {"weight": "W2"}),
    ]
    if dice.random() < 0.5:
        values["y"] = _matrix(dice, "y", n, outputs, digits)
        loss = Loss("mse", "yhat", "y", dice.random() < 0.5, dice.choice(["mean", "sum"]))
    else:
        entries.append(_entry("sigmoid", "yhat", "p"))
        cells = [[Fraction(dice.randint(0, 1)) for _ in range(outputs)] for _ in range(n)]
        values["y"] = matrix_value("y", cells)
        loss = Loss("logloss", "p", "y", reduction=dice.choice(["mean", "sum"]))
    update = Update("sgd", "eta", ("W1", "b1", "W2"))
    network = Network(values, tuple(entries), loss, update)
    return Problem(f"random-{seed}", "Random", network, precision or Precision(decimals=4))


def _entry(kind: str, source: str, to: str, roles: dict[str, str] | None = None) -> Entry:
    roles = roles or {}
    parameters: dict[str, Node] = {role: name(key) for role, key in roles.items()}
    return Entry(to, LAYERS[kind].forward(name(source), parameters), kind, source, roles)
