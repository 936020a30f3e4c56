"""Networks that formulas make: unrolled over time, attention, graphs with reuse, penalties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from engine.network.check import check_solution
from tests.engine.problems.files import HEAD, Folder


@dataclass(frozen=True, eq=False)
class Graph:
    """A file's text, and its loss once more with HIPS autograd's NumPy."""

    text: str
    loss: Callable[[Any, Mapping[str, Any]], Any]
    trained: tuple[str, ...]


def forward(**formulas: str) -> str:
    return "".join(
        f'\n[[forward]]\nformula = "{formula}"\nto = "{to}"\n' for to, formula in formulas.items()
    )


def _over_time(np_: Any, v: Mapping[str, Any]) -> Any:
    h, total = v["h0"], 0.0
    for t in (1, 2, 3):
        h = np_.tanh(v["w"] * h + v["v"] * v[f"x{t}"])
        total = total + (v["u"] * h - v[f"y{t}"]) ** 2
    return total


def _layered_over_time(np_: Any, v: Mapping[str, Any]) -> Any:
    h = v["h0"]
    for t in (1, 2, 3):
        h = np_.maximum(np_.dot(h, v["W"]) + np_.dot(v[f"x{t}"], v["V"]) + v["b"], 0)
    return np_.mean((np_.dot(h, v["U"]) - v["y"]) ** 2)


def _attention(np_: Any, v: Mapping[str, Any]) -> Any:
    q, k, value = (np_.dot(v["X"], v[key]) for key in ("WQ", "WK", "WV"))
    e = np_.exp(np_.dot(q, k.T) / np_.sqrt(2.0))
    result = np_.dot(e / np_.sum(e, axis=1, keepdims=True), value)
    return np_.sum((result - v["Y"]) ** 2)


def _reused(np_: Any, v: Mapping[str, Any]) -> Any:
    c = v["a"] * v["b"] + v["a"]
    d = c**2 - v["b"] / c
    return np_.exp(d / 4) + d * c + np_.log(c)


def _penalised(np_: Any, v: Mapping[str, Any]) -> Any:
    p = 1 / (1 + np_.exp(-(np_.dot(v["X"], v["W"]) + v["b"])))
    cross = -np_.mean(v["y"] * np_.log(p) + (1 - v["y"]) * np_.log(1 - p))
    return cross + v["rate"] / 2 * np_.sum(v["W"] ** 2)


GRAPHS = {
    "a recurrent net of numbers over three steps": Graph(
        """[values]
w = 0.5
v = -0.8
u = 1.5
h0 = 0.3
x1 = 1
x2 = -0.5
x3 = 0.7
y1 = 0.2
y2 = 1
y3 = -1
"""
        + forward(
            h1="tanh(w*h0 + v*x1)",
            p1="u*h1",
            h2="tanh(w*h1 + v*x2)",
            p2="u*h2",
            h3="tanh(w*h2 + v*x3)",
            p3="u*h3",
        )
        + '\n[loss]\nformula = "(p1 - y1)^2 + (p2 - y2)^2 + (p3 - y3)^2"\n',
        _over_time,
        ("w", "v", "u"),
    ),
    "a recurrent net of layers with shared weights": Graph(
        """[values]
W = [[0.5, -1], [0.3, 0.8]]
V = [[1, 0.4], [-0.6, 1]]
U = [[1], [-2]]
b = [[0.1, 0.2]]
h0 = [[0.5, 1], [1, 0.2]]
x1 = [[1, 2], [0.5, 1]]
x2 = [[0.3, 1], [2, -1]]
x3 = [[1, -0.5], [0.7, 0.9]]
y = [[1], [2]]
"""
        + forward(
            h1="relu(h0@W + x1@V + b)",
            h2="relu(h1@W + x2@V + b)",
            h3="relu(h2@W + x3@V + b)",
            yhat="h3@U",
        )
        + '\n[loss]\nkind = "mse"\ntarget = "y"\n',
        _layered_over_time,
        ("W", "V", "U", "b"),
    ),
    "self-attention": Graph(
        """[values]
X = [[1, 0, 2], [0, 1, -1], [0.5, 0.5, 1]]
WQ = [[0.5, 1], [-1, 0.2], [0.3, 0.4]]
WK = [[1, -0.5], [0.6, 1], [0.2, -0.3]]
WV = [[0.7, 0.1], [1, -1], [0.4, 0.9]]
Y = [[1, 0], [0, 1], [1, 1]]
"""
        + forward(Q="X@WQ", K="X@WK", V="X@WV", S="Q·Kᵀ/sqrt(2)", A="softmax(S)", O="A·V")
        + '\n[loss]\nformula = "sum((O - Y)^2)"\n',
        _attention,
        ("WQ", "WK", "WV", "X"),
    ),
    "a graph of numbers with reuse": Graph(
        "[values]\na = 1.5\nb = 0.8\n"
        + forward(c="a*b + a", d="c^2 - b/c")
        + '\n[loss]\nformula = "exp(d/4) + d*c + ln(c)"\n',
        _reused,
        ("a", "b"),
    ),
    "a penalty on the weights": Graph(
        """[values]
X = [[1, 2], [-1, 0.5], [0.3, -1]]
W = [[0.5], [-0.25]]
b = 0.1
y = [[1], [0], [1]]
rate = 0.3
"""
        + forward(p="sigmoid(X@W + b)")
        + "\n[loss]\n"
        + 'formula = "-mean(y*ln(p) + (1 - y)*ln(1 - p)) + rate/2*sum(W^2)"\n',
        _penalised,
        ("W", "b"),
    ),
}


@pytest.mark.parametrize("case", GRAPHS)
def test_a_graphs_gradients_agree_with_an_independent_autograd(folder: Folder, case: str) -> None:
    anp = pytest.importorskip("autograd.numpy")
    grad = pytest.importorskip("autograd").grad
    graph = GRAPHS[case]
    names = ", ".join(f'"{key}"' for key in graph.trained)
    solution = folder.read(f"{HEAD}wrt = [{names}]\n{graph.text}").solution
    values = {key: value.array for key, value in solution.network.values.items()}
    assert float(solution["L"].value) == pytest.approx(float(graph.loss(anp, values)), rel=1e-12)
    for key in graph.trained:

        def loss(x: Any, key: str = key) -> Any:
            return graph.loss(anp, {**values, key: x})

        ours = solution[f"grad.{key}"].value
        np.testing.assert_allclose(ours, grad(loss)(values[key]), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("case", GRAPHS)
def test_a_graph_passes_its_gradient_check(folder: Folder, case: str) -> None:
    names = ", ".join(f'"{key}"' for key in GRAPHS[case].trained)
    found = check_solution(folder.read(f"{HEAD}wrt = [{names}]\n{GRAPHS[case].text}").solution)
    assert found is not None
    assert found.passed, found.errors


def test_a_shared_weights_gradient_is_one_sum_over_the_steps(folder: Folder) -> None:
    graph = GRAPHS["a recurrent net of layers with shared weights"]
    solution = folder.read(f'{HEAD}wrt = ["W"]\n{graph.text}').solution
    assert solution.formula("grad.W").count("ᵀ·") == 3
