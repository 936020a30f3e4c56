"""Broadcasts become visible where a number or a row goes with a matrix, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from engine.expression.broadcasting import resolve
from engine.expression.derive import gradients
from engine.expression.evaluate import evaluate
from engine.expression.node import Node, broadcast, leaky_relu, name, number, total
from engine.expression.parse import parse
from engine.expression.shape import ShapeError, shape_of

SHAPES = {
    "X": (3, 2),
    "W": (2, 4),
    "b": (1, 4),
    "s": (),
    "t": (),
    "n": (),
    "c": (3, 1),
    "k": (1, 1),
}
X, W, b, s, t = (name(key) for key in "XWbst")


def resolved(text: str) -> Node:
    return resolve(parse(text, SHAPES), SHAPES)


def test_a_row_beside_a_matrix_is_repeated() -> None:
    assert resolved("X@W + b") is X @ W + broadcast(b, X @ W, "row")
    assert resolved("b - X@W") is broadcast(b, X @ W, "row") - X @ W


def test_a_named_number_beside_a_matrix_is_repeated() -> None:
    assert resolved("s * X") is broadcast(s, X, "scalar") * X
    assert resolved("X / s") is X / broadcast(s, X, "scalar")


def test_what_is_computed_from_names_counts_as_named() -> None:
    assert resolved("X * sum(X)") is X * broadcast(total(X), X, "scalar")


@pytest.mark.parametrize("text", ["2*X", "1 - X", "X/(2*n)", "s*t", "X*X", "1/(1 + exp(-X))"])
def test_constants_and_equal_shapes_need_nothing(text: str) -> None:
    assert resolved(text) is parse(text, SHAPES)


def test_a_repeated_operand_may_have_a_repetition_in_it() -> None:
    inner = b * broadcast(s, b, "scalar")
    assert resolved("X@W + b*s") is X @ W + broadcast(inner, X @ W, "row")


def test_resolving_twice_changes_nothing() -> None:
    once = resolved("X@W*s + b")
    assert resolve(once, SHAPES) is once


@pytest.mark.parametrize(
    "text", ["X + W", "X@W + c", "X * k", "X + X.T", "X @ s", "s·X", "X.T@W", "softmax(s)"]
)
def test_nothing_else_is_repeated(text: str) -> None:
    with pytest.raises(ShapeError):
        resolved(text)


def test_a_slope_is_a_number() -> None:
    assert resolve(leaky_relu(X, s), SHAPES) is leaky_relu(X, s)
    with pytest.raises(ShapeError):
        resolve(leaky_relu(X, X), SHAPES)


def test_the_gradient_of_what_was_repeated_is_summed_back() -> None:
    tree = total(resolved("(X@W + b)*s"))
    parts = gradients(tree, number(1), ["b", "s"])
    assert {key: shape_of(part, SHAPES) for key, part in parts.items()} == {"b": (1, 4), "s": ()}
    random = np.random.default_rng(1)
    values = {key: random.normal(size=shape) for key, shape in SHAPES.items()}
    assert np.allclose(evaluate(parts["b"], values), 3 * values["s"])
