"""Update steps: each takes the passes with the newest parameters, then moves every parameter.

From the second step on a key carries ``@2``, ``@3``… Parameters are updated all at once, from the
old values. A step may be made on some observations only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.expression.node import Node, name, number, select_rows, substitute, walk
from engine.network.losses import N
from engine.network.model import Entry, Network, Update
from engine.network.optimizers import OPTIMIZERS, Moment, Optimizer
from engine.network.quantity import FORWARD, LOSS_PASS, UPDATE, Quantity

OnePass = Callable[[Network], Iterator[Quantity]]
Rows = tuple[int, ...]


@dataclass(frozen=True)
class Recurrence:
    """How one step's names hang together with those of the step before."""

    before: Callable[[str, str], Node | None]
    """A parameter's state (state, parameter) after the step before; None where it is 0."""
    power: Callable[[str], Node]
    """An optimizer's number, by the name of its value, to the power t."""


def all_steps(network: Network, one_pass: OnePass) -> Iterator[Quantity]:
    """Every quantity of every step, in order; without an update the one pass."""
    update = network.update
    if update is None:
        yield from one_pass(network)
        return
    newest = {key: key for key in update.parameters}
    for step, rows in enumerate(update.steps, start=1):
        yield from _one_step(network, one_pass, step, rows, newest)
        newest = {key: numbered(f"new.{key}", step) for key in update.parameters}
    if update.after:
        last = len(update.steps) + 1
        passed = [q for q in one_pass(network) if q.stage in (FORWARD, LOSS_PASS)]
        again = [_with_rows(quantity, network, None) for quantity in passed]
        yield from _renamed(again, newest, last)


def numbered(key: str, step: int) -> str:
    """A key of a step, counted from 1: ``H1``, then ``H1@2``."""
    return key if step == 1 else f"{key}@{step}"


def _one_step(
    network: Network, one_pass: OnePass, step: int, rows: Rows | None, newest: Mapping[str, str]
) -> Iterator[Quantity]:
    update = network.update
    assert update is not None
    optimizer = OPTIMIZERS[update.optimizer]
    taken = dict(newest)
    if optimizer.ahead and step > 1:
        for key in update.parameters:
            factor = name(update.numbers["momentum"])
            state = name(numbered(f"m.{key}", step - 1))
            ahead = numbered(f"ahead.{key}", step)
            node = name(newest[key]) - factor * state
            yield Quantity(ahead, UPDATE, node, f"{update.optimizer}.ahead")
            taken[key] = ahead
    yield from _renamed(on_rows(network, one_pass, rows), taken, step)

    def before(state: str, key: str) -> Node | None:
        return None if step == 1 else name(numbered(f"{state}.{key}", step - 1))

    def power(value: str) -> Node:
        count = update.first_step + step - 1
        return name(value) if count == 1 else name(value) ** count

    moves = moved(update, optimizer, Recurrence(before, power), step)
    old = {name(key): name(newest[key]) for key in update.parameters}
    for quantity in moves:
        node = substitute(quantity.node, old)
        yield replace(quantity, node=node)


def on_rows(network: Network, one_pass: OnePass, rows: Rows | None) -> list[Quantity]:
    """One pass on some observations, None for all."""
    passed = one_pass(network if rows is None else _on_rows(network, rows))
    return [_with_rows(quantity, network, rows) for quantity in passed]


