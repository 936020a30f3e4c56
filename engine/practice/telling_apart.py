"""Which mistakes a problem's numbers can't tell apart, and a small change of the numbers that can.

An author's numbers are judged like the generator's own (`engine.practice.distinct`). The search
changes one cell after the other to another pleasant number, or adds an observation, keeps what
helps most, and judges every try in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from engine.expression.evaluate import Array
from engine.expression.printing import number_text
from engine.network.losses import LOSSES
from engine.network.model import Network, Value
from engine.network.solution import SolveError
from engine.practice.distinct import indistinguishable
from engine.practice.draw import Draw
from engine.practice.session import lesson
from engine.problems.problem import Problem

MOST_KEYS, TRIALS, ROWS, ROUNDS = 30, 40, 10, 4
"""How many steps are judged; how many cells are changed in a round, how many rows are tried behind
the first one, and how many rounds there are.
"""
RIGHT_LOOKING = 3
"""How much worse a mistake is that looks right than two that look alike."""
WHOLE = tuple(map(Fraction, (1, -1, 2, -2, 3, -3)))
HALVES = (*WHOLE, *(Fraction(k, 2) for k in (1, -1, 3, -3)))
SHARES = tuple(Fraction(k, 10) for k in range(1, 10))

Alike = Mapping[str, Sequence[str]]
Change = dict[str, Array]
"""The new exact cells of some values."""


@dataclass(frozen=True)
class Suggestion:
    """Other numbers, and how many of the confusions they leave."""

    values: Change
    left: int


def asked_keys(problem: Problem) -> list[str]:
    """The steps whose value the lesson asks, at most `MOST_KEYS`."""
    asked = [question.key for question in lesson(problem).questions if question.kind == "value"]
    return [*dict.fromkeys(asked)][:MOST_KEYS]


def alike(problem: Problem, keys: Sequence[str]) -> Alike:
    """The mistakes at each step that its numbers can't tell apart, as `indistinguishable` has them;
    only steps that have any.
    """
    found = {key: indistinguishable(problem, key) for key in keys}
    return {key: tags for key, tags in found.items() if tags}


def count(confused: Alike) -> int:
    """How many confusions there are."""
    return sum(map(len, confused.values()))


def suggest(problem: Problem, keys: Sequence[str], confused: Alike) -> Suggestion | None:
    """Other numbers of the same kind under which fewer mistakes are confused; None where a few
    dozen tries find none.

    Single cells come first; another observation only where they don't do.
    """
    # The worst step first: a change that is no good is soon known for that.
    order = sorted(keys, key=lambda key: -_weight(confused.get(key, ())))
    best: Change = {}
    least = sum(map(_weight, confused.values()))
    for round_ in range(ROUNDS):
        start = best
        now = _with(problem, start) or problem
        draw = Draw("telling apart", problem.id, round_)
        changes = draw.shuffled([*_cells(now)])[:TRIALS]
        if round_ == 1:
            changes = [*_rows(now), *changes]
        for change in changes:
            weight = _weight_below(least, _with(problem, {**start, **change}), order)
            if weight < least:
                best, least = {**start, **change}, weight
        if not least:
            break
    for key in [*best]:  # what a later change has made needless
        fewer = {other: cells for other, cells in best.items() if other != key}
        if fewer and _weight_below(least + 1, _with(problem, fewer), order) <= least:
            best = fewer
    changed = _with(problem, best) if best else None
    return Suggestion(best, count(alike(changed, keys))) if changed else None


def _weight(tags: Sequence[str]) -> int:
    return sum(1 if " = " in words else RIGHT_LOOKING for words in tags)


def _weight_below(limit: int, problem: Problem | None, keys: Sequence[str]) -> int:
    """The weight of all confusions, or the limit as soon as it is reached."""
    if problem is None:
        return limit
    found = 0
    for key in keys:
        found += _weight(indistinguishable(problem, key))
        if found >= limit:
            return limit
    return found


def _with(problem: Problem, change: Change) -> Problem | None:
    """The problem with other numbers; None where it then has no solution."""
    network = problem.network
    values = dict(network.values)
    values |= {key: Value(key, exact, exact.astype(float)) for key, exact in change.items()}
    changed = replace(problem, network=replace(network, values=values), published={})
    try:
        return changed if changed.solution else None
    except (SolveError, ArithmeticError):
        return None


def _cells(problem: Problem) -> Iterator[Change]:
    """Every change of a single cell to another pleasant number."""
    for key in _free(problem.network):
        exact = problem.network.values[key].exact
        for place in np.ndindex(exact.shape):
            for cell in _pleasant(exact):
                if cell != exact[place]:
                    changed = exact.copy()
                    changed[place] = cell
                    yield {key: changed}


def _rows(problem: Problem) -> Iterator[Change]:
    """Some ways to have one observation more."""
    network = problem.network
    batch = _observations(network)
    for trial in range(ROWS if batch else 0):
        draw = Draw("one observation more", problem.id, trial)
        yield {key: _longer(network, key, draw) for key in batch}


def _free(network: Network) -> list[str]:
    """The values that may change: no classes, no masks, none of the optimizer's own numbers."""
    loss, update = network.loss, network.update
    fixed = {entry.settings["mask"] for entry in network.entries if "mask" in entry.settings}
    fixed |= set(update.numbers.values()) if update else set()
    if loss is not None and loss.kind in LOSSES and loss.kind != "mse":
        fixed.add(loss.target)
    return [key for key in network.values if key not in fixed]


