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
from tests.engine.expression.samples import SAMPLES, VALUES

SCALARS = {"s", "t"}
NOTATIONS = (
    unicode_notation(SCALARS),
    latex_notation(SCALARS),
    numpy_notation(SCALARS),
    pytorch_notation(SCALARS),
)

WRITTEN: dict[str, tuple[str, str, str, str]] = {
    "a name": (
        "A",
        "A",
        "A",
        "A",
    ),
    "a number": (
        "0.375",
        "0.375",
        "0.375",
        "0.375",
    ),
    "an unending number": (
        "(1/3)·A",
        r"(1/3) \, A",
        "(1/3) * A",
        "(1/3) * A",
    ),
    "a negative number": (
        "A - (-2)",
        "A - (-2)",
        "A - (-2)",
        "A - (-2)",
    ),
    "add": (
        "A + B",
        "A + B",
        "A + B",
        "A + B",
    ),
    "add, number first": (
        "1 + A",
        "1 + A",
        "1 + A",
        "1 + A",
    ),
    "sub": (
        "A - B",
        "A - B",
        "A - B",
        "A - B",
    ),
    "sub, nested right": (
        "A - (B - A)",
        "A - (B - A)",
        "A - (B - A)",
        "A - (B - A)",
    ),
    "sub, number first": (
        "1 - A",
        "1 - A",
        "1 - A",
        "1 - A",
    ),
    "mul": (
        "A ⊙ B",
        r"A \odot B",
        "A * B",
        "A * B",
    ),
    "mul, of sums": (
        "(A + B) ⊙ (A - B)",
        r"(A + B) \odot (A - B)",
        "(A + B) * (A - B)",
        "(A + B) * (A - B)",
    ),
    "mul, scale": (
        "2·A",
        r"2 \, A",
        "2 * A",
        "2 * A",
    ),
    "mul, by a number behind": (
        "A·2",
        r"A \cdot 2",
        "A * 2",
        "A * 2",
    ),
    "div": (
        "A/B",
        r"\frac{A}{B}",
        "A / B",
        "A / B",
    ),
    "div, nested": (
        "A/(B/P)",
        r"\frac{A}{\frac{B}{P}}",
        "A / (B / P)",
        "A / (B / P)",
    ),
    "div, number first": (
        "1/B",
        r"\frac{1}{B}",
        "1 / B",
        "1 / B",
    ),
    "matmul": (
        "A·W",
        "A W",
        "A @ W",
        "A @ W",
    ),
    "matmul, chain": (
        "A·W·B",
        "A W B",
        "A @ W @ B",
        "A @ W @ B",
    ),
    "matmul, right first": (
        "A·(W·B)",
        "A (W B)",
        "A @ (W @ B)",
        "A @ (W @ B)",
    ),
    "matmul, of sums": (
        "(A + B)·W",
        "(A + B) W",
        "(A + B) @ W",
        "(A + B) @ W",
    ),
    "neg": (
        "-A",
        "-A",
        "-A",
        "-A",
    ),
    "neg, of a sum": (
        "-(A + B)",
        "-(A + B)",
        "-(A + B)",
        "-(A + B)",
    ),
    "neg, as a summand": (
        "A + (-B)",
        "A + (-B)",
        "A + (-B)",
        "A + (-B)",
    ),
    "transpose": (
        "Aᵀ",
        r"A^{\top}",
        "A.T",
        "A.T",
    ),
    "transpose, of a product": (
        "(A·W)ᵀ",
        r"(A W)^{\top}",
        "(A @ W).T",
        "(A @ W).T",
    ),
    "power": (
        "A²",
        "A^{2}",
        "A ** 2",
        "A ** 2",
    ),
    "power, of a difference": (
        "(A - B)²",
        "(A - B)^{2}",
        "(A - B) ** 2",
        "(A - B) ** 2",
    ),
    "power, of a power": (
        "(A²)³",
        "(A^{2})^{3}",
        "(A ** 2) ** 3",
        "(A ** 2) ** 3",
    ),
    "power, of a negative": (
        "(-A)³",
        "(-A)^{3}",
        "(-A) ** 3",
        "(-A) ** 3",
    ),
    "power, inverse": (
        "B⁻¹",
        "B^{-1}",
        "B ** -1",
        "B ** -1",
    ),
    "power, -3": (
        "B⁻³",
        "B^{-3}",
        "B ** -3",
        "B ** -3",
    ),
    "power, 1": (
        "A¹",
        "A^{1}",
        "A ** 1",
        "A ** 1",
    ),
    "power, 0": (
        "A⁰",
        "A^{0}",
        "A ** 0",
        "A ** 0",
    ),
    "relu": (
        "max(0, A)",
        r"\max(0, A)",
        "np.maximum(0, A)",
        "torch.relu(A)",
    ),
    "leaky_relu": (
        "leaky_relu(A, s)",
        r"\operatorname{leaky\_relu}(A, s)",
        "np.where(A > 0, A, s * A)",
        "torch.nn.functional.leaky_relu(A, s)",
    ),
    "leaky_relu, of a sum": (
        "leaky_relu(A + B, 0.01)",
        r"\operatorname{leaky\_relu}(A + B, 0.01)",
        "np.where((A + B) > 0, (A + B), 0.01 * (A + B))",
        "torch.nn.functional.leaky_relu(A + B, 0.01)",
    ),
    "mask": (
        "[A > 0]",
        "[A > 0]",
        "(A > 0) * 1.0",
        "(A > 0) * 1.0",
    ),
    "mask, as a factor": (
        "B ⊙ [A > 0]",
        r"B \odot [A > 0]",
        "B * (A > 0)",
        "B * (A > 0)",
    ),
    "mask, squared": (
        "[A > 0] ⊙ [B > 0]",
        r"[A > 0] \odot [B > 0]",
        "((A > 0) * 1.0) * ((B > 0) * 1.0)",
        "((A > 0) * 1.0) * ((B > 0) * 1.0)",
    ),
    "mask, subtracted": (
        "[A > 0] - [B > 0]",
        "[A > 0] - [B > 0]",
        "(A > 0) * 1.0 - (B > 0) * 1.0",
        "(A > 0) * 1.0 - (B > 0) * 1.0",
    ),
    "leaky_mask": (
        "([A > 0] + s·[A ≤ 0])",
        r"\left([A > 0] + s \, [A \le 0]\right)",
        "np.where(A > 0, 1.0, s)",
        "torch.where(A > 0, 1.0, s)",
    ),
    "leaky_mask, of a difference": (
        "([A - B > 0] + (s + s·s)·[A - B ≤ 0])",
        r"\left([A - B > 0] + (s + s \, s) \, [A - B \le 0]\right)",
        "np.where(A - B > 0, 1.0, s + s * s)",
        "torch.where(A - B > 0, 1.0, s + s * s)",
    ),
    "sigmoid": (
        "σ(A)",
        r"\sigma(A)",
        "1 / (1 + np.exp(-A))",
        "torch.sigmoid(A)",
    ),
    "sigmoid, of a sum": (
        "σ(A + B)",
        r"\sigma(A + B)",
        "1 / (1 + np.exp(-(A + B)))",
        "torch.sigmoid(A + B)",
    ),
    "tanh": (
        "tanh(A)",
        r"\tanh(A)",
        "np.tanh(A)",
        "torch.tanh(A)",
    ),
    "softmax": (
        "softmax(A)",
        r"\operatorname{softmax}(A)",
        "np.exp(A) / np.exp(A).sum(axis=1, keepdims=True)",
        "torch.softmax(A, dim=1)",
    ),
    "exp": (
        "exp(A)",
        r"\exp(A)",
        "np.exp(A)",
        "torch.exp(A)",
    ),
    "ln": (
        "ln(P)",
        r"\ln(P)",
        "np.log(P)",
        "torch.log(P)",
    ),
    "sqrt": (
        "√(P)",
        r"\sqrt{P}",
        "np.sqrt(P)",
        "torch.sqrt(P)",
    ),
    "abs": (
        "|A|",
        r"\left|A\right|",
        "np.abs(A)",
        "torch.abs(A)",
    ),
    "sign": (
        "sign(A)",
        r"\operatorname{sign}(A)",
        "np.sign(A)",
        "torch.sign(A)",
    ),
    "sum": (
        "Σ(A)",
        r"\sum\left(A\right)",
        "A.sum()",
        "A.sum()",
    ),
    "sum, squared": (
        "(Σ(A - B))²",
        r"(\sum\left(A - B\right))^{2}",
        "(A - B).sum() ** 2",
        "(A - B).sum() ** 2",
    ),
    "mean": (
        "mean(A)",
        r"\operatorname{mean}(A)",
        "A.mean()",
        "A.mean()",
    ),
    "mean, of a sum": (
        "mean(Σ(A) + s)",
        r"\operatorname{mean}(\sum\left(A\right) + s)",
        "(A.sum() + s).mean()",
        "(A.sum() + s).mean()",
    ),
    "sum_rows": (
        "sum_rows(A)",
        r"\sum_{\mathrm{rows}}\left(A\right)",
        "A.sum(axis=0, keepdims=True)",
        "A.sum(dim=0, keepdim=True)",
    ),
    "mean_rows": (
        "mean_rows(A)",
        r"\operatorname{mean}_{\mathrm{rows}}\left(A\right)",
        "A.mean(axis=0, keepdims=True)",
        "A.mean(dim=0, keepdim=True)",
    ),
    "sum_columns": (
        "sum_columns(A)",
        r"\sum_{\mathrm{columns}}\left(A\right)",
        "A.sum(axis=1, keepdims=True)",
        "A.sum(dim=1, keepdim=True)",
    ),
    "mean_columns": (
        "mean_columns(A)",
        r"\operatorname{mean}_{\mathrm{columns}}\left(A\right)",
        "A.mean(axis=1, keepdims=True)",
        "A.mean(dim=1, keepdim=True)",
    ),
    "size, all": (
        "cells(A)",
        r"\operatorname{cells}(A)",
        "A.size",
        "A.numel()",
    ),
    "size, rows": (
        "A/n",
        r"\frac{A}{n}",
        "A / A.shape[0]",
        "A / A.shape[0]",
    ),
    "size, columns": (
        "columns(A)·A",
        r"\operatorname{columns}(A) \, A",
        "A.shape[1] * A",
        "A.shape[1] * A",
    ),
    "broadcast, scalar": (
        "s",
        "s",
        "np.broadcast_to(s, A.shape)",
        "torch.zeros_like(A) + s",
    ),
    "broadcast, row": (
        "r",
        "r",
        "np.broadcast_to(r, A.shape)",
        "torch.zeros_like(A) + r",
    ),
    "broadcast, column": (
        "c",
        "c",
        "np.broadcast_to(c, A.shape)",
        "torch.zeros_like(A) + c",
    ),
    "broadcast, beside a matrix": (
        "A·W + t",
        "A W + t",
        "A @ W + t",
        "A @ W + t",
    ),
    "broadcast, two together": (
        "s·r",
        r"s \, r",
        "np.broadcast_to(s, A.shape) * np.broadcast_to(r, A.shape)",
        "(torch.zeros_like(A) + s) * (torch.zeros_like(A) + r)",
    ),
    "broadcast, beside a number": (
        "2·r",
        r"2 \, r",
        "2 * np.broadcast_to(r, A.shape)",
        "2 * (torch.zeros_like(A) + r)",
    ),
    "broadcast, before a product": (
        "repeated(s)·W",
        r"\operatorname{repeated}(s) W",
        "np.broadcast_to(s, A.shape) @ W",
        "(torch.zeros_like(A) + s) @ W",
    ),
    "select_rows": (
        "A[3, 1]",
        "A[3, 1]",
        "A[[2, 0]]",
        "A[[2, 0]]",
    ),
    "select_rows, of a sum": (
        "(A + B)[2, 2]",
        "(A + B)[2, 2]",
        "(A + B)[[1, 1]]",
        "(A + B)[[1, 1]]",
    ),
    "place_rows": (
        "place_rows(r, 3)",
        r"\operatorname{place\_rows}(r, 3)",
        "np.eye(A.shape[0])[:, [2]] @ r",
        "torch.eye(A.shape[0], dtype=r.dtype)[:, [2]] @ r",
    ),
    "place_rows, twice": (
        "place_rows(A[1, 2], 2, 2)",
        r"\operatorname{place\_rows}(A[1, 2], 2, 2)",
        "np.eye(A.shape[0])[:, [1, 1]] @ A[[0, 1]]",
        "torch.eye(A.shape[0], dtype=A[[0, 1]].dtype)[:, [1, 1]] @ A[[0, 1]]",
    ),
    "numbers only": (
        "(s·(t + s))/2 - t²",
        r"\frac{s \, (t + s)}{2} - t^{2}",
        "s * (t + s) / 2 - t ** 2",
        "s * (t + s) / 2 - t ** 2",
    ),
    "a loss": (
        "Σ((A - B)²)/(2·n)",
        r"\frac{\sum\left((A - B)^{2}\right)}{2 \, n}",
        "((A - B) ** 2).sum() / (2 * A.shape[0])",
        "((A - B) ** 2).sum() / (2 * A.shape[0])",
    ),
}
"""Each sample tree in Unicode, LaTeX, NumPy and PyTorch."""


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
    same_value(run(write(node, numpy_notation()), VALUES, np=np), evaluate(node, VALUES))


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
