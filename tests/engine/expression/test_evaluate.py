"""The value of every op: against plain NumPy, at the edges of the numbers, and in a plan."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from engine.expression.evaluate import evaluate
from engine.expression.node import (
    Node,
    ln,
    make,
    mask,
    mean,
    name,
    number,
    relu,
    sigmoid,
    sign,
    softmax,
    total,
)
from engine.expression.plan import Plan
from tests.engine.expression.samples import SAMPLES, VALUES

X = name("X")


@pytest.mark.parametrize("case", SAMPLES)
def test_every_op_computes_what_plain_numpy_computes(case: str) -> None:
    sample = SAMPLES[case]
    found, expected = evaluate(sample.node, VALUES), np.asarray(sample.expected(VALUES))
    assert found.shape == expected.shape
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", SAMPLES)
def test_a_plan_computes_the_same_at_either_precision(case: str, dtype: str) -> None:
    tree = SAMPLES[case].node
    inputs = [np.asarray(value, dtype=dtype) for value in VALUES.values()]
    (found,) = Plan([*VALUES], [tree], dtype).run(inputs)
    wanted = evaluate(tree, VALUES)
    assert np.shape(found) == wanted.shape
    np.testing.assert_allclose(found, wanted, rtol=1e-14 if dtype == "float64" else 1e-5)


def at(tree: Node, *cells: float) -> list[float]:
    return [float(cell) for cell in evaluate(tree, {"X": np.array([cells])}).flat]


@pytest.mark.parametrize(
    ("tree", "cells", "expected"),
    [
        (relu(X), (-1.0, 0.0, 2.0), [0, 0, 2]),
        (mask(X), (-1.0, 0.0, 2.0), [0, 0, 1]),
        (sign(X), (-3.0, 0.0, 2.0), [-1, 0, 1]),
        (sigmoid(X), (0.0, 1000.0, -1000.0), [0.5, 1, 0]),
        (softmax(X), (1000.0, 1000.0), [0.5, 0.5]),
        (softmax(X), (-1000.0, 0.0), [0, 1]),
    ],
)
def test_the_edges_have_their_agreed_values(
    tree: Node, cells: tuple[float, ...], expected: list[float]
) -> None:
    assert at(tree, *cells) == expected


def test_the_sigmoid_of_a_very_negative_number_keeps_its_digits() -> None:
    assert at(sigmoid(X), -700.0)[0] == pytest.approx(np.exp(-700.0), rel=1e-12)


def test_where_there_is_no_value_the_cell_says_so_without_a_warning() -> None:
    assert at(ln(X), 0.0) == [-np.inf]
    assert at(1 / X, 0.0) == [np.inf]
    assert np.isnan(at(ln(X), -1.0)[0])
    assert at(X**-2, 0.0) == [np.inf]


def test_a_sum_or_mean_of_a_number_is_that_number() -> None:
    assert evaluate(total(name("s")), {"s": np.array(3.0)}) == 3
    assert evaluate(mean(number(Fraction(1, 4))), {}) == 0.25


def test_a_tree_with_shared_parts_is_computed_part_by_part() -> None:
    root = X
    for _ in range(300):
        root = (root + root) / 2
    assert at(root, 1.5) == [1.5]


def test_an_op_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError, match="cosine"):
        evaluate(make("cosine", (X,)), {"X": np.eye(2)})


def test_a_name_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="Y"):
        evaluate(X + name("Y"), {"X": np.eye(2)})
