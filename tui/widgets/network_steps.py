"""The arrows of a network's map: each layer and the loss, from what goes in to what comes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from engine.expression.node import names
from engine.expression.symbols import symbol
from engine.language import mark_text, tr
from engine.network.losses import LOSS, N
from engine.network.passes import consumers_of

if TYPE_CHECKING:
    from engine.network.model import Entry, Network

LABELS = {
    "relu": "ReLU",
    "sigmoid": "σ",
    "tanh": "tanh",
    "softmax": "softmax",
    "leaky_relu": "leaky ReLU",
    "dropout": mark_text("dropout"),
    "max_pool2d": mark_text("max pool"),
    "avg_pool2d": mark_text("mean pool"),
    "flatten": mark_text("flatten"),
    "batch_norm": mark_text("batch norm"),
    "layer_norm": mark_text("layer norm"),
    "mse": "MSE",
    "logloss": "logloss",
    "cross_entropy": mark_text("cross entropy"),
}
"""What is written on an arrow, by the kind of layer or loss."""

NODE_USES = 2
"""A value, other than X, that more steps share gets no place of its own: it is one of time's."""


@dataclass(frozen=True, slots=True)
class MapStep:
    """One arrow: a layer, or the loss."""

    to: str
    sources: tuple[str, ...]
    """What goes in: earlier results, and given values that have a place of their own."""
    label: str = ""
    weights: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    """Results on the way inside of the layer, such as a norm's mean."""


def steps_of(network: Network) -> list[MapStep]:
    """Every layer and the loss, in pass order; a layer's results on the way are inside of it."""
    inner = {entry.to: entry for entry in network.entries if entry.part != "forward"}
    results = [entry.to for entry in network.entries if entry.to not in inner]
    own = set(_nodes_of_their_own(network))
    steps = []
    for entry in network.entries:
        if entry.to in inner:
            continue
        mentioned = list(dict.fromkeys(_mentioned(entry, inner)))
        sources = [name for name in mentioned if name in results or name in own]
        if not any(name in results for name in mentioned):
            sources = sources or [_main_input(network, entry, mentioned)]
        within = tuple(name for name in inner if name.partition(".")[2] == entry.to)
        weights = tuple(entry.roles.values())
        steps.append(MapStep(entry.to, tuple(sources), _label(entry), weights, within))
    loss = network.loss
    if loss is not None and loss.kind != "given":
        mentioned = [*loss.names]
        sources = [name for name in mentioned if name in results or name in own]
        steps.append(MapStep(LOSS, tuple(sources or mentioned[:1]), _named(loss.kind)))
    return steps


def is_chain(steps: Sequence[MapStep]) -> bool:
    """Whether every step takes just what the one before it gave."""
    alone = all(len(step.sources) == 1 for step in steps)
    return bool(steps) and alone and all(b.sources == (a.to,) for a, b in pairwise(steps))


def _mentioned(entry: Entry, inner: dict[str, Entry]) -> Iterator[str]:
    """The names in an entry; those of what happens inside of its layer instead of these."""
    for name in names(entry.node):
        if name in inner:
            yield from _mentioned(inner[name], inner)
        else:
            yield name


def _nodes_of_their_own(network: Network) -> Iterator[str]:
    """Given values whose gradient is asked, as X's is, and that aren't parameters."""
    trained = {*network.parameters, *(network.update.parameters if network.update else ())}
    for name in dict.fromkeys(("X", *network.wrt)):
        if name in trained or name not in network.values:
            continue
        if name == "X" or len(consumers_of(network, name)) <= NODE_USES:
            yield name


def _main_input(network: Network, entry: Entry, mentioned: list[str]) -> str:
    """What goes in where no earlier result does."""
    if entry.source in mentioned:
        return entry.source
    apart = {*network.parameters, *network.wrt, N}
    apart |= set(network.update.parameters) if network.update else set()
    return next((name for name in mentioned if name not in apart), [*mentioned, entry.to][0])


def _label(entry: Entry) -> str:
    weight, bias = entry.roles.get("weight"), entry.roles.get("bias")
    if entry.layer in ("linear", "conv2d") and weight:
        sign = "·" if entry.layer == "linear" else "∗"
        return sign + symbol(weight) + (f"+{symbol(bias)}" if bias else "")
    return _named(entry.layer)


def _named(kind: str) -> str:
    return tr(LABELS[kind]) if kind in LABELS else ""
