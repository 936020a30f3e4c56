"""ONNX models as lessons: names, examples and losses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx")


from engine.problems.problem import Problem
from tests.engine.problems.models import (
    INPUT,
    classifier,
    faults,
    model,
    node,
    numbers,
    opened,
)

ROWS = ["n", 3]
PICTURE = [1, 1, 5, 5]
X = [[1.0, 2.0], [0.0, -1.0]]
NORM = {"g": [1.0, 0.5], "b": [0.0, 0.25], "m": [0.5, -1.0], "v": [1.0, 4.0]}


def loss_of(problem: Problem) -> str:
    """The kind of the loss; nothing where there is a forward pass only."""
    return problem.network.loss.kind if problem.network.loss else ""


# --- names --------------------------------------------------------------------------------------


def test_an_export_becomes_layers_with_the_names_of_the_field() -> None:
    problem = opened(classifier())
    found = {
        entry.to: (entry.layer, entry.source, {**entry.roles}) for entry in problem.network.entries
    }
    assert found == {
        "H1": ("linear", "X", {"weight": "W1", "bias": "b1"}),
        "O1": ("relu", "H1", {}),
        "H2": ("linear", "O1", {"weight": "W2", "bias": "b2"}),
        "yhat": ("softmax", "H2", {}),
    }
    assert problem.network.values["W1"].array.tolist() == [[0.5, 1, -0.5], [-1, 0.25, 1.5]]
    assert "W₁ = fc1.weightᵀ, b₁ = fc1.bias" in problem.intro


def test_a_float32_is_the_decimal_that_it_was_written_as() -> None:
    made = model([node("Gemm", INPUT, "w")], ["n", 1], w=[[0.1]])
    assert str(opened(made).network.values["W1"].exact[0, 0]) == "1/10"


def test_a_weight_that_is_used_twice_is_one_value() -> None:
    nodes = [
        node("MatMul", INPUT, "w", to="a"),
        node("Relu", "a", to="b"),
        node("Gemm", "b", "w", transB=1),
    ]
    problem = opened(model(nodes, ROWS, w=numbers(3, 2)))
    assert [key for key in problem.network.values if key.startswith("W")] == ["W1"]
    assert problem.solution.formula("yhat") == "O₁·W₁ᵀ"
    assert "grad.W1" in problem.solution


def test_parameters_in_formulas_are_asked_about_and_running_averages_are_not() -> None:
    made = model([node("BatchNormalization", INPUT, *NORM)], ["n", 2], **NORM)
    keys = {*opened(made).solution}
    assert keys >= {"grad.gamma1", "grad.beta1", "grad.X"}
    assert not keys & {"grad.mu1", "grad.var1"}


def test_a_convolution_of_several_channels_is_one_for_each_pair_and_a_sum() -> None:
    made = model([node("Conv", INPUT, "k")], [1, 2, 4, 4], k=numbers(3, 2, 2, 2))
    kinds = [entry.layer for entry in opened(made).network.entries]
    assert [kinds.count("conv2d"), kinds.count("formula")] == [6, 3]


# --- the example and the loss -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "target", "kind"),
    [
        ("Softmax", [0, 2], "cross_entropy"),
        ("Softmax", [[0.5, 0.5, 0], [0, 0, 1]], "cross_entropy"),
        ("Softmax", [[1, 2, 3], [0, 0, 1]], "mse"),
        ("Sigmoid", [[1, 0, 0], [0, 1, 1]], "logloss"),
        ("Sigmoid", [[0.5, 0, 0], [0, 1, 1]], "mse"),
        ("Relu", [[1, 0, 0], [0, 1, 1]], "mse"),
    ],
)
def test_the_loss_is_the_one_for_the_last_layer_and_the_target(
    last: str, target: Any, kind: str
) -> None:
    made = model([node("Gemm", INPUT, "w", to="z"), node(last, "z")], ["n", 2], w=numbers(2, 3))
    assert loss_of(opened(made, input=X, target=target)) == kind
    assert loss_of(opened(made)) == {"Softmax": "cross_entropy", "Sigmoid": "logloss"}.get(
        last, "mse"
    )


def test_classes_by_their_number_become_rows_with_a_one() -> None:
    problem = opened(classifier(), input=X, target=[0, 2])
    assert problem.network.values["y"].array.tolist() == [[1, 0, 0], [0, 0, 1]]


def test_what_is_not_given_is_drawn_and_said() -> None:
    drawn = opened(classifier(), seed=3)
    again = opened(classifier(), seed=3)
    assert drawn.id == again.id != opened(classifier(), seed=4).id
    assert drawn.network.values["X"].shape == (2, 2)
    assert "The input and the target are drawn, with the seed 3." in drawn.intro
    assert "The target is drawn, with the seed 5." in opened(classifier(), input=X, seed=5).intro


def test_an_input_alone_gives_a_forward_pass_only() -> None:
    problem = opened(classifier(), input=X)
    assert [*problem.solution] == ["H1", "O1", "H2", "yhat"]
    assert "drawn" not in problem.intro


def test_the_same_content_has_the_same_id_and_another_one_another() -> None:
    first = opened(classifier(), input=X, target=[0, 2])
    assert first.id == opened(classifier(), input=X, target=[[1, 0, 0], [0, 0, 1]]).id
    assert first.id != opened(classifier(), input=X, target=[1, 2]).id
    made = classifier()
    made.graph.name, made.producer_name = "another", "else"
    assert first.id == opened(made, input=X, target=[0, 2]).id


@pytest.mark.parametrize(
    ("sides", "shape"),
    [
        (["n", 3], (4, 3)),
        (["n", 3], (3,)),
        (["n", 1], (4,)),
        (PICTURE, (5, 5)),
        (PICTURE, (1, 5, 5)),
        (["n", "c", "h", "w"], (4, 6)),
        ([3], (1, 3)),
    ],
)
def test_an_input_is_read_with_the_axes_that_the_model_has(sides: Any, shape: Any) -> None:
    problem = opened(model([node("Relu", INPUT)], sides), input=numbers(*shape))
    assert problem.network.values["X"].array.size == np.prod(shape)


@pytest.mark.parametrize(
    ("sides", "example", "message"),
    [
        (ROWS, {"input": numbers(2, 4)}, "input.npy: the model takes ?x3, not 2x4"),
        (ROWS, {"input": numbers(2, 2, 3)}, "input.npy: the model takes ?x3, not 2x2x3"),
        ([2, 3], {"input": numbers(3, 3)}, "input.npy: the model takes 2x3, not 3x3"),
        (ROWS, {"input": [[1, 2, np.nan]]}, "input.npy: nan at [0, 2] is not a number"),
        (ROWS, {"input": [[1e40, 2, 3]]}, "input.npy: 1e+40 at [0, 0] is too large or too small"),
        (ROWS, {"input": np.ones((65, 3))}, "input.npy: a matrix has at most 64 rows and columns"),
        (
            ["n", 1, 3, 3],
            {"input": numbers(2, 1, 3, 3)},
            "input.npy: one picture at a time is taught, not 2",
        ),
        (
            ROWS,
            {"target": [[1, 2]]},
            "target.npy: the target must have the prediction's shape 2x3, not 1x2",
        ),
        (
            ["n", "m"],
            {},
            "The size of the input “input” is open, so it can't be drawn: give --input.",
        ),
        (
            ["n", 3, 3],
            {},
            "The input “input” has 3 axes: rows of observations (2), a row (1) or a picture (4)",
        ),
    ],
)
def test_an_example_that_does_not_fit_is_refused_with_its_file(
    sides: Any, example: dict[str, Any], message: str
) -> None:
    (found,) = faults(model([node("Relu", INPUT)], sides), **example)
    assert message in found


def test_a_class_that_the_model_does_not_have_is_named() -> None:
    found = faults(classifier(), input=X, target=[0, 3])
    assert found == ["target.npy: there is no class 3: 0 to 2"]
