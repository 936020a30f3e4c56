"""The passes: which quantities there are, in which order, with which formulas."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from engine.expression.evaluate import evaluate
from engine.expression.node import name, names
from engine.network.losses import N
from engine.network.model import Entry, Loss, Network, Update, scalar_value
from engine.network.passes import quantities
from engine.network.solution import Solution, solve_network
from tests.engine.networks import (
    biased,
    given,
    given_gradient,
    layer,
    leaky,
    masha,
    masha_logistic,
    matrix,
    optimized,
    recurrent,
    softmax,
    strict,
    wired,
)

NETWORKS = [biased, given_gradient, leaky, masha, masha_logistic, recurrent, softmax, strict]
X = matrix("X", (1, 2), (-1, 2))
W = matrix("W", (1, -1), (0.5, 2))
V = matrix("V", (2, 1), (-1, 0.5))
Y = matrix("y", (1, 0), (2, -1))
ETA = scalar_value("eta", Fraction(1, 2))
MSE = Loss("mse", "h", "y")


def solved(*entries: Entry, loss: Loss | None = MSE, **options: object) -> Solution:
    values = given(X, W, V, Y, ETA)
    return solve_network(Network(values, entries, loss, **options))  # type: ignore[arg-type]


def linear(source: str, to: str, weight: str = "W") -> Entry:
    return layer("linear", source, to, weight=weight)


# --- keys and their order -------------------------------------------------------------------------


def test_the_founding_exercise_has_its_keys_in_pass_order() -> None:
    assert " ".join(masha()) == (
        "H1 O1 yhat each.L L grad.yhat grad.W2 local.O1 grad.O1 local.H1 grad.H1 grad.W1 local.X "
        "grad.X new.W1 new.W2 H1@2 O1@2 yhat@2 each.L@2 L@2"
    )


def test_its_second_half_has_its_keys_in_pass_order() -> None:
    assert " ".join(masha_logistic()) == (
        "H1 O1 yhat p each.L L grad.p local.yhat grad.yhat grad.W2 local.O1 grad.O1 local.H1 "
        "grad.H1 grad.W1 local.X grad.X new.W1 new.W2"
    )


def test_every_key_says_its_pass_and_what_one_must_be_able_to_do() -> None:
    found = {key: (step.stage, step.skill) for key, step in masha_logistic().items()}
    assert found == {
        "H1": ("forward", "linear.forward"),
        "O1": ("forward", "relu.forward"),
        "yhat": ("forward", "linear.forward"),
        "p": ("forward", "sigmoid.forward"),
        "each.L": ("loss", "logloss.loss"),
        "L": ("loss", "logloss.loss"),
        "grad.p": ("backward", "logloss.gradient"),
        "local.yhat": ("backward", "sigmoid.local"),
        "grad.yhat": ("backward", "sigmoid.backward"),
        "grad.W2": ("backward", "linear.weight_gradient"),
        "local.O1": ("backward", "linear.local"),
        "grad.O1": ("backward", "linear.backward"),
        "local.H1": ("backward", "relu.local"),
        "grad.H1": ("backward", "relu.backward"),
        "grad.W1": ("backward", "linear.weight_gradient"),
        "local.X": ("backward", "linear.local"),
        "grad.X": ("backward", "linear.backward"),
        "new.W1": ("update", "sgd.update"),
        "new.W2": ("update", "sgd.update"),
    }


def test_every_formula_is_the_one_of_the_textbook() -> None:
    solution = masha()
    assert {key: step.formula for key, step in solution.items() if "@" not in key} == {
        "H1": "X·W₁",
        "O1": "max(0, H₁)",
        "yhat": "O₁·W₂",
        "each.L": "0.5·(ŷ - y)²",
        "L": "Σ((ŷ - y)²)/(2·n)",
        "grad.yhat": "ŷ - y",
        "grad.W2": "O₁ᵀ·∂L/∂ŷ",
        "local.O1": "W₂ᵀ",
        "grad.O1": "∂L/∂ŷ·W₂ᵀ",
        "local.H1": "[H₁ > 0]",
        "grad.H1": "∂L/∂O₁ ⊙ [H₁ > 0]",
        "grad.W1": "Xᵀ·∂L/∂H₁",
        "local.X": "W₁ᵀ",
        "grad.X": "∂L/∂H₁·W₁ᵀ",
        "new.W1": "W₁ - γ·∂L/∂W₁",
        "new.W2": "W₂ - γ·∂L/∂W₂",
    }


def test_a_gradient_names_the_one_that_arrives_and_the_result_it_comes_from() -> None:
    found = {
        key: (step.quantity.upstream, step.quantity.result)
        for key, step in masha().items()
        if key.startswith("grad.")
    }
    assert found == {
        "grad.yhat": ("", "L"),
        "grad.W2": ("grad.yhat", "yhat"),
        "grad.O1": ("grad.yhat", "yhat"),
        "grad.H1": ("grad.O1", "O1"),
        "grad.W1": ("grad.H1", "H1"),
        "grad.X": ("grad.H1", "H1"),
    }


def test_a_bias_gets_the_sum_over_the_observations() -> None:
    solution = biased()
    assert solution["yhat"].formula == "X·W + b"
    assert solution["grad.b"].formula == "sum_rows(∂L/∂ŷ)"
    assert solution["grad.b"].skill == "linear.bias_gradient"
    assert [key for key in solution if key.startswith("grad.")] == [
        "grad.yhat",
        "grad.W",
        "grad.b",
        "grad.X",
    ]


def test_without_a_loss_there_is_a_forward_pass_only() -> None:
    assert [*solved(linear("X", "h"), loss=None)] == ["h"]


def test_a_given_gradient_starts_the_backward_pass_and_there_is_no_loss() -> None:
    solution = given_gradient()
    assert "L" not in solution
    assert solution["grad.yhat"].formula == "d"
    assert solution["grad.yhat"].skill == "given.gradient"
    assert solution["grad.W2"].value.tolist() == [[2], [2]]


def test_the_loss_may_be_a_formula() -> None:
    loss = "sum((h - y)^2)"
    solution = wired([X, W, Y], {"h": "X@W"}, loss)
    assert solution["L"].formula == "Σ((h - y)²)"
    assert solution["grad.h"].skill == "formula.gradient"
    h = X.array @ W.array
    assert np.array_equal(solution["grad.h"].value, 2 * (h - Y.array))


# --- once more with the new parameters ------------------------------------------------------------


def test_after_the_step_the_forward_pass_and_the_loss_come_once_more() -> None:
    solution = masha()
    again = {key: step for key, step in solution.items() if key.endswith("@2")}
    assert [*again] == ["H1@2", "O1@2", "yhat@2", "each.L@2", "L@2"]
    assert again["H1@2"].formula == "X·W₁⁺"
    assert again["yhat@2"].formula == "O₁⁽²⁾·W₂⁺"
    assert [again[key].stage for key in again] == ["forward"] * 3 + ["loss"] * 2


def test_a_parameter_that_is_not_trained_stays_as_it_is_afterwards() -> None:
    update = Update("sgd", "eta", ("W",), after=True)
    solution = solved(linear("X", "g", "V"), linear("g", "h"), update=update)
    assert solution["g@2"].formula == "X·V"
    assert solution["h@2"].formula == "g⁽²⁾·W⁺"


def test_all_parameters_are_updated_at_once_from_the_old_values() -> None:
    solution = masha()
    assert solution["grad.O1"].formula == "∂L/∂ŷ·W₂ᵀ"
    old = solution.network.values["W1"].array
    step = solution["grad.W1"].value
    assert np.array_equal(solution["new.W1"].value, old - step)


# --- what has a gradient --------------------------------------------------------------------------


def test_weights_have_a_gradient_trained_or_not() -> None:
    solution = solved(linear("X", "g", "V"), linear("g", "h"), update=Update("sgd", "eta", ("W",)))
    assert {"grad.V", "grad.W", "new.W"} <= {*solution}
    assert "new.V" not in solution


def test_a_value_of_a_formula_has_a_gradient_only_if_it_is_asked_or_trained() -> None:
    values, entries = [X, W, V, Y], {"h": "X@W*V"}
    plain = wired(values, entries, MSE)
    assert [key for key in plain if key.startswith("grad.")] == ["grad.h", "grad.X"]
    trained = wired(values, entries, MSE, "V")
    assert {"grad.V", "new.V"} <= {*trained}
    asked = solve_network(Network(plain.network.values, plain.network.entries, MSE, wrt=("W",)))
    assert "grad.W" in asked


def test_what_the_loss_does_not_depend_on_has_no_gradient() -> None:
    solution = solved(linear("X", "h"), linear("X", "aside", "V"))
    assert "aside" in solution
    assert not {"grad.aside", "grad.V", "local.aside"} & {*solution}


def test_a_result_that_only_a_mask_uses_has_no_gradient() -> None:
    solution = wired([X, W, V, Y], {"g": "X@V", "h": "[g > 0]*(X@W)"}, MSE)
    assert "grad.g" not in solution
    h = solution["h"].value
    expected = (2 * (h - Y.array) / 2 * (solution["g"].value > 0)) @ W.array.T
    assert np.allclose(solution["grad.X"].value, expected)


def test_nothing_waits_for_a_gradient_that_never_comes() -> None:
    entries = {"g": "X@V", "m": "[g > 0]", "q": "g*m", "h": "q@W + 0*g"}
    solution = wired([X, W, V, Y], entries, MSE)
    assert {"grad.q", "grad.g", "grad.X", "grad.m"} <= {*solution}
    shadow = wired([X, W, V, Y], {"g": "X@V", "m": "[g > 0]", "h": "m@W"}, MSE)
    assert [key for key in shadow if key.startswith("grad.")] == ["grad.h", "grad.m"]


def test_a_formula_loss_may_use_a_result_through_a_mask_and_otherwise() -> None:
    entries = {"g": "X@V", "h": "g*g"}
    solution = wired([X, V, Y], entries, "sum([g > 0]*h)")
    positive = solution["g"].value > 0
    assert np.allclose(solution["grad.g"].value, 2 * solution["g"].value * positive)


# --- a value used twice ---------------------------------------------------------------------------


def test_a_value_used_twice_gets_the_sum_of_its_gradients() -> None:
    solution = wired([X, W, V, Y], {"g": "X@W", "q": "g@V", "h": "g + q"}, MSE)
    upstream = solution["grad.h"].value
    assert np.allclose(solution["grad.g"].value, upstream + upstream @ V.array.T)


def test_the_gradient_of_a_value_used_twice_comes_after_both_uses() -> None:
    keys = [*wired([X, W, V, Y], {"g": "X@W", "q": "g@V", "h": "g + q"}, MSE)]
    assert keys.index("grad.g") > keys.index("grad.q") > keys.index("grad.h")


def test_a_weight_shared_by_two_layers_gets_the_sum() -> None:
    solution = solved(linear("X", "g"), linear("g", "h"))
    upstream, g = solution["grad.h"].value, solution["g"].value
    expected = g.T @ upstream + X.array.T @ (upstream @ W.array.T)
    assert np.allclose(solution["grad.W"].value, expected)


def test_a_recurrent_net_collects_the_gradients_of_all_its_steps() -> None:
    solution = recurrent()
    assert solution["grad.w"].formula.count("+") >= 1


# --- the local derivative -------------------------------------------------------------------------


def locals_of(solution: Solution) -> dict[str, str]:
    return {key: step.formula for key, step in solution.items() if key.startswith("local.")}


def test_a_layer_has_a_local_derivative_by_its_input() -> None:
    found = locals_of(masha_logistic())
    assert found == {
        "local.yhat": "p ⊙ (1 - p)",
        "local.O1": "W₂ᵀ",
        "local.H1": "[H₁ > 0]",
        "local.X": "W₁ᵀ",
    }


def test_a_formula_has_no_local_derivative() -> None:
    assert locals_of(wired([X, W, Y], {"g": "X@W", "h": "relu(g)"}, MSE)) == {}


def test_an_input_of_two_layers_has_no_local_derivative() -> None:
    entries = [linear("X", "g"), linear("X", "q", "V"), Entry("h", name("g") + name("q"))]
    assert locals_of(solved(*entries)) == {}


def test_an_input_of_a_layer_beside_the_loss_has_no_local_derivative() -> None:
    assert locals_of(solved(linear("X", "h"), linear("X", "aside", "V"))) == {}


def test_a_matrix_multiplied_by_itself_has_no_local_derivative() -> None:
    solution = solved(linear("X", "h", "X"))
    upstream = solution["grad.h"].value
    assert locals_of(solution) == {}
    expected = upstream @ X.array.T + X.array.T @ upstream
    assert np.allclose(solution["grad.X"].value, expected)


def test_a_local_derivative_names_both_its_ends() -> None:
    assert masha().symbol("local.H1") == "∂O₁/∂H₁"


# --- other forms ----------------------------------------------------------------------------------


def others_of(solution: Solution, key: str) -> list[str]:
    return [solution.write(node) for node in solution[key].quantity.others]


def test_the_sigmoid_and_the_logloss_shrink_to_p_minus_y() -> None:
    assert "p - y" in others_of(masha_logistic(), "grad.yhat")


def test_another_activation_before_the_logloss_does_not_shrink() -> None:
    positive = matrix("X", (0.2, 0.3), (0.1, 0.4))
    targets = matrix("y", (1, 0), (0, 1))
    values = given(positive, targets)
    entries = (layer("relu", "X", "p"),)
    solution = solve_network(Network(values, entries, Loss("logloss", "p", "y")))
    assert others_of(solution, "grad.X") == ["∂L/∂p ⊙ ∂p/∂X"]


@pytest.mark.parametrize("build", [*NETWORKS, lambda: optimized("adam")])
def test_every_other_form_has_the_same_value(build: Callable[[], Solution]) -> None:
    solution = build()
    for key, step in solution.items():
        for form in step.quantity.others:
            found = evaluate(form, solution.numbers)
            np.testing.assert_allclose(found, step.value, rtol=1e-12, atol=1e-12, err_msg=key)


@pytest.mark.parametrize("build", [*NETWORKS, lambda: optimized("nesterov")])
def test_every_formula_mentions_only_what_came_before(build: Callable[[], Solution]) -> None:
    solution = build()
    known = {*solution.network.values, N}
    for quantity in quantities(solution.network):
        for form in (quantity.node, *quantity.others):
            assert {*names(form)} <= known, quantity.key
        known.add(quantity.key)


@pytest.mark.parametrize("build", NETWORKS)
def test_a_gradient_has_the_shape_of_what_it_is_the_gradient_of(
    build: Callable[[], Solution],
) -> None:
    solution = build()
    for key, step in solution.items():
        if key.startswith("grad."):
            assert step.shape == solution.numbers[key.removeprefix("grad.")].shape, key


# --- an autoencoder -------------------------------------------------------------------------------


@pytest.mark.parametrize("half", [True, False])
def test_an_input_that_is_the_target_too_gets_both_gradients(half: bool) -> None:
    loss = Loss("mse", "h", "X", half=half)
    solution = solved(linear("X", "h"), loss=loss)
    h = solution["h"].value
    upstream = (h - X.array) / 2 * (1 if half else 2)
    assert np.allclose(solution["grad.X"].value, upstream @ W.array.T - upstream)


def test_the_gradient_of_a_target_can_be_asked() -> None:
    solution = solved(linear("X", "h"), wrt=("y",))
    assert solution["grad.y"].formula == "(2·(y - h))/n"


# --- what quantities depend on --------------------------------------------------------------------


def test_other_numbers_in_the_same_network_have_the_same_quantities() -> None:
    one = Network(given(X, W, V, Y), (linear("X", "h"),), MSE)
    others = (matrix("X", (3, 1), (0, 2)), matrix("W", (2, 5), (1, -1)))
    other = Network(given(*others, V, Y), (linear("X", "h"),), MSE)
    assert quantities(one) is quantities(other)


def test_two_networks_that_differ_in_a_setting_have_quantities_of_their_own() -> None:
    entry = linear("X", "h")
    strictly = Network(given(X, W, V, Y), (entry,), MSE)
    other = Network(given(X, W, V, Y), (entry,), Loss("mse", "h", "y", half=True))
    assert [each.node for each in quantities(strictly)] != [each.node for each in quantities(other)]


def test_a_target_whose_rows_do_not_add_up_to_1_has_no_shortcut_whatever_came_before() -> None:
    def built(*target: tuple[float, ...]) -> Solution:
        entries = (layer("softmax", "X", "p"),)
        loss = Loss("cross_entropy", "p", "y")
        return solve_network(Network(given(X, matrix("y", *target)), entries, loss, wrt=("X",)))

    shortcut = "(p - y)/n"
    assert shortcut in others_of(built((1, 0), (0, 1)), "grad.X")
    assert shortcut not in others_of(built((1, 0), (0.5, 1)), "grad.X")
    assert shortcut in others_of(built((0, 1), (1, 0)), "grad.X")
