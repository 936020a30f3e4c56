"""Rounding bounds: no honest rounding of the operands moves a result beyond its bound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expression.bound import bound
from engine.expression.evaluate import Array, evaluate
from engine.expression.node import (
    Node,
    absolute,
    exp,
    leaky_mask,
    leaky_relu,
    ln,
    mask,
    name,
    number,
    relu,
    sigmoid,
    sign,
    size,
    softmax,
    sqrt,
)
from tests.engine.expression.samples import SAMPLES, VALUES

TINY = 1e-12


def perturbed(
    values: dict[str, Array], bounds: dict[str, Array], random: np.random.Generator
) -> dict[str, Array]:
    """Each name moved within its bound: anywhere, or as far as it goes."""
    moved = {}
    for key, value in values.items():
        whole = random.choice([-1.0, 1.0], value.shape)
        part = random.uniform(-1, 1, value.shape)
        moved[key] = value + np.where(random.random(value.shape) < 0.5, whole, part) * bounds[key]
    return moved


@pytest.mark.parametrize("case", SAMPLES)
@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-6, 1e-2, 0.1, 1.0]))
def test_nothing_within_the_bounds_moves_the_value_beyond_its_own(
    case: str, seed: int, reach: float
) -> None:
    tree = SAMPLES[case].node
    random = np.random.default_rng(seed)
    values = {
        key: np.where(random.random(value.shape) < 0.2, 0, value + random.normal(size=value.shape))
        for key, value in VALUES.items()
    }
    values["P"] = np.abs(values["P"]) + 0.01
    bounds = {key: random.uniform(0, reach, value.shape) for key, value in values.items()}
    bounds["P"] = np.minimum(bounds["P"], values["P"])
    value, limit = evaluate(tree, values), bound(tree, values, bounds)
    assert limit.shape == value.shape
    assert (limit >= 0).all()
    for _ in range(10):
        with np.errstate(all="ignore"):
            moved = np.abs(evaluate(tree, perturbed(values, bounds, random)) - value)
        assert (np.isinf(limit) | (moved <= 1.05 * limit + TINY * (1 + np.abs(value)))).all()


@pytest.mark.parametrize("case", SAMPLES)
def test_what_nobody_rounded_does_not_move(case: str) -> None:
    tree = SAMPLES[case].node
    assert (bound(tree, VALUES, {}) == 0).all()


X, S = name("X"), name("s")


def at(tree: Node, x: float, reach: float, s: float = 0.5, s_reach: float = 0.0) -> float:
    values = {"X": np.array([[x]]), "s": np.array(s)}
    bounds = {"X": np.array([[reach]]), "s": np.array(s_reach)}
    return float(bound(tree, values, bounds).item())


@pytest.mark.parametrize(
    ("tree", "x", "reach", "expected"),
    [
        (X + X, 1.0, 0.1, 0.2),
        (X * X, 3.0, 0.1, 0.61),
        (2 * X, 3.0, 0.1, 0.2),
        (X**3, 2.0, 0.1, 3 * 2.1**2 * 0.1),
        (X**0, 2.0, 0.1, 0.0),
        (relu(X), -1.0, 0.1, 0.1),
        (absolute(X), -1.0, 0.1, 0.1),
        (mask(X), 0.05, 0.1, 1.0),
        (mask(X), 0.5, 0.1, 0.0),
        (mask(X), 0.0, 0.0, 0.0),
        (sign(X), 0.05, 0.1, 2.0),
        (sign(X), 0.0, 0.1, 1.0),
        (leaky_mask(X, number(4)), 0.05, 0.1, 3.0),
        (leaky_mask(X, S), 3.0, 0.1, 0.0),
        (leaky_relu(X, number(4)), 1.0, 0.1, 0.4),
        (sqrt(X), 0.0, 0.04, 0.2),
        (sqrt(X), 0.0, 0.0, 0.0),
        (sigmoid(X), 0.05, 0.1, 0.025),
        (exp(X), 0.0, 0.1, np.exp(0.1) * 0.1),
        (size(X, "all"), 1.0, 0.1, 0.0),
    ],
)
def test_a_bound_is_the_one_that_calculus_gives(
    tree: Node, x: float, reach: float, expected: float
) -> None:
    assert at(tree, x, reach) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "tree", [1 / X, X**-1, X**-2, ln(X), 2 + 1 / X, relu(1 / X), (1 / X) * number(0)]
)
def test_within_reach_of_0_a_quotient_or_logarithm_may_be_anything(tree: Node) -> None:
    assert at(tree, 0.05, 0.1) == np.inf
    assert at(tree, 0.1, 0.1) == np.inf


def test_a_quotient_out_of_reach_of_0_is_bounded_exactly() -> None:
    assert at(1 / X, 2.0, 0.5) == pytest.approx(1 / 1.5 - 1 / 2)


def test_the_bound_of_the_slope_counts_where_the_input_is_negative() -> None:
    assert at(leaky_mask(X, S), -3.0, 0.1, s_reach=0.2) == pytest.approx(0.2)
    assert at(leaky_relu(X, S), -3.0, 0.0, s_reach=0.2) == pytest.approx(0.6)


def test_a_softmax_can_not_move_further_than_from_0_to_1() -> None:
    values = {"X": np.array([[0.0, 0.0]])}
    limit = bound(softmax(X), values, {"X": np.array([[50.0, 50.0]])})
    assert limit.max() == pytest.approx(0.5)


def test_a_bound_for_a_whole_matrix_may_be_one_number() -> None:
    values = {"X": np.ones((2, 2))}
    assert bound(X * 2, values, {"X": np.array(0.5)}).tolist() == [[1, 1], [1, 1]]
