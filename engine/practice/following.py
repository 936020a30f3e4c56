"""What follows from changed values: the quantities in their order, and where they changed."""

from __future__ import annotations

import numpy as np

from engine.expression.evaluate import Array
from engine.expression.node import names
from engine.network.exchange import update_values
from engine.network.model import Network
from engine.network.quantity import FORWARD, UPDATE
from engine.network.solution import Solution

MOVED = 1e-12
"""By how much of its matrix's largest cell a number must differ to have changed."""


def pass_order(network: Network, solution: Solution) -> list[tuple[str, str]]:
    """Every key with its pass, each given value before what first needs it.

    ``solution`` is one pass of the network. The scalars of the update come last. Of the local
    derivatives those are left out that are a weight once more, and of a squared error each
    observation's own.
    """
    loss, tuning = network.loss, update_values(network)
    found: dict[str, str] = {}
    for key, step in solution.items():
        if key.startswith("local.") and step.node.op == "transpose":
            continue
        if key.startswith("each.") and loss is not None and loss.kind == "mse":
            continue
        for name in names(step.node):
            if name in network.values:
                found.setdefault(name, step.stage)
        found[key] = step.stage
    found = {key: stage for key, stage in found.items() if key not in tuning}
    rest = [key for key in network.values if key not in found and key not in tuning]
    first = dict.fromkeys(rest, FORWARD)
    return [*first.items(), *found.items(), *((key, UPDATE) for key in tuning)]


def changes(before: Solution, after: Solution) -> dict[str, Array]:
    """Where the numbers of two solutions differ: 1 where a cell grew, -1 where it shrank, else 0.

    Only the keys of which some cell changed.
    """
    found = {}
    for key, value in after.numbers.items():
        old = before.numbers.get(key)
        if old is None or old.shape != value.shape:
            continue
        scale = max(np.abs(old).max(), np.abs(value).max())
        with np.errstate(over="ignore"):
            difference = value - old
        moved = np.where(np.abs(difference) > MOVED * scale, np.sign(difference), 0)
        if moved.any():
            found[key] = moved
    return found
