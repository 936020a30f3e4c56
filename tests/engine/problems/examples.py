"""The forward passes of the files in `published/`, written by hand for HIPS autograd."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import autograd.numpy as np

from tests.engine.problems.independent import Example, Formula

Values = Mapping[str, Any]


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def relu(x: Any) -> Any:
    return np.where(x > 0, x, 0.0)


def softmax(x: Any) -> Any:
    e = np.exp(x)
    return e / np.sum(e, axis=1, keepdims=True)


def linear(x: str, weight: str, bias: str = "") -> Formula:
    return lambda v: np.dot(v[x], v[weight]) + (v[bias] if bias else 0)


def of(function: Callable[[Any], Any], x: str) -> Formula:
    return lambda v: function(v[x])


def slope_of_sigmoid(result: str) -> Formula:
    return lambda v: v[result] * (1 - v[result])


def slope_of_tanh(result: str) -> Formula:
    return lambda v: 1 - v[result] ** 2


def transposed(weight: str) -> Formula:
    return lambda v: v[weight].T


def mask(x: str) -> Formula:
    return lambda v: np.where(v[x] > 0, 1.0, 0.0)


def leaky_mask(x: str, slope: float) -> Formula:
    return lambda v: np.where(v[x] > 0, 1.0, slope)


def leaky(x: str, slope: float) -> Formula:
    return lambda v: np.where(v[x] > 0, v[x], slope * v[x])


def convolved(
    x: str,
    kernel: str,
    stride: tuple[int, int] = (1, 1),
    padding: int = 0,
    dilation: tuple[int, int] = (1, 1),
    bias: str = "",
) -> Formula:
    """Cell by cell, so that nothing is shared with how the engine does it."""

    def formula(v: Values) -> Any:
        w = v[kernel]
        picture = np.pad(v[x], padding, "constant")
        reach = [dilation[k] * (w.shape[k] - 1) + 1 for k in (0, 1)]
        places = [range(0, picture.shape[k] - reach[k] + 1, stride[k]) for k in (0, 1)]
        rows = []
        for r in places[0]:
            row = [
                sum(
                    w[i, j] * picture[r + i * dilation[0], c + j * dilation[1]]
                    for i in range(w.shape[0])
                    for j in range(w.shape[1])
                )
                for c in places[1]
            ]
            rows.append(np.array(row))
        return np.array(rows) + (v[bias] if bias else 0)

    return formula


def pooled(
    gather: Callable[[Any], Any], x: str, size: tuple[int, int], stride: tuple[int, int]
) -> Formula:
    def formula(v: Values) -> Any:
        places = [range(0, v[x].shape[k] - size[k] + 1, stride[k]) for k in (0, 1)]
        return np.array(
            [
                np.array([gather(v[x][r : r + size[0], c : c + size[1]]) for c in places[1]])
                for r in places[0]
            ]
        )

    return formula


def normalised(x: str, to: str, axis: int, epsilon: float, scaled: Formula) -> dict[str, Formula]:
    """The results of a norm, the ones on the way first."""
    return {
        f"mean.{to}": lambda v: np.mean(v[x], axis=axis, keepdims=True),
        f"var.{to}": lambda v: np.mean((v[x] - v[f"mean.{to}"]) ** 2, axis=axis, keepdims=True),
        f"hat.{to}": lambda v: (v[x] - v[f"mean.{to}"]) / np.sqrt(v[f"var.{to}"] + epsilon),
        to: scaled,
    }


def _lstm(t: int) -> dict[str, Formula]:
    """One step of Gomez' LSTM: the gates, the state, the output."""

    def gate(kind: Callable[[Any], Any], letter: str) -> Formula:
        def formula(v: Values) -> Any:
            found = np.dot(v[f"x{t}"], v[f"W{letter}"]) + v[f"b{letter}"]
            return kind(found + np.dot(v[f"out{t - 1}"], v[f"U{letter}"]) if t else found)

        return formula

    def state(v: Values) -> Any:
        new = v[f"a{t}"] * v[f"i{t}"]
        return new + v[f"f{t}"] * v[f"s{t - 1}"] if t else new

    return {
        f"a{t}": gate(np.tanh, "a"),
        f"i{t}": gate(sigmoid, "i"),
        f"f{t}": gate(sigmoid, "f"),
        f"o{t}": gate(sigmoid, "o"),
        f"s{t}": state,
        f"out{t}": lambda v: np.tanh(v[f"s{t}"]) * v[f"o{t}"],
    }


