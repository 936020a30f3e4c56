"""The gradient check: it passes what is right, finds what is wrong, and is sound at a kink."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.expression import derive
from engine.expression.node import number
from engine.network import losses, passes
from engine.network.check import (
    TOLERANCE,
    GradientCheck,
    check_solution,
    finite_difference,
    relative_error,
)
from engine.network.model import Loss, Network
from engine.network.solution import Solution, solve_network
from engine.problems.course import builtin_ids
from engine.problems.reading import load
from tests.engine.networks import (
    biased,
    given,
    given_gradient,
    layer,
    leaky,
    masha,
    masha_logistic,
    matrix,
    numbers,
    optimized,
    recurrent,
    softmax,
    strict,
    wired,
)

NETWORKS = [biased, given_gradient, leaky, masha, masha_logistic, recurrent, softmax, strict]


def checked(solution: Solution) -> GradientCheck:
    check = check_solution(solution)
    assert check is not None
    return check


@pytest.mark.parametrize("build", [*NETWORKS, lambda: optimized("adam")])
def test_right_gradients_pass(build: Callable[[], Solution]) -> None:
    solution = build()
    check = checked(solution)
    assert check.passed
    assert check.max_relative_error < 1e-8
    assert {*check.errors} == {k for k in solution if k.startswith("grad.") and "@" not in k}


@pytest.mark.parametrize("identity", builtin_ids())
def test_every_built_in_problem_passes(identity: str) -> None:
    check = check_solution(load(identity).solution)
    assert check is None or check.passed


def test_without_a_loss_there_is_nothing_to_check() -> None:
    network = Network(given(matrix("X", (1, 2))), (layer("relu", "X", "h"),))
    assert check_solution(solve_network(network)) is None


# --- what is wrong is found -----------------------------------------------------------------------

WRONG_LOCAL = {
    "relu": lambda y, x: number(1),
    "sigmoid": lambda y, x: y * (1 - x),
    "tanh": lambda y, x: 1 - y,
    "power": lambda y, x: x,
}
WRONG_GRADIENTS = {
    "matmul": lambda y, g: (g @ y.operands[1].T, 2 * (y.operands[0].T @ g)),
    "sub": lambda y, g: (g, g),
    "broadcast": lambda y, g: (None, None),
    "softmax": lambda y, g: (g * y * (1 - y),),
}
SHOWS = {
    "relu": masha,
    "sigmoid": masha_logistic,
    "tanh": lambda: wired([matrix("X", (1, 2))], {"h": "tanh(X)"}, "sum(h)"),
    "power": lambda: wired([matrix("X", (1, 2))], {"h": "X^3"}, "sum(h)"),
    "matmul": masha,
    "sub": lambda: wired([matrix("X", (1, 2))], {"h": "1 - X"}, "sum(h)"),
    "softmax": softmax,
}


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quantities are found anew: the tables that they are read off are changed here."""
    monkeypatch.setattr(passes, "_known", {})
    monkeypatch.setattr(passes, "REMEMBERED", 0)


