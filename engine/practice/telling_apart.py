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
JUDGED, MOST_CELLS = 800, 64
"""How many steps are judged anew in a search, and how large a matrix is still changed."""
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
    search = _Search(problem, keys, confused)
    for round_ in range(ROUNDS):
        start, now = search.best, search.changed
        draw = Draw("telling apart", problem.id, round_)
        changes = draw.shuffled([*_cells(now)])[:TRIALS]
        if round_ == 1:
            changes = [*_rows(now), *changes]
        for change in changes:
            search.judge({**start, **change})
        if not search.least:
            break
    search.shorten()
    return Suggestion(search.best, count(alike(search.changed, keys))) if search.best else None


class _Search:
    """The best change so far, and how much judging is left."""

    def __init__(self, problem: Problem, keys: Sequence[str], confused: Alike) -> None:
        self.problem = self.changed = problem
        # The worst step first: a change that is no good is soon known for that.
        self.keys = sorted(keys, key=lambda key: -_weight(confused.get(key, ())))
        self.least = sum(map(_weight, confused.values()))
        self.best: Change = {}
        self.left = JUDGED

    def judge(self, change: Change) -> None:
        """Take a change over if fewer mistakes are confused with it."""
        weight = self._below(self.least, change)
        if weight < self.least:
            self._take(change)
            self.least = weight

    def shorten(self) -> None:
        """Leave out what a later change has made needless."""
        for key in [*self.best]:
            fewer = {other: cells for other, cells in self.best.items() if other != key}
            if fewer and self._below(self.least + 1, fewer) <= self.least:
                self._take(fewer)

    def _take(self, change: Change) -> None:
        self.best, self.changed = change, _with(self.problem, change) or self.problem

    def _below(self, limit: int, change: Change) -> int:
        """The weight of all confusions, or the limit as soon as it is reached."""
        problem = _with(self.problem, change) if self.left > 0 else None
        found = limit if problem is None else 0
        for key in self.keys:
            if problem is None or found >= limit:
                return limit
            found += _weight(indistinguishable(problem, key))
            self.left -= 1
        return found


def _weight(tags: Sequence[str]) -> int:
    return sum(1 if " = " in words else RIGHT_LOOKING for words in tags)


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
    values = network.values.items()
    return [key for key, value in values if key not in fixed and value.exact.size <= MOST_CELLS]


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
    given = [network.values[key] for key in both]
    same = all(value.shape[:1] == rows and value.exact.size <= MOST_CELLS for value in given)
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
