"""The passes of a network as named quantities: forward, loss, backward, update, each one line.

A quantity's expression mentions earlier quantities by name, one step deep, the way one does it by
hand. What the learner is asked, how an answer is marked and what is printed all come from here.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Mapping

import numpy as np

from engine.expression.derive import gradients, local_derivative
from engine.expression.node import Node, name, names, number, substitute
from engine.expression.symbols import split_key
from engine.network.losses import (
    EACH,
    LOSS,
    LOSSES,
    N,
    each_node,
    gradient_node,
    loss_by_terms,
    loss_node,
    shortcut_node,
    target_gradient_node,
)
from engine.network.model import Entry, Loss, Network, Value
from engine.network.quantity import BACKWARD, FORWARD, LOSS_PASS, UPDATE, Quantity
from engine.network.updates import all_steps, on_rows
from engine.remembering import remembered

__all__ = [
    "BACKWARD",
    "FORWARD",
    "LOSS_PASS",
    "RESERVED",
    "UPDATE",
    "Quantity",
    "consumers_of",
    "pass_on_rows",
    "quantities",
]

RESERVED = frozenset({LOSS, N})
"""Names that no value may take."""

REMEMBERED = 256
"""Of how many networks the quantities are kept for further numbers."""


def quantities(network: Network) -> tuple[Quantity, ...]:
    """Every quantity of every pass, in pass order."""

    def build() -> tuple[Quantity, ...]:
        return tuple(all_steps(network, _one_pass))

    return remembered(_known, _wiring(network), REMEMBERED, build)


_known: dict[Hashable, tuple[Quantity, ...]] = {}


def _wiring(network: Network) -> Hashable:
    """What the quantities depend on: other numbers in the same network have the same ones."""
    entries = (
        (e.to, e.node, e.layer, e.source, *e.roles.items(), e.local, e.part)
        for e in network.entries
    )
    loss, update = network.loss, network.update
    target = network.values.get(loss.target) if loss and loss.kind == "cross_entropy" else None
    return (
        tuple(entries),
        tuple((key, value.shape) for key, value in network.values.items()),
        (loss, target is not None and _adds_up(target)),
        update and (*{**vars(update), "numbers": (*update.numbers.items(),)}.values(),),
        network.wrt,
    )


def pass_on_rows(network: Network, rows: tuple[int, ...] | None) -> tuple[Quantity, ...]:
    """Forward, loss and backward of one step on some observations, None for all."""
    return tuple(on_rows(network, _one_pass, rows))


def consumers_of(network: Network, key: str) -> tuple[str, ...]:
    """Every result that a value goes into directly, L too: where its gradient comes from."""
    found = [entry.to for entry in network.entries if key in names(entry.node)]
    if network.loss is not None and key in network.loss.names:
        found.append(LOSS)
    return tuple(found)


def _one_pass(network: Network) -> Iterator[Quantity]:
    for entry in network.entries:
        yield Quantity(
            entry.to, FORWARD, entry.node, f"{entry.layer}.{entry.part}", result=entry.to
        )
    loss = network.loss
    if loss is None:
        return
    if loss.kind in LOSSES:
        single = _columns(network, loss.target) == 1
        skill = f"{loss.kind}.loss"
        yield Quantity(EACH, LOSS_PASS, each_node(loss, single), skill, result=LOSS)
        main, by_terms = loss_node(loss), loss_by_terms(loss)
        others = () if main is by_terms else (by_terms,)
        yield Quantity(LOSS, LOSS_PASS, main, skill, others, result=LOSS)
    elif loss.node is not None:
        yield Quantity(LOSS, LOSS_PASS, loss.node, "formula.loss", result=LOSS)
    yield from _backward(network)


def _columns(network: Network, target: str) -> int:
    shape = network.values[target].shape
    return int(shape[1]) if shape else 1


class _Backward:
    """The bookkeeping of one backward pass: what has arrived where, what is to come."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.results = {entry.to for entry in network.entries}
        asked = {*network.parameters, *network.wrt, "X"}
        asked.update(network.update.parameters if network.update else ())
        self.asked = asked & set(network.values) | self.results
        self.arrived: dict[str, Node] = {}
        self.waiting: dict[str, int] = {}

    def used(self, roots: Iterable[str]) -> list[Entry]:
        """The entries that the loss depends on; counts who sends a gradient to which name.

        `roots` are the names that the loss itself sends one to.
        """
        for key in roots:
            self.waiting[key] = self.waiting.get(key, 0) + 1
        entries = []
        for entry in reversed(self.network.entries):
            if entry.to in self.waiting:
                entries.append(entry)
                for key in names(entry.node):
                    self.waiting[key] = self.waiting.get(key, 0) + 1
        return entries

    def send(self, key: str, part: Node | None) -> bool:
        """A contribution arrives, or it is sure that none will come, as through a mask.

        True when it was the last one and the gradient is complete.
        """
        if part is not None:
            before = self.arrived.get(key)
            self.arrived[key] = part if before is None else before + part
        self.waiting[key] -= 1
        return self.waiting[key] == 0 and key in self.asked and key in self.arrived


