"""How long a training step takes, against the same step written by hand in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache, partial
from typing import Any

import numpy as np

from engine.expression.node import name
from engine.network.layers import LAYERS
from engine.network.model import Entry, Loss, Network, Update, Value, scalar_value
from engine.network.solution import Solution, solve_network
from engine.network.training import train_solution
from engine.problems.reading import load
from tests.bench.other_trainers import by_hips, by_micrograd, by_pytorch
from tests.bench.problems import square_problem
from tests.bench.row import Measure, MeasureError, Row
from tests.bench.timing import calls

Trainer = Callable[[int], Sequence[float] | np.ndarray[Any, Any]]
"""The losses of so many steps."""
EXACTLY = np.frompyfunc(Fraction, 1, 1)


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


@cache
def _large() -> Solution:
    """784-256-10 with a batch of 64."""
    dice = np.random.default_rng(0)
    shapes = {"X": (64, 784), "W1": (784, 256), "W2": (256, 10), "y": (64, 10)}
    values = {"gamma": scalar_value("gamma", Fraction(1, 1000))}
    for key, shape in shapes.items():
        cells = dice.normal(size=shape) * (0.05 if key.startswith("W") else 1)
        values[key] = Value(key, EXACTLY(cells), cells)
    entries = (_linear("X", "W1", "H1"), _relu("H1", "O1"), _linear("O1", "W2", "yhat"))
    update = Update("sgd", "gamma", ("W1", "W2"))
    loss = Loss("mse", "yhat", "y", half=True)
    return solve_network(Network(values, entries, loss, update))


def _linear(source: str, weight: str, to: str) -> Entry:
    node = LAYERS["linear"].forward(name(source), {"weight": name(weight)})
    return Entry(to, node, "linear", source, {"weight": weight})


def _relu(source: str, to: str) -> Entry:
    return Entry(to, LAYERS["relu"].forward(name(source), {}), "relu", source)


def _large_trained(dtype: str, steps: int) -> Any:
    return train_solution(_large(), steps, dtype)


def _large_by_hand(dtype: str, steps: int) -> list[float]:
    return by_hand(_large(), steps, dtype=dtype)


def _large_by(trainer: Callable[[Solution, int, float], list[float]], steps: int) -> list[float]:
    return trainer(_large(), steps, 1 / 64)


def _small_by_hand(steps: int) -> list[float]:
    return by_hand(MASHA, steps, per_observation=True)


MASHA = load("masha").solution
LARGE_STEPS = 100
"""Enough that the plan, which is compiled once, doesn't count."""
BY_HAND = "the same written in NumPy"
OTHERS = {
    "PyTorch": ("torch", by_pytorch),
    "HIPS autograd": ("autograd", by_hips),
    "micrograd": ("micrograd", by_micrograd),
}
COMPARED, EQUAL_STEPS = 100, 5


def equal_first(measure: Measure, ours: Trainer, theirs: Trainer) -> Measure:
    """The measure, once both have been seen to find the same losses."""
    compared = False

    def checked() -> Sequence[float]:
        nonlocal compared
        if not compared:
            one, other = ours(EQUAL_STEPS), theirs(EQUAL_STEPS)
            if not np.allclose(one, other, rtol=1e-4):
                raise MeasureError(f"equal losses; they were {one} and {other}")
            compared = True
        return measure()

    return checked


ROWS = [
    *(
        Row(
            name="training the 2x2 exercise",
            measure=equal_first(
                calls(train_solution, MASHA, steps), partial(train_solution, MASHA), _small_by_hand
            ),
            reference=calls(_small_by_hand, steps),
            against=BY_HAND,
            bound=1.15 if steps == 1000 else None,
            by="steps",
            size=steps,
        )
        for steps in (10, 100, 1000, 10_000)
    ),
    *(
        Row(
            name=f"{LARGE_STEPS} training steps of 784-256-10, batch 64, {dtype}",
            measure=equal_first(
                calls(_large_trained, dtype, LARGE_STEPS),
                partial(_large_trained, dtype),
                partial(_large_by_hand, dtype),
            ),
            reference=calls(_large_by_hand, dtype, LARGE_STEPS),
            against=BY_HAND,
            bound=1.08,
        )
        for dtype in ("float64", "float32")
    ),
    *(
        Row(
            name=f"{COMPARED} training steps of the 2x2 exercise by {name}",
            measure=equal_first(
                calls(trainer, MASHA, COMPARED, 1.0),
                partial(trainer, MASHA, share=1.0),
                _small_by_hand,
            ),
            reference=calls(_small_by_hand, COMPARED),
            against=BY_HAND,
            needs=module,
            rounds=10,
        )
        for name, (module, trainer) in OTHERS.items()
    ),
    *(
        Row(
            name=f"{LARGE_STEPS} training steps of 784-256-10, batch 64, float64 by {name}",
            measure=equal_first(
                calls(_large_by, trainer, LARGE_STEPS),
                partial(_large_by, trainer),
                partial(_large_by_hand, "float64"),
            ),
            reference=calls(_large_by_hand, "float64", LARGE_STEPS),
            against=BY_HAND,
            needs=module,
            rounds=10,
        )
        for name, (module, trainer) in OTHERS.items()
        if name != "micrograd"  # it knows numbers only
    ),
    *(
        Row(
            name="100 training steps, 2x2 matrices",
            measure=calls(train_solution, square_problem(2, depth).solution, 100),
            by="layers",
            size=depth,
            rounds=10,
        )
        for depth in (2, 4, 8, 16)
    ),
    *(
        Row(
            name="100 training steps, two layers of square matrices",
            measure=calls(train_solution, square_problem(side).solution, 100),
            by="rows",
            size=side,
            rounds=10,
        )
        for side in (2, 4, 8, 16, 32)
    ),
]
