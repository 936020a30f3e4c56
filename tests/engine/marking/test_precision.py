"""Precision: what is right at the digits asked, and what is only too coarse."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.marking.numbers import read_number
from engine.marking.precision import asked_decimals, fit, target
from engine.problems.problem import Precision

FOUR = Precision(decimals=4)
TWO = Precision(significant=2)


@pytest.mark.parametrize(
    ("value", "precision", "typed", "expected"),
    [
        (0.7310585, FOUR, "0.7311", "right"),
        (0.7310585, FOUR, "0.73106", "right"),
        (0.7310585, FOUR, "0.73111", "wrong"),
        (0.7310585, FOUR, "0.7310", "coarse"),
        (0.7310585, FOUR, "0.7312", "wrong"),
        (0.7310585, FOUR, "0.73", "coarse"),
        (0.7310585, FOUR, "0.8", "wrong"),
        (0.7310585, FOUR, "1", "wrong"),
        (0.7310585, FOUR, "0", "wrong"),
        (0.7310585, FOUR, "-0.7311", "wrong"),
        (0.00004, FOUR, "0", "right"),
        (0.3345, FOUR, "0.3", "coarse"),
        (0.3345, FOUR, "0.4", "wrong"),
        (0.99996, FOUR, "1", "right"),
        (0.9996, FOUR, "0.9", "coarse"),
        (0.0345, FOUR, "0.1", "wrong"),
        (1 / 3, FOUR, "1/3", "right"),
        (1 / 3, FOUR, "0.3333", "right"),
        (1 / 3, FOUR, "0.333", "coarse"),
        (0.19661, TWO, "0.2", "right"),
        (0.19661, TWO, "0.20", "right"),
        (0.19661, TWO, "0.19", "coarse"),
        (0.19661, TWO, "0.18", "wrong"),
        (-0.26894, TWO, "-0.27", "right"),
        (1626.5, TWO, "1600", "right"),
        (1626.5, TWO, "1700", "wrong"),
        (24.6, FOUR, "24", "coarse"),
        (0.0, TWO, "0", "right"),
        (1e-17, TWO, "0", "right"),
    ],
)
def test_an_inexact_cell(value: float, precision: Precision, typed: str, expected: str) -> None:
    assert fit(read_number(typed), target(value, None, precision)) == expected


@pytest.mark.parametrize(
    ("value", "typed", "expected"),
    [
        ("1/8", "1/8", "right"),
        ("1/8", "0.125", "right"),
        ("1/8", "0.13", "coarse"),
        ("1/8", "0.12", "coarse"),
        ("1/8", "0.126", "wrong"),
        ("-1", "-1.000", "right"),
        ("-1", "-1.0001", "wrong"),
        ("0", "0", "right"),
        ("0", "0.0001", "wrong"),
        ("0", "-0", "right"),
        ("6525/100", "65", "coarse"),
        ("25/4", "6", "wrong"),
        ("1/2", "sigmoid(0)", "right"),
    ],
)
def test_an_exact_cell(value: str, typed: str, expected: str) -> None:
    assert fit(read_number(typed), target(0.0, Fraction(value), FOUR)) == expected


@pytest.mark.parametrize(
    ("value", "decimals"), [(0.1966, 2), (3.71, 1), (24.9, 0), (1626.0, -2), (0.0031, 4)]
)
def test_significant_digits_are_counted_from_the_first_that_is_not_zero(
    value: float, decimals: int
) -> None:
    assert asked_decimals(value, TWO) == decimals
