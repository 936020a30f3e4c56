"""Drawing by seed, the same on every machine and Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """Random choices from a seed text.

    Python promises the same numbers in every version for `random()` alone, and for seeding with a
    text; so every choice is made from that.
    """

    def __init__(self, *seed: object) -> None:
        self._random = random.Random("/".join(map(str, seed))).random

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, without, the limit."""
        return int(self._random() * limit)

    def pick(self, choices: Sequence[T]) -> T:
        """One of them."""
        return choices[self.below(len(choices))]

    def shuffled(self, choices: Sequence[T]) -> list[T]:
        """All of them in another order (Fisher and Yates)."""
        found = list(choices)
        for last in range(len(found) - 1, 0, -1):
            other = self.below(last + 1)
            found[last], found[other] = found[other], found[last]
        return found

    def matrix(self, shape: tuple[int, int], choices: Sequence[Fraction]) -> list[list[Fraction]]:
        """A matrix of that shape, each cell one of the choices."""
        rows, columns = shape
        return [[self.pick(choices) for _ in range(columns)] for _ in range(rows)]

    def uniform(self, low: float, high: float) -> float:
        """A real number between the two."""
        return low + (high - low) * self._random()
