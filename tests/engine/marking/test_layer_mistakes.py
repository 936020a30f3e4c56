"""Mistakes of particular layers and optimizers are named; unwritable formulas aren't asked."""

from __future__ import annotations

import numpy as np
import pytest

from engine.expression.evaluate import evaluate
from engine.marking.matrix import mark_value
from engine.marking.rubric import rubric
from engine.network.layers import entries
from engine.network.model import Loss, Network
from engine.practice.session import lesson
from engine.problems.problem import Precision, Problem
from engine.problems.reading import load
from tests.engine.networks import given, layer, matrix, numbers, optimized, wired

PICTURE = ((1, 2, 0, 3), (4, -1, 1, 2), (0, 2, 5, 1), (1, 3, -2, 2))


def problem_of(network: Network) -> Problem:
    return Problem("test", "Test", network, Precision(decimals=4))


def convolved() -> Problem:
    """A convolution, then max pooling with windows that overlap."""
    made = (
        *entries("conv2d", "X", "C", {"weight": "K"}, {"padding": 1}),
        *entries("max_pool2d", "C", "M", {}, {"stride": 1}),
    )
    values = given(
        matrix("X", *PICTURE),
        matrix("K", (1, 2), (3, -1)),
        matrix("d", (1, 2, 3, 4), (5, -1, 2, 7), (1, 1, -3, 2), (2, 6, 1, 3)),
    )
    return problem_of(Network(values, made, Loss("given", "M", upstream="d")))


def tag_of(problem: Problem, key: str, value: np.ndarray) -> str | None:
    text = "; ".join(" ".join(f"{cell:.10f}" for cell in row) for row in np.atleast_2d(value))
    mark = mark_value(problem, key, text)
    return mark.misconception.tag if mark.misconception else None


def test_a_kernel_that_was_turned_round_is_named() -> None:
    problem = convolved()
    numbers = problem.solution.numbers
    turned = {**numbers, "K": numbers["K"][::-1, ::-1]}
    for key in ("C", "grad.X"):
        assert tag_of(problem, key, evaluate(problem.solution[key].node, turned)) == (
            "kernel_flipped"
        )
    flipped = problem.solution["grad.K"].value[::-1, ::-1]
    assert tag_of(problem, "grad.K", flipped) == "kernel_flipped"


def test_a_maxs_gradient_that_went_to_every_cell_is_named() -> None:
    problem = convolved()
    picture, d = problem.solution["C"].value, problem.solution.numbers["d"]
    everywhere = np.zeros(picture.shape)
    for i, j in np.ndindex(d.shape):
        everywhere[i : i + 2, j : j + 2] += d[i, j]
    assert tag_of(problem, "grad.C", everywhere) == "gradient_to_every_cell"


@pytest.mark.parametrize("optimizer", ["adam", "adamw"])
def test_a_bias_correction_that_was_left_out_is_named(optimizer: str) -> None:
    solution = optimized(optimizer)
    problem = problem_of(solution.network)
    numbers = solution.numbers
    for key, wrong in (
        ("mhat.W1@2", numbers["m.W1@2"]),
        ("vhat.W1", numbers["v.W1"]),
        (
            "new.W2@2",
            evaluate(
                solution["new.W2@2"].node,
                {
                    **numbers,
                    "mhat.W2@2": numbers["m.W2@2"],
                    "vhat.W2@2": numbers["v.W2@2"],
                },
            ),
        ),
    ):
        assert tag_of(problem, key, wrong) == "bias_correction_missing", key


def test_a_forgotten_time_step_is_one_term_only() -> None:
    steps = {f"h{t}": f"tanh(w*h{t - 1} + v*x{t})" for t in (1, 2, 3)}
    given_numbers = numbers(w=0.5, v=0.8, h0=0.3, x1=1, x2=-0.5, x3=0.7)
    solution = wired(given_numbers, steps, "square(h1) + square(h2) + square(h3)", "w", "v")
    problem = problem_of(solution.network)
    parts = [
        float(evaluate(solution[f"grad.h{t}"].node, solution.numbers))
        * (1 - float(solution[f"h{t}"].value) ** 2)
        * float(solution.numbers[f"h{t - 1}"])
        for t in (1, 2, 3)
    ]
    assert float(solution["grad.w"].value) == pytest.approx(sum(parts))
    for part in parts:
        assert tag_of(problem, "grad.w", np.array(part)) == "sum_missing"
        assert tag_of(problem, "grad.w", np.array(sum(parts) - part)) == "sum_missing"


def test_a_step_on_some_observations_has_its_mistakes_too() -> None:
    problem = problem_of(optimized("rmsprop", ((0, 1), (1,))).network)
    for key in problem.solution:
        assert rubric(problem, key).candidates is not None


# --- what is asked --------------------------------------------------------------------------------


def test_a_window_is_asked_for_its_value_only() -> None:
    asked = [question.id for question in lesson(convolved()).questions]
    assert asked == ["C", "M", "formula grad.M", "grad.M", "grad.C", "grad.K", "grad.X"]


def test_a_norm_is_asked_for_the_formulas_that_one_can_type() -> None:
    made = entries("batch_norm", "X", "H", {"gamma": "g"})
    values = given(matrix("X", (1, 2), (3, 5), (4, 0)), matrix("g", (1, 2)))
    network = Network(values, made)
    asked = [question.id for question in lesson(problem_of(network)).questions]
    assert asked == [
        *("formula mean.H", "mean.H", "formula var.H", "var.H", "hat.H", "formula H", "H")
    ]


def test_the_founding_lesson_still_asks_for_its_formulas() -> None:
    asked = [question.id for question in lesson(load("masha-pass-order")).questions]
    assert "formula grad.H1" in asked


def test_an_elementwise_layer_is_asked_for_its_formula() -> None:
    network = Network(
        given(matrix("X", (1, -2)), matrix("d", (1, 3))),
        (layer("relu", "X", "H"),),
        Loss("given", "H", upstream="d"),
    )
    asked = [question.id for question in lesson(problem_of(network)).questions]
    assert "formula grad.X" in asked
