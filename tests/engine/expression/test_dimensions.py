"""Which sizes of a network are tied together, and drawing others for the rest."""

from __future__ import annotations

import pytest

from engine.expression.broadcasting import resolve
from engine.expression.dimensions import Dimensions, Size, infer, unify
from engine.expression.node import Node, broadcast, make, name, select_rows, sum_columns
from engine.expression.parse import parse
from engine.expression.shape import SHAPES, Same, Shape, ShapeError, shape_of

OWN = {"X": (2, 2), "W1": (2, 2), "W2": (2, 1), "b": (1, 2), "y": (2, 1), "eta": ()}
FORMULAS = {"H1": "X@W1 + b", "O1": "relu(H1)", "yhat": "O1@W2", "each": "(yhat - y)^2"}


def network() -> Dimensions:
    shapes = dict(OWN)
    trees = {}
    for key, text in FORMULAS.items():
        trees[key] = resolve(parse(text, shapes), shapes)
        shapes[key] = shape_of(trees[key], shapes)
    return infer(OWN, trees)


def test_sizes_that_meet_in_a_product_are_one() -> None:
    drawn = network().draw(0)
    rows, inputs = drawn["X"]
    hidden, outputs = drawn["W2"]
    assert drawn["W1"] == (inputs, hidden)
    assert drawn["H1"] == drawn["O1"] == (rows, hidden)
    assert drawn["yhat"] == drawn["y"] == drawn["each"] == (rows, outputs)


def test_a_repeated_row_stays_one_row() -> None:
    drawn = network().draw(0)
    assert drawn["b"] == (1, drawn["W1"][1])


def test_numbers_stay_numbers() -> None:
    assert network().draw(0)["eta"] == ()


def test_free_sizes_are_small_and_all_different_and_not_the_exercises_own() -> None:
    for seed in range(20):
        drawn = network().draw(seed)
        free = [*drawn["X"], *drawn["W2"]]
        assert len(set(free)) == 4
        assert not {1, 2} & set(free)
        assert max(free) <= 7


def test_the_same_seed_draws_the_same_sizes_and_another_one_others() -> None:
    assert network().draw(3) == network().draw(3)
    assert len({network().draw(seed)["X"] for seed in range(10)}) > 3


def test_more_free_sizes_than_small_numbers_are_still_different() -> None:
    given = {f"A{i}": (3, 3) for i in range(10)}
    drawn = infer(given, {}).draw(0)
    sizes = [size for shape in drawn.values() for size in shape]
    assert len(set(sizes)) == 20
    assert 3 not in sizes


def test_quantities_can_be_declared_alike_and_sizes_fixed() -> None:
    found = infer(
        {"A": (2, 3), "B": (2, 3)}, {"C": name("A").T}, alike=[("A", "B")], fixed=[("A", 0, 2)]
    )
    drawn = found.draw(5)
    assert drawn["A"] == drawn["B"]
    assert drawn["A"][0] == 2
    assert drawn["C"] == (drawn["A"][1], 2)


def test_an_op_that_counts_rows_keeps_the_exercises_own() -> None:
    drawn = infer({"A": (4, 3)}, {"B": select_rows(name("A"), (0, 3))}).draw(0)
    assert drawn["A"][0] == 4
    assert drawn["B"][0] == 2


def test_an_op_that_reckons_with_sizes_keeps_the_exercises_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def halved(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
        return (shapes[0][0] // 2, shapes[0][1] - 1)

    monkeypatch.setitem(SHAPES, "halved", halved)
    tree = make("halved", (name("A"),)) @ name("W")
    drawn = infer({"A": (4, 3), "W": (2, 5)}, {"B": tree}).draw(0)
    assert drawn["A"] == (4, 3)
    assert drawn["B"] == (2, drawn["W"][1])
    assert drawn["W"][0] == 2
    assert drawn["W"][1] not in (2, 3, 4, 5)


def test_a_sum_over_columns_leaves_one_column() -> None:
    tree = broadcast(sum_columns(name("A")), name("A"), "column") * name("A")
    drawn = infer({"A": (4, 3)}, {"B": tree}).draw(0)
    assert drawn["B"] == drawn["A"]


def test_an_exercise_that_doesnt_fit_is_refused() -> None:
    with pytest.raises(ShapeError):
        infer({"A": (2, 3), "B": (2, 3)}, {"C": name("A") @ name("B")}, fixed=[])


def test_uniting_keeps_what_is_known() -> None:
    one, other, third = Size(), Size(), Size()
    assert unify(one, other)
    assert unify(third, 3)
    assert unify(other, third)
    assert one.value == 3
    assert unify(3, one)
    assert not unify(one, 4)
    assert not unify(2, 3)
    fourth = Size()
    assert unify(fourth, 4)
    assert not unify(one, fourth)
