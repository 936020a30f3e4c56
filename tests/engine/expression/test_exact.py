"""Exact values: fractions as far as decimals end, and no further than anyone could write."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expression.evaluate import Array, evaluate
from engine.expression.exact import MAX_BITS, InexactError, decimals_of, evaluate_exactly
from engine.expression.node import (
    Node,
    exp,
    ln,
    mask,
    mean,
    name,
    number,
    relu,
    sigmoid,
    softmax,
    sqrt,
    tanh,
    total,
)
from tests.engine.expression.samples import SAMPLES, VALUES

X, Y, S = name("X"), name("Y"), name("s")


def fractions(value: object) -> Array:
    array = np.asarray(value)
    cells = np.empty(array.shape, dtype=object)
    for place in np.ndindex(array.shape):
        cells[place] = Fraction(float(array[place]))
    return cells


EXACT_VALUES = {key: fractions(value) for key, value in VALUES.items()}

NEVER_EXACT = {
    case
    for case in SAMPLES
    if case.partition(",")[0] in ("sigmoid", "tanh", "softmax", "exp", "ln", "sqrt")
    or case in ("div", "div, nested", "div, number first", "power, inverse", "power, -3")
}
"""Functions without exact values, quotients by a matrix, negative powers."""


@pytest.mark.parametrize("case", SAMPLES)
def test_every_op_is_exact_or_says_that_it_is_not(case: str) -> None:
    tree = SAMPLES[case].node
    if case in NEVER_EXACT:
        with pytest.raises(InexactError):
            evaluate_exactly(tree, EXACT_VALUES)
        return
    found = evaluate_exactly(tree, EXACT_VALUES)
    assert all(isinstance(cell, Fraction) for cell in found.flat)
    wanted = evaluate(tree, VALUES)
    assert found.shape == wanted.shape
    np.testing.assert_allclose(found.astype(float), wanted, rtol=1e-15)


def value(tree: Node, **named: object) -> Array:
    return evaluate_exactly(tree, {key: fractions(cells) for key, cells in named.items()})


def test_a_third_stays_a_third() -> None:
    assert value(mean(X), X=[[1.0, 2.0, 4.0]]) == Fraction(7, 3)


def test_a_mean_of_a_sum_is_that_sum() -> None:
    assert value(mean(total(X)), X=[[1.0, 2.0]]) == 3
    assert value(mean(number(3)), X=[[1.0]]) == 3


@pytest.mark.parametrize("function", [exp, ln, sigmoid, softmax, sqrt, tanh])
def test_a_function_without_exact_values_is_inexact_even_where_it_has_one(
    function: object,
) -> None:
    with pytest.raises(InexactError):
        value(function(X), X=[[1.0]])  # type: ignore[operator]


def test_an_inexact_name_makes_the_tree_inexact() -> None:
    with pytest.raises(InexactError):
        evaluate_exactly(X + Y, {"X": fractions([[1.0]])})


def test_a_division_by_the_number_0_says_so() -> None:
    with pytest.raises(ZeroDivisionError):
        value(mask(1 / S), s=0.0)


def test_numbers_that_would_double_their_digits_again_and_again_are_given_up() -> None:
    tree: Node = S
    for _ in range(100):
        tree = tree * tree
    with pytest.raises(InexactError):
        value(tree, s=0.99)
    for _ in range(20):
        tree = tree**4
    with pytest.raises(InexactError):
        value(tree, s=1.5)


def test_as_many_digits_as_anyone_needs_are_kept() -> None:
    tree = S**100
    assert value(tree, s=0.5) == Fraction(1, 2**100)
    assert MAX_BITS > 100


def test_a_product_too_large_for_fractions_is_given_up() -> None:
    with pytest.raises(InexactError):
        value(X @ X, X=np.eye(64))
    assert value(X @ X, X=np.eye(16)).shape == (16, 16)


def test_the_relu_and_its_mask_are_0_at_0() -> None:
    assert value(relu(X), X=[[0.0, -1.0, 0.5]]).tolist() == [[0, 0, Fraction(1, 2)]]
    assert value(mask(X), X=[[0.0, -1.0, 0.5]]).tolist() == [[0, 0, 1]]


@pytest.mark.parametrize(
    ("number", "decimals"),
    [
        (Fraction(3), 0),
        (Fraction(-1, 2), 1),
        (Fraction(1, 8), 3),
        (Fraction(7, 25), 2),
        (Fraction(1, 1000), 3),
        (Fraction(1, 3), None),
        (Fraction(1, 30), None),
        (Fraction(0), 0),
    ],
)
def test_decimals_are_counted_or_never_end(number: Fraction, decimals: int | None) -> None:
    assert decimals_of(number) == decimals


@given(st.integers(-(10**9), 10**9), st.integers(0, 12))
def test_a_decimal_has_as_many_decimals_as_it_needs(whole: int, decimals: int) -> None:
    number = Fraction(whole, 10**decimals)
    found = decimals_of(number)
    assert found is not None
    assert found <= decimals
    assert (number * 10**found).denominator == 1
    assert found == 0 or (number * 10 ** (found - 1)).denominator != 1