@pytest.mark.parametrize("op", WRONG_LOCAL)
def test_a_wrong_local_derivative_is_found(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checked(SHOWS[op]()).passed
    monkeypatch.setitem(derive.LOCAL, op, WRONG_LOCAL[op])
    assert not checked(SHOWS[op]()).passed


@pytest.mark.parametrize("op", ["matmul", "sub", "softmax"])
def test_a_wrong_gradient_is_found(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(derive.GRADIENTS, op, WRONG_GRADIENTS[op])
    check = checked(SHOWS[op]())
    assert not check.passed
    assert check.max_relative_error > 0.01


def test_a_wrong_gradient_of_the_loss_is_found_where_it_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind = losses.LOSSES["logloss"]
    wrong = losses.LossKind(
        kind.terms, lambda p, y: y / p + (1 - y) / (1 - p), kind.by_target, kind.factor
    )
    monkeypatch.setitem(losses.LOSSES, "logloss", wrong)
    check = checked(masha_logistic())
    assert not check.passed
    assert check.errors["grad.p"] > 0.1


def test_a_gradient_that_differs_by_a_factor_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losses, "_scaled", lambda node, loss: node)
    check = checked(strict())
    assert min(check.errors.values()) == pytest.approx(0.5)
    assert not check.passed


def test_an_error_is_relative_to_the_largest_cell() -> None:
    ours, theirs = np.array([[100.0, 0.001]]), np.array([[100.0, 0.002]])
    assert relative_error(ours, theirs) == pytest.approx(1e-5)
    assert relative_error(ours, ours) == 0


def test_gradients_that_can_not_be_compared_never_pass() -> None:
    one, wide = np.ones((1, 1)), np.ones((1, 2))
    assert relative_error(one, wide) == np.inf
    assert relative_error(one, np.full((1, 1), np.nan)) == np.inf
    assert relative_error(np.full((1, 1), np.inf), one) == np.inf
    assert not GradientCheck({"grad.X": np.inf, "grad.W": 0.0}).passed


def test_the_largest_error_decides() -> None:
    assert GradientCheck({"grad.X": 1e-9, "grad.W": 2e-6}).max_relative_error == 2e-6
    assert not GradientCheck({"grad.X": 1e-9, "grad.W": 2e-6}).passed
    assert GradientCheck({"grad.X": TOLERANCE}).passed
    assert GradientCheck({}).passed


# --- kinks ----------------------------------------------------------------------------------------


def at_the_kink(formula: str) -> Solution:
    values = [matrix("X", (0, 1, -2)), matrix("y", (1, 3, -1)), *numbers(slope=0.25)]
    return wired(values, {"h": formula}, Loss("mse", "h", "y"))


@pytest.mark.parametrize(
    "formula", ["relu(X)", "leaky_relu(X, slope)", "abs(X)", "X*[X > 0]", "relu(relu(X))"]
)
def test_the_branch_of_the_pass_is_held_at_a_kink(formula: str) -> None:
    solution = at_the_kink(formula)
    assert checked(solution).passed
    assert 0 in solution.numbers["X"]


def test_the_derivative_at_the_kink_of_a_relu_is_0() -> None:
    solution = at_the_kink("relu(X)")
    assert finite_difference(solution, "X")[0, 0] == 0


def test_the_slope_of_a_leaky_relu_has_a_gradient_that_is_checked() -> None:
    plain = at_the_kink("leaky_relu(X, slope)").network
    solution = solve_network(Network(plain.values, plain.entries, plain.loss, wrt=("slope",)))
    assert "grad.slope" in checked(solution).errors
    assert checked(solution).passed


# --- conventions and sizes ------------------------------------------------------------------------


def test_each_observations_own_gradient_is_checked_against_n_times_the_loss() -> None:
    solution = masha()
    assert solution.network.loss is not None
    assert solution.network.loss.per_observation
    found = finite_difference(solution, "yhat")
    assert np.allclose(found, [[-1], [0]], atol=1e-9)


def test_a_given_gradient_is_checked_as_the_derivative_of_its_product_with_the_result() -> None:
    found = finite_difference(given_gradient(), "yhat")
    assert np.allclose(found, [[1], [2]], atol=1e-9)


@pytest.mark.parametrize("weight", [0.001, 1, 4, 7, 12, -9])
def test_probabilities_near_0_and_1_are_no_trouble(weight: float) -> None:
    values = given(
        matrix("X", (1,), (-1,), (0.5,)), matrix("W", (weight,)), matrix("y", (0,), (0,), (1,))
    )
    entries = (layer("linear", "X", "z", weight="W"), layer("sigmoid", "z", "p"))
    assert checked(solve_network(Network(values, entries, Loss("logloss", "p", "y")))).passed


@pytest.mark.parametrize("size", [1e-6, 1e-3, 1e3, 1e6])
def test_small_and_large_values_are_no_trouble(size: float) -> None:
    values = [
        matrix("X", (size, -2 * size), (size / 3, size)),
        matrix("W", (0.5,), (-1.5,)),
        matrix("y", (size,), (0,)),
    ]
    assert checked(wired(values, {"h": "X@W"}, Loss("mse", "h", "y"))).passed


def test_an_autoencoder_passes() -> None:
    values = [matrix("X", (1, 2), (-1, 2)), matrix("W", (1, -1), (0.5, 2))]
    assert checked(wired(values, {"h": "X@W"}, Loss("mse", "h", "X"))).passed