def _pleasant(exact: Array) -> Sequence[Fraction]:
    """Numbers of the same kind as the cells; a number that stands alone keeps its sign."""
    cells = [Fraction(cell) for cell in exact.flat]
    if all(0 < cell < 1 for cell in cells):
        return SHARES
    found = WHOLE if all(cell.denominator == 1 for cell in cells) else HALVES
    if exact.shape:
        return found
    return [cell for cell in found if (cell > 0) == (cells[0] > 0)]


def _observations(network: Network) -> tuple[str, ...]:
    """X and the target, where they have the observations' rows and nothing else has."""
    loss = network.loss
    if loss is None or not loss.target or loss.target == "X" or "X" not in network.values:
        return ()
    rows = network.values["X"].shape[:1]
    pictures = {"conv2d", "max_pool2d", "avg_pool2d", "flatten", "dropout"}
    simple = not pictures & {entry.layer for entry in network.entries}
    both = ("X", loss.target)
    same = all(network.values[key].shape[:1] == rows for key in both)
    return both if simple and rows and same else ()


def _longer(network: Network, key: str, draw: Draw) -> Array:
    """The matrix with one row more; classes and probabilities get one of their own rows again."""
    exact, loss = network.values[key].exact, network.loss
    if key not in _free(network) and loss is not None and key == loss.target:
        return np.vstack([exact, exact[draw.below(len(exact))]])
    row = np.empty((1, exact.shape[1]), dtype=object)
    row[0, :] = [draw.pick(_pleasant(exact)) for _ in range(exact.shape[1])]
    return np.vstack([exact, row])


def as_in_a_file(problem: Problem, key: str, exact: Array) -> str:
    """The values as an author writes them: ``W1 = [[1, -1], [0.5, 2]]``, ``learning_rate = 2``."""
    update = problem.network.update
    if update is not None and key == update.learning_rate and key in problem.made:
        key = "learning_rate"
    column = exact.ndim == 2 and exact.shape[1] == 1
    return f"{key} = {_written(exact.ravel().tolist() if column else exact.tolist())}"


def _written(cells: Any) -> str:
    if isinstance(cells, list):
        return f"[{', '.join(map(_written, cells))}]"
    return number_text(Fraction(cells))[0]
