"""Every layer: forward and backward against two autograds and finite differences; what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from engine.expression.evaluate import Array
from engine.network.check import check_solution
from engine.network.layers import LAYERS, entries
from engine.network.losses import LOSSES
from engine.network.model import Loss, Network, Value, matrix_value, scalar_value
from engine.network.solution import Solution, solve_network
from tests.engine.network.other_libraries import Layers, hips_layers, parts_of, torch_layers
from tests.engine.networks import given, matrix

Values = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Case:
    """A layer with its keys, and the shapes of what it takes besides its input."""

    kind: str
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, Any] = field(default_factory=dict)
    picture: tuple[int, int] = (3, 4)

    def passed(self, layers: Layers, values: Values) -> Any:
        """The result with another library's layers."""
        return layers[self.kind](values["X"], parts_of(self.kind, self.roles, self.others, values))


SCALED = {"gamma": "g", "beta": "b"}
ROWS = {"g": (1, 4), "b": (1, 4)}
WEIGHT = {"weight": "W"}
CASES: dict[str, Case] = {
    "linear": Case("linear", {"W": (4, 2), "b": (1, 2)}, {"weight": "W", "bias": "b"}),
    "relu": Case("relu"),
    "sigmoid": Case("sigmoid"),
    "tanh": Case("tanh"),
    "leaky_relu": Case("leaky_relu"),
    "leaky_relu, named slope": Case("leaky_relu", {"a": ()}, others={"slope": "a"}),
    "softmax": Case("softmax"),
    "dropout": Case("dropout", {"M": (3, 4)}, others={"mask": "M", "keep": Fraction(1, 2)}),
    "dropout, named share": Case(
        "dropout", {"M": (3, 4), "a": ()}, others={"mask": "M", "keep": "a"}
    ),
    "batch_norm": Case("batch_norm", ROWS, SCALED),
    "batch_norm, plain": Case("batch_norm", others={"epsilon": Fraction(1, 10)}),
    "layer_norm": Case("layer_norm", ROWS, SCALED),
    "layer_norm, named epsilon": Case(
        "layer_norm", {"g": (1, 4), "a": ()}, {"gamma": "g"}, {"epsilon": "a"}
    ),
    "conv2d": Case("conv2d", {"W": (2, 3), "b": ()}, {"weight": "W", "bias": "b"}, picture=(4, 5)),
    "conv2d, all settings": Case(
        "conv2d",
        {"W": (3, 2)},
        WEIGHT,
        {"stride": (2, 1), "padding": 2, "dilation": (1, 2)},
        (5, 4),
    ),
    "max_pool2d": Case("max_pool2d", picture=(5, 4)),
    "max_pool2d, overlapping": Case(
        "max_pool2d", others={"size": (3, 2), "stride": (1, 2)}, picture=(5, 5)
    ),
    "avg_pool2d": Case("avg_pool2d", picture=(4, 5)),
    "avg_pool2d, overlapping": Case(
        "avg_pool2d", others={"size": (2, 3), "stride": 1}, picture=(4, 5)
    ),
    "flatten": Case("flatten"),
}
SEEDS = range(4)

every_case = pytest.mark.parametrize("case", CASES)
every_seed = pytest.mark.parametrize("seed", SEEDS)


def solved(case: Case, seed: int) -> Solution:
    """The layer on random numbers, with a random gradient that arrives."""
    random = np.random.default_rng(seed)

    def value(key: str, shape: tuple[int, ...]) -> Value:
        if not shape:
            return scalar_value(key, Fraction(int(random.integers(2, 9)), 10))
        cells = random.permutation(np.arange(-50, 51))[: shape[0] * shape[1]] / 25
        rows = cells.reshape(shape) + 0.01
        if key == "M":
            rows = random.integers(0, 2, shape)
        return matrix_value(key, [[Fraction(str(cell)) for cell in row] for row in rows])

    values = [value(key, shape) for key, shape in {"X": case.picture, **case.shapes}.items()]
    made = entries(case.kind, "X", "H", case.roles, case.others)
    forward = solve_network(Network(given(*values), made))
    values.append(value("d", forward["H"].shape))
    wrt = tuple(key for key in case.shapes if key not in case.roles.values())
    return solve_network(Network(given(*values), made, Loss("given", "H", upstream="d"), wrt=wrt))


