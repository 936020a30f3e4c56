"""The gradient check: every gradient against finite differences of the loss.

Central differences of fourth order, f'(x) ≈ (8(f(x+h) - f(x-h)) - (f(x+2h) - f(x-2h))) / 12h
(Fornberg 1988), with the branches of the unperturbed pass held: a ReLU keeps its mask, so that the
check means something where an input lies exactly on the kink.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.expression.node import Node, make, mask, name, substitute, walk
from engine.network.losses import LOSS, N
from engine.network.model import Network
from engine.network.passes import FORWARD, LOSS_PASS
from engine.network.solution import Solution

STEP = 1e-3
TOLERANCE = 1e-6


@dataclass(frozen=True)
class GradientCheck:
    """The outcome: the largest error of any gradient, relative to that gradient's largest cell."""

    errors: Mapping[str, float]

    @property
    def max_relative_error(self) -> float:
        return max(self.errors.values(), default=0.0)

    @property
    def passed(self) -> bool:
        return self.max_relative_error <= TOLERANCE


def check_solution(solution: Solution) -> GradientCheck | None:
    """Check every grad.* of the first pass; None without a loss to differentiate."""
    loss = solution.network.loss
    if loss is None:
        return None
    errors = {}
    for key in solution:
        if key.startswith("grad.") and "@" not in key:
            target = key.removeprefix("grad.")
            ours = solution[key].value
            theirs = finite_difference(solution, target)
            scale = max(np.abs(ours).max(), np.abs(theirs).max(), 1e-6)
            errors[key] = float(np.abs(ours - theirs).max() / scale)
    return GradientCheck(errors)


def finite_difference(solution: Solution, target: str) -> Array:
    """The gradient of the loss by a value or a forward result, cell by cell, from values alone.

    In the problem's convention: of n·L where it passes back each observation's own gradient.
    """
    value = np.array(solution.numbers[target], dtype=float)
    loss_at = loss_function(solution, target)
    found = np.empty(value.shape)
    for place in np.ndindex(value.shape):

        def at(offset: float, place: tuple[int, ...] = place) -> float:
            moved = value.copy()
            moved[place] += offset
            return loss_at(moved)

        near, far = at(STEP) - at(-STEP), at(2 * STEP) - at(-2 * STEP)
        found[place] = (8 * near - far) / (12 * STEP)
    return found


def loss_function(solution: Solution, target: str) -> Callable[[Array], float]:
    """The loss as a function of one quantity, everything before it as it was."""
    network = solution.network
    held: dict[str, Array] = {}
    chain = [
        (key, _hold(step.node, solution, held))
        for key, step in solution.items()
        if step.stage in (FORWARD, LOSS_PASS) and "@" not in key and key != target
    ]

    def loss_at(value: Array) -> float:
        values = {**solution.numbers, **held, target: value}
        for key, node in chain:
            values[key] = evaluate(node, values)
        return _loss_value(network, values)

    return loss_at


def _loss_value(network: Network, values: Mapping[str, Array]) -> float:
    loss = network.loss
    assert loss is not None
    if loss.kind == "given":
        return float(np.sum(values[loss.of] * values[loss.upstream]))
    factor = float(values[N]) if loss.per_observation and loss.reduction == "mean" else 1.0
    return float(values[LOSS]) * factor


def _hold(root: Node, solution: Solution, held: dict[str, Array]) -> Node:
    """The tree with each ReLU as a product with the mask that it has now."""
    replacements: dict[Node, Node] = {}
    for node in walk(root):
        if node.op in ("relu", "leaky_relu", "abs"):
            (x, *rest) = node.operands
            now = {"relu": mask(x), "abs": make("sign", (x,))}.get(node.op)
            if now is None:
                now = make("leaky_mask", (x, *rest))
            label = f"held.{len(held)}"
            held[label] = evaluate(now, solution.numbers)
            replacements[node] = substitute(x, replacements) * name(label)
    return substitute(root, replacements) if replacements else root
