"""Printing: one tree in four notations, brackets only where they are needed, and code that runs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expression.evaluate import evaluate
from engine.expression.node import (
    Node,
    broadcast,
    exp,
    make,
    mask,
    name,
    number,
    relu,
    sigmoid,
    softmax,
    sum_rows,
    total,
    walk,
)
from engine.expression.printing import (
    MAX_TEXT,
    Notation,
    latex_notation,
    number_text,
    numpy_notation,
    pytorch_notation,
    unicode_notation,
    write,
)
from engine.expression.window_code import source
from tests.engine.expression.samples import SAMPLES, VALUES
from tests.engine.expression.written import WRITTEN

SCALARS = {"s", "t"}
NOTATIONS = (
    unicode_notation(SCALARS),
    latex_notation(SCALARS),
    numpy_notation(SCALARS),
    pytorch_notation(SCALARS),
)


def test_every_sample_is_in_the_table() -> None:
    assert WRITTEN.keys() == SAMPLES.keys()


@pytest.mark.parametrize("case", WRITTEN)
def test_a_tree_is_written_as_expected_in_each_notation(case: str) -> None:
    node = SAMPLES[case].node
    assert tuple(write(node, notation) for notation in NOTATIONS) == WRITTEN[case]


def run(code: str, values: Mapping[str, Any], **modules: Any) -> Any:
    return eval(compile(code, "<printed>", "eval"), {**modules, **values})


def same_value(found: Any, wanted: np.ndarray) -> None:
    assert np.shape(found) == wanted.shape
    np.testing.assert_allclose(np.asarray(found, dtype=float), wanted, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("case", SAMPLES)
def test_printed_numpy_computes_the_value_of_the_tree(case: str) -> None:
    node = SAMPLES[case].node
    helpers: dict[str, Any] = {"np": np}
    exec(compile(source({part.op for part in walk(node)}), "<helpers>", "exec"), helpers)
    same_value(run(write(node, numpy_notation()), VALUES, **helpers), evaluate(node, VALUES))


def test_printed_pytorch_computes_the_value_of_every_tree() -> None:
    torch = pytest.importorskip("torch")
    values = {key: torch.tensor(value, dtype=torch.float64) for key, value in VALUES.items()}
    for sample in SAMPLES.values():
        found = run(write(sample.node, pytorch_notation(SCALARS)), values, torch=torch)
        same_value(found, evaluate(sample.node, VALUES))


# --- brackets -------------------------------------------------------------------------------------

LEAVES = [name("A"), name("s"), number(2), number(-3), number(Fraction(1, 3)), number(0)]


def joined(operands: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    binary = st.sampled_from(["add", "sub", "mul", "div"])
    unary = st.sampled_from(["neg", "relu", "mask", "sigmoid", "exp", "abs"])
    return st.one_of(
        st.builds(lambda op, a, b: make(op, (a, b)), binary, operands, operands),
        st.builds(lambda op, a: make(op, (a,)), unary, operands),
        st.builds(lambda a, k: a**k, operands, st.integers(0, 3)),
    )


TREES = st.recursive(st.sampled_from(LEAVES), joined, max_leaves=12)


@given(TREES)
def test_printed_numpy_of_any_tree_computes_its_value(tree: Node) -> None:
    values = {"A": np.array([[0.5, -1.5], [2.0, 0.25]]), "s": np.array(0.75)}
    with np.errstate(all="ignore"):
        wanted = evaluate(tree, values)
        try:
            found = run(write(tree, numpy_notation()), values, np=np)
        except (ZeroDivisionError, OverflowError):
            return  # Python's own numbers have no infinity
    if np.isfinite(wanted).all() and np.abs(wanted).max(initial=0) < 1e100:
        np.testing.assert_allclose(np.asarray(found, dtype=float), wanted, rtol=1e-9, atol=1e-9)


@given(TREES, TREES)
def test_different_trees_are_never_written_the_same_way(one: Node, other: Node) -> None:
    if write(one, unicode_notation(SCALARS)) == write(other, unicode_notation(SCALARS)):
        assert write(one, numpy_notation()) == write(other, numpy_notation())


A, B, S = name("A"), name("B"), name("s")


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (A - B - A, "A - B - A"),
        (A - (B + A), "A - (B + A)"),
        (A * B * A, "A ⊙ B ⊙ A"),
        (A * (B * A), "A ⊙ (B ⊙ A)"),
        (2 * A @ B, "(2·A)·B"),
        (2 * (A @ B), "2·(A·B)"),
        (A / B**2, "A/B²"),
        ((A * B) / B, "(A ⊙ B)/B"),
        (A / (A * B), "A/(A ⊙ B)"),
        (name("grad.yhat") / name("n"), "(∂L/∂ŷ)/n"),
        (name("grad.H1") ** 2, "(∂L/∂H₁)²"),
        (name("grad.H1").T, "(∂L/∂H₁)ᵀ"),
        (name("W").T @ name("grad.H1"), "Wᵀ·∂L/∂H₁"),
        (name("H1@2").T, "(H₁⁽²⁾)ᵀ"),
        (name("new.W1") ** 2, "(W₁⁺)²"),
        (A.T**2, "(Aᵀ)²"),
        (total(A) ** 2, "(Σ(A))²"),
        (total(A**2), "Σ(A²)"),
        (-(A * B), "-A ⊙ B"),
        (make("neg", (-A,)), "-(-A)"),
        ((-A) * B, "(-A) ⊙ B"),
        (exp(-A), "exp(-A)"),
        (relu(A + B), "max(0, A + B)"),
    ],
)
def test_brackets_stand_only_where_they_are_needed(tree: Node, text: str) -> None:
    assert write(tree, unicode_notation({"s", "n"})) == text


def test_latex_never_puts_two_superscripts_in_a_row() -> None:
    latex = latex_notation()
    assert write(name("H1@2").T, latex) == r"(H_{1}^{(2)})^{\top}"
    assert write(name("new.W1") ** 2, latex) == r"(W_{1}^{+})^{2}"
    assert write(name("grad.X").T, latex) == r"(\frac{\partial L}{\partial X})^{\top}"
    assert write((A / B) ** 2, latex) == r"(\frac{A}{B})^{2}"


# --- scalars and broadcasts -----------------------------------------------------------------------


def test_a_number_times_a_matrix_is_no_elementwise_product() -> None:
    assert write(S * A, unicode_notation({"s"})) == "s·A"
    assert write(S * A, unicode_notation()) == "s ⊙ A"
    assert write(total(A) * B, unicode_notation()) == "Σ(A)·B"
    assert write((S + 1) * A, unicode_notation({"s"})) == "(s + 1)·A"


def test_a_broadcast_is_not_written_where_the_reader_sees_it() -> None:
    repeated = broadcast(name("b"), A @ B, "row")
    assert write(A @ B + repeated, unicode_notation()) == "A·B + b"
    assert write(A @ B + repeated, numpy_notation()) == "A @ B + b"


def test_a_broadcast_is_written_where_the_shape_comes_from_it_alone() -> None:
    ones = broadcast(number(1), A, "scalar")
    assert write(ones @ B.T, unicode_notation()) == "repeated(1)·Bᵀ"
    assert write(ones @ B.T, numpy_notation()) == "np.broadcast_to(1, A.shape) @ B.T"
    expected = "(np.broadcast_to(1, A.shape) * s).sum(axis=0, keepdims=True)"
    assert write(sum_rows(ones * S), numpy_notation({"s"})) == expected


def test_a_mask_is_a_matrix_of_numbers_unless_it_is_a_factor() -> None:
    assert write(B * mask(A), numpy_notation()) == "B * (A > 0)"
    assert write(-mask(A), numpy_notation()) == "-(A > 0) * 1.0"
    assert write(1 - mask(A), numpy_notation()) == "1 - (A > 0) * 1.0"


# --- leaves ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(3), "3"),
        (Fraction(-3), "-3"),
        (Fraction(1, 2), "0.5"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 10**5), "0.00001"),
        (Fraction(25, 2), "12.5"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-22, 7), "-22/7"),
    ],
)
def test_a_constant_is_a_decimal_or_else_a_fraction(value: Fraction, text: str) -> None:
    assert number_text(value)[0] == text


def test_names_can_be_written_as_their_numbers() -> None:
    texts = {"A": "(1 2; 3 4)", "s": "-0.5"}
    notation = unicode_notation({"s"}, texts.__getitem__)
    assert write(A - S * A, notation) == "(1 2; 3 4) - (-0.5)·(1 2; 3 4)"


def test_python_names_stand_clear_of_keywords_and_modules() -> None:
    assert write(name("lambda") * name("np"), numpy_notation()) == "lambda_ * np_"


# --- trees that would explode ---------------------------------------------------------------------


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_text_that_would_explode_is_cut_short(notation: Notation) -> None:
    tree = A
    for _ in range(200):
        tree = softmax(tree) * (tree - tree)
    assert "…" in write(tree, notation)
    assert len(write(tree, notation)) < 20 * MAX_TEXT


def test_a_deep_tree_is_written_whole() -> None:
    tree = A
    for _ in range(100):
        tree = sigmoid(tree)
    assert write(tree, unicode_notation()) == "σ(" * 100 + "A" + ")" * 100