def gradients_of(solution: Solution) -> dict[str, Array]:
    """The gradients of what is given."""
    values = solution.network.values
    return {key: solution[f"grad.{key}"].value for key in values if f"grad.{key}" in solution}


def test_every_layer_has_a_case() -> None:
    assert {case.kind for case in CASES.values()} == LAYERS.keys()


@every_case
@every_seed
def test_a_layer_agrees_with_an_independent_autograd(case: str, seed: int) -> None:
    anp = pytest.importorskip("autograd.numpy")
    grad = pytest.importorskip("autograd").grad
    solution, values = _with_numbers(case, seed)
    result = CASES[case].passed(hips_layers(), values)
    np.testing.assert_allclose(solution["H"].value, result, rtol=1e-12, atol=1e-12)
    for key, found in gradients_of(solution).items():

        def loss(x: Any, key: str = key) -> Any:
            return anp.sum(CASES[case].passed(hips_layers(), {**values, key: x}) * values["d"])

        np.testing.assert_allclose(found, grad(loss)(values[key]), rtol=1e-9, atol=1e-9)


@every_case
@every_seed
def test_a_layer_agrees_with_torch(case: str, seed: int) -> None:
    torch = pytest.importorskip("torch")
    solution, numbers = _with_numbers(case, seed)
    values = {key: torch.tensor(value, requires_grad=True) for key, value in numbers.items()}
    result = CASES[case].passed(torch_layers(), values)
    np.testing.assert_allclose(solution["H"].value, result.detach(), rtol=1e-9, atol=1e-12)
    (result * values["d"]).sum().backward()
    for key, found in gradients_of(solution).items():
        np.testing.assert_allclose(found, values[key].grad, rtol=1e-8, atol=1e-9)


@every_case
@every_seed
def test_a_layer_passes_its_gradient_check(case: str, seed: int) -> None:
    solution, _ = _with_numbers(case, seed)
    found = check_solution(solution)
    assert found is not None
    assert found.passed, found.errors
    wanted = {"grad.X", "grad.H", *(f"grad.{key}" for key in CASES[case].shapes)}
    assert wanted <= found.errors.keys()


def _with_numbers(case: str, seed: int) -> tuple[Solution, dict[str, Array]]:
    solution = solved(CASES[case], seed)
    return solution, {key: value.array for key, value in solution.network.values.items()}


# --- what is asked --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["batch_norm", "layer_norm"])
def test_a_norm_asks_for_what_lies_on_the_way_and_back(kind: str) -> None:
    keys = [*solved(CASES[kind], 0)]
    assert keys[:4] == ["mean.H", "var.H", "hat.H", "H"]
    back = ["grad.g", "grad.b", "grad.hat.H", "grad.var.H", "grad.mean.H", "grad.X"]
    assert sorted(keys[5:7]) == sorted(back[:2])
    assert keys[7:] == back[2:]


def test_a_norm_writes_its_steps_as_a_textbook_does() -> None:
    solution = solved(CASES["layer_norm"], 0)
    assert solution.formula("var.H") == "mean_columns((X - μ(H))²)"
    assert solution.formula("hat.H") == "(X - μ(H))/√(σ²(H) + 0.00001)"
    assert solution.formula("H") == "g ⊙ hat(H) + b"
    assert solution.symbol("grad.hat.H") == "∂L/∂hat(H)"


