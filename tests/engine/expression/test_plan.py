"""The plan: trees run as a list of instructions give what evaluating each tree gives."""

from __future__ import annotations

import numpy as np
import pytest

from engine.expression.evaluate import evaluate
from engine.expression.node import Node, broadcast, leaky_relu, make, name, number, size
from engine.expression.plan import Plan

X, Y, ROW, S = name("X"), name("Y"), name("row"), name("s")
VALUES = {
    "X": np.array([[1.0, -2.0, 0.0], [3.0, 0.5, -0.25]]),
    "Y": np.array([[2.0, 0.5, 1.0], [-1.0, 4.0, 2.0]]),
    "row": np.array([[0.5, -1.0, 2.0]]),
    "s": np.array(0.5),
}
UNARY = ["relu", "mask", "sigmoid", "tanh", "softmax", "exp", "abs", "sign", "neg", "transpose"]
GATHERING = ["sum", "mean", "sum_rows", "mean_rows", "sum_columns", "mean_columns"]

TREES: dict[str, Node] = {
    **{op: make(op, (X,)) for op in [*UNARY, *GATHERING]},
    "sum, minus, product, quotient": (X + Y) * (X - Y) / Y,
    "matrix product": X @ Y.T,
    "square": X**2,
    "third power": Y**3,
    "inverse": Y**-1,
    "leaky ReLU": leaky_relu(X, S),
    "a number and a scalar": 2 * S * X + number(1),
    "sizes": X / size(X, "rows") + size(X, "all") * Y,
    "a row beside a matrix": X + broadcast(ROW, X, "row"),
    "a row before a matrix": broadcast(ROW, X, "row") * X,
    "two rows": broadcast(ROW, X, "row") * broadcast(ROW, X, "row"),
    "a number repeated": 2 * broadcast(S, X, "scalar"),
    "a number squared": (S + S) ** 2,
}
"""Trees by what is special about them."""


@pytest.mark.parametrize("case", TREES)
def test_a_plan_computes_what_evaluating_computes(case: str) -> None:
    tree = TREES[case]
    wanted = evaluate(tree, VALUES)
    (found,) = Plan([*VALUES], [tree]).run([*VALUES.values()])
    assert np.shape(found) == wanted.shape
    assert np.allclose(found, wanted, rtol=1e-15)


@pytest.mark.parametrize("case", TREES)
def test_what_rests_on_fixed_values_is_the_same(case: str) -> None:
    tree = TREES[case]
    fixed = {key: value for key, value in VALUES.items() if key != "Y"}
    (found,) = Plan(["Y"], [tree], fixed=fixed).run([VALUES["Y"]])
    assert np.allclose(found, evaluate(tree, VALUES), rtol=1e-15)


def test_a_plan_gives_all_outputs_and_can_be_run_again() -> None:
    plan = Plan(["X", "Y"], [X + Y, X, X + Y, number(3)])
    for scale in (1.0, 2.0):
        x, y = scale * VALUES["X"], VALUES["Y"]
        added, same, again, three = plan.run([x, y])
        assert np.array_equal(added, x + y)
        assert same is x
        assert again is added
        assert three == 3


def test_a_plan_keeps_the_precision_asked() -> None:
    values = [value.astype("float32") for value in VALUES.values()]
    for case, tree in TREES.items():
        (found,) = Plan([*VALUES], [tree], "float32").run(values)
        assert np.asarray(found).dtype == np.float32, case


@pytest.mark.parametrize("case", TREES)
def test_memory_that_is_used_again_changes_no_result(case: str) -> None:
    tree = TREES[case]
    outputs = [tree, (tree + tree) * tree, (X - Y).T, tree]
    plan = Plan([*VALUES], outputs, shapes={key: value.shape for key, value in VALUES.items()})
    results = []
    for scale in (1.0, -0.5, 3.0):
        values = {key: scale * value for key, value in VALUES.items()}
        results.append((values, plan.run([*values.values()])))
    for values, found in results:
        for output, value in zip(outputs, found, strict=True):
            assert np.allclose(value, evaluate(output, values), rtol=1e-14)


@pytest.mark.parametrize("case", TREES)
def test_outputs_are_written_where_a_run_is_told_to(case: str) -> None:
    tree = TREES[case]
    outputs = [tree, (tree + tree) * tree, X - Y, tree, X]
    plan = Plan([*VALUES], outputs, shapes={key: value.shape for key, value in VALUES.items()})
    wanted = [evaluate(output, VALUES) for output in outputs]
    into = [np.full_like(value, np.nan) for value in wanted]
    found = plan.run([*VALUES.values()], into)
    assert found[2] is into[2]
    assert found[4] is VALUES["X"]
    again = plan.run([*VALUES.values()])
    for value, other, right in zip(found, again, wanted, strict=True):
        assert np.allclose(value, right, rtol=1e-14)
        assert np.allclose(other, right, rtol=1e-14)
    assert again[2] is not into[2]
