"""Runs of training that can be watched and stopped: what is kept of them, how they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from time import monotonic
from typing import Generic, Literal, TypeAlias, TypeVar

import numpy as np

from engine.expression.evaluate import Array
from engine.network.model import Network
from engine.network.training import Training

MOST_STEPS = 1_000_000
"""How far a run goes that is to go on until it is stopped."""

MOST_LOSSES, MOST_WEIGHTS, LEAST_WEIGHTS = 2048, 256, 16
"""How many losses and how many steps' weights are kept of one run."""

MOST_CELLS = 500_000
"""How many numbers the kept weights of one run may have together, beyond the least."""

EVERY = 0.05
"""Seconds after which a stretch of a run is handed over."""

Weights: TypeAlias = Mapping[str, Array]
T = TypeVar("T")


class Kept(Generic[T]):
    """What comes with each step, from step 0; of too many every second one is dropped.

    The last one is always kept. So long as nothing was dropped every step is there.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.every = 1
        """The distance of the kept steps."""
        self._items: list[T] = []
        self._last: tuple[int, T] | None = None

    def put(self, step: int, item: T) -> None:
        """Keep what comes with the step behind the last one, or with the last one once more."""
        self._last = step, item
        place, between = divmod(step, self.every)
        if between:
            return
        self._items[place:] = [item]
        if len(self._items) > self.most:
            self._items = self._items[::2]
            self.every *= 2

    @property
    def steps(self) -> list[int]:
        """The steps that are kept, in order."""
        found = [place * self.every for place in range(len(self._items))]
        if self._last is not None and (not found or found[-1] != self._last[0]):
            found.append(self._last[0])
        return found

    @property
    def items(self) -> list[T]:
        """What is kept of the `steps`."""
        found = list(self._items)
        if self._last is not None and len(self.steps) > len(found):
            found.append(self._last[1])
        return found

    @property
    def last(self) -> int:
        """The last step, -1 where there is none."""
        return -1 if self._last is None else self._last[0]

    def at(self, step: int) -> T:
        """What came with a step; raises `KeyError` where that isn't kept."""
        if self._last is not None and step == self._last[0]:
            return self._last[1]
        place, between = divmod(step, self.every)
        if between or not 0 <= place < len(self._items):
            raise KeyError(step)
        return self._items[place]


@dataclass(eq=False)
class Run:
    """Steps made from one beginning by one optimizer: the losses, and the weights on the way."""

    number: int
    """What it is called, from 1."""
    network: Network
    """The values that it begins from, and its optimizer."""
    training: Training = field(repr=False)
    losses: Kept[float] = field(init=False)
    """The loss after so many steps; of steps on some observations, on those of the next step."""
    weights: Kept[Weights] = field(init=False)
    """The trained parameters after so many steps."""
    failed_at: int | None = None
    """The step after which the loss or a weight is too large for a number."""

    def __post_init__(self) -> None:
        self.losses = Kept(MOST_LOSSES)
        beginning = self.training.parameters
        cells = sum(value.size for value in beginning.values())
        most = MOST_CELLS // max(cells, 1)
        self.weights = Kept(min(max(most, LEAST_WEIGHTS), MOST_WEIGHTS))
        self.weights.put(0, beginning)
        with np.errstate(all="ignore"):
            self.losses.put(0, float(self.training.look()))

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return self.weights.last

    @property
    def optimizer(self) -> str:
        """The optimizer's name."""
        return self.training.update.optimizer

    @property
    def rate(self) -> float:
        """The learning rate."""
        return float(self.network.values[self.training.update.learning_rate].array)

    @property
    def still_since(self) -> int | None:
        """The first kept step from which on no weight moved, if there were steps behind it."""
        steps, items = self.weights.steps, self.weights.items
        place = len(items) - 1
        while place > 0 and _same(items[place - 1], items[-1]):
            place -= 1
        return steps[place] if place < len(items) - 1 else None

    def take(self, stretch: Stretch) -> None:
        """Add what was made since."""
        for step, loss in enumerate(stretch.losses, start=stretch.first):
            self.losses.put(step, loss)
        for step, weights in enumerate(stretch.weights, start=stretch.first + 1):
            self.weights.put(step, weights)
        if stretch.end == "failed":
            self.failed_at = stretch.first + len(stretch.losses)


def _same(one: Weights, other: Weights) -> bool:
    return all(np.array_equal(value, other[key]) for key, value in one.items())


End: TypeAlias = Literal["", "done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some steps of a run, made one after the other."""

    first: int
    """How many steps were made before them."""
    losses: list[float]
    """The loss after ``first`` steps and after each of these, as far as all is finite."""
    weights: list[Weights]
    """The parameters after each of these, likewise."""
    end: End
    """Why the run ends here; nothing where it goes on."""


def stretches(
    training: Training,
    steps: int,
    stop: Callable[[], bool],
    clock: Callable[[], float] = monotonic,
) -> Iterator[Stretch]:
    """Make up to so many steps, handed over in stretches of a moment each; one at least.

    ``stop`` is asked before every step. A loss or a weight that isn't finite any more ends the run.
    """
    left = steps
    while True:
        stretch = _stretch(training, left, stop, clock)
        left -= len(stretch.weights)
        yield stretch
        if stretch.end:
            return


def _stretch(
    training: Training, left: int, stop: Callable[[], bool], clock: Callable[[], float]
) -> Stretch:
    first, until = training.count, clock() + EVERY
    losses: list[float] = []
    weights: list[Weights] = []
    end: End = ""
    with np.errstate(all="ignore"):
        while not end:
            if len(weights) == left:
                end = "done"
            elif stop():
                end = "stopped"
            elif weights and clock() >= until:
                break
            else:
                loss = float(training.step())
                if not isfinite(loss):
                    return Stretch(first, losses, weights[:-1], "failed")
                losses.append(loss)
                moved = training.parameters
                if not all(np.isfinite(value).all() for value in moved.values()):
                    return Stretch(first, losses, weights, "failed")
                weights.append(moved)
        loss = float(training.look())
    if not isfinite(loss):
        return Stretch(first, losses, weights[:-1], "failed")
    return Stretch(first, [*losses, loss], weights, end)
