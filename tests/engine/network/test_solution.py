"""Solving: values, which of them are exact, what is said where there is none."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from engine.expression.symbols import identifier
from engine.network.model import Entry, Loss, Network, matrix_value, scalar_value
from engine.network.solution import Solution, SolveError, solve_network
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

NETWORKS: dict[str, Callable[[], Solution]] = {
    "biased": biased,
    "given_gradient": given_gradient,
    "leaky": leaky,
    "masha": masha,
    "masha_logistic": masha_logistic,
    "recurrent": recurrent,
    "softmax": softmax,
    "strict": strict,
    "adam": lambda: optimized("adam"),
    "batches": lambda: optimized("nesterov", ((0,), (1, 0))),
}


# --- values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
def test_floats_alone_are_the_same_numbers_without_the_exact_ones(name: str) -> None:
    whole = NETWORKS[name]()
    quick = Solution(whole.network, exactly=False)
    assert [*quick] == [*whole]
    for key, step in quick.items():
        assert np.allclose(step.value, whole[key].value, rtol=1e-12, atol=1e-15)
        assert (step.exact_value, step.digits) == (None, None)


def test_every_value_of_the_founding_exercise_is_right() -> None:
    found = {key: step.value.tolist() for key, step in masha().items()}
    assert found == {
        "H1": [[2, -1], [0, 1]],
        "O1": [[2, 0], [0, 1]],
        "yhat": [[1], [1]],
        "each.L": [[0.5], [0]],
        "L": 0.25,
        "grad.yhat": [[-1], [0]],
        "grad.W2": [[-2], [0]],
        "local.O1": [[0.5, 1]],
        "grad.O1": [[-0.5, -1], [0, 0]],
        "local.H1": [[1, 0], [0, 1]],
        "grad.H1": [[-0.5, 0], [0, 0]],
        "grad.W1": [[-0.5, 0], [-1, 0]],
        "local.X": [[1, 0.5], [-1, 0]],
        "grad.X": [[-0.5, -0.25], [0, 0]],
        "new.W1": [[1.5, -1], [1.5, 0]],
        "new.W2": [[2.5], [1]],
        "H1@2": [[4.5, -1], [1.5, 1]],
        "O1@2": [[4.5, 0], [1.5, 1]],
        "yhat@2": [[11.25], [4.75]],
        "each.L@2": [[42.78125], [7.03125]],
        "L@2": 24.90625,
    }


def test_a_solution_is_a_mapping_in_pass_order() -> None:
    solution = masha()
    assert len(solution) == 21
    assert list(solution)[:3] == ["H1", "O1", "yhat"]
    assert "grad.W1" in solution
    assert "W1" not in solution
    assert solution["H1"].shape == (2, 2)
    with pytest.raises(KeyError):
        solution["H9"]


def test_a_step_knows_its_key_its_pass_and_its_formula() -> None:
    step = masha()["grad.W1"]
    assert (step.key, step.stage, step.skill) == (
        "grad.W1",
        "backward",
        "linear.weight_gradient",
    )
    assert step.formula == "Xᵀ·∂L/∂H₁"


def test_no_value_is_minus_zero() -> None:
    solution = solve_network(
        Network(given(matrix("X", (0.0, -1))), (Entry("h", -layer("relu", "X", "h").node),))
    )
    assert not np.signbit(solution["h"].value).any()


def test_n_counts_the_rows_of_the_prediction() -> None:
    assert biased().numbers["n"] == 3


def test_a_prediction_that_is_one_number_is_one_observation() -> None:
    solution = wired(numbers(x=3, w=2, y=5), {"h": "x*w"}, Loss("mse", "h", "y"))
    assert solution.numbers["n"] == 1
    assert (solution["each.L"].value, solution["L"].value) == (1, 1)
    assert solution["grad.h"].value == 2


def test_what_is_a_number_and_what_a_matrix_is_known() -> None:
    assert masha().scalars == {"gamma", "n", "L", "L@2"}


# --- exact values ---------------------------------------------------------------------------------


def test_the_founding_exercise_is_exact_to_the_last_step() -> None:
    solution = masha()
    assert all(step.exact_value is not None for step in solution.values())
    assert solution["grad.X"].exact_value.tolist()[0] == [Fraction(-1, 2), Fraction(-1, 4)]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("key", "digits"),
    [("H1", 0), ("grad.O1", 1), ("grad.H1", 1), ("L", 2), ("grad.X", 2), ("L@2", 5)],
)
def test_digits_count_the_decimals_of_the_step_and_of_what_it_rests_on(
    key: str, digits: int
) -> None:
    assert masha()[key].digits == digits


def test_what_rests_on_an_inexact_value_is_inexact() -> None:
    solution = masha_logistic()
    exact = {key for key, step in solution.items() if step.digits is not None}
    assert exact == {"H1", "O1", "yhat", "local.O1", "local.H1", "local.X"}
    assert all((solution[key].exact_value is None) == (key not in exact) for key in solution)


def test_a_value_whose_decimals_never_end_is_inexact_and_so_is_what_follows() -> None:
    solution = wired([matrix("X", (1, 1), (2, 3))], {"a": "X/3", "b": "a*3"}, "sum(b)")
    assert solution["a"].digits is None
    assert solution["b"].digits is None
    assert solution["b"].value.tolist() == [[1, 1], [2, 3]]


def test_an_exact_value_is_the_nearest_float() -> None:
    solution = wired([matrix("X", (0.1, 0.2))], {"a": "sum(X)"}, "a")
    assert solution["a"].value == 0.3


# --- what has no value ----------------------------------------------------------------------------


def test_a_logarithm_of_0_is_an_error_with_its_place() -> None:
    values = given(matrix("p", (0.5,), (1,)), matrix("y", (1,), (0,)))
    with pytest.raises(SolveError, match=r"row 2, column 1") as raised:
        solve_network(Network(values, (), Loss("logloss", "p", "y")))
    assert raised.value.key == "each.L"
    assert str(raised.value).startswith(
        "ℓ = -(y ⊙ ln(p) + (1 - y) ⊙ ln(1 - p)) has no finite value in row 2, column 1"
    )


@pytest.mark.parametrize(
    ("formula", "key"),
    [("1/z", "m"), ("[1/z > 0]", "m"), ("sum(ln(X - X))", "m"), ("exp(exp(exp(z + 4)))", "m")],
)
def test_a_number_without_a_value_is_an_error(formula: str, key: str) -> None:
    values = [matrix("X", (1, 2)), *numbers(z=0)]
    with pytest.raises(SolveError, match=r"^m = .* has no finite value: ") as raised:
        wired(values, {"m": formula}, "m")
    assert raised.value.key == key


@pytest.mark.parametrize("formula", ["sqrt(X)", "ln(X)", "X^-1", "X/X", "exp(X*400)"])
def test_a_matrix_with_a_cell_without_a_value_is_an_error(formula: str) -> None:
    with pytest.raises(SolveError, match="has no finite value in row 1, column "):
        wired([matrix("X", (0, -1, 2))], {"m": formula}, "sum(m)")


def test_shapes_that_do_not_fit_are_an_error_in_the_lessons_words() -> None:
    values = given(matrix("X1", (1, 2)), matrix("W1", (1, 2)))
    with pytest.raises(SolveError) as raised:
        solve_network(Network(values, (layer("linear", "X1", "H1", weight="W1"),)))
    assert raised.value.key == "H1"
    assert str(raised.value).startswith("H₁: X₁ (1x2) and W₁ (1x2) can't be multiplied")


# --- in writing -----------------------------------------------------------------------------------


def test_symbols_are_those_of_the_lesson() -> None:
    solution = masha()
    assert solution.symbol("grad.H1") == "∂L/∂H₁"
    assert solution.symbol("local.X") == "∂H₁/∂X"
    assert solution.symbol("local.nothing") == "∂/∂nothing"


def test_a_tree_is_written_with_this_networks_numbers_and_matrices() -> None:
    solution = masha_logistic()
    step = solution["grad.yhat"]
    assert solution.write(step.node) == step.formula == "∂L/∂p ⊙ (p ⊙ (1 - p))"
    assert solution.write(solution["new.W1"].node) == "W₁ - γ·∂L/∂W₁"


def test_numbers_can_stand_in_the_place_of_names() -> None:
    solution = masha()
    assert solution.write_with("new.W1", {"gamma": "1", "W1": "(1 2)"}) == "(1 2) - 1·∂L/∂W₁"


def test_a_formula_is_written_in_latex() -> None:
    solution = masha()
    assert solution.latex("H1") == "X W_{1}"
    assert solution.latex("grad.H1") == r"\frac{\partial L}{\partial O_{1}} \odot [H_{1} > 0]"


@pytest.mark.parametrize("build", NETWORKS.values(), ids=NETWORKS)
def test_the_printed_numpy_of_every_step_computes_the_step(build: Callable[[], Solution]) -> None:
    solution = build()
    known = {identifier(key): value for key, value in solution.numbers.items()}
    for key, step in solution.items():
        code = compile(solution.numpy(key), key, "eval")
        found = np.asarray(eval(code, {"np": np, **known}), dtype=float)
        assert found.shape == step.shape, key
        np.testing.assert_allclose(found, step.value, rtol=1e-12, atol=1e-14, err_msg=key)


def test_the_printed_pytorch_of_every_step_computes_the_step() -> None:
    torch = pytest.importorskip("torch")
    for build in NETWORKS.values():
        solution = build()
        known = {identifier(key): torch.tensor(value) for key, value in solution.numbers.items()}
        for key, step in solution.items():
            code = compile(solution.pytorch(key), key, "eval")
            found = np.asarray(eval(code, {"torch": torch, **known}), dtype=float)
            np.testing.assert_allclose(found, step.value, rtol=1e-12, atol=1e-14, err_msg=key)


# --- given values ---------------------------------------------------------------------------------


def test_a_given_value_is_exact_and_a_float_at_once() -> None:
    value = matrix_value("X", [[Fraction(1, 10), Fraction(1, 3)]])
    assert value.shape == (1, 2)
    assert value.exact.tolist() == [[Fraction(1, 10), Fraction(1, 3)]]
    assert value.array.tolist() == [[0.1, 1 / 3]]
    number = scalar_value("eta", Fraction(1, 10))
    assert number.shape == ()
    assert number.array == 0.1
