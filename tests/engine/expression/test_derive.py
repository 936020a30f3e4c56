"""Gradients: every op against finite differences and an independent autograd, and how they read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.expression.derive import (
    GRADIENTS,
    LOCAL,
    WITHOUT_GRADIENT,
    contributions,
    gradients,
    local_derivative,
    minus,
    times,
)
from engine.expression.evaluate import VALUES, WITH_ARGUMENT, Array, evaluate
from engine.expression.node import (
    Node,
    absolute,
    broadcast,
    leaky_relu,
    make,
    mask,
    mean,
    name,
    names,
    number,
    relu,
    sigmoid,
    size,
    softmax,
    total,
    walk,
)
from engine.expression.printing import unicode_notation, write
from tests.engine.expression.samples import SAMPLES

X, W, D = name("X"), name("W"), name("d")
KINKED = ("relu", "leaky_relu", "leaky_mask", "mask", "abs", "sign")
WINNERS = {"max_pool2d": 0, "max_pool2d_to_input": 1, "max_pool2d_pick": 1}
"""Ops that choose the largest cells of an operand: its place."""


# --- the numbers ----------------------------------------------------------------------------------


@st.composite
def numbers(draw: st.DrawFn) -> dict[str, Array]:
    """Values for the names of the samples, of random shapes that fit."""
    rows, columns = draw(st.integers(3, 5)), draw(st.integers(1, 4))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shapes: dict[str, tuple[int, ...]] = {
        **dict.fromkeys("ABP", (rows, columns)),
        "W": (columns, rows),
        "r": (1, columns),
        "c": (rows, 1),
        **dict.fromkeys("st", ()),
    }
    values = {
        key: np.asarray(random.uniform(0.2, 2, shape) * random.choice([-1, 1], shape))
        for key, shape in shapes.items()
    }
    values["P"] = np.abs(values["P"])
    return values


def objective(tree: Node, upstream: Array, values: Mapping[str, Array]) -> float:
    return float((evaluate(tree, values) * upstream).sum())


def finite_differences(tree: Node, key: str, upstream: Array, values: Mapping[str, Array]) -> Array:
    step, found = 1e-3, np.empty(values[key].shape)
    for place in np.ndindex(found.shape):

        def at(offset: float, place: tuple[int, ...] = place) -> float:
            moved = values[key].copy()
            moved[place] += offset
            return objective(tree, upstream, {**values, key: moved})

        near, far = at(step) - at(-step), at(2 * step) - at(-2 * step)
        found[place] = (8 * near - far) / (12 * step)
    return found


def keep_off_the_kinks(tree: Node, values: Mapping[str, Array]) -> None:
    for node in walk(tree):
        if node.op in WINNERS:
            cells = np.sort(evaluate(node.operands[WINNERS[node.op]], values), axis=None)
            assume(np.diff(cells).min(initial=1) > 0.01)
        if node.op in KINKED:
            assume(np.abs(evaluate(node.operands[0], values)).min() > 0.01)


def upstream_of(tree: Node, values: Mapping[str, Array]) -> Array:
    shape = evaluate(tree, values).shape
    return np.asarray(np.random.default_rng(len(shape)).uniform(0.5, 2, shape))


def our_gradients(tree: Node, upstream: Array, values: Mapping[str, Array]) -> dict[str, Array]:
    found = gradients(tree, D, names(tree))
    return {key: evaluate(node, {**values, "d": upstream}) for key, node in found.items()}


def close(found: Array, wanted: Array, tolerance: float) -> None:
    assert found.shape == wanted.shape
    scale = max(np.abs(wanted).max(), 1.0)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=tolerance * scale)


@pytest.mark.parametrize("case", SAMPLES)
@settings(max_examples=25)
@given(values=numbers())
def test_every_gradient_agrees_with_finite_differences(case: str, values: dict[str, Array]) -> None:
    tree = SAMPLES[case].node
    keep_off_the_kinks(tree, values)
    upstream = upstream_of(tree, values)
    ours = our_gradients(tree, upstream, values)
    for key in names(tree):
        theirs = finite_differences(tree, key, upstream, values)
        close(ours.get(key, np.zeros(theirs.shape)), theirs, 1e-6)


@pytest.mark.parametrize("case", SAMPLES)
@settings(max_examples=15)
@given(values=numbers())
def test_every_gradient_agrees_with_an_independent_autograd(
    case: str, values: dict[str, Array]
) -> None:
    grad = pytest.importorskip("autograd").grad
    tree = SAMPLES[case].node
    keep_off_the_kinks(tree, values)
    upstream = upstream_of(tree, values)
    ours = our_gradients(tree, upstream, values)
    for key, found in ours.items():

        def loss(value: Any, key: str = key) -> Any:
            return (computed_with_autograd(tree, {**values, key: value}) * upstream).sum()

        close(found, np.asarray(grad(loss)(values[key])), 1e-10)


def computed_with_autograd(tree: Node, values: Mapping[str, Any]) -> Any:
    """The tree's value once more, in HIPS autograd's NumPy."""
    anp = pytest.importorskip("autograd.numpy")

    def stretched(x: Any) -> Any:
        e = anp.exp(x)
        return e / anp.sum(e, axis=1, keepdims=True)

    def chosen(node: Node, like: Any) -> Any:
        return np.eye(like.shape[0])[list(node.argument)]  # type: ignore[arg-type]

    # A window's work as products with 0/1 matrices, one for each of its cells.
    def selectors(shape: Any, size: Any, stride: Any, dilation: Any = (1, 1)) -> Any:
        for i, j in np.ndindex(*size):
            chosen = []
            for k, first in ((0, i), (1, j)):
                reach = dilation[k] * (size[k] - 1) + 1
                starts = np.arange(0, shape[k] - reach + 1, stride[k])
                chosen.append(np.eye(shape[k])[starts + first * dilation[k]])
            yield i, j, chosen[0], chosen[1].T

    def padder(shape: Any, padding: Any) -> Any:
        rows, columns = (np.pad(np.eye(shape[k]), [(padding[k],) * 2, (0, 0)]) for k in (0, 1))
        return rows, columns.T

    def framed(x: Any, padding: Any) -> Any:
        rows, columns = padder(x.shape, padding)
        return anp.dot(anp.dot(rows, x), columns)

    def slid(x: Any, w: Any, stride: Any, padding: Any, dilation: Any) -> Any:
        x = framed(x, padding)
        found = selectors(x.shape, w.shape, stride, dilation)
        return sum(w[i, j] * anp.dot(anp.dot(r, x), c) for i, j, r, c in found)

    def spread_out(g: Any, w: Any, like: Any, stride: Any, padding: Any, dilation: Any) -> Any:
        rows, columns = padder(like.shape, padding)
        found = selectors((rows.shape[0], columns.shape[1]), w.shape, stride, dilation)
        wide = sum(w[i, j] * anp.dot(anp.dot(r.T, g), c.T) for i, j, r, c in found)
        return anp.dot(anp.dot(rows.T, wide), columns.T)

    def gathered(g: Any, x: Any, like: Any, stride: Any, padding: Any, dilation: Any) -> Any:
        x = framed(x, padding)
        found = selectors(x.shape, like.shape, stride, dilation)
        cells = [anp.sum(g * anp.dot(anp.dot(r, x), c)) for _, _, r, c in found]
        return anp.reshape(anp.array(cells), like.shape)

    def stacked(x: Any, size: Any, stride: Any) -> Any:
        found = selectors(x.shape, size, stride)
        return anp.array([anp.dot(anp.dot(r, x), c) for _, _, r, c in found])

    def won(x: Any, node: Node) -> Any:
        cells = np.array(stacked(getattr(x, "_value", x), *node.argument))  # type: ignore[misc]
        return cells == cells.max(axis=0)

    def equal_shares(x: Any, node: Node) -> Any:
        return 1 / np.prod(node.argument[0])  # type: ignore[index,arg-type]

    def sent_back(g: Any, share: Any, like: Any, node: Node) -> Any:
        found = selectors(like.shape, *node.argument)  # type: ignore[misc]
        share = share * np.ones((np.prod(node.argument[0]), *g.shape))  # type: ignore[index,arg-type]
        return sum(anp.dot(anp.dot(r.T, g * share[k]), c.T) for k, (_, _, r, c) in enumerate(found))

    sums: dict[str, dict[str, Any]] = {
        "": {},
        "_rows": {"axis": 0, "keepdims": True},
        "_columns": {"axis": 1, "keepdims": True},
    }
    rules: dict[str, Callable[..., Any]] = {
        "add": lambda n, a, b: a + b,
        "sub": lambda n, a, b: a - b,
        "mul": lambda n, a, b: a * b,
        "div": lambda n, a, b: a / b,
        "matmul": lambda n, a, b: anp.dot(a, b),
        "neg": lambda n, a: -a,
        "transpose": lambda n, a: a.T,
        "power": lambda n, a: a ** float(n.argument),
        "relu": lambda n, a: anp.where(a > 0, a, 0.0),
        "leaky_relu": lambda n, a, s: anp.where(a > 0, a, s * a),
        "leaky_mask": lambda n, a, s: 1.0 * (a > 0) + s * (a <= 0),
        "mask": lambda n, a: anp.where(a > 0, 1.0, 0.0),
        "sign": lambda n, a: anp.where(a > 0, 1.0, -1.0),
        "sigmoid": lambda n, a: 0.5 * (anp.tanh(a / 2) + 1),
        "tanh": lambda n, a: anp.tanh(a),
        "softmax": lambda n, a: stretched(a),
        "exp": lambda n, a: anp.exp(a),
        "ln": lambda n, a: anp.log(a),
        "sqrt": lambda n, a: anp.sqrt(a),
        "abs": lambda n, a: anp.where(a > 0, a, -a),
        "size": lambda n, a: {"all": a.size, "rows": a.shape[0], "columns": a.shape[1]}[n.argument],
        "broadcast": lambda n, a, like: a + anp.zeros(like.shape),
        "select_rows": lambda n, a: anp.dot(chosen(n, a), a),
        "place_rows": lambda n, a, like: anp.dot(chosen(n, like).T, a),
        "conv2d": lambda n, a, w: slid(a, w, *n.argument),
        "conv2d_to_input": lambda n, g, w, x: spread_out(g, w, x, *n.argument),
        "conv2d_to_kernel": lambda n, g, x, w: gathered(g, x, w, *n.argument),
        "max_pool2d": lambda n, a: anp.sum(
            anp.max(stacked(a, *n.argument), axis=0, keepdims=True), axis=0
        ),
        "max_pool2d_to_input": lambda n, g, x: sent_back(g * 1.0, won(x, n), x, n),
        "max_pool2d_pick": lambda n, g, x: anp.sum(stacked(g, *n.argument) * won(x, n), axis=0),
        "avg_pool2d": lambda n, a: anp.mean(stacked(a, *n.argument), axis=0),
        "avg_pool2d_to_input": lambda n, g, x: sent_back(g, equal_shares(x, n), x, n),
        "flatten": lambda n, a: anp.reshape(a, (1, -1)),
        "unflatten": lambda n, a, like: anp.reshape(a, like.shape),
        "flip": lambda n, a: a[::-1, ::-1],
        **{f"sum{k}": lambda n, a, o=o: anp.sum(a, **o) for k, o in sums.items()},
        **{f"mean{k}": lambda n, a, o=o: anp.mean(a, **o) for k, o in sums.items()},
    }
    found: dict[Node, Any] = {}
    for node in walk(tree):
        if node.op == "name":
            found[node] = values[str(node.argument)]
        elif node.op == "number":
            found[node] = float(node.argument)  # type: ignore[arg-type]
        else:
            found[node] = rules[node.op](node, *(found[operand] for operand in node.operands))
    return found[tree]


# --- what has a gradient --------------------------------------------------------------------------


def test_what_has_no_gradient_is_listed() -> None:
    assert {"mask", "sign", "size"} == WITHOUT_GRADIENT


def test_every_op_has_a_gradient_or_is_listed_as_having_none() -> None:
    assert GRADIENTS.keys() | LOCAL.keys() | WITHOUT_GRADIENT == VALUES.keys() | WITH_ARGUMENT
    assert not (GRADIENTS.keys() | LOCAL.keys()) & WITHOUT_GRADIENT


@pytest.mark.parametrize("op", sorted(WITHOUT_GRADIENT))
def test_nothing_flows_back_through_a_constant_function(op: str) -> None:
    tree = total(X * make(op, (W,), "all" if op == "size" else None))
    assert gradients(tree, number(1), ["W"]) == {}


def test_an_op_that_nobody_can_differentiate_is_an_error() -> None:
    with pytest.raises(KeyError, match="cosine"):
        contributions(make("cosine", (X,)), D)


@pytest.mark.parametrize("op", sorted(LOCAL))
def test_an_elementwise_gradient_is_the_upstream_one_times_the_local_derivative(op: str) -> None:
    operands = (X, number(2)) if op == "leaky_relu" else (X,)
    y = make(op, operands, 3 if op == "power" else None)
    local = local_derivative(y)
    assert local is not None
    assert contributions(y, D)[0] is D * local


@pytest.mark.parametrize("tree", [X @ W, X + W, softmax(X), total(X), X.T])
def test_what_is_not_elementwise_has_no_local_derivative(tree: Node) -> None:
    assert local_derivative(tree) is None


# --- how gradients read ---------------------------------------------------------------------------


def written(tree: Node, key: str, upstream: Node = D) -> str:
    return write(gradients(tree, upstream, [key])[key], unicode_notation({"s"}))


@pytest.mark.parametrize(
    ("tree", "key", "text"),
    [
        (X @ W, "X", "d·Wᵀ"),
        (X @ W, "W", "Xᵀ·d"),
        (X.T @ W, "X", "W·dᵀ"),
        (X @ W.T, "W", "dᵀ·X"),
        ((X @ W).T, "X", "dᵀ·Wᵀ"),
        (relu(X), "X", "d ⊙ [X > 0]"),
        (sigmoid(X), "X", "d ⊙ (σ(X) ⊙ (1 - σ(X)))"),
        (X**2, "X", "d ⊙ (2·X)"),
        (X**3, "X", "d ⊙ (3·X²)"),
        (X**1, "X", "d"),
        (X - W, "W", "-d"),
        (W - (X - W), "X", "-d"),
        (X * W, "X", "d ⊙ W"),
        (X / W, "X", "d/W"),
        (X / W, "W", "-(d ⊙ X)/W²"),
        (X + broadcast(W, X, "row"), "W", "sum_rows(d)"),
        (X + X, "X", "d + d"),
    ],
)
def test_a_gradient_reads_as_a_textbook_has_it(tree: Node, key: str, text: str) -> None:
    assert written(tree, key) == text


def test_a_factor_1_is_not_written() -> None:
    assert times(number(1), X) is X
    assert times(X, number(1)) is X
    assert times(number(2), X) is 2 * X
    assert written(X * W, "X", number(1)) == "W"


def test_a_double_minus_is_not_written() -> None:
    assert minus(-X) is X
    assert minus(X) is -X


def test_a_name_used_twice_gets_the_sum() -> None:
    found = gradients(total(X * W) + total(X), number(1), ["X"])["X"]
    values = {"X": np.ones((2, 2)), "W": np.array([[3.0, 4.0], [5.0, 6.0]])}
    assert evaluate(found, values).tolist() == [[4, 5], [6, 7]]


def test_a_name_that_nothing_flows_back_to_is_left_out() -> None:
    assert gradients(relu(X) * mask(W), D, ["X", "W", "missing"]).keys() == {"X"}
    assert gradients(X / size(W, "rows"), D, ["W"]) == {}


def test_the_gradient_of_a_name_by_itself_is_what_arrives() -> None:
    assert gradients(X, D, ["X"]) == {"X": D}


def test_only_what_leads_to_a_wanted_name_is_derived() -> None:
    tree = X * make("cosine", (W,))
    assert gradients(tree, D, ["X"]) == {"X": D * make("cosine", (W,))}


@pytest.mark.parametrize(
    ("tree", "slope"), [(relu(X), 0), (absolute(X), 0), (leaky_relu(X, number(2)), 2)]
)
def test_at_a_kink_the_derivative_is_the_agreed_one(tree: Node, slope: int) -> None:
    found = evaluate(gradients(tree, D, ["X"])["X"], {"X": np.zeros((1, 1)), "d": np.ones((1, 1))})
    assert found.item() == slope


def test_the_mean_divides_by_all_cells() -> None:
    found = evaluate(gradients(mean(X), number(1), ["X"])["X"], {"X": np.ones((2, 5))})
    assert found.tolist() == [[0.1] * 5] * 2
