"""Formulas that are right: as the lesson prints them, as people type them, and worth the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.expression.printing import write
from engine.marking.formula import mark_formula, preview
from engine.problems.reading import load
from tests.engine.marking.test_formula import SOLUTIONS, mark
from tests.engine.marking.test_formula_reading import TABLE

NOT_TYPED = (r"\frac", "place_rows", r"place\_rows", "eye")
"""What the lesson prints, but nobody is expected to type."""

PRINTED = [
    (problem, key, text)
    for problem, solution in SOLUTIONS.items()
    for key, step in solution.items()
    for text in dict.fromkeys(
        [
            solution.formula(key),
            solution.numpy(key),
            solution.pytorch(key),
            solution.latex(key),
            *(write(node, solution.notation) for node in step.quantity.others),
        ]
    )
    if len(text) <= 200 and not any(sign in text for sign in NOT_TYPED)
]


@pytest.mark.parametrize(("problem", "key", "text"), PRINTED)
def test_every_formula_the_lesson_prints_is_right_as_it_is_printed(
    problem: str, key: str, text: str
) -> None:
    found = mark(problem, key, text)
    assert (found.verdict, found.message) == ("right", "Right.")


@pytest.mark.parametrize(("problem", "key", "shown", "text"), TABLE)
def test_every_notation_is_right(problem: str, key: str, shown: str, text: str) -> None:
    found = mark(problem, key, text)
    assert found.verdict == "right"
    assert found.reading == shown
    assert found.credit == 1


@pytest.mark.parametrize(
    ("problem", "key", "text"),
    [
        ("masha", "H1", "(W1ᵀXᵀ)ᵀ"),
        ("masha", "O1", "H1 ⊙ [H1>0]"),
        ("masha", "O1", "(H1 + |H1|)/2"),
        ("masha", "yhat", "max(0, X W1) W2"),
        ("masha", "each.L", "(y-ŷ)²/2"),
        ("masha", "each.L", "½ Σ(ŷ-y)²"),
        ("masha", "L", "mean(ℓ)"),
        ("masha", "L", "Σℓ/n"),
        ("masha", "L", "mean((ŷ-y)²)/2"),
        ("masha", "L", "(ŷ-y)ᵀ(ŷ-y)/(2n)"),
        ("masha", "L", "‖ŷ-y‖²/(2n)"),
        ("masha", "L", "1/n Σ 0.5(ŷ-y)²"),
        ("masha", "grad.W2", "O1ᵀ(ŷ-y)"),
        ("masha", "grad.H1", "d W2ᵀ ⊙ [H1>0]"),
        ("masha", "grad.H1", "d ⊙ [O1>0]"),
        ("masha", "grad.W1", "Xᵀ(((ŷ-y)W2ᵀ) ⊙ [H1>0])"),
        ("masha", "new.W1", "W1 - γ Xᵀ dH1"),
        ("logistic", "p", "1/(1+e^-ŷ)"),
        ("logistic", "p", "e^ŷ/(1+e^ŷ)"),
        ("logistic", "p", "(1 + tanh(ŷ/2))/2"),
        ("logistic", "each.L", "ln(1+e^ŷ) - yŷ"),
        ("logistic", "grad.p", "(p-y)/(p(1-p))"),
        ("logistic", "grad.yhat", "p - y"),
        ("logistic", "grad.yhat", "d p (1-p)"),
        ("logistic", "grad.yhat", "d ⊙ σ'(ŷ)"),
        ("logistic", "grad.yhat", "σ(ŷ) - y"),
        ("logistic", "local.yhat", "p - p²"),
        ("strict", "grad.yhat", "-2(y-ŷ)/n"),
        ("strict", "L", "mean((y-ŷ)²)"),
        ("biased", "grad.b", "Σ 2(ŷ-y)/n"),
        ("softmax", "P", "exp(Z)/sum(exp(Z), axis=1)"),
        ("softmax", "grad.Z", "P ⊙ (d - sum(d*P, axis=1))"),
        ("softmax", "grad.Z", "P ⊙ d - P ⊙ (d ⊙ P).sum(1, keepdims=True)"),
        ("recurrent", "grad.u", "∂L/∂p2 h2 [u h2 > 0] + ∂L/∂p1 h1 [u h1 > 0]"),
        ("given", "grad.H1", "(d W2ᵀ) ⊙ [H1 > 0]"),
    ],
)
def test_any_formula_of_the_same_value_is_right(problem: str, key: str, text: str) -> None:
    assert mark(problem, key, text).verdict == "right"


def test_a_formula_without_words_of_its_own_is_right_as_it_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "picture.toml"
    file.write_text(PICTURE, encoding="utf-8")
    solution = load(str(file)).solution
    for key, text in [
        ("C", "conv2d(X, K, stride=2)"),
        ("C", " conv2d( X,K, stride = 2 ) "),
        ("grad.K", "conv2d_to_kernel(∂L/∂C, X, stride=2)"),
        ("grad.K", "conv2d_to_kernel(d, X, stride=2)"),
    ]:
        found = mark_formula(solution, key, text)
        assert (found.verdict, found.reading) == ("right", solution.formula(key))
        assert preview(solution, key, text).text == solution.formula(key)
    assert mark_formula(solution, "C", "conv2d(X, K)").verdict == "invalid"


PICTURE = """
format = 1
id = "picture"
title = "A picture"
[values]
X = [[1, 2, 3], [4, 5, 6], [7, 8, 10]]
K = [[1]]
d = [[1, 2], [3, 4]]
[[forward]]
layer = "conv2d"
weight = "K"
stride = 2
to = "C"
[loss]
kind = "given"
upstream = "d"
"""
