"""Formulas in problem files: the grammar, its precedence, its limits and what it says of errors."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expression import node as nodes
from engine.expression.node import Node, make, mask, name, number, relu, total
from engine.expression.parse import FUNCTIONS, ParseError, parse

NAMES = {"w": 0, "h0": 0, "x": 0, "y": 0, "yhat": 0, "X": 0, "W": 0, "W1": 0, "b": 0, "n": 0}
w, h0, x, y, yhat, X, W, b = (name(key) for key in ("w", "h0", "x", "y", "yhat", "X", "W", "b"))

WRITTEN: list[tuple[str, Node]] = [
    ("relu(w*h0 + b*y)", relu(w * h0 + b * y)),
    ("sum((yhat - y)^2)", total((yhat - y) ** 2)),
    ("X @ W + b", X @ W + b),
    ("X·W", X @ W),
    ("X ⊙ W", X * W),
    ("X.T", X.T),
    ("Xᵀ·W", X.T @ W),
    ("x^-1", x**-1),
    ("[X·W > 0]", mask(X @ W)),
    ("leaky_relu(x, 0.01)", nodes.leaky_relu(x, Fraction(1, 100))),
    ("square(x)", x**2),
    ("sum_rows(X) / n", nodes.sum_rows(X) / name("n")),
    ("mean_columns(X)", nodes.mean_columns(X)),
    ("-y*ln(x)", (-y) * nodes.ln(x)),
    ("1e-5", number(Fraction(1, 100000))),
    (".5*x", Fraction(1, 2) * x),
    ("2.", number(2)),
    ("  ( x )  ", x),
    ("x − y", x - y),
]


@pytest.mark.parametrize(("text", "tree"), WRITTEN)
def test_a_formula_reads_as_it_is_written(text: str, tree: Node) -> None:
    assert parse(text, NAMES) is tree


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("-x^2", "-(x^2)"),
        ("-x @ y", "(-x) @ y"),
        ("x - y - w", "(x - y) - w"),
        ("x / y * w", "(x / y) * w"),
        ("x @ y * w", "(x @ y) * w"),
        ("x * y @ w", "(x * y) @ w"),
        ("x + y * w", "x + (y * w)"),
        ("x * -y + w", "(x * (-y)) + w"),
        ("x @ y.T", "x @ (y.T)"),
        ("x^2.T", "(x^2).T"),
        ("2.T", "(2).T"),
        ("x^2^2", "x^4"),
        ("x^2^1^4", "x^2"),
        ("x^(2)", "x^2"),
        ("x^(-1)", "x^-1"),
        ("x^-1^2", "x^-1"),
        ("x^(-1)^2", "x^1"),
        ("x^-2.T", "(x^-2).T"),
    ],
)
def test_precedence_is_pythons(text: str, same: str) -> None:
    assert parse(text, NAMES) is parse(same, NAMES)


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("foo + 1", 0, "no foo here"),
        ("yHAT", 0, "Did you mean yhat"),
        ("x + yhatt", 4, "Did you mean yhat"),
        ("rellu(x)", 0, "Did you mean relu"),
        ("relu", 4, "brackets are missing"),
        ("relu x", 5, "brackets are missing"),
        ("relu(x, y)", 0, "has 2 values"),
        ("leaky_relu(x)", 0, "has 1 values"),
        ("(x", 2, ") is missing"),
        ("x)", 1, ") doesn't belong"),
        ("x y", 2, "y doesn't belong"),
        ("2x", 1, "x doesn't belong"),
        ("x +", 3, "breaks off"),
        ("", 0, "breaks off"),
        ("x * / y", 4, "/ doesn't belong"),
        ("x^5", 2, "from -4 to 4"),
        ("x^1.5", 2, "from -4 to 4"),
        ("x^y", 2, "from -4 to 4"),
        ("x^2^3", 2, "from -4 to 4"),
        ("x^0^-1", 2, "from -4 to 4"),
        ("x^(y)", 3, "from -4 to 4"),
        ("x^(2", 4, ") is missing"),
        ("x^", 2, "from -4 to 4"),
        ("[x > 1]", 5, "[H > 0]"),
        ("[x]", 2, "> is missing"),
        ("x ** 2", 3, "* doesn't belong"),
        ("x $ y", 2, "'$'"),
        ("__import__('os')", 0, "'_'"),
        ("1e999", 0, "too many digits"),
        ("1" * 51, 0, "too many digits"),
        ("L", 0, "no L here"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, position: int, part: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text, NAMES)
    assert part in caught.value.message
    assert caught.value.position == position
    assert str(caught.value) == caught.value.message


def test_a_text_that_breaks_off_is_told_from_one_that_is_wrong() -> None:
    for text, unfinished in (("x +", True), ("relu(", True), ("x)", False), ("foo", False)):
        with pytest.raises(ParseError) as caught:
            parse(text, NAMES)
        assert caught.value.unfinished is unfinished


def test_a_name_may_be_called_like_a_function_as_long_as_it_isnt_called() -> None:
    assert parse("exp + exp(x)", {"exp", "x"}) is name("exp") + nodes.exp(name("x"))


def test_every_function_can_be_called() -> None:
    for function, (count, build) in FUNCTIONS.items():
        operands = [name(key) for key in ("x", "y")[:count]]
        text = f"{function}({', '.join(str(operand) for operand in operands)})"
        assert parse(text, NAMES) is build(*operands)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + "x" + ")" * 500,
        "-" * 1900 + "x",
        "x^" + "-" * 1900 + "2",
        "x+" * 900 + "x",
        "relu(" * 300 + "x" * 300,
    ],
)
def test_depth_is_bounded(text: str) -> None:
    with pytest.raises(ParseError):
        parse(text, NAMES)


def test_ninety_levels_are_fine() -> None:
    assert parse("(" * 90 + "x" + ")" * 90, NAMES) is x
    tree = parse("x" + "+x" * 90, NAMES)
    assert tree.op == "add"


def test_length_is_bounded() -> None:
    with pytest.raises(ParseError, match="longer than 2000"):
        parse("x" * 2001, NAMES)


PIECES = [*"()[]+-*/@·⊙^,.>0129 ", "x", "relu(", "W1", ".T", "ᵀ", "1e", "sum(", "leaky_relu(", "é"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=200))
def test_any_text_is_a_tree_or_an_error_with_a_place(text: str) -> None:
    error = tree = None
    try:
        tree = parse(text, NAMES)
    except ParseError as raised:
        error = raised
    if error is not None:
        assert 0 <= error.position <= len(text)
        assert error.message
    else:
        assert tree is not None
        assert make(tree.op, tree.operands, tree.argument) is tree
