"""The parts of a drawn network: what is lit for a question, what has been found already."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from engine.expression.node import names

if TYPE_CHECKING:
    from engine.network.model import Network
    from engine.practice.session import Question

LIT = "bold $accent"
DONE = "$foreground"
AHEAD = "$muted"

LAYER_LABELS = {"relu": "ReLU", "sigmoid": "σ", "tanh": "tanh"}
LOSS_LABELS = {"mse": "MSE", "logloss": "logloss", "cross_entropy": "cross-entropy"}

UPDATES = frozenset({"new", "m", "v", "mhat", "vhat", "ahead"})
"""What an update step finds about a parameter."""


class Mark(NamedTuple):
    """A part of the picture: which kind of part, and whose."""

    part: str
    """``node``, ``edge`` and ``weight`` of the forward line; ``back`` (an edge), ``grad`` and
    ``weight_grad`` of the backward line."""
    name: str


def lit_marks(question: Question) -> frozenset[Mark]:
    """What is lit for a question: the step forward, or every step back and what it brings."""
    if question.kind == "spot":
        return frozenset()  # to find the place is what is asked
    network = question.problem.network
    key = question.key.partition("@")[0]
    prefix, _, name = key.rpartition(".")
    result = question.problem.solution[question.key].quantity.result.partition("@")[0]
    if prefix in UPDATES:
        return frozenset({Mark("weight", name)})
    if prefix == "local":
        return frozenset({Mark("back", result)})
    if prefix == "grad":
        if name in network.parameters:
            return frozenset({Mark("weight_grad", name)})
        back = {Mark("back", to) for to in consumers(network, name)}
        return frozenset({Mark("grad", name), *back})
    place = key if any(entry.to == key for entry in network.entries) else result or name
    return frozenset({Mark("edge", place), Mark("node", place)})


def consumers(network: Network, name: str) -> list[str]:
    """Every result that a value goes into directly, the loss too: where its gradient comes from."""
    found = [entry.to for entry in network.entries if name in names(entry.node)]
    loss = network.loss
    if loss is not None and loss.kind != "given":
        into_loss = names(loss.node) if loss.node is not None else (loss.of, loss.target)
        if name in into_loss:
            found.append("L")
    return found


def done_marks(known: Collection[str]) -> frozenset[Mark]:
    """What has been found already, so that it isn't dimmed."""
    marks = set()
    for key in known:
        prefix, _, name = key.rpartition(".")
        if not prefix:
            marks |= {Mark("node", name), Mark("edge", name), Mark("weight", name)}
        elif prefix == "grad":
            marks |= {Mark("grad", name), Mark("weight_grad", name)}
    return frozenset(marks)
