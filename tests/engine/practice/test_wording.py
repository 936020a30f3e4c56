"""The words of a question say all that one must know about a layer."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from engine.network.layers import entries
from engine.network.model import Network
from engine.practice.wording import question_text
from engine.problems.problem import Precision, Problem
from tests.engine.networks import given, matrix, numbers

GRID = ((1, -2, 3), (0, 1, 2), (2, 1, -1))


def asked(kind: str, key: str = "H", roles: dict[str, str] | None = None, **others: Any) -> str:
    made = entries(kind, "X", "H", roles or {}, others)
    values = given(
        matrix("X", *GRID), matrix("M", *GRID), matrix("K", (1, 2), (3, 4)), *numbers(a=0.5)
    )
    problem = Problem("test", "Test", Network(values, made), Precision(decimals=4))
    return question_text(problem, key)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (asked("leaky_relu"), "X goes through the leaky ReLU (slope = 0.01)."),
        (asked("leaky_relu", slope="a"), "X goes through the leaky ReLU (slope = a)."),
        (asked("tanh"), "X goes through the hyperbolic tangent."),
        (asked("dropout", mask="M"), "X goes through the dropout with M."),
        (
            asked("dropout", mask="M", keep=Fraction(1, 2)),
            "X goes through the dropout (keep = 0.5) with M.",
        ),
        (asked("max_pool2d"), "X goes through the max pooling (size = 2)."),
        (
            asked("avg_pool2d", size=(2, 1), stride=1),
            "X goes through the average pooling (size = [2, 1], stride = 1).",
        ),
        (asked("conv2d", roles={"weight": "K"}), "X goes through the convolution with K."),
        (
            asked("conv2d", roles={"weight": "K"}, stride=2, padding=(1, 0)),
            "X goes through the convolution (stride = 2, padding = [1, 0]) with K.",
        ),
    ],
)
def test_a_question_tells_a_layers_numbers_and_settings(text: str, words: str) -> None:
    assert text == f"{words} What comes out, H?"


def test_a_norms_results_on_the_way_are_asked_with_its_epsilon() -> None:
    text = asked("batch_norm", "hat.H")
    assert text == "X goes through the batch normalisation (epsilon = 0.00001). What is hat(H)?"
