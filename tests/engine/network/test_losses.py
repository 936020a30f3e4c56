"""Losses: their values, their gradients in every convention, and how they are written."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expression.derive import gradients
from engine.expression.evaluate import Array, evaluate
from engine.expression.node import Node, name, number, substitute
from engine.expression.printing import unicode_notation, write
from engine.network.losses import (
    EACH,
    LOSSES,
    each_node,
    gradient_node,
    loss_by_terms,
    loss_node,
    shortcut_node,
    target_gradient_node,
)
from engine.network.model import Loss

LOSS_OPTIONS = [
    Loss(kind, "p", "y", half, reduction, per_observation)
    for kind, half, reduction, per_observation in product(
        LOSSES, (False, True), ("mean", "sum"), (False, True)
    )
    if kind == "mse" or not half
]
SIZES = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2**32 - 1))
losses = pytest.mark.parametrize("loss", LOSS_OPTIONS, ids=str)


def drawn(size: tuple[int, int, int]) -> dict[str, Array]:
    rows, columns, seed = size
    random = np.random.default_rng(seed)
    p = random.uniform(0.05, 0.95, (rows, columns))
    y = random.integers(0, 2, (rows, columns)).astype(float)
    return {"p": p, "y": y, "n": np.array(float(rows))}


def in_plain_numpy(loss: Loss, values: dict[str, Array]) -> tuple[Array, float]:
    """Each observation's loss, and the loss."""
    p, y = values["p"], values["y"]
    cells = {
        "mse": lambda: (p - y) ** 2 * (0.5 if loss.half else 1),
        "logloss": lambda: -np.log(np.where(y == 1, p, 1 - p)),
        "cross_entropy": lambda: -np.log(np.where(y == 1, p, 1)),
    }[loss.kind]()
    each = cells.sum(axis=1, keepdims=True)
    return each, float(each.mean() if loss.reduction == "mean" else each.sum())


@losses
@given(size=SIZES)
def test_the_loss_and_its_terms_have_the_values_of_the_definition(
    loss: Loss, size: tuple[int, int, int]
) -> None:
    values = drawn(size)
    each, whole = in_plain_numpy(loss, values)
    terms = evaluate(each_node(loss, single=size[1] == 1), values)
    np.testing.assert_allclose(terms, each, rtol=1e-12)
    known = {**values, EACH: terms}
    assert float(evaluate(loss_node(loss), known)) == pytest.approx(whole, rel=1e-12)
    assert float(evaluate(loss_by_terms(loss), known)) == pytest.approx(whole, rel=1e-12)


def whole_loss(loss: Loss) -> Node:
    """The loss as one tree of p and y, times n where each observation's own is passed back."""
    node = substitute(loss_by_terms(loss), {name(EACH): each_node(loss, single=False)})
    return node * name("n") if loss.per_observation and loss.reduction == "mean" else node


@losses
@given(size=SIZES)
def test_the_textbooks_gradients_are_the_derived_ones(
    loss: Loss, size: tuple[int, int, int]
) -> None:
    values = drawn(size)
    derived = gradients(whole_loss(loss), number(1), ["p", "y"])
    for key, ours in (("p", gradient_node(loss)), ("y", target_gradient_node(loss))):
        found, wanted = evaluate(ours, values), evaluate(derived[key], values)
        np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-12)


@losses
@given(size=SIZES)
def test_the_shortcut_is_the_gradient_before_the_sigmoid(
    loss: Loss, size: tuple[int, int, int]
) -> None:
    if LOSSES[loss.kind].activation != "sigmoid":
        return
    values = drawn(size)
    p = values["p"]
    through = evaluate(gradient_node(loss), values) * p * (1 - p)
    np.testing.assert_allclose(evaluate(shortcut_node(loss), values), through, rtol=1e-10)


def written(node: Node) -> str:
    return write(node, unicode_notation({"n", "L"}))


@pytest.mark.parametrize(
    ("loss", "each", "whole", "gradient"),
    [
        (Loss("mse", "p", "y"), "(p - y)²", "Σ((p - y)²)/n", "(2·(p - y))/n"),
        (Loss("mse", "p", "y", half=True), "0.5·(p - y)²", "Σ((p - y)²)/(2·n)", "(p - y)/n"),
        (Loss("mse", "p", "y", reduction="sum"), "(p - y)²", "Σ((p - y)²)", "2·(p - y)"),
        (
            Loss("mse", "p", "y", half=True, reduction="sum"),
            "0.5·(p - y)²",
            "0.5·Σ((p - y)²)",
            "p - y",
        ),
        (
            Loss("mse", "p", "y", half=True, per_observation=True),
            "0.5·(p - y)²",
            "Σ((p - y)²)/(2·n)",
            "p - y",
        ),
        (
            Loss("logloss", "p", "y"),
            "-(y ⊙ ln(p) + (1 - y) ⊙ ln(1 - p))",
            "Σ(ℓ)/n",
            "(-y/p + (1 - y)/(1 - p))/n",
        ),
        (
            Loss("logloss", "p", "y", reduction="sum"),
            "-(y ⊙ ln(p) + (1 - y) ⊙ ln(1 - p))",
            "Σ(ℓ)",
            "-y/p + (1 - y)/(1 - p)",
        ),
    ],
)
def test_a_loss_is_written_as_the_lesson_writes_it(
    loss: Loss, each: str, whole: str, gradient: str
) -> None:
    assert written(each_node(loss, single=True)) == each
    assert written(loss_node(loss)) == whole
    assert written(gradient_node(loss)) == gradient


def test_several_outputs_of_one_observation_are_summed() -> None:
    assert written(each_node(Loss("mse", "p", "y"), single=False)) == "sum_columns((p - y)²)"