def _backward(network: Network) -> Iterator[Quantity]:
    loss = network.loss
    assert loss is not None
    state = _Backward(network)
    parts = _from_loss(loss, state.asked)
    entries = state.used(key for key, _ in parts)
    consumers = dict(state.waiting)
    for key, part in sorted(parts, key=lambda part: part[0] not in network.values):
        if state.send(key, part):
            yield Quantity(
                f"grad.{key}", BACKWARD, state.arrived[key], f"{loss.kind}.gradient", result=LOSS
            )
    for entry in entries:
        if entry.to in state.arrived:
            yield from _through(entry, state, consumers)
        else:
            yield from _past(entry, state)


def _from_loss(loss: Loss, asked: Container[str]) -> list[tuple[str, Node | None]]:
    """What the loss sends to each name that it is made of; None where nothing flows back."""
    if loss.node is not None:
        parts = gradients(loss.node, number(1), names(loss.node))
        return [(key, parts.get(key)) for key in names(loss.node)]
    if loss.kind == "given":
        return [(loss.of, name(loss.upstream))]
    found: list[tuple[str, Node | None]] = [(loss.of, gradient_node(loss))]
    if loss.target in asked:
        found.append((loss.target, target_gradient_node(loss)))
    return found


def _past(entry: Entry, state: _Backward) -> Iterator[Quantity]:
    """No gradient has reached the entry, so it sends none: others needn't wait for it."""
    for key in names(entry.node):
        if state.send(key, None):
            yield Quantity(f"grad.{key}", BACKWARD, state.arrived[key], "formula.backward")


def _through(entry: Entry, state: _Backward, consumers: Mapping[str, int]) -> Iterator[Quantity]:
    """The gradient goes back through one entry: parameters first, then the input."""
    network, upstream = state.network, f"grad.{entry.to}"
    parts = gradients(entry.node, name(upstream), names(entry.node))
    known = {entry.node: name(entry.to)}
    role_of = {value: role for role, value in entry.roles.items()}
    ordered = [key for key in names(entry.node) if key in role_of]
    ordered += [key for key in names(entry.node) if key not in role_of]
    for key in ordered:
        if key not in parts:
            if state.send(key, None):
                yield Quantity(f"grad.{key}", BACKWARD, state.arrived[key], "formula.backward")
            continue
        local = _local(entry, key, network)
        if local is not None and key in state.asked:
            yield Quantity(
                f"local.{key}",
                BACKWARD,
                substitute(local, known),
                f"{entry.layer}.local",
                upstream=upstream,
                result=entry.to,
            )
        complete = state.send(key, substitute(parts[key], known))
        if not complete:
            continue
        role = role_of.get(key)
        prefix = split_key(key)[0]  # of a layer's result on the way, such as its mean
        part = f"{role or prefix}_gradient" if role or prefix else "backward"
        alone = consumers[key] == 1  # not a target, too
        others = _others(entry, key, network) if alone else ()
        placed = state.arrived[key].op == "place_rows"  # a step on some rows: not the product alone
        if local is not None and alone and local.op != "transpose":
            others = (name(upstream) * name(f"local.{key}"), *others)
        elif local is not None and alone and not placed:
            others = (name(upstream) @ name(f"local.{key}"), *others)
        yield Quantity(
            f"grad.{key}",
            BACKWARD,
            state.arrived[key],
            f"{entry.layer}.{part}",
            others,
            upstream,
            entry.to,
        )


def _local(entry: Entry, key: str, network: Network) -> Node | None:
    """What the upstream gradient is multiplied by on its way to the layer's input.

    None where the input enters another layer or a formula, too, or the layer twice, as in X·X.
    """
    if key != entry.source or entry.layer == "formula" or key in entry.roles.values():
        return None
    formula = network.loss.node if network.loss else None
    roots = [other.node for other in network.entries] + ([] if formula is None else [formula])
    if sum(key in names(root) for root in roots) > 1:
        return None
    if entry.layer == "linear":
        return name(entry.roles["weight"]).T
    return entry.local or local_derivative(entry.node)


def _others(entry: Entry, key: str, network: Network) -> tuple[Node, ...]:
    """p - y, where the loss and the activation before it shrink to that."""
    loss = network.loss
    if loss is None or loss.kind not in LOSSES or loss.of != entry.to or key != entry.source:
        return ()
    if LOSSES[loss.kind].activation != entry.layer:
        return ()
    if loss.kind == "cross_entropy" and not _adds_up(network.values[loss.target]):
        return ()
    return (shortcut_node(loss),)


def _adds_up(target: Value) -> bool:
    """Whether each row of the target sums to 1: only then does the softmax leave p - y."""
    return all(sum(row) == 1 for row in np.atleast_2d(target.exact))
