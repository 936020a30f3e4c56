"""Another optimizer for a network, or a first one; its numbers become scalars among the values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import count

from engine.expression.node import names
from engine.network.model import Network, Update, Value, scalar_value
from engine.network.optimizers import OPTIMIZERS
from engine.network.passes import quantities

RATE = Fraction(1, 10)
"""The learning rate of a network that has no update of its own."""

NAMES = {"learning_rate": "eta", "momentum": "beta", "weight_decay": "lambda"}
"""The names that numbers written as such get, where they are free; the others keep their key."""


def free_name(key: str, taken: Collection[str]) -> str:
    """What the scalar of an optimizer's number is called, among the names that are taken."""
    return next(name for name in _names(key) if name not in taken)


def _names(key: str) -> Iterator[str]:
    if key in NAMES:
        yield NAMES[key]
    yield key
    for number in count(1):
        yield f"{key}_{number}"


def dependent(network: Network, keys: Collection[str]) -> tuple[str, ...]:
    """Those of the given values that the loss has a gradient by, if it is asked for."""
    asked = (*network.wrt, *keys)
    found = {quantity.key for quantity in quantities(replace(network, update=None, wrt=asked))}
    return tuple(key for key in keys if key in network.values and f"grad.{key}" in found)


def with_training(network: Network) -> Network:
    """The network with its own update, or with plain gradient descent of all that it can train."""
    if network.update is not None or network.loss is None:
        return network
    parameters = dependent(network, network.parameters)
    if not parameters:
        return network
    taken = {*network.values, *(entry.to for entry in network.entries)}
    rate = free_name("learning_rate", taken)
    values = {**network.values, rate: scalar_value(rate, RATE)}
    return replace(network, values=values, update=Update("sgd", rate, parameters))


def with_optimizer(network: Network, optimizer: str, first: Network) -> Network:
    """The network, which has an update, with another optimizer at the same learning rate.

    A number that it takes keeps its value, or gets the one that it has in ``first``, or its
    default. What nobody needs any more goes.
    """
    old = network.update
    assert old is not None
    values = dict(network.values)
    for key in set(old.numbers.values()) - _used(network):
        del values[key]
    taken = {*network.values, *(entry.to for entry in network.entries)}
    numbers: dict[str, str] = {}
    for key, default in _numbers(optimizer, old, first).items():
        name = old.numbers.get(key) or _name_in(first, key, taken)
        if name is None:
            name = free_name(key, taken)
            values[name] = scalar_value(name, default)
        else:
            values[name] = network.values.get(name) or first.values[name]
        taken.add(name)
        numbers[key] = name
    return replace(
        network, values=values, update=replace(old, optimizer=optimizer, numbers=numbers)
    )


def _numbers(optimizer: str, old: Update, first: Network) -> Mapping[str, Fraction]:
    """The numbers that an optimizer takes, with what they are by default."""
    numbers = dict(OPTIMIZERS[optimizer].numbers)
    if "weight_decay" in old.numbers:
        numbers["weight_decay"] = Fraction(0)
    return numbers


def _name_in(first: Network, key: str, taken: Collection[str]) -> str | None:
    """What a number was called at first, where that name isn't taken by something else now."""
    name = first.update.numbers.get(key) if first.update is not None else None
    return name if name is not None and name not in taken else None


def _used(network: Network) -> set[str]:
    """The values that the passes themselves need, and the learning rate."""
    loss, update = network.loss, network.update
    used = {key for entry in network.entries for key in names(entry.node)}
    if loss is not None:
        used |= {loss.of, loss.target, loss.upstream}
        used |= set() if loss.node is None else set(names(loss.node))
    if update is not None:
        used |= {update.learning_rate, *update.parameters}
    return used | set(network.wrt)


def update_values(network: Network) -> Mapping[str, Value]:
    """The scalars that only the update needs, the learning rate first."""
    update = network.update
    if update is None:
        return {}
    used = _used(replace(network, update=None))
    keys = dict.fromkeys((update.learning_rate, *update.numbers.values()))
    return {key: network.values[key] for key in keys if key not in used}
