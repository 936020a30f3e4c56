"""Shapes: what fits, and errors that name both operands with their shapes."""

from __future__ import annotations

import numpy as np
import pytest

from engine.expression.node import (
    Node,
    broadcast,
    leaky_mask,
    leaky_relu,
    mean_columns,
    name,
    number,
    place_rows,
    relu,
    select_rows,
    size,
    softmax,
    sum_rows,
)
from engine.expression.shape import ShapeError, shape_of, shape_text, shapes_of
from tests.engine.expression.samples import SAMPLES, SHAPES, VALUES

X, Y, S, R, C = name("X"), name("Y"), name("s"), name("r"), name("c")
NAMED = {"X": (3, 2), "Y": (2, 4), "s": (), "r": (1, 2), "c": (3, 1)}


@pytest.mark.parametrize("case", SAMPLES)
def test_every_tree_has_the_shape_of_its_value(case: str) -> None:
    sample = SAMPLES[case]
    assert shape_of(sample.node, SHAPES) == np.shape(sample.expected(VALUES))


def test_every_part_of_a_tree_gets_its_shape() -> None:
    found = shapes_of(relu(X @ Y) / 2, NAMED)
    assert found[X @ Y] == (3, 4)
    assert found[number(2)] == ()


def test_a_number_goes_with_any_shape() -> None:
    assert shape_of(S * X, NAMED) == shape_of(X - S, NAMED) == (3, 2)
    assert shape_of(S + S, NAMED) == ()


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (
            X @ X,
            "X (3x2) and X (3x2) can't be multiplied: the columns of the first (2) and the rows of "
            "the second (3) must be equally many.",
        ),
        (
            relu(Y) @ X.T.T,
            "relu(Y) (2x4) and X (3x2) can't be multiplied: the columns of the first (4) and the "
            "rows of the second (3) must be equally many.",
        ),
        (X @ S, "The matrix product doesn't go with a number: X (3x2) and s (a number)."),
        (S @ X, "The matrix product doesn't go with a number: s (a number) and X (3x2)."),
        (X + Y, "X (3x2) and Y (2x4) don't fit cell by cell: their shapes differ."),
        (X - Y, "X (3x2) and Y (2x4) don't fit cell by cell: their shapes differ."),
        (X * C, "X (3x2) and c (3x1) don't fit cell by cell: their shapes differ."),
        (X / R, "X (3x2) and r (1x2) don't fit cell by cell: their shapes differ."),
        (
            broadcast(X, Y, "row"),
            "X (3x2) and Y (2x4) don't fit cell by cell: their shapes differ.",
        ),
        (
            broadcast(R, Y, "row"),
            "r (1x2) and Y (2x4) don't fit cell by cell: their shapes differ.",
        ),
        (
            broadcast(C, Y, "column"),
            "c (3x1) and Y (2x4) don't fit cell by cell: their shapes differ.",
        ),
        (
            broadcast(X, Y, "scalar"),
            "X (3x2) and Y (2x4) don't fit cell by cell: their shapes differ.",
        ),
        (
            place_rows(R, X, (0, 1)),
            "r (1x2) and X (3x2) don't fit cell by cell: their shapes differ.",
        ),
        (S.T, "s (a number) doesn't fit here: a matrix is needed."),
        (softmax(S), "s (a number) doesn't fit here: a matrix is needed."),
        (sum_rows(S), "s (a number) doesn't fit here: a matrix is needed."),
        (mean_columns(S), "s (a number) doesn't fit here: a matrix is needed."),
        (select_rows(S, (0,)), "s (a number) doesn't fit here: a matrix is needed."),
        (size(S, "rows"), "s (a number) doesn't fit here: a matrix is needed."),
        (leaky_relu(X, X), "The slope must be a number, not X (3x2)."),
        (leaky_mask(X, R), "The slope must be a number, not r (1x2)."),
    ],
)
def test_an_error_names_the_operands_and_their_shapes(tree: Node, message: str) -> None:
    with pytest.raises(ShapeError) as raised:
        shape_of(tree, NAMED)
    assert str(raised.value) == message


def test_an_error_can_show_its_operands_in_another_notation() -> None:
    with pytest.raises(ShapeError) as raised:
        shape_of(X @ X, NAMED)
    error = raised.value
    assert error.describe(lambda node: f"«{node}»").startswith("«X» (3x2) and «X» (3x2) can't")
    assert (error.op, error.operands, error.shapes) == ("matmul", (X, X), ((3, 2), (3, 2)))


def test_a_name_without_a_shape_is_an_error() -> None:
    with pytest.raises(KeyError, match="Z"):
        shape_of(X + name("Z"), NAMED)


def test_a_shape_is_written_as_people_write_it() -> None:
    assert (shape_text((3, 2)), shape_text(())) == ("3x2", "a number")


@pytest.mark.parametrize(
    "tree", [select_rows(name("A"), (0, 3)), place_rows(name("r"), name("A"), (3,))]
)
def test_a_row_that_isnt_there_doesnt_fit(tree: Node) -> None:
    with pytest.raises(ShapeError):
        shape_of(tree, SHAPES)
