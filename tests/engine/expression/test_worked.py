"""Worked cells: the sum that is shown, done by anybody, gives the cell; its sources are right."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expression.evaluate import evaluate
from engine.expression.node import (
    Node,
    broadcast,
    leaky_mask,
    leaky_relu,
    make,
    max_pool2d,
    mean,
    mean_rows,
    name,
    number,
    place_rows,
    relu,
    select_rows,
    sigmoid,
    softmax,
    sum_columns,
    total,
)
from engine.expression.worked import MAX_NUMBERS, Worked, show_number, show_value, work
from tests.engine.expression.samples import SAMPLES, VALUES

SUPERSCRIPTS = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
PLAIN = "-0123456789"
ON_PAPER = {
    "exp": math.exp,
    "ln": math.log,
    "tanh": math.tanh,
    "max": max,
    "sqrt": math.sqrt,
    "sigma": lambda x: 1 / (1 + math.exp(-x)),
    "sign": lambda x: (x > 0) - (x < 0),
    "abs": abs,
    "leaky_relu": lambda x, slope: x if x > 0 else slope * x,
    "leaky_slope": lambda x, slope: 1 if x > 0 else slope,
}


def done_by_hand(text: str) -> float:
    """The value of a worked cell's text, read as arithmetic and nothing else."""
    text = re.sub(
        f"[{SUPERSCRIPTS}]+",
        lambda found: f"**({found[0].translate(str.maketrans(SUPERSCRIPTS, PLAIN))})",
        text,
    )
    text = text.replace("·", "*").replace("σ", "sigma").replace("√", "sqrt")
    text = text.replace("leaky_relu'", "leaky_slope")
    text = re.sub(r"\[([^\[\]]*) > 0\]", r"(1 if \1 > 0 else 0)", text)
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    return float(eval(compile(text, "<worked>", "eval"), {"__builtins__": {}, **ON_PAPER}))


def cells(node: Node) -> list[tuple[int, int, float]]:
    value = np.atleast_2d(evaluate(node, VALUES))
    return [(i, j, float(value[i, j])) for i, j in np.ndindex(value.shape)]


def worked(node: Node, i: int = 0, j: int = 0) -> Worked:
    return work(node, i, j, VALUES, lambda value: show_number(value, 12))


@pytest.mark.parametrize("case", SAMPLES)
def test_a_worked_cell_done_by_hand_gives_the_cell(case: str) -> None:
    node = SAMPLES[case].node
    for i, j, value in cells(node):
        assert done_by_hand(worked(node, i, j).text) == pytest.approx(value, rel=1e-9, abs=1e-9)


A, B, W, S = name("A"), name("B"), name("W"), name("s")
LEAVES = [A, B, number(2), number(-3), broadcast(S, A, "scalar"), broadcast(name("r"), A, "row")]
TREES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.builds(
            lambda op, a, b: make(op, (a, b)), st.sampled_from(["add", "sub", "mul"]), inner, inner
        ),
        st.builds(
            lambda op, a: make(op, (a,)), st.sampled_from(["neg", "relu", "mask", "tanh"]), inner
        ),
        st.builds(lambda a, k: a**k, inner, st.integers(0, 2)),
        st.builds(lambda a: a / 4, inner),
    ),
    max_leaves=8,
)