@pytest.mark.parametrize("kind", ["relu", "leaky_relu", "sigmoid", "tanh", "dropout"])
def test_an_elementwise_layer_has_a_local_derivative(kind: str) -> None:
    solution = solved(CASES[kind], 1)
    local = solution["local.X"].value
    assert local.shape == solution.numbers["X"].shape
    np.testing.assert_allclose(solution["grad.X"].value, solution.numbers["d"] * local)


@pytest.mark.parametrize(
    "case",
    [
        case
        for case in CASES
        if CASES[case].kind not in ("linear", "relu", "leaky_relu", "sigmoid", "tanh", "dropout")
    ],
)
def test_no_other_layer_has_one(case: str) -> None:
    assert not any(key.startswith("local.") for key in solved(CASES[case], 0))


def test_a_share_of_one_isnt_written() -> None:
    made = entries("dropout", "X", "H", {}, {"mask": "M"})
    solution = solve_network(Network(given(matrix("X", (1, 2)), matrix("M", (1, 0))), made))
    assert solution.formula("H") == "X ⊙ M"


def test_of_equal_maxima_the_first_in_reading_order_gets_the_gradient() -> None:
    made = entries("max_pool2d", "X", "H", {})
    values = given(matrix("X", (1, 3, 3), (3, 3, 0)), matrix("d", (5,)))
    solution = solve_network(Network(values, made, Loss("given", "H", upstream="d")))
    assert solution["H"].value.tolist() == [[3]]
    assert solution["grad.X"].value.tolist() == [[0, 5, 0], [0, 0, 0]]
    found = check_solution(solution)
    assert found is not None
    assert found.passed


# --- the cross entropy ----------------------------------------------------------------------------


def classified(*target: tuple[float, ...], reduction: str = "mean", each: bool = False) -> Solution:
    """Two observations of three classes through a softmax."""
    made = entries("softmax", "X", "P", {})
    values = given(matrix("X", (1, 2, 0.5), (0, -1, 2)), matrix("y", *target))
    loss = Loss("cross_entropy", "P", "y", reduction=reduction, per_observation=each)
    return solve_network(Network(values, made, loss, wrt=("y",)))


ONE_HOT = ((1, 0, 0), (0, 0, 1))


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("each", [False, True])
def test_the_cross_entropy_and_its_gradients(reduction: str, each: bool) -> None:
    solution = classified(*ONE_HOT, reduction=reduction, each=each)
    p, y = solution["P"].value, solution.numbers["y"]
    terms = -np.log([[p[0, 0]], [p[1, 2]]])
    share = 1 / 2 if reduction == "mean" else 1
    np.testing.assert_allclose(solution["each.L"].value, terms)
    np.testing.assert_allclose(solution["L"].value, terms.sum() * share)
    factor = 1 if each else share
    np.testing.assert_allclose(solution["grad.P"].value, -y / p * factor)
    np.testing.assert_allclose(solution["grad.y"].value, -np.log(p) * factor)
    np.testing.assert_allclose(solution["grad.X"].value, (p - y) * factor, atol=1e-15)
    found = check_solution(solution)
    assert found is not None
    assert found.passed


@pytest.mark.parametrize("rows", [ONE_HOT, ((0.2, 0.3, 0.5), (0, 0, 1))])
def test_behind_a_softmax_the_gradient_shrinks_to_the_difference(
    rows: tuple[tuple[float, ...], ...],
) -> None:
    solution = classified(*rows)
    others = [solution.write(node) for node in solution["grad.X"].quantity.others]
    assert others == ["(P - y)/n"]


def test_where_a_row_of_the_target_doesnt_add_up_it_doesnt() -> None:
    solution = classified((1, 1, 0), (0, 0, 1))
    assert solution["grad.X"].quantity.others == ()
    found = check_solution(solution)
    assert found is not None
    assert found.passed


def test_every_loss_stands_behind_a_layer_that_exists() -> None:
    assert {kind.activation for kind in LOSSES.values()} - {""} <= LAYERS.keys()
