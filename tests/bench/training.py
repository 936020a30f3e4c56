"""How long a training step takes, against the same step written by hand in NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from engine.expression.node import name
from engine.network.layers import LAYERS
from engine.network.model import Entry, Loss, Network, Update, Value, scalar_value
from engine.network.solution import Solution, solve_network
from engine.network.training import train_solution
from engine.problems.reading import load
from tests.bench.timing import Figure, ratio

SMALL_STEPS, LARGE_STEPS = 2000, 10


def figures() -> Iterator[Figure]:
    """The founding exercise, and a network of a realistic size."""
    masha = load("masha").solution
    yield ratio(
        f"{SMALL_STEPS} training steps of the 2x2 exercise",
        lambda: train_solution(masha, SMALL_STEPS),
        lambda: by_hand(masha, SMALL_STEPS, per_observation=True),
        "NumPy by hand",
        bound=1.15,
    )
    large = solve_network(_large())
    for dtype in ("float64", "float32"):
        yield ratio(
            f"{LARGE_STEPS} training steps of 784-256-10, batch 64, {dtype}",
            lambda dtype=dtype: train_solution(large, LARGE_STEPS, dtype),  # type: ignore[misc]
            lambda dtype=dtype: by_hand(large, LARGE_STEPS, dtype=dtype),  # type: ignore[misc]
            "NumPy by hand",
            bound=1.08,
        )


def by_hand(
    solution: Solution, steps: int, *, per_observation: bool = False, dtype: str = "float64"
) -> list[float]:
    """The losses of linear → ReLU → linear with the squared error and its factor 1/(2n)."""
    X, W1, W2, y = (solution.numbers[key].astype(dtype) for key in ("X", "W1", "W2", "y"))
    rate, n = float(solution.numbers["gamma"]), len(X)
    losses = []
    for _ in range(steps):
        H1 = X @ W1
        O1 = np.maximum(H1, 0)
        error = O1 @ W2 - y
        losses.append(float((error**2).sum() / (2 * n)))
        d = error if per_observation else error / n
        grad_W2 = O1.T @ d
        grad_H1 = (d @ W2.T) * (H1 > 0)
        grad_W1 = X.T @ grad_H1
        W1 -= rate * grad_W1
        W2 -= rate * grad_W2
    return losses


def _large() -> Network:
    dice = np.random.default_rng(0)
    shapes = {"X": (64, 784), "W1": (784, 256), "W2": (256, 10), "y": (64, 10)}
    values = {"gamma": scalar_value("gamma", Fraction(1, 1000))}
    for key, shape in shapes.items():
        cells = dice.normal(size=shape) * (0.05 if key.startswith("W") else 1)
        values[key] = Value(key, cells, cells)
    entries = (_linear("X", "W1", "H1"), _relu("H1", "O1"), _linear("O1", "W2", "yhat"))
    update = Update("sgd", "gamma", ("W1", "W2"))
    return Network(values, entries, Loss("mse", "yhat", "y", half=True), update)


def _linear(source: str, weight: str, to: str) -> Entry:
    node = LAYERS["linear"].forward(name(source), {"weight": name(weight)})
    return Entry(to, node, "linear", source, {"weight": weight})


def _relu(source: str, to: str) -> Entry:
    return Entry(to, LAYERS["relu"].forward(name(source), {}), "relu", source)