@settings(max_examples=100)
@given(TREES)
def test_brackets_make_the_sum_of_any_tree_come_out_right(tree: Node) -> None:
    i, j, value = cells(tree)[-1]
    assert done_by_hand(worked(tree, i, j).text) == pytest.approx(value, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize(
    ("node", "i", "j", "text"),
    [
        (A @ W, 0, 1, "1·(-1) + (-2)·0.25"),
        (A.T, 1, 2, "3"),
        (A + B, 0, 1, "-2 + 4"),
        (A - B, 2, 1, "3 - (-8)"),
        (A * B, 0, 1, "(-2)·4"),
        (-A, 0, 1, "-(-2)"),
        ((A - B) ** 2, 0, 0, "(1 - 2)²"),
        (A / 2, 0, 1, "(-2)/2"),
        (relu(A), 0, 1, "max(0, -2)"),
        (sigmoid(A), 0, 0, "σ(1)"),
        (softmax(A), 0, 1, "exp(-2)/(exp(1) + exp(-2))"),
        (total(A), 0, 0, "1 + (-2) + 0 + 0.5 + (-1.5) + 3"),
        (mean(A), 0, 0, "(1 + (-2) + 0 + 0.5 + (-1.5) + 3)/6"),
        (mean_rows(A), 0, 0, "(1 + 0 + (-1.5))/3"),
        (sum_columns(A), 1, 0, "0 + 0.5"),
        (A + broadcast(name("r"), A, "row"), 2, 1, "3 + (-20)"),
        (A * broadcast(name("c"), A, "column"), 2, 1, "3·4"),
        (leaky_relu(A, S), 0, 1, "leaky_relu(-2, 0.5)"),
        (leaky_mask(A, S), 0, 1, "leaky_relu'(-2, 0.5)"),
        (select_rows(A, (2,)), 0, 1, "3"),
        (place_rows(name("r"), A, (1,)), 0, 0, "0"),
    ],
)
def test_a_cell_is_worked_as_one_writes_it_on_paper(node: Node, i: int, j: int, text: str) -> None:
    assert worked(node, i, j).text == text


@pytest.mark.parametrize(
    ("node", "i", "j", "sources"),
    [
        (A @ W, 2, 1, {("A", 2, 0), ("W", 0, 1), ("A", 2, 1), ("W", 1, 1)}),
        (A.T, 1, 2, {("A", 2, 1)}),
        (A + B, 0, 1, {("A", 0, 1), ("B", 0, 1)}),
        (A + broadcast(name("r"), A, "row"), 2, 1, {("A", 2, 1), ("r", 0, 1)}),
        (A * broadcast(name("c"), A, "column"), 2, 1, {("A", 2, 1), ("c", 2, 0)}),
        (S * A, 1, 1, {("s", 0, 0), ("A", 1, 1)}),
        (sum_columns(A), 1, 0, {("A", 1, 0), ("A", 1, 1)}),
        (mean_rows(A), 0, 1, {("A", 0, 1), ("A", 1, 1), ("A", 2, 1)}),
        (softmax(A), 1, 0, {("A", 1, 0), ("A", 1, 1)}),
        (relu(A), 1, 1, {("A", 1, 1)}),
        (leaky_relu(A, S), 1, 1, {("A", 1, 1), ("s", 0, 0)}),
        (select_rows(A, (2, 0)), 0, 1, {("A", 2, 1)}),
        (place_rows(name("r"), A, (1,)), 1, 0, {("r", 0, 0)}),
        (number(2), 0, 0, set()),
    ],
)
def test_a_cell_names_the_cells_it_was_made_of(
    node: Node, i: int, j: int, sources: set[tuple[str, int, int]]
) -> None:
    assert {*worked(node, i, j).sources} == sources


def test_every_cell_of_the_sum_of_all_is_a_source() -> None:
    assert len(worked(total(A * B)).sources) == 12


def test_a_cell_that_would_be_too_long_is_made_of_the_values_before_it() -> None:
    random = np.random.default_rng(0)
    values = {"M": random.integers(-3, 4, (30, 30)).astype(float)}
    power = name("M") @ name("M") @ name("M") @ name("M")
    cell = work(power, 3, 4, values, show_number)
    assert cell.text.count("·") == 30
    assert {key for key, _, _ in cell.sources} == {"M"}
    assert done_by_hand(cell.text) == evaluate(power, values)[3, 4]


def test_a_sum_over_a_large_matrix_is_written_out_number_by_number() -> None:
    values = {"M": np.ones((64, 64))}
    cell = work(total(name("M")), 0, 0, values, show_number)
    assert cell.text.count("+") == 64 * 64 - 1 > MAX_NUMBERS


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.5, 4, "0.5"),
        (2.0, 4, "2"),
        (-0.00001, 4, "0"),
        (0.123456, 4, "0.1235"),
        (1e-7, 8, "0.0000001"),
        (-1.5, 0, "-2"),
        (1234567.0, 4, "1234567"),
    ],
)
def test_a_number_is_shown_with_no_more_decimals_than_it_needs(
    value: float, decimals: int, text: str
) -> None:
    assert show_number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.00000373, "3.7e-6"), (-1e-8, "-1e-8"), (5.55e-17, "0"), (0.0, "0"), (0.19661, "0.1966")],
)
def test_a_small_number_is_no_zero(value: float, text: str) -> None:
    assert show_value(value) == text


PICTURE = {
    "C": np.array([[3.0, 0, 2], [0, 2, 4], [1, 5, 4]]),
    "d": np.array([[-4.0, 8], [-4, -4]]),
}
POOLED = max_pool2d(name("C"), (2, 2), (1, 1))
BACK = make("max_pool2d_to_input", (name("d"), name("C")), ((2, 2), (1, 1)))


def pooled(node: Node, i: int, j: int) -> tuple[set[object], set[object]]:
    """The cells that one of a pooling was made of, and those that lost."""
    cell = work(node, i, j, PICTURE, show_number)
    return {*cell.sources}, {*cell.compared}


def test_a_largest_number_has_its_winner_and_the_rest_of_the_window_that_lost() -> None:
    window = {("C", 1, 0), ("C", 1, 1), ("C", 2, 0), ("C", 2, 1)}
    winner = {("C", 2, 1)}
    assert pooled(POOLED, 1, 0) == (winner, window - winner)


def test_a_gradient_that_comes_back_names_the_cell_that_won_and_all_its_windows() -> None:
    assert pooled(BACK, 0, 0) == (
        {("d", 0, 0), ("C", 0, 0)},
        {("C", 0, 1), ("C", 1, 0), ("C", 1, 1)},
    )
    sources, lost = pooled(BACK, 2, 1)
    assert sources == {("d", 1, 0), ("d", 1, 1), ("C", 2, 1)}
    assert lost == {("C", 1, 0), ("C", 1, 1), ("C", 1, 2), ("C", 2, 0), ("C", 2, 2)}


def test_a_cell_that_won_no_window_has_no_sources() -> None:
    assert pooled(BACK, 0, 1) == (set(), set())


def test_every_cell_of_a_mean_is_a_source_and_none_has_lost() -> None:
    window = {("C", 0, 1), ("C", 0, 2), ("C", 1, 1), ("C", 1, 2)}
    assert pooled(make("avg_pool2d", (name("C"),), ((2, 2), (1, 1))), 0, 1) == (window, set())