MASHA: dict[str, Formula] = {
    "H1": linear("X", "W1"),
    "O1": of(relu, "H1"),
    "yhat": linear("O1", "W2"),
}

EXAMPLES: dict[str, Example] = {
    "sigmoid-net": Example(
        {
            "Z1": linear("X", "W1", "b1"),
            "A1": of(sigmoid, "Z1"),
            "Z2": linear("A1", "W2", "b2"),
            "A2": of(sigmoid, "Z2"),
        },
        {
            "X": transposed("W1"),
            "Z1": slope_of_sigmoid("A1"),
            "A1": transposed("W2"),
            "Z2": slope_of_sigmoid("A2"),
        },
    ),
    "circuit": Example(
        {"q": lambda v: v["x"] + v["y"]},
        loss=lambda v: v["q"] * v["z"],
    ),
    "sigmoid-neuron": Example(
        loss=lambda v: sigmoid(v["w0"] * v["x0"] + v["w1"] * v["x1"] + v["w2"]),
    ),
    "sigmoid-gates": Example(
        {
            "dot": lambda v: v["w0"] * v["x0"] + v["w1"] * v["x1"] + v["w2"],
            "e": lambda v: np.exp(-v["dot"]),
            "below": lambda v: 1 + v["e"],
        },
        loss=lambda v: 1 / v["below"],
    ),
    "reused-scalars": Example(
        {
            "c1": lambda v: v["a"] + v["b"],
            "d1": lambda v: v["a"] * v["b"] + v["b"] ** 3,
            "c2": lambda v: v["c1"] + v["c1"] + 1,
            "c3": lambda v: v["c2"] + 1 + v["c2"] + (-v["a"]),
            "d2": lambda v: v["d1"] + v["d1"] * 2 + relu(v["b"] + v["a"]),
            "d3": lambda v: v["d2"] + 3 * v["d2"] + relu(v["b"] - v["a"]),
            "e": lambda v: v["c3"] - v["d3"],
            "f": lambda v: v["e"] ** 2,
        },
        loss=lambda v: v["f"] / 2 + 10 / v["f"],
    ),
    "shared-factor": Example(
        loss=lambda v: v["a"] * v["b"] + v["a"],
    ),
    "columns-as-rows": Example(
        {
            "Z1": linear("X", "W1", "b1"),
            "A1": of(np.tanh, "Z1"),
            "Z2": linear("A1", "W2", "b2"),
            "p": of(sigmoid, "Z2"),
        },
        {
            "X": transposed("W1"),
            "Z1": slope_of_tanh("A1"),
            "A1": transposed("W2"),
            "Z2": slope_of_sigmoid("p"),
        },
    ),
    "columns": Example(
        {
            "Z1": lambda v: np.dot(v["W1"], v["x"]) + v["b1"],
            "A1": of(np.tanh, "Z1"),
            "Z2": lambda v: np.dot(v["W2"], v["A1"]) + v["b2"],
            "p": of(sigmoid, "Z2"),
        },
        loss=lambda v: -np.sum(v["y"] * np.log(v["p"]) + (1 - v["y"]) * np.log(1 - v["p"])),
    ),
    "ridge": Example(
        {"yhat": linear("X", "w", "b")},
        {"X": transposed("w")},
        loss=lambda v: np.mean((v["yhat"] - v["y"]) ** 2) + v["lambda"] / 2 * np.sum(v["w"] ** 2),
    ),
    "formula-mean": Example(
        {"yhat": linear("X", "W")},
        {"X": transposed("W")},
        loss=lambda v: (
            np.sum(np.abs(v["yhat"] - v["y"])) / len(v["yhat"]) + np.mean(v["W"] ** 2) ** 2
        ),
    ),
    "dropout": Example(
        {
            "H": linear("X", "W1"),
            "O": leaky("H", 0.1),
            "D": lambda v: v["O"] * v["M"] / 0.8,
            "yhat": linear("D", "W2"),
        },
        {
            "X": transposed("W1"),
            "H": leaky_mask("H", 0.1),
            "O": lambda v: v["M"] / 0.8,
            "D": transposed("W2"),
        },
    ),
    "adam-second-step": Example({"yhat": linear("X", "W", "b")}, {"X": transposed("W")}),
    "conv-net": Example(
        {
            "C": convolved("X", "K", (2, 1), 1, (1, 2), "c"),
            "R": of(relu, "C"),
            "P": pooled(np.max, "R", (3, 2), (3, 2)),
            "F": lambda v: np.reshape(v["P"], (1, -1)),
            "yhat": linear("F", "W"),
        },
        {"C": mask("C"), "F": transposed("W")},
    ),
    "corr2d": Example(
        {
            "plain": convolved("X", "K"),
            "padded": convolved("X", "K", padding=1),
            "strided": convolved("X", "K", (3, 2), 1),
            "largest": pooled(np.max, "X", (2, 2), (1, 1)),
            "average": pooled(np.mean, "X", (2, 2), (1, 1)),
        },
        aside=frozenset({"plain", "padded", "strided", "largest", "K"}),
    ),
    "batch-norm": Example(
        {
            "H": linear("X", "W1"),
            **normalised("H", "B", 0, 0.01, lambda v: v["g"] * v["hat.B"] + v["s"]),
            "z": linear("B", "W2"),
            "p": of(sigmoid, "z"),
        },
        {"X": transposed("W1"), "B": transposed("W2"), "z": slope_of_sigmoid("p")},
    ),
    "frozen-norm": Example(
        {
            "hat": lambda v: (v["X"] - v["mu"]) / np.sqrt(v["v"] + 1e-5),
            "B": lambda v: v["g"] * v["hat"] + v["s"],
        },
    ),
    "layer-norm": Example(
        {
            **normalised("X", "N", 1, 1e-5, lambda v: v["hat.N"]),
            **normalised("N", "M", 1, 1e-5, lambda v: v["g"] * v["hat.M"] + v["s"]),
        },
    ),
    "recurrent": Example(
        {
            **{
                f"h{t}": lambda v, t=t: np.tanh(  # type: ignore[misc]
                    np.dot(v[f"x{t}"], v["W"]) + np.dot(v[f"h{t - 1}"], v["U"]) + v["b"]
                )
                for t in (1, 2, 3)
            },
            "yhat": linear("h3", "V"),
        },
        {"h3": transposed("V")},
    ),
    "self-attention": Example(
        {
            "Q": linear("X", "WQ"),
            "K": linear("X", "WK"),
            "V": linear("X", "WV"),
            "S": lambda v: np.dot(v["Q"], v["K"].T) / np.sqrt(v["d"]),
            "A": of(softmax, "S"),
            "O": lambda v: np.dot(v["A"], v["V"]),
        },
    ),
    "soft-targets": Example(
        {"Z": linear("X", "W", "b"), "P": of(softmax, "Z")}, {"X": transposed("W")}
    ),
    "nesterov": Example(
        {"H": linear("X", "W1"), "O": of(sigmoid, "H"), "yhat": linear("O", "W2")},
        {"X": transposed("W1"), "H": slope_of_sigmoid("O"), "O": transposed("W2")},
    ),
    "mini-batches": Example(
        {
            "H": linear("X", "W1", "b1"),
            "O": of(relu, "H"),
            "D": lambda v: v["O"] * v["M"] / 0.5,
            "yhat": linear("D", "W2"),
        },
        {
            "X": transposed("W1"),
            "H": mask("H"),
            "O": lambda v: v["M"] / 0.5,
            "D": transposed("W2"),
        },
    ),
    "decay": Example({"yhat": linear("X", "W", "b")}, {"X": transposed("W")}),
    "goes-on": Example(
        {"yhat": linear("X", "W", "b"), "Z": linear("yhat", "V"), "P": of(softmax, "Z")},
        {"X": transposed("W"), "yhat": transposed("V")},
    ),
    "founding-goes-on": Example(
        {**MASHA, "q": leaky("yhat", 0.01)},
        {
            "X": transposed("W1"),
            "H1": mask("H1"),
            "O1": transposed("W2"),
            "yhat": leaky_mask("yhat", 0.01),
        },
    ),
    "autoencoder": Example(
        {"H": linear("X", "W"), "C": of(np.tanh, "H"), "R": linear("C", "V")},
        {"X": transposed("W"), "H": slope_of_tanh("C"), "C": transposed("V")},
    ),
    "residual": Example(
        {
            "H": linear("X", "W1"),
            "O": of(relu, "H"),
            "F": linear("O", "W2"),
            "R": lambda v: v["X"] + v["F"],
        },
        {"H": mask("H"), "O": transposed("W2")},
    ),
    "lstm": Example(
        {**_lstm(0), **_lstm(1)},
        loss=lambda v: (
            np.sum((v["out0"] - v["y0"]) ** 2) / 2 + np.sum((v["out1"] - v["y1"]) ** 2) / 2
        ),
        aside=frozenset({"f0"}),
    ),
}