def moved(
    update: Update, optimizer: Optimizer, recurrence: Recurrence, step: int = 1
) -> Iterator[Quantity]:
    """The states and the new parameters of one step, from the parameters' own names."""
    numbers = {key: name(value) for key, value in update.numbers.items()}
    rate = name(update.learning_rate)
    decay = numbers.get("weight_decay")
    for key in update.parameters:
        parameter, gradient = name(key), name(numbered(f"grad.{key}", step))
        if decay is not None and optimizer.decoupled:
            parameter = parameter - rate * decay * parameter
        elif decay is not None:
            gradient = gradient + decay * name(key)

        def now(state: str, key: str = key) -> Node:
            return name(numbered(f"{state}.{key}", step))

        def before(state: str, key: str = key) -> Node | None:
            return recurrence.before(state, key)

        def power(factor: str) -> Node:
            return recurrence.power(update.numbers[factor])

        moment = Moment(parameter, gradient, rate, numbers, before, now, power)
        for state, rule in optimizer.states.items():
            skill = f"{update.optimizer}.{state}"
            yield Quantity(numbered(f"{state}.{key}", step), UPDATE, rule(moment), skill)
        new = numbered(f"new.{key}", step)
        yield Quantity(new, UPDATE, optimizer.new(moment), f"{update.optimizer}.update")


# --- names of a later step ------------------------------------------------------------------------


def _renamed(
    passed: list[Quantity], parameters: Mapping[str, str], step: int
) -> Iterator[Quantity]:
    """The quantities of a pass with the parameters' newest names and the step's own keys."""
    if step == 1:
        yield from passed
        return
    keys = {quantity.key: f"{quantity.key}@{step}" for quantity in passed}
    new_names = {**parameters, **keys}
    exchange = {name(old): name(new) for old, new in new_names.items()}
    for quantity in passed:
        yield replace(
            quantity,
            key=keys[quantity.key],
            node=substitute(quantity.node, exchange),
            others=tuple(substitute(node, exchange) for node in quantity.others),
            upstream=keys.get(quantity.upstream, ""),
            result=new_names.get(quantity.result, quantity.result),
        )


def _on_rows(network: Network, rows: Rows) -> Network:
    """The network with the batch's values cut down to some rows, where they enter a formula."""
    chosen = _chosen(network, rows)

    def cut(entry: Entry) -> Entry:
        node = substitute(entry.node, chosen)
        if node is entry.node:
            return entry
        # What arrives has the chosen rows only: no product with it cell by cell is the input's.
        kept = name(entry.source) not in chosen or entry.layer == "linear"
        source = entry.source if kept else ""
        local = None if entry.local is None else substitute(entry.local, chosen)
        return replace(entry, node=node, source=source, local=local)

    loss = network.loss
    if loss is not None and loss.node is not None:
        loss = replace(loss, node=substitute(loss.node, chosen))
    return replace(network, entries=tuple(cut(entry) for entry in network.entries), loss=loss)


def _chosen(network: Network, rows: Rows) -> dict[Node, Node]:
    update = network.update
    assert update is not None
    return {name(key): select_rows(name(key), rows) for key in update.batch}


def _with_rows(quantity: Quantity, network: Network, rows: Rows | None) -> Quantity:
    """The target or what arrives cut down too, and n as a number where a batch has another size."""
    loss, update = network.loss, network.update
    assert loss is not None
    assert update is not None
    chosen = {} if rows is None else _chosen(network, rows)
    beside = (name(loss.target), name(loss.upstream))
    chosen = {old: new for old, new in chosen.items() if old in beside}
    count = _count(network, rows)
    if count != _count(network, update.steps[0]):
        chosen = _with_number(quantity, count, chosen)
    if not chosen:
        return quantity
    return replace(
        quantity,
        node=substitute(quantity.node, chosen),
        others=tuple(substitute(node, chosen) for node in quantity.others),
    )


def _count(network: Network, rows: Rows | None) -> int:
    """How many observations a step is made on."""
    if rows is not None:
        return len(rows)
    update = network.update
    assert update is not None
    shape = network.values[update.batch[0]].shape if update.batch else ()
    return int(shape[0]) if shape else 1


def _with_number(quantity: Quantity, count: int, chosen: Mapping[Node, Node]) -> dict[Node, Node]:
    """What is `chosen`, and n as that number; a division by 1 is left out."""
    n = name(N)
    found = {n: number(count), **chosen}
    if count != 1:
        return found
    for form in (quantity.node, *quantity.others):
        for node in walk(form):
            if node.op in ("div", "mul") and node.operands[1] is n:
                found[node] = substitute(node.operands[0], found)
    return found
