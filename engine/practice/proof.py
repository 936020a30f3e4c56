"""The proof by nudging: what a small change of one cell does to the loss, beside the gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, isfinite, log10

import numpy as np

from engine.network.check import loss_function
from engine.network.losses import LOSS
from engine.network.solution import Solution
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
        there = isfinite(self.upward) and isfinite(self.downward)
        return there and not _same(self.upward, self.downward, self.here)

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
    return _prove_in(problem.solution, key.removeprefix("grad."), row, column)


def _prove_in(solution: Solution, target: str, row: int, column: int) -> Proof:
    value, at = _loss_along(solution, target, row, column)
    here = at(0.0)
    scale = 10.0 ** floor(log10(max(1.0, abs(value))))
    for nudge in (each * scale for each in NUDGES):
        sides = [_slope(at, side * nudge) for side in (1, -1)]
        nearer = [_slope(at, side * nudge / 10) for side in (1, -1)]
        if all(_same(one, other, here) for one, other in zip(sides, nearer, strict=True)):
            break
    return Proof(
        target=solution.symbol(target),
        loss=loss_name(solution),
        nudge=nudge,
        here=here,
        up=at(nudge),
        down=at(-nudge),
        gradient=float(np.atleast_2d(solution[f"grad.{target}"].value)[row, column]),
        upward=sides[0],
        downward=sides[1],
    )


@dataclass(frozen=True, slots=True)
class Nudge:
    """One cell changed by an amount of one's own, and what the loss did."""

    target: str
    """The symbol of what is nudged."""
    row: int
    column: int
    loss: str
    before: float
    """The cell as it was."""
    amount: float
    here: float
    there: float
    """The loss with the cell changed."""
    proof: Proof | None
    """The gradient, with nudges small enough for it; None where no gradient is worked out."""

    @property
    def slope(self) -> float:
        """ΔL/Δ"""
        return (self.there - self.here) / self.amount

    @property
    def agrees(self) -> bool:
        """Whether the slope is the gradient, as far as it is worked out."""
        return self.proof is not None and _same(self.slope, self.proof.gradient, self.here)


def nudged(solution: Solution, target: str, row: int, column: int, amount: float) -> Nudge:
    """Change one cell (from 0) of a value or a forward result by ``amount``, which isn't 0.

    The solution has a loss, or a given gradient. What the loss is there may be inf or nan.
    """
    value, at = _loss_along(solution, target, row, column)
    known = f"grad.{target}" in solution
    return Nudge(
        solution.symbol(target),
        row,
        column,
        loss_name(solution),
        value,
        amount,
        at(0.0),
        at(amount),
        _prove_in(solution, target, row, column) if known else None,
    )


def loss_name(solution: Solution) -> str:
    """What is nudged for: L, n·L where each observation's own gradient is passed back, or Σ d⊙ŷ."""
    loss, name = solution.network.loss, solution.symbol(LOSS)
    if loss is not None and loss.kind == "given":
        return f"Σ {solution.symbol(loss.upstream)}⊙{solution.symbol(loss.of)}"
    per_observation = loss is not None and loss.per_observation and loss.reduction == "mean"
    return f"n·{name}" if per_observation else name


def _loss_along(
    solution: Solution, target: str, row: int, column: int
) -> tuple[float, Callable[[float], float]]:
    """A cell's value, and the loss as a function of what is added to it."""
    value = np.array(solution.numbers[target], dtype=float)
    place = (row, column) if value.ndim else ()
    loss_at = loss_function(solution, target, hold=False)

    def at(offset: float) -> float:
        moved = value.copy()
        moved[place] += offset
        return loss_at(moved)

    return float(value[place]), at


def _slope(at: Callable[[float], float], step: float) -> float:
    """The slope at 0 from one side, (4f(h/2) - f(h) - 3f(0)) / h: exact for parabolas."""
    return (4 * at(step / 2) - at(step) - 3 * at(0.0)) / step


def _same(one: float, other: float, loss: float) -> bool:
    return abs(one - other) <= ENOUGH * max(abs(one), abs(other)) + NOTHING * max(1.0, abs(loss))
