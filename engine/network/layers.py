"""The table of layers: each is its forward expression; everything else is read off that tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from engine.expression import node as nodes
from engine.expression.node import Node, broadcast, name, number
from engine.network.model import Entry

Parts = Mapping[str, Any]
"""What a layer is made of besides its input: trees for values and numbers, pairs for settings."""

MEAN, VARIANCE, HAT = "mean", "var", "hat"


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer's declaration; its roles are the parts that trained values play in it."""

    forward: Callable[[Node, Parts], Node]
    """The result, from the input and the other parts; from the last of `between`, if there are."""
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    """Values that it needs and that nobody trains: a mask."""
    numbers: Mapping[str, Fraction] = field(default_factory=dict)
    """Numbers with their defaults; in a file a number or the name of one."""
    settings: Mapping[str, int | str] = field(default_factory=dict)
    """Whole numbers for rows and columns, with the default: a number, or the setting it follows."""
    between: Mapping[str, Callable[[Node, Parts], Node]] = field(default_factory=dict)
    """Results on the way, by the prefix of their key; each finds those before it among the parts.
    """
    local: Callable[[Node, Parts], Node] | None = None
    """The local derivative of an elementwise layer, where its last op alone doesn't tell."""
    picture: bool = False
    """Whether it works on one picture instead of on rows of observations."""

    @property
    def roles(self) -> tuple[str, ...]:
        return self.required + self.optional

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything that a file can say about it besides `from` and `to`."""
        return (*self.roles, *self.given, *self.numbers, *self.settings)


def _as_pair(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (int(value[0]), int(value[1]))


def entries(
    kind: str,
    source: str,
    to: str,
    roles: Mapping[str, str],
    others: Mapping[str, Any] | None = None,
) -> tuple[Entry, ...]:
    """The forward entries of a layer: its results on the way, then its own.

    `roles` says which value is the weight and so on; `others` has the remaining keys, as far as
    they are given: names of values, numbers (`Fraction`), settings (a whole number or a pair).
    """
    layer, others = LAYERS[kind], others or {}
    parts: dict[str, Any] = {role: name(key) for role, key in roles.items()}
    parts |= {key: name(others[key]) for key in layer.given}
    for key, default in layer.numbers.items():
        value = others.get(key, default)
        parts[key] = name(value) if isinstance(value, str) else number(value)
    for setting, follows in layer.settings.items():
        found = others.get(setting, follows)
        parts[setting] = parts[found] if isinstance(found, str) else _as_pair(found)
    made = []
    x = name(source)
    for prefix, build in layer.between.items():
        key = f"{prefix}.{to}"
        made.append(Entry(key, build(x, parts), kind, source, settings=others, part=prefix))
        parts[prefix] = name(key)
    if made:
        source = made[-1].to
    node = layer.forward(name(source), parts)
    local = layer.local(x, parts) if layer.local else None
    return (*made, Entry(to, node, kind, source, roles, others, local))


# --- the layers -----------------------------------------------------------------------------------


def _linear(x: Node, parts: Parts) -> Node:
    """X·W, and the bias on every row where there is one."""
    product: Node = x @ parts["weight"]
    bias = parts.get("bias")
    return product if bias is None else product + broadcast(bias, product, "row")


def _beside(value: Node, like: Node) -> Node:
    """A number beside a matrix: a named one can have a gradient, so its repetition is visible."""
    return value if value.op == "number" else broadcast(value, like, "scalar")


def _over(above: Node, below: Node) -> Node:
    return above if below is number(1) else above / _beside(below, above)


def _dropout(x: Node, parts: Parts) -> Node:
    """X⊙mask/keep: the inverted dropout (Srivastava et al. 2014, §10), its mask drawn before."""
    return _over(x * parts["mask"], parts["keep"])


def _conv2d(x: Node, parts: Parts) -> Node:
    found = nodes.conv2d(x, parts["weight"], *(parts[key] for key in CONVOLUTION))
    bias = parts.get("bias")
    return found if bias is None else found + broadcast(bias, found, "scalar")


CONVOLUTION: dict[str, int | str] = {"stride": 1, "padding": 0, "dilation": 1}
POOLING: dict[str, int | str] = {"size": 2, "stride": "size"}


def _norm(kind: str, mean: Callable[[Node], Node]) -> Layer:
    """Normalisation with the biased variance (Ioffe, Szegedy 2015; Ba, Kiros, Hinton 2016).

    `kind` says what a mean is, a "row" or a "column"; gamma and beta are rows in any case.
    """

    def variance(x: Node, parts: Parts) -> Node:
        return mean((x - broadcast(parts[MEAN], x, kind)) ** 2)

    def hat(x: Node, parts: Parts) -> Node:
        below, epsilon = parts[VARIANCE], parts["epsilon"]
        if epsilon is not number(0):
            below = below + _beside(epsilon, below)
        above = x - broadcast(parts[MEAN], x, kind)
        return above / broadcast(nodes.sqrt(below), x, kind)

    def scaled(x: Node, parts: Parts) -> Node:
        gamma, beta = parts.get("gamma"), parts.get("beta")
        found = x if gamma is None else broadcast(gamma, x, "row") * x
        return found if beta is None else found + broadcast(beta, x, "row")

    return Layer(
        scaled,
        optional=("gamma", "beta"),
        numbers={"epsilon": Fraction(1, 10**5)},
        between={MEAN: lambda x, parts: mean(x), VARIANCE: variance, HAT: hat},
    )


LAYERS: dict[str, Layer] = {
    "linear": Layer(_linear, required=("weight",), optional=("bias",)),
    "relu": Layer(lambda x, _: nodes.relu(x)),
    "leaky_relu": Layer(
        lambda x, parts: nodes.leaky_relu(x, parts["slope"]), numbers={"slope": Fraction(1, 100)}
    ),
    "sigmoid": Layer(lambda x, _: nodes.sigmoid(x)),
    "tanh": Layer(lambda x, _: nodes.tanh(x)),
    "softmax": Layer(lambda x, _: nodes.softmax(x)),
    "conv2d": Layer(
        _conv2d, required=("weight",), optional=("bias",), settings=CONVOLUTION, picture=True
    ),
    "max_pool2d": Layer(
        lambda x, parts: nodes.max_pool2d(x, parts["size"], parts["stride"]),
        settings=POOLING,
        picture=True,
    ),
    "avg_pool2d": Layer(
        lambda x, parts: nodes.avg_pool2d(x, parts["size"], parts["stride"]),
        settings=POOLING,
        picture=True,
    ),
    "flatten": Layer(lambda x, _: nodes.flatten(x), picture=True),
    "batch_norm": _norm("row", nodes.mean_rows),
    "layer_norm": _norm("column", nodes.mean_columns),
    "dropout": Layer(
        _dropout,
        given=("mask",),
        numbers={"keep": Fraction(1)},
        local=lambda x, parts: _over(parts["mask"], parts["keep"]),
    ),
}

ROWS = frozenset({"bias", "gamma", "beta"})
"""Roles whose flat list in a problem file is a row; every other flat list is a column."""

ACTIVATIONS = tuple(
    entries(kind, "X", "H", {})[-1].node.op
    for kind, layer in LAYERS.items()
    if not (layer.roles or layer.given or layer.picture)
)
"""The ops of the layers that are a function of their input alone."""
