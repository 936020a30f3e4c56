"""The proof by nudging: what a small change of one cell does to the loss, beside the gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, log10

import numpy as np

from engine.network.check import loss_function
from engine.network.losses import LOSS
from engine.problems.problem import Problem

NUDGES = (1e-3, 1e-4, 1e-5)
"""The changes that are tried, the first one within which the loss has no kink beside the cell's."""
ENOUGH, NOTHING = 1e-3, 1e-5
"""How far slopes may differ and still be called the same: relatively, and for losses around 1."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One cell nudged up and down."""

    target: str
    """The symbol of what is nudged: H₁ where ∂L/∂H₁ was asked."""
    loss: str
    """How the loss is called: L, or n·L where each observation's own gradient is passed back."""
    nudge: float
    here: float
    """The loss as it is."""
    up: float
    """The loss with the cell greater by ``nudge``."""
    down: float
    gradient: float
    """What the solution says."""

    upward: float
    """The slope towards greater values."""
    downward: float
    """The slope coming from smaller values."""

    @property
    def slope(self) -> float:
        """The finite difference, from both sides."""
        return (self.up - self.down) / (2 * self.nudge)

    @property
    def kink(self) -> bool:
        """Whether the loss bends sharply here, so that each side has a slope of its own."""
        return not _same(self.upward, self.downward, self.here)

    @property
    def agrees(self) -> bool:
        """Whether the slope is the gradient, as far as such a nudge tells."""
        slope = (self.upward + self.downward) / 2
        return not self.kink and _same(slope, self.gradient, self.here)


def provable(problem: Problem, key: str) -> bool:
    """Whether a key is a gradient of the first pass of a problem with a loss."""
    target = key.removeprefix("grad.")
    loss = problem.network.loss
    known = target in problem.solution.numbers
    return loss is not None and target != key and "@" not in key and known


def prove(problem: Problem, key: str, row: int, column: int) -> Proof:
    """Nudge the cell (from 0) of the quantity whose gradient ``key`` is.

    ReLUs and maxima may change sides, as they would in truth. `KeyError` where not `provable`.
    """
    if not provable(problem, key):
        raise KeyError(key)
    solution = problem.solution
    target = key.removeprefix("grad.")
    value = np.array(solution.numbers[target], dtype=float)
    place = (row, column) if value.ndim else ()
    loss_at = loss_function(solution, target, hold=False)

    def at(offset: float) -> float:
        moved = value.copy()
        moved[place] += offset
        return loss_at(moved)

    here = at(0.0)
    scale = 10.0 ** floor(log10(max(1.0, abs(float(value[place])))))
    for nudge in (each * scale for each in NUDGES):
        sides = [_slope(at, side * nudge) for side in (1, -1)]
        nearer = [_slope(at, side * nudge / 10) for side in (1, -1)]
        if all(_same(one, other, here) for one, other in zip(sides, nearer, strict=True)):
            break
    loss, name = problem.network.loss, solution.symbol(LOSS)
    per_observation = loss is not None and loss.per_observation and loss.reduction == "mean"
    return Proof(
        target=solution.symbol(target),
        loss=f"n·{name}" if per_observation else name,
        nudge=nudge,
        here=here,
        up=at(nudge),
        down=at(-nudge),
        gradient=float(solution[key].value[place]),
        upward=sides[0],
        downward=sides[1],
    )


def _slope(at: Callable[[float], float], step: float) -> float:
    """The slope at 0 from one side, (4f(h/2) - f(h) - 3f(0)) / h: exact for parabolas."""
    return (4 * at(step / 2) - at(step) - 3 * at(0.0)) / step


def _same(one: float, other: float, loss: float) -> bool:
    return abs(one - other) <= ENOUGH * max(abs(one), abs(other)) + NOTHING * max(1.0, abs(loss))
