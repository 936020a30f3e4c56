"""The optimizers' weights against those of `torch.optim` at a constant rate (`make oracle`)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from engine.network.model import Loss, Network, Update, Value, matrix_value, scalar_value
from engine.network.optimizers import OPTIMIZERS
from engine.network.solution import Solution, solve_network
from engine.network.training import train_solution
from tests.engine.networks import layer

RATE, STEPS = 0.05, 5
SEEDS = range(6)
DECAYING = [name for name in OPTIMIZERS if name != "nesterov"]
"""PyTorch's nesterov takes the decay where it looks ahead, so it is compared without one."""


def theirs(torch: Any, name: str, parameters: list[Any], decay: float) -> Any:
    """PyTorch's optimizer, with the tutor's defaults."""
    optim, common = torch.optim, {"lr": RATE, "weight_decay": decay}
    return {
        "sgd": lambda: optim.SGD(parameters, **common),
        "momentum": lambda: optim.SGD(parameters, momentum=0.9, **common),
        "nesterov": lambda: optim.SGD(parameters, momentum=0.9, nesterov=True, **common),
        "adagrad": lambda: optim.Adagrad(parameters, eps=1e-8, **common),
        "rmsprop": lambda: optim.RMSprop(parameters, alpha=0.9, eps=1e-8, **common),
        "adam": lambda: optim.Adam(parameters, **common),
        "adamw": lambda: optim.AdamW(parameters, **common),
    }[name]()


def ours(name: str, decay: float, seed: int) -> Solution:
    """A linear layer with a bias and a tanh, of random shapes, after several steps."""
    random = np.random.default_rng(seed)
    rows, inputs, outputs = random.integers(1, 6, 3)
    shapes = {"X": (rows, inputs), "W": (inputs, outputs), "b": (1, outputs), "y": (rows, outputs)}

    def value(key: str, shape: tuple[int, ...]) -> Value:
        cells = random.uniform(-2, 2, shape).round(3)
        return matrix_value(key, [[Fraction(str(cell)) for cell in row] for row in cells])

    numbers = {**OPTIMIZERS[name].numbers}
    if decay:
        numbers["weight_decay"] = Fraction(str(decay))
    values = {key: value(key, shape) for key, shape in shapes.items()}
    values |= {key: scalar_value(key, number) for key, number in numbers.items()}
    values["eta"] = scalar_value("eta", Fraction(str(RATE)))
    update = Update(
        name,
        "eta",
        ("W", "b"),
        numbers={key: key for key in numbers},
        steps=(None,) * STEPS,
        batch=("X", "y"),
    )
    entries = (layer("linear", "X", "H", weight="W", bias="b"), layer("tanh", "H", "O"))
    return solve_network(Network(values, entries, Loss("mse", "O", "y"), update))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "decay"),
    [*((name, 0.0) for name in OPTIMIZERS), *((name, 0.1) for name in DECAYING)],
)
def test_every_step_moves_the_weights_as_torch_optim_does(
    name: str, decay: float, seed: int
) -> None:
    torch = pytest.importorskip("torch")
    solution = ours(name, decay, seed)
    X, y, W, b = (torch.tensor(solution.numbers[key]) for key in ("X", "y", "W", "b"))
    parameters = {"W": W.requires_grad_(), "b": b.requires_grad_()}
    optimizer = theirs(torch, name, [*parameters.values()], decay)
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        (((torch.tanh(X @ W + b) - y) ** 2).sum() / len(X)).backward()
        optimizer.step()
        mark = "" if step == 1 else f"@{step}"
        for key, parameter in parameters.items():
            found = solution[f"new.{key}{mark}"].value
            if name == "nesterov":  # PyTorch keeps the place that it looks ahead to
                found = found - 0.9 * solution[f"m.{key}{mark}"].value
            np.testing.assert_allclose(found, parameter.detach().numpy(), rtol=1e-9, atol=1e-12)
    trained = train_solution(solution, STEPS)
    for key in parameters:
        last = solution[f"new.{key}@{STEPS}"].value
        np.testing.assert_allclose(trained.parameters[key], last, rtol=1e-9, atol=1e-12)
