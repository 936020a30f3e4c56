"""Exploring a problem: its values changed, its parameters trained, and what follows. No screen.

A screen shows what `Explorer.problem` says and sends what the learner does; what can't be done
raises `Refused` with the reason, and everything stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite

import numpy as np

from engine.expression.evaluate import Array
from engine.expression.node import names
from engine.language import tr
from engine.marking.typed import Matrix, UnreadableAnswer, read_matrix, read_number
from engine.network.exchange import update_values, with_optimizer, with_training
from engine.network.losses import LOSS, N
from engine.network.model import Network, Value
from engine.network.quantity import FORWARD
from engine.network.solution import Solution, SolveError
from engine.network.training import Training, untrainable
from engine.practice.following import changes, pass_order
from engine.practice.own_lesson import own_lesson
from engine.practice.proof import Nudge, nudged
from engine.practice.running import Run, Stretch
from engine.problems.problem import Problem
from engine.problems.values import MAX_EXPONENT

MOST_RUNS = 8
"""How many runs are kept for comparing; beyond them the first one goes."""

UNDO_DEPTH = 50


class Refused(ValueError):  # noqa: N818 - it says what happened
    """What can't be done, with the reason in the learner's language."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """Where one was before a change."""

    network: Network
    run: Run | None
    step: int


class Explorer:
    """A problem to play with; see the module's text."""

    def __init__(self, problem: Problem) -> None:
        self.original = problem
        self._first = with_training(problem.network)
        self.network = self._first
        """The values that training begins from, with the optimizer."""
        self.runs: list[Run] = []
        self.run: Run | None = None
        """The run that is shown and goes on; None before the first step from these values."""
        self.step = 0
        """The step of the run whose weights are shown."""
        self.problem = self._solved(self.network)
        """The problem with the values that are shown: one pass, without its update."""
        self.changed: Mapping[str, Array] = {}
        """By key, in the value's shape: 1 where a cell grew by what was done last, -1 where it
        shrank; only keys of which some cell changed."""
        self._past: list[_Moment] = []
        self._counted = 0

    # --- what is shown ----------------------------------------------------------------------------

    @property
    def solution(self) -> Solution:
        """The passes of the values that are shown."""
        return self.problem.solution

    @property
    def loss(self) -> float | None:
        """The loss of the values that are shown, over all observations; None without one."""
        return float(self.solution[LOSS].value) if LOSS in self.solution else None

    @property
    def dead(self) -> list[str]:
        """The symbols of what goes into a ReLU without any positive cell: no gradient gets past."""
        entries = [entry for entry in self.network.entries if entry.layer == "relu"]
        sources = dict.fromkeys(entry.source for entry in entries)
        return [self.solution.symbol(key) for key in sources if not (self.value(key) > 0).any()]

    def value(self, key: str) -> Array:
        """A given value or a result, as it is shown."""
        return self.solution.numbers[key]

    def given(self, key: str) -> bool:
        """Whether a key is a given value, which can be changed."""
        return key in self.network.values

    def order(self) -> list[tuple[str, str]]:
        """Every key that is shown with its pass; see `pass_order`."""
        return pass_order(self.network, self.solution)

    @property
    def rate_key(self) -> str:
        """The name of the learning rate; nothing where nothing is trained."""
        return self.network.update.learning_rate if self.network.update is not None else ""

    @property
    def optimizer(self) -> str:
        """The optimizer's name; nothing where nothing is trained."""
        return self.network.update.optimizer if self.network.update is not None else ""

    @property
    def untrainable(self) -> str:
        """Why there is nothing to run, in the learner's language; nothing where there is."""
        if self.original.network.loss is not None and self.network.update is None:
            return tr("There is nothing to train here: the loss depends on no parameter.")
        if self.network.update is None:
            return tr("There is nothing to train here: this problem has a forward pass only.")
        return untrainable(self.network)

    # --- changing values --------------------------------------------------------------------------

    def edit(self, key: str, row: int, column: int, text: str) -> None:
        """Put what was typed into one cell, from 0, of a given value; everything follows.

        From then on the weights that are shown are where training begins. A number of the
        optimizer goes back to where the last run began instead, so that runs can be compared.
        """
        try:
            number = Fraction(read_number(text).value)
        except UnreadableAnswer as error:
            raise Refused(str(error)) from error
        self._put(key, {(row, column): number})

    def fill(self, key: str, text: str) -> None:
        """Put a typed or pasted matrix into a given value; an empty cell stays as it was."""
        shape = self._given(key).shape
        try:
            matrix: Matrix = read_matrix(text, shape)
        except UnreadableAnswer as error:
            raise Refused(str(error)) from error
        if matrix.shape != (shape or (1, 1)):
            rows, columns = shape or (1, 1)
            raise Refused(
                tr(
                    "{symbol} has {rows} rows and {columns} columns, and keeps them.",
                    symbol=self.solution.symbol(key),
                    rows=rows,
                    columns=columns,
                )
            )
        self._put(
            key,
            {
                (i, j): Fraction(cell.value)
                for i, cells in enumerate(matrix.rows)
                for j, cell in enumerate(cells)
                if cell is not None
            },
        )

    def _given(self, key: str) -> Value:
        if not self.given(key):
            raise Refused(self._follows(key))
        return self._values()[key]

    def _follows(self, key: str) -> str:
        solution = self.solution
        sources = ", ".join(map(solution.symbol, names(solution[key].node)))
        symbol = solution.symbol(key)
        return tr("{symbol} follows from {sources}.", symbol=symbol, sources=sources)

    def _put(self, key: str, cells: Mapping[tuple[int, int], Fraction]) -> None:
        old = self._given(key)
        for number in cells.values():
            if number and not Fraction(1, 10**MAX_EXPONENT) <= abs(number) < 10 ** (
                MAX_EXPONENT + 1
            ):
                raise Refused(tr("That number is too large or too small."))
        exact = np.array(old.exact, dtype=object)
        for place, number in cells.items():
            exact[place if old.shape else ()] = number
        value = Value(key, exact, exact.astype(float))
        values = self.network.values if key in update_values(self.network) else self._values()
        self._begin(replace(self.network, values={**values, key: value}))

    def _values(self) -> dict[str, Value]:
        """The given values as they are shown, the weights as they are after the steps made."""
        values = dict(self.network.values)
        if self.run is not None and self.step:
            for key, array in self.run.weights.at(self.step).items():
                values[key] = _value(key, array)
        return values

    def choose(self, optimizer: str) -> None:
        """Take another optimizer; the next run begins where the last one began."""
        if reason := self.untrainable:
            raise Refused(reason)
        if optimizer != self.optimizer:
            self._begin(with_optimizer(self.network, optimizer, self._first))

    def stay(self) -> None:
        """Let training begin from the weights that are shown."""
        if self.run is not None:
            self._begin(replace(self.network, values=self._values()))

    def reset(self) -> None:
        """Go back to the values and the optimizer of the problem; the runs stay for comparing."""
        self._begin(self._first)

    def undo(self) -> bool:
        """Take the last change back; whether there was one."""
        if not self._past:
            return False
        moment = self._past.pop()
        self._show(moment.network, moment.run, moment.step)
        return True

    def _begin(self, network: Network) -> None:
        """Begin from other values or with another optimizer, before the first step."""
        before = _Moment(self.network, self.run, self.step)
        self._show(network, None, 0)
        self._past.append(before)
        del self._past[:-UNDO_DEPTH]

    def _show(self, network: Network, run: Run | None, step: int) -> None:
        """Show other values; where the passes can't be made everything stays as it was."""
        weights = run.weights.at(step) if run is not None and step else {}
        shown = {key: _value(key, array) for key, array in weights.items()}
        try:
            problem = self._solved(replace(network, values={**network.values, **shown}))
        except SolveError as error:
            raise Refused(str(error)) from error
        self.changed = changes(self.solution, problem.solution)
        self.problem, self.network, self.run, self.step = problem, network, run, step

    def _solved(self, network: Network) -> Problem:
        update = network.update
        trained = update.parameters if update is not None else ()
        shown = replace(network, update=None, wrt=(*network.wrt, *trained))
        problem = replace(
            self.original, network=shown, parts=(), published={}, known=frozenset(), continues=""
        )
        problem.__dict__["solution"] = Solution(shown, exactly=False)
        return problem

    # --- running ----------------------------------------------------------------------------------

    def start(self) -> Run:
        """The run that the next steps belong to: the one that is shown, or a new one.

        Whoever makes the steps (`engine.practice.running.stretches`) hands them to `take`.
        """
        if reason := self.untrainable:
            raise Refused(reason)
        if self.run is None:
            self._counted += 1
            self.run = Run(self._counted, self.network, self._training())
            self.runs.append(self.run)
            for run in self.runs[:-MOST_RUNS]:
                self.drop(run)
        if self.run.failed_at is not None:
            raise Refused(
                tr(
                    "Loss and weights left all bounds at step {step}: this run can't go on.",
                    step=self.run.failed_at,
                )
            )
        return self.run

    def _training(self) -> Training:
        update = self.network.update
        numbers = self.solution.numbers
        if update is not None and update.steps[0] is not None:
            # n is that of the first step's observations, as in the problem's own solution.
            one = replace(update, optimizer="sgd", numbers={}, steps=update.steps[:1], after=False)
            try:
                first = Solution(replace(self.network, update=one), exactly=False)
            except SolveError as error:
                raise Refused(str(error)) from error
            numbers = {**numbers, N: first.numbers[N]}
        return Training(self.network, numbers)

    def take(self, run: Run, stretch: Stretch) -> None:
        """Add steps to a run; if it is the one that is shown, its newest weights are."""
        run.take(stretch)
        if run is self.run:
            self._follow(run)

    def _follow(self, run: Run) -> None:
        """Show the last weights of a run with which the passes can be made."""
        for step in reversed(run.weights.steps):
            try:
                self._show(run.network, run, step)
            except Refused:
                continue
            return

    def go(self, step: int) -> None:
        """Show the weights after the kept step of the run that is nearest to this one."""
        if self.run is not None:
            nearest = min(self.run.weights.steps, key=lambda kept: abs(kept - step))
            if nearest != self.step:
                self._show(self.network, self.run, nearest)

    def move(self, steps: int) -> None:
        """Go so many kept steps on, or back, as far as there are any."""
        if self.run is not None:
            kept = self.run.weights.steps
            place = kept.index(self.step) if self.step in kept else len(kept) - 1
            self.go(kept[min(max(place + steps, 0), len(kept) - 1)])

    def select(self, run: Run) -> None:
        """Show the last weights of another run, with its optimizer and the values it began from."""
        if run is not self.run:
            before = _Moment(self.network, self.run, self.step)
            self._follow(run)
            self._past.append(before)

    def drop(self, run: Run) -> None:
        """Forget a run; if it is the one that is shown, go back to where it began."""
        self.runs = [each for each in self.runs if each is not run]
        if run is self.run:
            self._show(self.network, None, 0)
        self._past = [moment for moment in self._past if moment.run is not run]

    # --- more -------------------------------------------------------------------------------------

    def nudge(self, key: str, row: int, column: int, text: str) -> Nudge:
        """Change a cell, from 0, by the amount that was typed, only to see what the loss does."""
        if self.network.loss is None:
            raise Refused(tr("There is no loss here that a nudge could move."))
        if not self.given(key) and self.solution[key].stage != FORWARD:
            raise Refused(
                tr("What can be nudged are given values and results of the forward pass.")
            )
        try:
            amount = read_number(text).number
        except UnreadableAnswer as error:
            raise Refused(str(error)) from error
        if not amount:
            raise Refused(tr("A nudge of 0 moves nothing."))
        nudge = nudged(self.solution, key, row, column, amount)
        if not isfinite(nudge.there):
            raise Refused(
                tr(
                    "With {symbol} nudged by {amount} the loss has no finite value.",
                    symbol=nudge.target,
                    amount=text.strip(),
                )
            )
        return nudge

    def lesson(self) -> Problem:
        """The values that are shown as a problem to be asked about."""
        try:
            return own_lesson(self.original, replace(self.network, values=self._values()))
        except SolveError as error:
            raise Refused(str(error)) from error


def _value(key: str, array: Array) -> Value:
    exact = np.empty(array.shape, dtype=object)
    for place in np.ndindex(array.shape):
        exact[place] = Fraction(float(array[place]))
    return Value(key, exact, np.array(array, dtype=float))
