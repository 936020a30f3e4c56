"""Nodes are shared, frozen and freed, and trees can be walked and rewritten."""

from __future__ import annotations

import gc
import weakref
from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest

from engine.expression import node as nodes
from engine.expression.node import make, name, names, number, relu, rename, substitute, walk

A, B, C = name("A"), name("B"), name("C")


def test_equal_trees_are_the_same_object() -> None:
    assert relu(A @ B) is relu(name("A") @ name("B"))
    assert 2 * A is number(Fraction(4, 2)) * A
    assert A**2 is make("power", (A,), 2)


def test_different_trees_are_different_objects() -> None:
    assert len({A + B, B + A, A - B, A * B, A @ B, A / B, A**2, A**3, -A, A.T}) == 10


def test_arithmetic_takes_numbers_on_either_side() -> None:
    two = number(2)
    signs = {"add": (A + 2, 2 + A), "sub": (A - 2, 2 - A), "mul": (A * 2, 2 * A)}
    signs["div"] = (A / 2, 2 / A)
    for op, (behind, before) in signs.items():
        assert behind is make(op, (A, two))
        assert before is make(op, (two, A))
    assert A * Fraction(1, 3) is make("mul", (A, number(Fraction(1, 3))))


def test_a_transpose_of_a_transpose_is_what_was_transposed() -> None:
    assert A.T.T is A
    assert (A @ B).T.T is A @ B


def test_a_node_can_not_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        A.op = "number"  # type: ignore[misc]


def test_a_node_shows_what_it_is() -> None:
    assert repr(relu(A @ B) * 2) == "mul(relu(matmul(A, B)), 2)"
    assert repr(A**2) == "power(A; 2)"


def test_a_node_shows_itself_briefly_however_often_parts_are_shared() -> None:
    root = A
    for _ in range(200):
        root = root * root
    assert len(repr(root)) <= nodes.MAX_REPR
    assert repr(root).startswith("mul(")


def test_nodes_that_nobody_holds_are_freed() -> None:
    gc.collect()
    before = len(nodes._nodes)
    root = name("nobody")
    for step in range(500):
        root = relu(root + number(step)) @ name(f"nobody{step}")
    ghost = weakref.ref(root)
    assert len(nodes._nodes) > before + 1000
    del root
    gc.collect()
    assert ghost() is None
    assert len(nodes._nodes) <= before


def test_a_walk_gives_each_node_once_and_operands_first() -> None:
    shared = A + B
    root = relu(shared) * shared
    order = list(walk(root))
    assert order == [A, B, shared, relu(shared), root]


def test_a_walk_through_shared_parts_stays_short() -> None:
    root = A
    for _ in range(200):
        root = root * root
    assert len(list(walk(root))) == 201


def test_names_come_once_each_in_reading_order() -> None:
    assert names(B @ A + relu(B) - C) == ("B", "A", "C")
    assert names(number(3) * 2) == ()


def test_substituting_takes_the_outermost_tree_and_leaves_the_rest_alone() -> None:
    root = relu(A + B) * (A + B)
    assert substitute(root, {A + B: C, A: B}) is relu(C) * C
    assert substitute(root, {relu(A + B): C}) is C * (A + B)
    assert substitute(root, {C: A}) is root
    assert substitute(root, {root: C}) is C


def test_what_is_put_in_is_not_searched_again() -> None:
    assert substitute(A + B, {A: B, B: A}) is B + A


def test_substituting_keeps_arguments_and_shared_parts() -> None:
    assert substitute(A**3, {A: B}) is B**3
    root = A
    for _ in range(200):
        root = root + root
    assert len(list(walk(substitute(root, {A: B})))) == 201


def test_renaming_exchanges_names() -> None:
    assert rename(A @ B, {"A": "B", "B": "A"}) is B @ A
    assert rename(relu(A), {"A": "H1@2"}) is relu(name("H1@2"))
