"""Random nets: the engine's gradients against three others that know nothing of the tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from engine.expression.evaluate import Array
from engine.network.check import check_solution
from engine.network.model import Entry, Loss, Network, Value, matrix_value
from engine.network.solution import Solution, SolveError, solve_network
from tests.engine.networks import layer


@dataclass(frozen=True)
class Net:
    """A random network, as the engine solves it and as plain layers."""

    solution: Solution
    layers: tuple[Entry, ...]
    loss: Loss

    @property
    def inputs(self) -> dict[str, Array]:
        """X and every parameter: what has a gradient."""
        values = {key: value.array for key, value in self.solution.network.values.items()}
        return {key: value for key, value in values.items() if key != "y"}


@st.composite
def nets(draw: st.DrawFn) -> Net:
    """One to three linear layers, each with or without a bias and an activation behind it."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    rows = draw(st.integers(1, 4))
    values: dict[str, Value] = {}

    def make(key: str, shape: tuple[int, int], low: float = -2, high: float = 2) -> None:
        cells = random.uniform(low, high, shape).round(3)
        values[key] = matrix_value(key, [[Fraction(str(cell)) for cell in row] for row in cells])

    make("X", (rows, sizes[0]))
    entries: list[Entry] = []
    previous = "X"
    for number, (inner, outer) in enumerate(pairwise(sizes), start=1):
        roles = {"weight": f"W{number}"}
        make(f"W{number}", (inner, outer))
        if draw(st.booleans()):
            roles["bias"] = f"b{number}"
            make(f"b{number}", (1, outer))
        entries.append(layer("linear", previous, f"H{number}", **roles))
        previous = f"H{number}"
        activation = draw(st.sampled_from(["", "relu", "sigmoid"]))
        if activation:
            entries.append(layer(activation, previous, f"O{number}"))
            previous = f"O{number}"
    kind = draw(st.sampled_from(["mse", "logloss"]))
    if kind == "logloss":
        entries.append(layer("sigmoid", previous, "p"))
        previous = "p"
    make("y", (rows, sizes[-1]), 0, 1)
    loss = Loss(
        kind,
        previous,
        "y",
        half=kind == "mse" and draw(st.booleans()),
        reduction=draw(st.sampled_from(["mean", "sum"])),
        per_observation=draw(st.booleans()),
    )
    try:
        solution = solve_network(Network(values, tuple(entries), loss))
    except SolveError:  # a sigmoid so far out that 1 - p is 0
        reject()
    net = Net(solution, tuple(entries), loss)
    for entry in entries:
        before = solution.numbers[entry.source]
        if entry.layer == "relu":
            assume(np.abs(before).min() > 0.05)
        if entry.to == "p":
            assume(np.abs(before).max() < 6)
    return net


def computed(net: Net, values: Mapping[str, Any], sigmoid: Any, relu: Any, ln: Any) -> Any:
    """The loss whose gradient is passed back, with any library's functions."""
    found = dict(values)
    for entry in net.layers:
        x = found[entry.source]
        if entry.layer == "linear":
            out = x @ found[entry.roles["weight"]]
            found[entry.to] = out + found[entry.roles["bias"]] if "bias" in entry.roles else out
        else:
            found[entry.to] = relu(x) if entry.layer == "relu" else sigmoid(x)
    y, p = net.solution.numbers["y"], found[net.loss.of]
    if net.loss.kind == "mse":
        whole = ((p - y) ** 2).sum() * (0.5 if net.loss.half else 1)
    else:
        whole = -(y * ln(p) + (1 - y) * ln(1 - p)).sum()
    strict = net.loss.reduction == "mean" and not net.loss.per_observation
    return whole / len(y) if strict else whole


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def difference(at: Callable[[float], float], step: float = 2e-3) -> float:
    return (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)


def close(net: Net, key: str, wanted: Array, tolerance: float) -> None:
    ours = net.solution[f"grad.{key}"].value
    assert ours.shape == wanted.shape
    scale = max(float(np.abs(wanted).max()), 1e-3)
    np.testing.assert_allclose(ours, wanted, rtol=0, atol=tolerance * scale, err_msg=key)


@settings(max_examples=60)
@given(nets())
def test_gradients_agree_with_finite_differences(net: Net) -> None:
    for key, value in net.inputs.items():
        found = np.empty(value.shape)
        for place in np.ndindex(value.shape):

            def at(offset: float, place: tuple[int, ...] = place, key: str = key) -> float:
                moved = net.inputs[key].copy()
                moved[place] += offset
                relu = lambda x: np.maximum(x, 0)  # noqa: E731
                values = {**net.inputs, key: moved}
                return float(computed(net, values, sigmoid, relu, np.log))

            found[place] = difference(at)
        close(net, key, found, 1e-6)


@settings(max_examples=60)
@given(nets())
def test_gradients_pass_the_tutors_own_check(net: Net) -> None:
    check = check_solution(net.solution)
    assert check is not None
    assert check.passed, check.errors


@settings(max_examples=60)
@given(nets())
def test_gradients_agree_with_an_independent_autograd(net: Net) -> None:
    grad = pytest.importorskip("autograd").grad
    anp = pytest.importorskip("autograd.numpy")

    def loss(values: Mapping[str, Any]) -> Any:
        return computed(
            net,
            values,
            lambda x: 1 / (1 + anp.exp(-x)),
            lambda x: anp.where(x > 0, x, 0.0),
            anp.log,
        )

    for key, found in grad(loss)(net.inputs).items():
        close(net, key, found, 1e-10)


def test_gradients_agree_with_pytorch() -> None:
    torch = pytest.importorskip("torch")

    @settings(max_examples=60)
    @given(nets())
    def agree(net: Net) -> None:
        values = {key: torch.tensor(value) for key, value in net.inputs.items()}
        for value in values.values():
            value.requires_grad_()
        y = torch.tensor(net.solution.numbers["y"])
        net.solution.numbers["y"] = y
        computed(net, values, torch.sigmoid, torch.relu, torch.log).backward()
        for key, value in values.items():
            close(net, key, value.grad.numpy(), 1e-10)

    agree()
