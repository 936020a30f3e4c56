"""Numbers that can hide a mistake are found out; what always agrees isn't held against them."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import pytest

from engine.expression.node import name
from engine.network.layers import LAYERS
from engine.network.model import Entry, Loss, Network, Value, matrix_value
from engine.practice import distinct
from engine.practice.distinct import indistinguishable
from engine.problems.problem import Precision, Problem

Rows = list[list[float]]


def _matrix(key: str, rows: Rows) -> Value:
    return matrix_value(key, [[Fraction(cell) for cell in row] for row in rows])


def _relu(before: Rows, d: Rows) -> Problem:
    values = {"H1": _matrix("H1", before), "d": _matrix("d", d)}
    entry = Entry("O1", LAYERS["relu"].forward(name("H1"), {}), "relu", "H1")
    network = Network(values, (entry,), Loss("given", "O1", upstream="d"), wrt=("H1",))
    return Problem("test", "test", network, Precision(decimals=4))


def _linear(x: Rows, w: Rows, d: Rows) -> Problem:
    values = {"X": _matrix("X", x), "W1": _matrix("W1", w), "d": _matrix("d", d)}
    node = LAYERS["linear"].forward(name("X"), {"weight": name("W1")})
    entry = Entry("H1", node, "linear", "X", {"weight": "W1"})
    network = Network(values, (entry,), Loss("given", "H1", upstream="d"))
    return Problem("test", "test", network, Precision(decimals=4))


def _squared(prediction: Rows, target: Rows, half: bool = False) -> Problem:
    values = {"yhat": _matrix("yhat", prediction), "y": _matrix("y", target)}
    network = Network(values, (), Loss("mse", "yhat", "y", half), wrt=("yhat",))
    return Problem("test", "test", network, Precision(decimals=4))


def test_good_numbers_hide_nothing() -> None:
    problem = _relu([[2, -3, 4], [-1, 5, -2]], [[-3, 2, 4], [1, -2, 5]])
    assert indistinguishable(problem, "grad.H1") == []
    assert indistinguishable(problem, "local.H1") == []


def test_a_mask_of_ones_hides_that_it_was_forgotten() -> None:
    problem = _relu([[2, 3, 4], [1, 5, 2]], [[-3, 2, 4], [1, -2, 5]])
    assert "mask_missing" in indistinguishable(problem, "grad.H1")


def test_a_gradient_of_zeros_where_the_mask_is_zero_hides_that_it_was_forgotten() -> None:
    problem = _relu([[2, -3, 4], [-1, 5, -2]], [[-3, 0, 4], [0, -2, 0]])
    assert "mask_missing" in indistinguishable(problem, "grad.H1")


def test_a_mask_taken_from_the_gradient_is_hidden_by_equal_signs() -> None:
    problem = _relu([[2, -3, 4], [-1, 5, -2]], [[3, -2, 4], [-1, 2, -5]])
    assert "mask_of_output_gradient" in indistinguishable(problem, "grad.H1")


def test_a_symmetric_weight_hides_a_forgotten_transpose() -> None:
    x, d = [[1, 2], [3, -1], [0, 2]], [[1, -1], [2, 1], [3, -2]]
    hidden = indistinguishable(_linear(x, [[1, 2], [2, 3]], d), "grad.X")
    assert "transpose_missing" in hidden
    assert indistinguishable(_linear(x, [[1, 2], [-1, 3]], d), "grad.X") == []


def test_two_observations_hide_whether_the_two_or_a_mean_went_wrong() -> None:
    two = _squared([[3], [1]], [[1], [4]])
    five = _squared([[3], [1], [0], [-2], [5]], [[1], [4], [1], [2], [-1]])
    assert indistinguishable(two, "grad.yhat") == ["averaged = coefficient_missing"]
    assert indistinguishable(five, "grad.yhat") == []


def test_two_mistakes_with_the_same_numbers_are_named_together() -> None:
    """The errors add up to 0, which is also what comes of ŷ - ŷ."""
    problem = _squared([[3], [1], [0], [2]], [[1], [2], [2], [1]])
    assert indistinguishable(problem, "L") == ["square_missing = wrong_quantity"]


def test_mistakes_that_always_agree_are_not_held_against_the_numbers() -> None:
    """Without a second layer d is the gradient itself: taking one for the other is no mistake."""
    problem = _linear([[1, 2], [3, -1], [0, 2]], [[1, 2, 4], [-1, 3, 5]], [[1, -1, 2]] * 3)
    assert "wrong_quantity" not in indistinguishable(problem, "grad.X")


def test_what_can_be_told_apart_depends_on_the_digits_asked() -> None:
    """σ'(2) is 0.105 and σ'(σ(2)) 0.207: different at four decimals, but hardly at one."""
    values = {"z": _matrix("z", [[2], [-1]]), "d": _matrix("d", [[1], [2]])}
    entry = Entry("p", LAYERS["sigmoid"].forward(name("z"), {}), "sigmoid", "z")
    network = Network(values, (entry,), Loss("given", "p", upstream="d"), wrt=("z",))
    fine = Problem("test", "test", network, Precision(decimals=4))
    rough = Problem("test", "test", network, Precision(decimals=1))
    assert indistinguishable(fine, "local.z") == []
    assert "derivative_of_output" in indistinguishable(rough, "local.z")


def test_that_each_row_marks_one_class_is_no_accident_of_the_numbers() -> None:
    """Of the softmax's way back, behind a cross entropy, two mistakes agree for one-hot rows."""
    values = {
        "Z": _matrix("Z", [[0, -1, 2], [-2, -1, 0]]),
        "y": _matrix("y", [[0, 0, 1], [1, 0, 0]]),
    }
    entry = Entry("p", LAYERS["softmax"].forward(name("Z"), {}), "softmax", "Z")
    loss = Loss("cross_entropy", "p", "y", reduction="sum")
    network = Network(values, (entry,), loss, wrt=("Z",))
    problem = Problem("test", "test", network, Precision(decimals=3))
    assert indistinguishable(problem, "grad.Z") == []


def test_only_so_many_networks_mistakes_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    few = lru_cache(maxsize=2)(distinct._mistakes_with.__wrapped__)
    monkeypatch.setattr(distinct, "_mistakes_with", few)
    for number in range(4):
        indistinguishable(_linear([[1, 2]] * (number + 1), [[3], [4]], [[5]] * (number + 1)), "H1")
    assert (few.cache_info().misses, few.cache_info().currsize) == (4, 2)
