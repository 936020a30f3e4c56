"""The gradient check: every gradient against finite differences of the loss.

Central differences of fourth order, f'(x) ≈ (8(f(x+h) - f(x-h)) - (f(x+2h) - f(x-2h))) / 12h
(Fornberg 1988), with the branches of the unperturbed pass held: a ReLU keeps its mask, so that the
check means something where an input lies exactly on the kink. Where the function bends too much
within the step, as ln p does near 0, a smaller step is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.expression.node import Node, make, mask, name, sign, substitute, walk
from engine.network.losses import LOSS, N
from engine.network.model import Network
from engine.network.passes import FORWARD, LOSS_PASS
from engine.network.solution import Solution

STEP = 1e-3
STEPS = 12
"""How many steps are tried, each a tenth of the one before."""
STRAIGHT, NOTHING = 1e-4, 1e-10
"""How far the slopes at one and at two steps may differ: relatively, and for losses around 1."""
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
    size = abs(_loss_value(solution.network, solution.numbers))
    for key in solution:
        if key.startswith("grad.") and "@" not in key:
            target = key.removeprefix("grad.")
            theirs = finite_difference(solution, target)
            errors[key] = relative_error(solution[key].value, theirs, size)
    return GradientCheck(errors)


def relative_error(ours: Array, theirs: Array, loss: float = 1.0) -> float:
    """The largest difference, relative to the largest cell; infinite if they can't be compared.

    Differences of a large loss carry its rounding: a gradient far smaller than the loss is held
    against a millionth of the loss.
    """
    if ours.shape != theirs.shape or not np.isfinite(ours - theirs).all():
        return float("inf")
    scale = max(np.abs(ours).max(), np.abs(theirs).max(), 1e-6 * max(1.0, loss))
    return float(np.abs(ours - theirs).max() / scale)


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

        found[place] = _slope(at, STEP * max(1.0, abs(float(value[place]))))
    return found


def _slope(at: Callable[[float], float], step: float) -> float:
    """The derivative at 0, with the first step at which the function is straight enough."""
    best, least_doubt = float("nan"), float("inf")
    for _ in range(STEPS):
        up, down = at(step), at(-step)
        near = (up - down) / (2 * step)
        far = (at(2 * step) - at(-2 * step)) / (4 * step)
        slope, doubt = (4 * near - far) / 3, abs(near - far)
        if doubt < least_doubt:
            best, least_doubt = slope, doubt
        if doubt <= STRAIGHT * abs(slope) + NOTHING * (1 + abs(up)):
            break
        step /= 10
    return best


def loss_function(
    solution: Solution, target: str, *, hold: bool = True
) -> Callable[[Array], float]:
    """The loss as a function of one quantity, everything before it as it was.

    With ``hold`` every kink is straightened to the branch of the unperturbed pass.
    """
    network = solution.network
    held: dict[str, Array] = {}
    chain = [
        (key, _hold(step.node, solution, held) if hold else step.node)
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
    """The tree with each kink straightened out: a ReLU is a product with the mask it has now."""
    replacements: dict[Node, Node] = {}
    for node in walk(root):
        if node.op == "max_pool2d":  # the winners are those of the unperturbed picture
            label = f"held.{len(held)}"
            held[label] = evaluate(node.operands[0], solution.numbers)
            picture = substitute(node.operands[0], replacements)
            replacements[node] = make("max_pool2d_pick", (picture, name(label)), node.argument)
        elif node.op in BRANCHES:
            branch = sign if node.op in ("abs", "sign") else mask
            label = f"held.{len(held)}"
            held[label] = evaluate(branch(node.operands[0]), solution.numbers)
            operands = (substitute(operand, replacements) for operand in node.operands)
            replacements[node] = BRANCHES[node.op](name(label), *operands)
    return substitute(root, replacements) if replacements else root


BRANCHES: dict[str, Callable[..., Node]] = {
    "relu": lambda held, x: x * held,
    "mask": lambda held, x: held,
    "abs": lambda held, x: x * held,
    "sign": lambda held, x: held,
    "leaky_relu": lambda held, x, slope: x * held + slope * (x * (1 - held)),
    "leaky_mask": lambda held, x, slope: held + slope * (1 - held),
}
"""Ops with a kink or a jump: what they are on the branch whose 0/1 mask, or sign, is held."""
