"""Optimizers: several steps of each against the same in plain NumPy, and how they are written."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from engine.expression.evaluate import Array
from engine.network.model import Loss, Network, Update, scalar_value
from engine.network.optimizers import OPTIMIZERS
from engine.network.solution import Solution, solve_network
from engine.network.training import Training, train_solution
from tests.engine.networks import given, layer, masha, matrix, optimized

RATE, DECAY, STEPS = 0.1, 0.25, 4
BETA, RHO, BETA1, BETA2, SMALL = 0.9, 0.9, 0.9, 0.999, 1e-8

X = np.array([[1.0, 2.0], [-1.0, 0.5], [0.25, -2.0]])
Y = np.array([[1.0], [0.5], [-2.0]])
START = np.array([[0.5], [-1.5]])


def gradient(w: Array) -> Array:
    return X.T @ (2 * (X @ w - Y)) / 3


def sgd(w: Array, g: Array, state: dict[str, Array], t: int) -> Array:
    return w - RATE * g


def momentum(w: Array, g: Array, state: dict[str, Array], t: int) -> Array:
    state["m"] = BETA * state["m"] + RATE * g
    return w - state["m"]


def adagrad(w: Array, g: Array, state: dict[str, Array], t: int) -> Array:
    state["v"] = state["v"] + g**2
    return w - RATE * g / (np.sqrt(state["v"]) + SMALL)


def rmsprop(w: Array, g: Array, state: dict[str, Array], t: int) -> Array:
    state["v"] = RHO * state["v"] + (1 - RHO) * g**2
    return w - RATE * g / (np.sqrt(state["v"]) + SMALL)


def adam(w: Array, g: Array, state: dict[str, Array], t: int) -> Array:
    state["m"] = BETA1 * state["m"] + (1 - BETA1) * g
    state["v"] = BETA2 * state["v"] + (1 - BETA2) * g**2
    m, v = state["m"] / (1 - BETA1**t), state["v"] / (1 - BETA2**t)
    return w - RATE * m / (np.sqrt(v) + SMALL)


RULES: dict[str, Callable[[Array, Array, dict[str, Array], int], Array]] = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": momentum,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adam,
}


def in_plain_numpy(optimizer: str, decay: float, first_step: int) -> list[Array]:
    """The parameter after each step."""
    w, state, found = START, {"m": np.zeros((2, 1)), "v": np.zeros((2, 1))}, []
    for t in range(first_step, first_step + STEPS):
        at = w - BETA * state["m"] if optimizer == "nesterov" else w
        g = gradient(at)
        if optimizer == "adamw":
            w = w - RATE * decay * w
        else:
            g = g + decay * w
        w = RULES[optimizer](w, g, state, t)
        found.append(w)
    return found


def solved(optimizer: str, decay: bool = False, first_step: int = 1) -> Solution:
    numbers = {
        key: scalar_value(key, value) for key, value in OPTIMIZERS[optimizer].numbers.items()
    }
    if decay:
        numbers["weight_decay"] = scalar_value("weight_decay", Fraction(1, 4))
    values = given(
        matrix("X", *X.tolist()),
        matrix("y", *Y.tolist()),
        matrix("W", *START.tolist()),
        scalar_value("eta", Fraction(1, 10)),
        *numbers.values(),
    )
    update = Update(
        optimizer,
        "eta",
        ("W",),
        numbers={key: key for key in numbers},
        steps=(None,) * STEPS,
        batch=("X", "y"),
        first_step=first_step,
    )
    entries = (layer("linear", "X", "h", weight="W"),)
    return solve_network(Network(values, entries, Loss("mse", "h", "y"), update))


def test_every_optimizer_has_a_rule_here() -> None:
    assert RULES.keys() == OPTIMIZERS.keys()


@pytest.mark.parametrize("first_step", [1, 3])
@pytest.mark.parametrize("decay", [False, True])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_several_steps_are_those_of_plain_numpy(
    optimizer: str, decay: bool, first_step: int
) -> None:
    solution = solved(optimizer, decay, first_step)
    wanted = in_plain_numpy(optimizer, DECAY if decay else 0.0, first_step)
    for step, value in enumerate(wanted, start=1):
        key = "new.W" if step == 1 else f"new.W@{step}"
        np.testing.assert_allclose(solution[key].value, value, rtol=1e-9, err_msg=key)


@pytest.mark.parametrize(
    ("optimizer", "keys"),
    [
        ("sgd", ["new.W"]),
        ("momentum", ["m.W", "new.W"]),
        ("nesterov", ["m.W", "new.W"]),
        ("adagrad", ["v.W", "new.W"]),
        ("rmsprop", ["v.W", "new.W"]),
        ("adam", ["m.W", "v.W", "mhat.W", "vhat.W", "new.W"]),
        ("adamw", ["m.W", "v.W", "mhat.W", "vhat.W", "new.W"]),
    ],
)
def test_an_optimizer_has_its_states_before_the_new_parameter(
    optimizer: str, keys: list[str]
) -> None:
    solution = solved(optimizer)
    updates = [key for key, step in solution.items() if step.stage == "update"]
    assert [key for key in updates if "@" not in key] == keys


def test_nesterov_takes_the_pass_ahead_from_the_second_step_on() -> None:
    solution = solved("nesterov")
    assert "ahead.W" not in solution
    assert solution["ahead.W@2"].formula == "W⁺ - momentum·m(W)"
    assert solution["h@2"].formula == "X·ahead(W)⁽²⁾"


def test_the_founding_step_is_written_as_the_lesson_writes_it() -> None:
    solution = masha()
    assert solution["new.W1"].formula == "W₁ - γ·∂L/∂W₁"
    assert solution["new.W1"].skill == "sgd.update"


def test_the_first_step_leaves_out_the_state_that_is_0() -> None:
    solution = solved("momentum")
    assert solution["m.W"].formula == "η·∂L/∂W"
    assert solution["m.W@2"].formula == "momentum·m(W) + η·∂L/∂W⁽²⁾"


def test_a_step_on_a_single_observation_takes_its_target_too() -> None:
    solution = optimized("sgd", ((0, 1), (1,)))
    assert solution.formula("grad.yhat@2") == "ŷ⁽²⁾ - y[2]"
    assert solution["grad.yhat@2"].shape == (1, 1)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_no_step_changes_what_an_earlier_one_found(optimizer: str) -> None:
    solution = solved(optimizer)
    training = Training(solution.network, solution.numbers)
    found = []
    for _ in range(6):
        training.step()
        training.look()
        found.append(training.parameters)
    for steps, parameters in enumerate(found, 1):
        again = train_solution(solution, steps).parameters
        assert all(np.array_equal(again[key], value) for key, value in parameters.items())
