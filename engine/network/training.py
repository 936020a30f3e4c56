"""Training: the passes of a network run again and again, each step from the step before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.expression.evaluate import Array
from engine.expression.node import Node, name, substitute
from engine.expression.plan import Plan
from engine.language import tr
from engine.network.losses import LOSS
from engine.network.passes import quantities
from engine.network.solution import Solution

DTYPES = ("float64", "float32")


class Losses(np.ndarray[Any, np.dtype[Any]]):
    """The loss before each step, shape (steps,), with the parameters' last values beside it."""

    parameters: Mapping[str, Array]
    """Each trained parameter after the last step."""

    def __array_finalize__(self, source: Any) -> None:
        self.parameters = getattr(source, "parameters", {})


class TrainingError(ValueError):
    """A problem that can't be trained: it has no update, or no loss to follow."""


def train_solution(solution: Solution, steps: int, dtype: str = "float64") -> Losses:
    """Make `steps` updates from the given values; the passes are compiled once, then repeated.

    Raises `TrainingError` for a network without an update or a loss of its own, `ValueError` for
    a negative number of steps or another dtype. A training that diverges goes on with inf and nan.
    """
    update = solution.network.update
    if update is None:
        raise TrainingError(tr("This problem has no update, so there is nothing to train."))
    if LOSS not in solution:
        raise TrainingError(tr("This problem has no loss that training could follow."))
    if steps < 0:
        raise ValueError(f"steps: expected 0 or more, got {steps}")
    if dtype not in DTYPES:
        raise ValueError(f"dtype: expected one of {', '.join(DTYPES)}, got {dtype!r}")
    whole = _whole_trees(solution)
    parameters = update.parameters
    given = {
        key: np.array(value, dtype=dtype)
        for key, value in solution.numbers.items()
        if key not in solution
    }
    state: list[Any] = [given.pop(key) for key in parameters]
    outputs = [whole[LOSS], *(whole[f"new.{key}"] for key in parameters)]
    shapes = {key: value.shape for key, value in zip(parameters, state, strict=True)}
    run = Plan(parameters, outputs, dtype, given, shapes).run
    losses = np.empty(steps, dtype=dtype)
    with np.errstate(all="ignore"):
        for step in range(steps):
            losses[step], *state = run(state)
    found = losses.view(Losses)
    found.parameters = dict(zip(parameters, state, strict=True))
    return found


def _whole_trees(solution: Solution) -> dict[str, Node]:
    """The quantities of one step as trees over the given values alone, with shared parts."""
    whole: dict[str, Node] = {}
    by_name: dict[Node, Node] = {}
    for quantity in quantities(solution.network):
        if "@" not in quantity.key:
            whole[quantity.key] = by_name[name(quantity.key)] = substitute(quantity.node, by_name)
    return whole
